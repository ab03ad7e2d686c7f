// Works and chapters: what other modules may ask. Text written by people, with who may see it.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "platform/sql/sql.h"

namespace braid::works {

using access::Actor;
using access::PersonId;
using access::Rating;
using WorkId = Id<struct WorkTag>;
using ChapterId = Id<struct ChapterTag>;

enum class Visibility { me, signed_in, everyone };
enum class Status { ongoing, complete };
enum class CommentsPolicy { open, frozen, closed };  // frozen: shown, no new ones; closed: none shown to others

// A work as lists show it.
struct WorkCard {
    WorkId id;
    PersonId author;
    std::string title, summary_plain, language, cover_url;  // cover_url: always set; generated when none was uploaded
    Rating rating = Rating::everyone;
    Visibility visibility = Visibility::me;
    Status status = Status::ongoing;
    int chapters = 0;  // published
    std::int64_t words = 0;
    Timestamp updated_at;  // of the last publication
    std::vector<std::string> tags;
};

struct ChapterLine {  // in a table of contents
    ChapterId id;
    int number = 0;    // 1 … among the published
    std::string title;
    std::int64_t words = 0;
    Timestamp published_at;
};

struct Paragraph {
    std::string key;    // stable across revisions: what a comment hangs on; [0-9a-z]{1,12}
    std::string html;   // sanitised, one element
};

// What a reader needs for one chapter; made in as few queries as can be.
struct ChapterView {
    WorkId work;
    ChapterId chapter;
    PersonId author;
    std::string work_title, chapter_title, language;
    Rating rating = Rating::everyone;
    Visibility visibility = Visibility::me;
    CommentsPolicy comments = CommentsPolicy::open;
    int number = 0, chapters = 0;         // "2 of 5"
    std::optional<ChapterId> previous, next;
    std::int64_t words = 0;
    int revision = 1;
    Timestamp published_at, revised_at;
    bool draft = false;                   // seen by its author only
    std::vector<Paragraph> paragraphs;
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
};
struct WorkPage {
    std::vector<WorkCard> works;
    std::optional<Cursor> next;
};
struct WorkQuery {
    std::optional<std::string> tag;      // normalised as works::tag_key does
    std::optional<PersonId> author;
    std::optional<std::string> language;
    std::optional<Cursor> after;
    int limit = 20;
};

// One rule decides visibility everywhere, in SQL and in C++ alike: the author sees her own; others see works with a published
// chapter, visibility that includes them, and a rating within their ceiling. What is not visible is not_found.
class Library {
  public:
    virtual ~Library() = default;
    virtual WorkPage list(sql::Session& session, const Actor& actor, const WorkQuery& query) const = 0;
    virtual Result<WorkCard> work(sql::Session& session, const Actor& actor, WorkId id) const = 0;
    // In the order of `ids`; what the actor may not see is left out.
    virtual std::vector<WorkCard> works(sql::Session& session, const Actor& actor, std::span<const WorkId> ids) const = 0;
    virtual std::vector<ChapterLine> contents(sql::Session& session, WorkId id) const = 0;  // published, in order
    virtual Result<ChapterView> chapter(sql::Session& session, const Actor& actor, WorkId work, ChapterId id) const = 0;
    virtual Result<ChapterFacts> chapter_facts(sql::Session& session, const Actor& actor, ChapterId id) const = 0;
    // Tags with the number of works the actor may see, most used first.
    struct TagCount {
        std::string key, label;
        int works = 0;
    };
    virtual std::vector<TagCount> popular_tags(sql::Session& session, const Actor& actor, int limit) const = 0;
};

// "Ghost Stories " → "ghost stories": how tags are compared. What people typed is kept as the label.
std::string tag_key(std::string_view typed);
// Whole minutes at 220 words a minute, at least 1.
int minutes_to_read(std::int64_t words);

}  // namespace braid::works

template <>
struct braid::sql::EnumNames<braid::works::Visibility> {
    static constexpr std::array<std::string_view, 3> names{"me", "signed_in", "everyone"};
};
template <>
struct braid::sql::EnumNames<braid::works::Status> {
    static constexpr std::array<std::string_view, 2> names{"ongoing", "complete"};
};
template <>
struct braid::sql::EnumNames<braid::works::CommentsPolicy> {
    static constexpr std::array<std::string_view, 3> names{"open", "frozen", "closed"};
};
