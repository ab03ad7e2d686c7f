// Typed queries on the tables of works: the only place with their SQL. Writes ask for the permit of the
// action they are part of.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interests/works/api.h"
#include "interests/works/model.h"
#include "interests/works/paragraphs.h"
#include "interests/works/policy.h"
#include "platform/sql/sql.h"

namespace braid::works::store {

// ---- Reading

// A work as the use cases look at it.
struct Work {
    WorkId id;
    PersonId author;
    std::string byline, title, language;
    int rating = 0;
    Visibility visibility = Visibility::me;
    Status status = Status::ongoing;
    CommentsPolicy comments = CommentsPolicy::open;
    Licence licence = Licence::all_rights_reserved;
    WarningsSaid warnings_said = WarningsSaid::not_said;
    std::int64_t warnings = 0;
    std::string warnings_other;
    int audience = 0, chapters = 0;
    std::string cover, cover_small;  // blobs; "" for the generated cover
    std::int64_t cover_version = 1;
    Timestamp created_at, updated_at, touched_at, published_at;
    std::string tags;  // packed
    std::string summary_html, summary;
    Hold hold = Hold::none;
    int staff_rating = -1;  // -1: none
    int reach = kReachAll;  // how far the author's guardians let it be seen
    bool apart = false;     // the actor who was named sees nothing of the author

    [[nodiscard]] WorkFacts facts() const {
        return {author, visibility, static_cast<Rating>(rating), chapters > 0, hold, reach, apart};
    }
    [[nodiscard]] WorkDetails details() const;
};
// For what somebody asks for.
std::optional<Work> work(sql::Session& session, const Actor& actor, WorkId id);
// For the site's own work, and for moderators: nobody is apart from the author.
std::optional<Work> work(sql::Session& session, WorkId id);

// A chapter without its texts.
struct Chapter {
    ChapterId id;
    WorkId work;
    std::int64_t place = 0;
    int number = 0;  // 0: not published
    std::string title;
    std::int64_t words = 0;
    int revision = 0;
    std::int64_t version = 0;
    bool drafted = false;
    std::int64_t next_key = 1;
    Timestamp created_at, touched_at, published_at, revised_at;
};
std::optional<Chapter> chapter(sql::Session& session, WorkId work, ChapterId id);
std::optional<Chapter> chapter(sql::Session& session, ChapterId id);
std::vector<Chapter> chapters(sql::Session& session, WorkId work);  // in order, drafts too

struct Text {
    std::string title, text, notes_before, notes_after;
    Timestamp at;
    std::int64_t words = 0;
    [[nodiscard]] ChapterDraft draft() const { return {title, text, notes_before, notes_after}; }
};
std::optional<Text> draft(sql::Session& session, ChapterId chapter);
std::optional<Text> revision(sql::Session& session, ChapterId chapter, int revision);

struct RevisionLine {
    int revision = 0;
    Timestamp at;
    std::int64_t words = 0;
    std::string title;
};
// Newest first.
std::vector<RevisionLine> revisions(sql::Session& session, ChapterId chapter, int before, int limit);

struct Copy {
    std::string editor;
    Timestamp saved_at;
    std::string title, text, notes_before, notes_after;
};
std::vector<Copy> copies(sql::Session& session, ChapterId chapter);  // newest first

// What readers are sent.
struct Rendered {
    int sanitiser = 0;
    std::string paragraphs, notes_before_html, notes_after_html;  // paragraphs: packed
};
std::optional<Rendered> rendered(sql::Session& session, ChapterId chapter);
std::vector<KeyedText> retired(sql::Session& session, ChapterId chapter);

// A row of the author's own shelf: the newest touched first.
struct ShelfRow {
    WorkCard card;
    Timestamp touched_at;
};
std::vector<ShelfRow> shelf(sql::Session& session, PersonId author, const std::optional<Cursor>& after,
                            int limit);
// Chapters with something unpublished, of the author's works on that page, newest touched first.
struct WaitingRow {
    WorkId work;
    ChapterId chapter;
    std::int64_t place = 0;
    int number = 0;
    std::string title;
    std::int64_t words = 0;  // of the draft
    Timestamp saved_at;
};
std::vector<WaitingRow> waiting(sql::Session& session, PersonId author, int limit);

// Texts made by an older sanitiser: at most `limit`.
std::vector<ChapterId> texts_older_than(sql::Session& session, int sanitiser, int limit);
std::vector<WorkId> summaries_older_than(sql::Session& session, int sanitiser, int limit);

struct Import {
    WorkId work;
    std::string digest;
};
std::optional<Import> import_of(sql::Session& session, std::string_view source);

// Library, see api.h.
WorkPage list(sql::Session& session, const Actor& actor, const WorkQuery& query);
std::optional<WorkCard> card(sql::Session& session, const Actor& actor, WorkId id);
std::optional<WorkView> view(sql::Session& session, const Actor& actor, WorkId id);
std::vector<WorkCard> cards(sql::Session& session, const Actor& actor, std::span<const WorkId> ids);
std::vector<ChapterLine> contents(sql::Session& session, WorkId id);
// Without its words.
std::optional<ChapterView> chapter_head(sql::Session& session, const Actor& actor, WorkId work, ChapterId id);
// Nothing in it when the chapter was never published.
ChapterText chapter_text(sql::Session& session, ChapterId id);
std::optional<ChapterFacts> chapter_facts(sql::Session& session, const Actor& actor, ChapterId id);
std::vector<Library::TagCount> popular_tags(sql::Session& session, const Actor& actor, int limit);
std::optional<Library::TagCount> tag(sql::Session& session, const Actor& actor, std::string_view key);

// ---- Writing

struct Summary {
    int sanitiser = 0;
    std::string html, plain;
};
struct NewWork {
    WorkId id;
    std::string byline;
    WorkDetails details;
    Summary summary;
    Timestamp at;
};
// What is derived of a work, made anew: audience, sums, the rows of its tags and the counts. After anything
// that decides who may find it changed.
void relist(sql::Tx& tx, WorkId id);
// By a decision of guardians, who hold no permit of works.
void set_reach(sql::Tx& tx, PersonId author, int reach);
// What was kept narrow becomes the author's own choice; nothing is kept any more.
void settle_visibility(sql::Tx& tx, PersonId author);

void insert_work(sql::Tx& tx, const Permit<CreateWork>& permit, const NewWork& work);
// The caller has checked the rating (ChooseRating).
void update_work(sql::Tx& tx, const Permit<EditWork>& permit, WorkId id, std::string_view byline,
                 const WorkDetails& details, const Summary& summary, Timestamp at);
// By moderators; or `waiting` with a newcomer's first publication.
using HoldRight = access::AnyPermit<ModerateWork, PublishChapter, EditWork>;
void set_hold(sql::Tx& tx, const HoldRight& right, WorkId id, Hold hold);
void rate(sql::Tx& tx, const Permit<ModerateWork>& permit, WorkId id, std::optional<Rating> rating);
std::vector<WorkId> all_of(sql::Session& session, PersonId author);

void set_cover(sql::Tx& tx, const Permit<EditWork>& permit, WorkId id, std::string_view cover,
               std::string_view cover_small, Timestamp at);
void delete_work(sql::Tx& tx, const Permit<DeleteWork>& permit, WorkId id);

// At the end of the work.
void insert_chapter(sql::Tx& tx, const Permit<EditWork>& permit, WorkId work, ChapterId id, Timestamp at);
void delete_chapter(sql::Tx& tx, const Permit<EditWork>& permit, WorkId work, ChapterId id, Timestamp at);
// `order`: every chapter of the work once.
void reorder(sql::Tx& tx, const Permit<EditWork>& permit, WorkId work, std::span<const ChapterId> order,
             Timestamp at);

// The chapter's version moves on by one if it is `version` now; false when it is not.
bool advance(sql::Tx& tx, ChapterId chapter, std::int64_t version, Timestamp at);
void put_draft(sql::Tx& tx, const Permit<EditChapter>& permit, const Chapter& chapter,
               const ChapterDraft& draft, std::int64_t words, Timestamp at);
void drop_draft(sql::Tx& tx, const Permit<EditChapter>& permit, ChapterId chapter);
// Keeps the newest kMaxCopies of a chapter.
void put_copy(sql::Tx& tx, const Permit<EditChapter>& permit, ChapterId chapter, std::string_view editor,
              const ChapterDraft& draft, Timestamp at);
void drop_copy(sql::Tx& tx, const Permit<EditChapter>& permit, ChapterId chapter, std::string_view editor);

struct NewRevision {
    int revision = 1;
    ChapterDraft draft;
    std::int64_t words = 0;
    Rendered rendered;
    Alignment alignment;
    Timestamp at;
};
void put_revision(sql::Tx& tx, const Permit<PublishChapter>& permit, ChapterId chapter,
                  const NewRevision& revision);
// Marks the chapter as published (it has a revision), renumbers and relists the work. `at` counts as the
// work's publication when it is the chapter's first.
void publish(sql::Tx& tx, const Permit<PublishChapter>& permit, const Chapter& chapter, Timestamp at);
// The published text becomes the draft unless there is one.
void unpublish(sql::Tx& tx, const Permit<UnpublishChapter>& permit, const Chapter& chapter, Timestamp at);

// New HTML for what is stored already; changes nothing when the chapter moved on from `version`. For the job
// that follows the sanitiser.
void replace_rendered(sql::Tx& tx, const Chapter& chapter, const Rendered& rendered,
                      const Alignment& alignment);
void replace_summary(sql::Tx& tx, WorkId id, std::string_view of, const Summary& summary);

// A chapter that is published from the start, in its place; the caller ends with published_all.
void insert_published_chapter(sql::Tx& tx, const Permit<ImportWorks>& permit, WorkId work, ChapterId id,
                              int number, const NewRevision& revision);
void published_all(sql::Tx& tx, const Permit<ImportWorks>& permit, WorkId work, Timestamp at);
void put_import(sql::Tx& tx, const Permit<ImportWorks>& permit, std::string_view source, WorkId work,
                std::string_view digest, Timestamp at);

}  // namespace braid::works::store
