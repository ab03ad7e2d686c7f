// Works and chapters: what other modules may ask. Text written by people, with who may see it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "identity/blocks/api.h"
#include "platform/sql/sql.h"
#include "safety/contact/api.h"

namespace braid::works {

using access::Actor;
using access::PersonId;
using access::Rating;
using WorkId = Id<struct WorkTag>;
using ChapterId = Id<struct ChapterTag>;

// What others may find of a work `w`, for the queries of who joins works' rows: `audience` is that of
// least_audience(), `rating` the actor's ceiling, `viewer` is blocks::viewer_of(actor). The C++ of the same
// rule is decide(ViewWork). `audience > 0` stands alone so that the partial indexes serve it.
#define BRAID_WORKS_LISTED(audience, rating, viewer)                        \
    "w.audience > 0 AND w.audience >= " audience " AND w.rating <= " rating \
    " AND " BRAID_NOT_APART(viewer, "w.author")
// The least audience a work must have to appear for the actor.
int least_audience(const Actor& actor);

enum class Visibility { me, signed_in, everyone };
enum class Status { ongoing, complete };
// What moderators decided about something people wrote. waiting: a newcomer's first, not looked at yet;
// hidden: its author alone sees it; removed: nobody but moderators.
enum class Hold { none, waiting, hidden, removed };
enum class CommentsPolicy {
    open,
    frozen,
    closed
};  // frozen: shown, no new ones; closed: none shown to others
enum class Licence {
    all_rights_reserved,
    cc_by,
    cc_by_sa,
    cc_by_nc,
    cc_by_nc_sa,
    cc_by_nd,
    cc_by_nc_nd,
    cc0,
    public_domain,
};
enum class Warning { violence, death, self_harm, strong_language, frightening, bullying, substances };
inline constexpr std::size_t kWarnings = 7;
// Whether the author says what is in the work. "None apply" and "I choose not to say" are different answers.
enum class WarningsSaid { not_said, none, some };

struct Warnings {
    WarningsSaid said = WarningsSaid::not_said;
    std::uint32_t set = 0;  // bit per Warning; empty unless `some`
    std::string other;      // in the author's words, at most 120 code points; empty unless `some`
    [[nodiscard]] bool has(Warning warning) const {
        return (set >> static_cast<unsigned>(warning) & 1U) != 0;
    }
    friend bool operator==(const Warnings&, const Warnings&) = default;
};

struct Tag {
    std::string key;    // how tags are compared and linked: see tag_key
    std::string label;  // as typed
    friend bool operator==(const Tag&, const Tag&) = default;
};

// A work as lists show it.
struct WorkCard {
    WorkId id;
    PersonId author;
    std::string
        byline;  // shown as the author when not empty: works imported onto somebody's shelf ("Lewis Carroll")
    std::string title, summary_plain, language;
    std::string cover_url;        // always set; generated when none was uploaded; 3:4
    std::string cover_small_url;  // 160 px wide; the same as cover_url for a generated one
    Rating rating = Rating::everyone;
    Visibility visibility = Visibility::me;
    Status status = Status::ongoing;
    int chapters = 0;  // published
    std::int64_t words = 0;
    Timestamp updated_at;  // of the last publication; of creation before the first
    std::vector<Tag> tags;
};

// A work as its own page shows it.
struct WorkView {
    WorkCard card;
    std::string summary_html;  // sanitised; "" when there is none
    Warnings warnings;
    Licence licence = Licence::all_rights_reserved;
    CommentsPolicy comments = CommentsPolicy::open;
    Timestamp created_at, published_at;  // published_at: of the first chapter; 0 before
    int drafts = 0;                      // chapters not published; 0 for all but the author
    Hold hold = Hold::none;              // other than none: only its author is here
};

struct ChapterLine {  // in a table of contents
    ChapterId id;
    int number = 0;  // 1 … among the published
    std::string title;
    std::int64_t words = 0;
    Timestamp published_at;
};

struct Paragraph {
    std::string key;   // stable across revisions: what a comment hangs on; [0-9a-z]{1,12}
    std::string html;  // sanitised, one element
    friend bool operator==(const Paragraph&, const Paragraph&) = default;
};

// Which published text a chapter has now. A text never changes under its stamp: revisions count up, and what
// is rendered anew has a higher sanitiser.
struct TextStamp {
    std::int64_t revision = 0, sanitiser = 0;  // 0, 0: not published
    friend bool operator==(const TextStamp&, const TextStamp&) = default;
};

// The words of a chapter, rendered.
struct ChapterText {
    std::string notes_before_html, notes_after_html;  // sanitised; "" when there are none
    std::vector<Paragraph> paragraphs;
};

// What a reader needs for one chapter; made in as few queries as can be.
struct ChapterView {
    WorkId work;
    ChapterId chapter;
    PersonId author;
    std::string byline;  // as in WorkCard
    std::string work_title, chapter_title, language;
    Rating rating = Rating::everyone;
    Visibility visibility = Visibility::me;
    CommentsPolicy comments = CommentsPolicy::open;
    Licence licence = Licence::all_rights_reserved;
    Status status = Status::ongoing;
    int number = 0, chapters = 0;  // "2 of 5"
    std::optional<ChapterId> previous, next;
    std::int64_t words = 0;
    int revision = 1;
    Timestamp published_at, revised_at;  // revised_at equals published_at until the first revision
    bool draft = false;                  // not published: seen by its author only
    TextStamp stamp;
    std::vector<Tag> tags;  // of the work
    ChapterText text;
};

// What an answer to a work must know of it.
struct ChapterFacts {
    WorkId work;
    ChapterId chapter;
    PersonId author;
    Visibility visibility = Visibility::me;
    Rating rating = Rating::everyone;
    CommentsPolicy comments = CommentsPolicy::open;
    bool published = false;
};

// A position in a list ordered newest first; opaque text in URLs.
struct Cursor {
    std::int64_t micros = 0;
    std::int64_t id = 0;
    [[nodiscard]] std::string text() const;
    static std::optional<Cursor> parse(std::string_view text);
    friend bool operator==(const Cursor&, const Cursor&) = default;
};
struct WorkPage {
    std::vector<WorkCard> works;
    std::optional<Cursor> next;
};
struct WorkQuery {
    std::optional<std::string> tag;  // normalised as works::tag_key does
    std::optional<PersonId> author;
    std::optional<std::string> language;
    std::optional<Cursor> after;
    int limit = 20;  // 1 to 100
};

// A chapter with words that are not published yet.
struct OpenDraft {
    WorkId work;
    ChapterId chapter;
    std::string work_title, title;
    int place = 0;           // in the work, drafts counted
    bool published = false;  // readers have an earlier text
    std::int64_t words = 0;  // of the draft
    Timestamp saved_at;
};

// One rule decides visibility everywhere, in SQL and in C++ alike: the author sees her own; others see works
// with a published chapter, visibility that includes them, and a rating within their ceiling. What is not
// visible is not_found.
//
// Lists and counts (list, popular_tags) show everybody, the author too, what is there for readers of her age
// band; her unpublished works are on her writing page.
class Library {
  public:
    virtual ~Library() = default;
    virtual WorkPage list(sql::Session& session, const Actor& actor, const WorkQuery& query) const = 0;
    virtual Result<WorkCard> work(sql::Session& session, const Actor& actor, WorkId id) const = 0;
    virtual Result<WorkView> view(sql::Session& session, const Actor& actor, WorkId id) const = 0;
    // In the order of `ids`; what the actor may not see is left out.
    virtual std::vector<WorkCard> works(sql::Session& session, const Actor& actor,
                                        std::span<const WorkId> ids) const = 0;
    // Published, in order. Of a work the actor was shown: visibility is not asked again.
    virtual std::vector<ChapterLine> contents(sql::Session& session, WorkId id) const = 0;
    // The chapter without the words of a published text, which text() has: one query, for who may have seen
    // that text before. A draft comes whole.
    virtual Result<ChapterView> chapter_head(sql::Session& session, const Actor& actor, WorkId work,
                                             ChapterId id) const = 0;
    // The published text of a chapter the actor was shown: visibility is not asked again.
    virtual ChapterText text(sql::Session& session, ChapterId id) const = 0;
    // The whole chapter.
    virtual Result<ChapterView> chapter(sql::Session& session, const Actor& actor, WorkId work,
                                        ChapterId id) const = 0;
    virtual Result<ChapterFacts> chapter_facts(sql::Session& session, const Actor& actor,
                                               ChapterId id) const = 0;
    // The words of a published paragraph (spaces folded), nothing when the chapter has no such paragraph now.
    // Visibility is not asked: ask chapter_facts first.
    virtual std::optional<std::string> paragraph_text(sql::Session& session, ChapterId chapter,
                                                      std::string_view key) const = 0;
    // What the actor has written and not yet published, the last saved first. Nothing for a visitor.
    virtual std::vector<OpenDraft> open_drafts(sql::Session& session, const Actor& actor,
                                               int limit) const = 0;
    // Tags with the number of works the actor may see, most used first.
    struct TagCount {
        std::string key, label;
        int works = 0;
    };
    virtual std::vector<TagCount> popular_tags(sql::Session& session, const Actor& actor,
                                               int limit) const = 0;
    // The label and count of one tag, nothing when no work the actor may see carries it.
    virtual std::optional<TagCount> tag(sql::Session& session, const Actor& actor,
                                        std::string_view key) const = 0;
};

// A work or a chapter as moderators look at it, whatever its visibility.
struct Looked {
    WorkId work;
    std::optional<ChapterId> chapter;
    PersonId author;
    std::string title, chapter_title, language;
    std::string words;  // plain: of the chapter, else of the summary; at most 4,000 code points
    Rating rating = Rating::everyone;
    Visibility visibility = Visibility::me;
    Hold hold = Hold::none;
    std::optional<Rating> set_by_staff;
    bool published = false;
};

// What keeps a text from being shown before a moderator has looked at it. Asked in the transaction that
// shows it; empty: nothing waits.
struct Screen {
    // Whether what a person shows for the first time waits.
    std::function<bool(sql::Session&, PersonId)> newcomer = {};
    // Whether contact details that this person writes, or that are written to her, wait.
    std::function<bool(sql::Session&, PersonId)> minor = {};

    [[nodiscard]] bool holds_first(sql::Session& session, PersonId author) const {
        return newcomer && newcomer(session, author);
    }
    [[nodiscard]] bool guards(sql::Session& session, PersonId person) const {
        return minor && minor(session, person);
    }
};

struct ContactDetail {
    std::string chapter;  // its title; "" for the work's own words
    contact::Detail detail;
};

struct WorkPassage {
    std::string chapter;  // its title; "" for the work's own words
    std::string text;
};

// What moderators do with works. Each asks the policy ModerateWork; who calls writes the audit log in the
// same transaction. Nothing here is seen by the author but the effect: telling her is the caller's part.
class Oversight {
  public:
    virtual ~Oversight() = default;
    virtual Result<Looked> look(sql::Session& session, const Actor& by, WorkId id) const = 0;
    virtual Result<Looked> look(sql::Session& session, const Actor& by, ChapterId id) const = 0;
    // From `waiting` to `none` the publication that waited is told (WorkPublished, ChapterPublished);
    // otherwise WorkChanged.
    virtual Result<void> hold(sql::Tx& tx, const Actor& by, WorkId id, Hold hold) = 0;
    // The rating below which the author cannot go; nothing gives hers back.
    virtual Result<void> rate(sql::Tx& tx, const Actor& by, WorkId id, std::optional<Rating> rating) = 0;
    // The contact details in a work and its published chapters, for who judges whether they may stay; of a
    // long work those of the first that hold any.
    virtual std::vector<ContactDetail> contact(sql::Session& session, const Actor& by, WorkId id) const = 0;
    // What others may read of it: title, summary, tags and published chapters, plain; nothing of what is its
    // author's alone or held.
    virtual std::vector<WorkPassage> passages(sql::Session& session, const Actor& by, WorkId id) const = 0;
    // Every work of a person, for who is removed.
    virtual std::vector<WorkId> all_of(sql::Session& session, const Actor& by, PersonId author) const = 0;
};

// "Ghost Stories " → "ghost stories": how tags are compared. What people typed is kept as the label. Unicode
// NFKC with case folding (UAX 31, NFKC_Casefold); runs of white space and '/' become one space; a leading '#'
// falls away. "" when nothing is left or only dots: no tag then.
std::string tag_key(std::string_view typed);
// The tags in `works.tags` ("key TAB label LF" for each), for the queries of who joins works' rows.
std::vector<Tag> unpack_tags(std::string_view packed);
// Whole minutes at 220 words a minute, at least 1.
int minutes_to_read(std::int64_t words);

}  // namespace braid::works

template <>
struct braid::sql::EnumNames<braid::works::Visibility> {
    static constexpr std::array<std::string_view, 3> names{"me", "signed_in", "everyone"};
};
template <>
struct braid::sql::EnumNames<braid::works::Hold> {
    static constexpr std::array<std::string_view, 4> names{"none", "waiting", "hidden", "removed"};
};
template <>
struct braid::sql::EnumNames<braid::works::Status> {
    static constexpr std::array<std::string_view, 2> names{"ongoing", "complete"};
};
template <>
struct braid::sql::EnumNames<braid::works::CommentsPolicy> {
    static constexpr std::array<std::string_view, 3> names{"open", "frozen", "closed"};
};
template <>
struct braid::sql::EnumNames<braid::works::Licence> {
    static constexpr std::array<std::string_view, 9> names{
        "all_rights_reserved", "cc_by", "cc_by_sa",     "cc_by_nc", "cc_by_nc_sa", "cc_by_nd",
        "cc_by_nc_nd",         "cc0",   "public_domain"};
};
template <>
struct braid::sql::EnumNames<braid::works::WarningsSaid> {
    static constexpr std::array<std::string_view, 3> names{"not_said", "none", "some"};
};
template <>
struct braid::sql::EnumNames<braid::works::Warning> {
    static constexpr std::array<std::string_view, 7> names{
        "violence", "death", "self_harm", "strong_language", "frightening", "bullying", "substances"};
};
