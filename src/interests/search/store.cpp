#include "interests/search/store.h"

#include "identity/accounts/api.h"
#include "interests/search/passage.h"
#include "interests/search/terms.h"
#include "platform/sql/fulltext.h"

namespace braid::search::store {

namespace {

// Works' rule for lists, and that the row says what is there now.
#define BRAID_FINDABLE(audience, rating, viewer)                                                         \
    BRAID_WORKS_LISTED(audience, rating, viewer)                                                         \
    " AND ((d.kind = 'work' AND d.title = w.title AND d.summary = w.summary_plain AND d.tags = w.tags) " \
    "OR (d.kind = 'chapter' AND c.number > 0 AND c.revision = d.revision))"
#define BRAID_LIVE "JOIN works w ON w.id = d.work LEFT JOIN chapters c ON c.id = d.id AND d.kind = 'chapter'"

const sql::Query kWork{"search.find_work",
                       "SELECT id, title, language, summary_plain, tags, author, rating, status FROM works "
                       "WHERE id = $1 AND chapters > 0"};
const sql::Query kChapters{"search.list_chapters",
                           "SELECT id, revision, title FROM chapters WHERE work = $1 AND number > 0 ORDER "
                           "BY number, id LIMIT 20000"};
const sql::Query kOutOfDate{
    "search.list_out_of_date",
    "SELECT w.id FROM works w WHERE w.chapters > 0 AND (NOT EXISTS (SELECT 1 FROM search_documents d WHERE "
    "d.id = w.id AND d.title = w.title AND d.summary = w.summary_plain AND d.tags = w.tags AND "
    "d.language = w.language AND d.facets = CAST(w.rating AS TEXT) || ' ' || w.status) OR EXISTS (SELECT 1 "
    "FROM chapters c WHERE c.work = w.id AND c.number > 0 AND NOT EXISTS "
    "(SELECT 1 FROM search_documents d WHERE d.id = c.id AND d.revision = c.revision AND d.tags = w.tags AND "
    "d.facets = CAST(w.rating AS TEXT) || ' ' || w.status))) ORDER BY w.id LIMIT $1"};
const sql::Query kOrphans{
    "search.list_orphans",
    "SELECT DISTINCT d.work FROM search_documents d WHERE NOT EXISTS (SELECT 1 FROM works w WHERE w.id = "
    "d.work AND w.chapters > 0) ORDER BY d.work LIMIT $1"};
const sql::Query kWorksAfter{"search.list_works_after",
                             "SELECT id FROM works WHERE chapters > 0 AND id > $1 ORDER BY id LIMIT $2"};
const sql::Query kCountWorks{"search.count_works", "SELECT COUNT(*) FROM works WHERE chapters > 0"};
const sql::Query kRows{
    "search.list_rows",
    "SELECT id, revision, language, title, tags, facets FROM search_documents WHERE work = $1 "
    "ORDER BY id LIMIT 20001"};
const sql::Query kText{"search.find_text",
                       "SELECT title || ' ' || CASE WHEN kind = 'work' THEN tags ELSE '' END || ' ' || "
                       "summary FROM search_documents WHERE id = $1"};
const sql::Query kSummary{"search.find_summary", "SELECT summary FROM search_documents WHERE id = $1"};
// Two jobs may index a work at once on PostgreSQL: the row is then the later one's, after a retry.
const sql::Query kPut{
    "search.put_document",
    "INSERT INTO search_documents (id, kind, work, revision, language, length, weights, title, tags, "
    "summary, facets) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO UPDATE SET "
    "kind = excluded.kind, work = excluded.work, revision = excluded.revision, language = "
    "excluded.language, length = excluded.length, weights = excluded.weights, title = excluded.title, tags "
    "= excluded.tags, summary = excluded.summary, facets = excluded.facets"};
const sql::Query kPutText{
    "search.put_text",
    "INSERT INTO search_texts (id, sketch, title_terms, marks, body_terms) VALUES ($1, $2, $3, $4, $5) ON "
    "CONFLICT (id) DO UPDATE SET sketch = excluded.sketch, title_terms = excluded.title_terms, marks = "
    "excluded.marks, body_terms = excluded.body_terms"};
const sql::Query kPutPiece{"search.put_piece",
                           "INSERT INTO search_pieces (document, piece, body) VALUES ($1, $2, $3) ON "
                           "CONFLICT (document, piece) DO UPDATE SET body = excluded.body"};
const sql::Query kPieces{"search.list_pieces",
                         "SELECT body FROM search_pieces WHERE document = $1 AND piece >= $2 ORDER BY piece "
                         "LIMIT $3"};
const sql::Query kRemovePieces{"search.remove_pieces", "DELETE FROM search_pieces WHERE document = $1"};
const sql::Query kEnter{"search.enter_document", BRAID_FULLTEXT_ENTER("search_texts", "t.id = $1")};
const sql::Query kWithdraw{"search.withdraw_document", BRAID_FULLTEXT_WITHDRAW("search_texts", "t.id = $1")};
const sql::Query kRemove{"search.remove_document", "DELETE FROM search_documents WHERE id = $1"};
const sql::Query kRemoveText{"search.remove_text", "DELETE FROM search_texts WHERE id = $1"};
const sql::Query kJoin{"search.join_parts", BRAID_FULLTEXT_JOIN("search_texts")};
#define BRAID_FOUND                     \
    BRAID_FULLTEXT_FROM("search_texts") \
    " JOIN search_documents d ON d.id = " BRAID_FULLTEXT_ID("search_texts")
const sql::Query kStands{
    "search.find_standing",
    "SELECT d.id FROM " BRAID_FOUND " WHERE " BRAID_FULLTEXT_MATCHES(
        "search_texts", "$1") " AND d.work <> $2 ORDER BY " BRAID_FULLTEXT_ID("search_texts") " LIMIT 1"};
const sql::Query kKnowsWord{"search.find_word",
                            "SELECT size FROM search_words WHERE initial = $1 AND size = $2 AND word = $3"};
const sql::Query kRemoveWord{"search.remove_word",
                             "DELETE FROM search_words WHERE initial = $1 AND size = $2 AND word = $3"};
const sql::Query kAddWord{"search.add_word",
                          "INSERT INTO search_words (initial, size, word) VALUES ($1, $2, $3) ON CONFLICT "
                          "(initial, size, word) DO NOTHING"};
// A tag that is not asked for is "".
#define BRAID_TAGGED(tag)                                                                           \
    " AND (CAST(" tag                                                                               \
    " AS TEXT) = '' OR EXISTS (SELECT 1 FROM work_tags t WHERE t.work = w.id AND t.tag = CAST(" tag \
    " AS TEXT)))"
// The same for both: only the columns differ.
#define BRAID_CANDIDATES \
    " FROM " BRAID_FOUND " " BRAID_LIVE " WHERE " BRAID_FULLTEXT_MATCHES("search_texts", "$1")      \
        " AND (CAST($13 AS TEXT) = '' OR d.kind = CAST($13 AS TEXT))"                               \
        " AND " BRAID_FINDABLE("$2", "$3", "$12")                                                   \
            " AND (CAST($4 AS TEXT) = '' OR w.language = CAST($4 AS TEXT))"                         \
            " AND (CAST($5 AS TEXT) = '' OR w.status = CAST($5 AS TEXT))"                           \
            " AND (CAST($6 AS BIGINT) < 0 OR w.rating = CAST($6 AS BIGINT))"                        \
            " AND (CAST($7 AS BIGINT) = 0 OR w.author = CAST($7 AS BIGINT))" BRAID_TAGGED("$8")     \
                BRAID_TAGGED("$9") BRAID_TAGGED("$10") " ORDER BY " BRAID_FULLTEXT_ID(              \
                    "search_texts") " DESC LIMIT $11"
const sql::Query kListCandidates{"search.list_candidates",
                                 "SELECT d.id, d.kind, d.length, d.weights" BRAID_CANDIDATES};
const sql::Query kCountCandidates{"search.count_candidates",
                                  "SELECT COUNT(*) FROM (SELECT d.id" BRAID_CANDIDATES ") AS found"};
const sql::Query kShown{
    "search.find_shown",
    "SELECT d.id, d.kind, d.work, CASE WHEN d.kind = 'work' THEN w.title ELSE c.title END, w.title, "
    "w.language, d.summary, d.language, COALESCE(c.number, 0), t.sketch FROM search_documents d " BRAID_LIVE
    " JOIN search_texts t ON t.id = d.id WHERE d.id = $1 AND " BRAID_FINDABLE("$2", "$3", "$4")};
const sql::Query kWords{"search.list_words",
                        "SELECT word FROM search_words ORDER BY initial, size, word LIMIT 1000000"};
const sql::Query kCountWords{"search.count_words",
                             "SELECT COUNT(*), COALESCE(CAST(SUM(size) AS BIGINT), 0) FROM search_words"};

const sql::Query kNamesLike{
    "search.list_names_like",
    "SELECT p.id, p.display_name, p.handle FROM search_names n JOIN persons p ON p.id = n.person WHERE "
    "n.head "
    "= $1 AND substr(n.term, 1, length(CAST($2 AS TEXT))) = CAST($2 AS TEXT) AND n.name = p.display_name AND "
    "" BRAID_ACCOUNTS_FOUND("$3", "$4", "$5") " AND " BRAID_NOT_APART(
        "$7", "p.id") " ORDER BY n.term, n.person LIMIT $6"};
// Whoever might be found by anybody at some time: a minor by other minors, who is suspended when that ends.
const sql::Query kFindable{"search.find_findable",
                           "SELECT p.id, p.display_name, p.handle FROM persons p WHERE p.id = $1 AND "
                           "" BRAID_ACCOUNTS_FOUND("p.suspended_until", "0", "1")};
const sql::Query kPutName{"search.put_name",
                          "INSERT INTO search_names (head, term, person, name) VALUES ($1, $2, $3, $4) ON "
                          "CONFLICT (head, term, person) DO UPDATE SET name = excluded.name"};
const sql::Query kRemoveNames{"search.remove_names", "DELETE FROM search_names WHERE person = $1"};
const sql::Query kNamesMissing{
    "search.list_names_missing",
    "SELECT p.id FROM persons p WHERE p.listed = 1 AND p.face = 'shown' AND p.guarded < 1073741824 AND NOT "
    "EXISTS (SELECT 1 FROM search_names n WHERE n.person = p.id AND n.name = p.display_name) ORDER BY p.id "
    "LIMIT $1"};
const sql::Query kNamesLeft{
    "search.list_names_left",
    "SELECT DISTINCT n.person FROM search_names n WHERE NOT EXISTS (SELECT 1 FROM persons p WHERE p.id = "
    "n.person AND p.listed = 1 AND p.face = 'shown' AND p.guarded < 1073741824) ORDER BY n.person LIMIT $1"};

int ceiling_of(const access::Actor& actor) {
    return static_cast<int>(actor.rating_ceiling());
}

// Calls `ask` with the parameters of BRAID_CANDIDATES.
template <class Ask>
auto asked(const access::Actor& actor, std::string_view expression, const Condition& condition, int limit,
           const Ask& ask) {
    const auto tag = [&](std::size_t i) {
        return i < condition.tags.size() ? std::string_view(condition.tags[i]) : std::string_view();
    };
    return ask(expression, works::least_audience(actor), ceiling_of(actor), condition.language,
               condition.status, condition.rating, condition.author, tag(0), tag(1), tag(2), limit,
               blocks::viewer_of(actor), condition.kind);
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
    return session.maybe<std::string>(kText, id).value_or(std::string()) + ' ' +
           pieces(session, id, 0, kAllPieces).text;
}

std::string summary(sql::Session& session, std::int64_t id) {
    return session.maybe<std::string>(kSummary, id).value_or(std::string());
}

void put(sql::Tx& tx, const Document& document) {
    const bool chapter = document.kind == "chapter";
    tx.run(kWithdraw, document.id);
    tx.run(kPut, document.id, document.kind, document.work, document.revision, document.language,
           document.length, document.weights, document.title, document.tags,
           chapter ? std::string_view() : std::string_view(document.body), document.facets);
    tx.run(kPutText, document.id, chapter ? sketch_of(document.body_terms) : sql::Bytes(),
           document.title_terms, document.marks, document.body_terms);
    tx.run(kEnter, document.id);
    tx.run(kRemovePieces, document.id);
    if (!chapter) return;
    std::int64_t number = 0;
    for (const std::string_view piece : pieces_of(document.body))
        tx.run(kPutPiece, document.id, number++, piece);
}

void remove(sql::Tx& tx, std::int64_t id) {
    tx.run(kWithdraw, id);
    tx.run(kRemove, id);
    tx.run(kRemoveText, id);
    tx.run(kRemovePieces, id);
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
                                  std::string_view expression, const Condition& condition, int limit) {
    return asked(actor, expression, condition, limit, [&](const auto&... parameters) {
        return session.all<Candidate>(kListCandidates, parameters...);
    });
}

std::size_t count(sql::Session& session, const access::Actor& actor, std::string_view expression,
                  const Condition& condition, int limit) {
    return asked(actor, expression, condition, limit, [&](const auto&... parameters) {
        return session.one<std::size_t>(kCountCandidates, parameters...);
    });
}

std::optional<Shown> shown(sql::Session& session, const access::Actor& actor, std::int64_t id) {
    return session.maybe<Shown>(kShown, id, works::least_audience(actor), ceiling_of(actor),
                                blocks::viewer_of(actor));
}

Text pieces(sql::Session& session, std::int64_t document, std::int64_t first, int most) {
    const auto bodies = session.all<std::string>(kPieces, document, first, most + 1);
    Text made{.text = {}, .ends = bodies.size() <= static_cast<std::size_t>(most)};
    for (std::size_t i = 0; i < bodies.size() && i < static_cast<std::size_t>(most); ++i)
        made.text += bodies[i];
    return made;
}

bool join_parts(sql::Tx& tx, int pages, sql::FulltextParts parts) {
    return sql::fulltext_join(tx, kJoin, pages, parts);
}

std::vector<std::string> words(sql::Session& session) {
    return session.all<std::string>(kWords);
}

WordsRow count_words(sql::Session& session) {
    return session.one<WordsRow>(kCountWords);
}

std::vector<Name> names_like(sql::Session& session, const access::Actor& actor, Timestamp now,
                             std::string_view head, std::string_view begins, int limit) {
    return session.all<Name>(kNamesLike, head, begins, now, accounts::last_adult_month(now),
                             accounts::finds_minors(actor) ? 1 : 0, limit, blocks::viewer_of(actor));
}

std::optional<Name> findable(sql::Session& session, access::PersonId person) {
    return session.maybe<Name>(kFindable, person);
}

void put_name(sql::Tx& tx, std::string_view head, std::string_view term, const Name& name) {
    tx.run(kPutName, head, term, name.person, name.name);
}

void remove_names(sql::Tx& tx, access::PersonId person) {
    tx.run(kRemoveNames, person);
}

std::vector<access::PersonId> names_out_of_date(sql::Session& session, int limit) {
    auto ids = session.all<access::PersonId>(kNamesMissing, limit);
    for (const auto id : session.all<access::PersonId>(kNamesLeft, limit))
        ids.push_back(id);
    return ids;
}

}  // namespace braid::search::store
