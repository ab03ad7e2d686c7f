// The only place with the index's SQL. It reads works' live rows beside its own, so that what is hidden,
// taken back or changed is not found from that moment on, whatever the index still holds.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "interests/works/api.h"
#include "platform/sql/fulltext.h"
#include "platform/sql/sql.h"

namespace braid::search::store {

struct WorkRow {
    works::WorkId id;
    std::string title, language, summary, tags;  // tags: as works keeps them for cards
    access::PersonId author;
    int rating = 0;
    std::string status;
    // What else of the work its documents are marked with.
    [[nodiscard]] std::string facets() const { return std::to_string(rating) + " " + status; }
};
struct ChapterRow {
    works::ChapterId id;
    std::int64_t revision = 0;
    std::string title;
};
// A published work, whoever may see it.
std::optional<WorkRow> work(sql::Session& session, works::WorkId id);
std::vector<ChapterRow> chapters(sql::Session& session, works::WorkId id);
// Works with something that is not in the index as it is now, or that is there and no longer anywhere.
std::vector<works::WorkId> out_of_date(sql::Session& session, int limit);

// Published works by id, after `after`.
std::vector<works::WorkId> works_after(sql::Session& session, works::WorkId after, int limit);
std::int64_t count_works(sql::Session& session);

struct Document {
    std::int64_t id = 0;
    std::string_view kind;
    works::WorkId work;
    std::int64_t revision = 0, length = 0;
    std::string language, title, tags, facets, weights, title_terms, marks, body, body_terms;
};
// What the index has of a work, without its texts.
struct Row {
    std::int64_t id = 0, revision = 0;
    std::string language, title, tags, facets;
};
std::vector<Row> rows(sql::Session& session, works::WorkId id);
// Title, labels of tags and body of a row, as text; "" when there is none.
std::string text(sql::Session& session, std::int64_t id);
// The summary a work's row was made of; "" when there is none.
std::string summary(sql::Session& session, std::int64_t id);
// In place of a row of that id.
void put(sql::Tx& tx, const Document& document);
void remove(sql::Tx& tx, std::int64_t id);

bool knows_word(sql::Session& session, std::string_view word);
void add_word(sql::Tx& tx, std::string_view word);
void remove_word(sql::Tx& tx, std::string_view word);
// Whether a row matches that is not of `but`; of any work without it.
bool stands(sql::Session& session, std::string_view expression, works::WorkId but = {});

// What documents must be like, besides matching.
struct Condition {
    std::string kind;              // "" for all
    std::string language, status;  // "" for all
    int rating = -1;               // -1 for all
    std::int64_t author = 0;       // 0 for all
    std::vector<std::string> tags;
};
inline constexpr int kCandidates = 100;
struct Candidate {
    std::int64_t id = 0;
    std::string kind;
    std::int64_t length = 0;
    std::string weights;
};
// The newest of those that match, as the actor may see them now.
std::vector<Candidate> candidates(sql::Session& session, const access::Actor& actor,
                                  std::string_view expression, const Condition& condition, int limit);
// How many there are, at most `limit`.
std::size_t count(sql::Session& session, const access::Actor& actor, std::string_view expression,
                  const Condition& condition, int limit);

struct Shown {
    std::int64_t id = 0;
    std::string kind;
    works::WorkId work;
    std::string title, work_title, language, summary;
    std::string terms_in;  // the language of its terms
    int number = 0;        // of a chapter
    sql::Bytes sketch;
};
// As the actor may see it now.
std::optional<Shown> shown(sql::Session& session, const access::Actor& actor, std::int64_t id);
// Pieces of a chapter's text, put together: those from `first` on, `most` of them.
struct Text {
    std::string text;
    bool ends = true;  // nothing follows
};
inline constexpr int kAllPieces = 1'000'000;
Text pieces(sql::Session& session, std::int64_t document, std::int64_t first, int most);

// Joins parts of the index, as sql::fulltext_join does.
bool join_parts(sql::Tx& tx, int pages, sql::FulltextParts parts);

std::vector<std::string> words(sql::Session& session);
struct WordsRow {
    std::int64_t count = 0, bytes = 0;
};
WordsRow count_words(sql::Session& session);

// People by the words of their names.
struct Name {
    access::PersonId person;
    std::string name, handle;
};
// Whoever the actor may find and one of whose words has this head and begins so, by the alphabet of words.
std::vector<Name> names_like(sql::Session& session, const access::Actor& actor, Timestamp now,
                             std::string_view head, std::string_view begins, int limit);
// Her name and handle while anybody may find her; nothing otherwise.
std::optional<Name> findable(sql::Session& session, access::PersonId person);
void put_name(sql::Tx& tx, std::string_view head, std::string_view term, const Name& name);
void remove_names(sql::Tx& tx, access::PersonId person);
// People who may be found and are not here as they are called now, or are here and may not.
std::vector<access::PersonId> names_out_of_date(sql::Session& session, int limit);

}  // namespace braid::search::store
