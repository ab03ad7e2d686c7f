#include "interests/search/store.h"

#include "interests/search/terms.h"
#include "platform/sql/fulltext.h"

namespace braid::search::store {

namespace {

// Works' rule for lists, and that the row says what is there now.
#define BRAID_FINDABLE(audience, rating, viewer)                                                      \
    BRAID_WORKS_LISTED(audience, rating, viewer)                                                      \
    " AND ((d.kind = 'work' AND d.title = w.title AND d.body = w.summary_plain AND d.tags = w.tags) " \
    "OR (d.kind = 'chapter' AND c.number > 0 AND c.revision = d.revision))"
#define BRAID_LIVE "JOIN works w ON w.id = d.work LEFT JOIN chapters c ON c.id = d.id AND d.kind = 'chapter'"

const sql::Query kWork{"search.find_work",
                       "SELECT id, title, language, summary_plain, tags FROM works WHERE id = $1 AND "
                       "chapters > 0"};
const sql::Query kChapters{"search.list_chapters",
                           "SELECT id, revision, title FROM chapters WHERE work = $1 AND number > 0 ORDER "
                           "BY number, id LIMIT 20000"};
const sql::Query kOutOfDate{
    "search.list_out_of_date",
    "SELECT w.id FROM works w WHERE w.chapters > 0 AND (NOT EXISTS (SELECT 1 FROM search_documents d WHERE "
    "d.id = w.id AND d.title = w.title AND d.body = w.summary_plain AND d.tags = w.tags AND "
    "d.language = w.language) OR EXISTS (SELECT 1 FROM chapters c WHERE c.work = w.id AND c.number > 0 AND "
    "NOT EXISTS "
    "(SELECT 1 FROM search_documents d WHERE d.id = c.id AND d.revision = c.revision))) "
    "ORDER BY w.id LIMIT $1"};
const sql::Query kOrphans{
    "search.list_orphans",
    "SELECT DISTINCT d.work FROM search_documents d WHERE NOT EXISTS (SELECT 1 FROM works w WHERE w.id = "
    "d.work AND w.chapters > 0) ORDER BY d.work LIMIT $1"};
const sql::Query kWorksAfter{"search.list_works_after",
                             "SELECT id FROM works WHERE chapters > 0 AND id > $1 ORDER BY id LIMIT $2"};
const sql::Query kCountWorks{"search.count_works", "SELECT COUNT(*) FROM works WHERE chapters > 0"};
const sql::Query kRows{"search.list_rows",
                       "SELECT id, revision, language, title, tags FROM search_documents WHERE work = $1 "
                       "ORDER BY id LIMIT 20001"};
const sql::Query kText{"search.find_text",
                       "SELECT title || ' ' || tags || ' ' || body FROM search_documents WHERE id = $1"};
const sql::Query kBody{"search.find_body", "SELECT body FROM search_documents WHERE id = $1"};
// Two jobs may index a work at once on PostgreSQL: the row is then the later one's, after a retry.
const sql::Query kPut{
    "search.put_document",
    "INSERT INTO search_documents (id, kind, work, revision, language, length, title, tags, title_terms, "
    "body_terms, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO UPDATE SET "
    "kind = excluded.kind, work = excluded.work, revision = excluded.revision, language = "
    "excluded.language, length = excluded.length, title = excluded.title, tags = excluded.tags, title_terms "
    "= excluded.title_terms, body_terms = excluded.body_terms, body = excluded.body"};
const sql::Query kEnter{"search.enter_document", BRAID_FULLTEXT_ENTER("search_documents", "d.id = $1")};
const sql::Query kWithdraw{"search.withdraw_document",
                           BRAID_FULLTEXT_WITHDRAW("search_documents", "d.id = $1")};
const sql::Query kRemove{"search.remove_document", "DELETE FROM search_documents WHERE id = $1"};
const sql::Query kStands{
    "search.find_standing",
    "SELECT d.id FROM " BRAID_FULLTEXT_FROM(
        "search_documents") " WHERE " BRAID_FULLTEXT_MATCHES("search_documents",
                                                             "$1") " AND d.work <> $2 ORDER BY "
                                                                   "" BRAID_FULLTEXT_ID(
                                                                       "search_documents") " LIMIT 1"};
const sql::Query kKnowsWord{"search.find_word",
                            "SELECT size FROM search_words WHERE initial = $1 AND size = $2 AND word = $3"};
const sql::Query kRemoveWord{"search.remove_word",
                             "DELETE FROM search_words WHERE initial = $1 AND size = $2 AND word = $3"};
const sql::Query kAddWord{"search.add_word",
                          "INSERT INTO search_words (initial, size, word) VALUES ($1, $2, $3) ON CONFLICT "
                          "(initial, size, word) DO NOTHING"};
const sql::Query kListCandidates{
    "search.list_candidates",
    "SELECT d.id, d.kind, d.length, d.title_terms, substr(d.body_terms, 1, 6000) FROM " BRAID_FULLTEXT_FROM(
        "search_documents") " " BRAID_LIVE " WHERE " BRAID_FULLTEXT_MATCHES("search_documents", "$1")
        " AND " BRAID_FINDABLE("$2", "$3", "$6")
            " AND (CAST($4 AS TEXT) = '' OR w.language = CAST($4 AS TEXT)) ORDER BY " BRAID_FULLTEXT_ID(
                "search_documents") " DESC LIMIT $5"};
const sql::Query kShown{
    "search.find_shown",
    "SELECT d.id, d.kind, d.work, CASE WHEN d.kind = 'work' THEN w.title ELSE c.title END, w.title, "
    "w.language, d.body, COALESCE(c.number, 0) FROM search_documents d " BRAID_LIVE
    " WHERE d.id = $1 AND " BRAID_FINDABLE("$2", "$3", "$4")};
const sql::Query kWordsLike{"search.list_words_like",
                            "SELECT word FROM search_words WHERE initial = $1 AND size >= $2 AND size <= $3 "
                            "ORDER BY size, word LIMIT 20000"};

int ceiling_of(const access::Actor& actor) {
    return static_cast<int>(actor.rating_ceiling());
}

}  // namespace

std::optional<WorkRow> work(sql::Session& session, works::WorkId id) {
    return session.maybe<WorkRow>(kWork, id);
}

std::vector<ChapterRow> chapters(sql::Session& session, works::WorkId id) {
    return session.all<ChapterRow>(kChapters, id);
}

std::vector<works::WorkId> out_of_date(sql::Session& session, int limit) {
    auto ids = session.all<works::WorkId>(kOutOfDate, limit);
    for (const auto id : session.all<works::WorkId>(kOrphans, limit))
        ids.push_back(id);
    return ids;
}

std::vector<works::WorkId> works_after(sql::Session& session, works::WorkId after, int limit) {
    return session.all<works::WorkId>(kWorksAfter, after, limit);
}

std::int64_t count_works(sql::Session& session) {
    return session.one<std::int64_t>(kCountWorks);
}

std::vector<Row> rows(sql::Session& session, works::WorkId id) {
    return session.all<Row>(kRows, id);
}

std::string text(sql::Session& session, std::int64_t id) {
    return session.maybe<std::string>(kText, id).value_or(std::string());
}

std::string body(sql::Session& session, std::int64_t id) {
    return session.maybe<std::string>(kBody, id).value_or(std::string());
}

void put(sql::Tx& tx, const Document& document) {
    tx.run(kWithdraw, document.id);
    tx.run(kPut, document.id, document.kind, document.work, document.revision, document.language,
           document.length, document.title, document.tags, document.title_terms, document.body_terms,
           document.body);
    tx.run(kEnter, document.id);
}

void remove(sql::Tx& tx, std::int64_t id) {
    tx.run(kWithdraw, id);
    tx.run(kRemove, id);
}

bool knows_word(sql::Session& session, std::string_view word) {
    return session
        .maybe<std::int64_t>(kKnowsWord, initial_of(word), static_cast<std::int64_t>(word.size()), word)
        .has_value();
}

void add_word(sql::Tx& tx, std::string_view word) {
    tx.run(kAddWord, initial_of(word), static_cast<std::int64_t>(word.size()), word);
}

void remove_word(sql::Tx& tx, std::string_view word) {
    tx.run(kRemoveWord, initial_of(word), static_cast<std::int64_t>(word.size()), word);
}

bool stands(sql::Session& session, std::string_view expression, works::WorkId but) {
    return session.maybe<std::int64_t>(kStands, expression, but).has_value();
}

std::vector<Candidate> candidates(sql::Session& session, const access::Actor& actor,
                                  std::string_view expression, std::string_view language) {
    return session.all<Candidate>(kListCandidates, expression, works::least_audience(actor),
                                  ceiling_of(actor), language, kCandidates, blocks::viewer_of(actor));
}

std::optional<Shown> shown(sql::Session& session, const access::Actor& actor, std::int64_t id) {
    return session.maybe<Shown>(kShown, id, works::least_audience(actor), ceiling_of(actor),
                                blocks::viewer_of(actor));
}

std::vector<std::string> words_like(sql::Session& session, std::string_view initial, std::size_t from,
                                    std::size_t to) {
    return session.all<std::string>(kWordsLike, initial, static_cast<std::int64_t>(from),
                                    static_cast<std::int64_t>(to));
}

}  // namespace braid::search::store
