#include "identity/documents/store.h"

namespace braid::documents::store {

namespace {

const sql::Query kNewest{"documents.newest", R"(
    SELECT version, text_en, short_en, changed_en, text_es, short_es, changed_es, important, published_at
    FROM site_documents WHERE kind = $1 ORDER BY version DESC LIMIT 1)"};
const sql::Query kVersion{"documents.version", R"(
    SELECT version, text_en, short_en, changed_en, text_es, short_es, changed_es, important, published_at
    FROM site_documents WHERE kind = $1 AND version = $2)"};
const sql::Query kHistory{"documents.history", R"(
    SELECT version, important, published_at, published_by, changed_en, changed_es FROM site_documents
    WHERE kind = $1 ORDER BY version DESC LIMIT $2)"};
const sql::Query kInsert{"documents.insert", R"(
    INSERT INTO site_documents (kind, version, text_en, text_es, short_en, short_es, changed_en, changed_es, important,
        published_at, published_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (kind, version) DO NOTHING)"};
const sql::Query kAccept{"documents.accept", R"(
    INSERT INTO document_acceptances (person, kind, version, at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (person, kind, version) DO NOTHING)"};
const sql::Query kPending{"documents.pending", R"(
    SELECT kind FROM site_documents d WHERE important = 1
    GROUP BY kind
    HAVING MAX(version) > COALESCE((SELECT MAX(a.version) FROM document_acceptances a WHERE a.person = $1 AND a.kind = d.kind), 0)
    ORDER BY kind LIMIT 10)"};
const sql::Query kImportant{
    "documents.important",
    "SELECT COUNT(*) FROM (SELECT version FROM site_documents WHERE important = 1 LIMIT 1) AS one"};

using Row = std::tuple<int, std::string, std::string, std::string, std::string, std::string, std::string,
                       bool, Timestamp>;

std::optional<Version> to_version(std::optional<Row> row) {
    if (!row) return std::nullopt;
    auto& [number, text_en, short_en, changed_en, text_es, short_es, changed_es, important, at] = *row;
    return Version{number, {text_en, short_en, changed_en}, {text_es, short_es, changed_es}, important, at};
}

}  // namespace

std::optional<Version> newest(sql::Session& session, Kind kind) {
    return to_version(session.maybe<Row>(kNewest, kind));
}

std::optional<Version> version(sql::Session& session, Kind kind, int number) {
    return to_version(session.maybe<Row>(kVersion, kind, number));
}

std::vector<VersionLine> history(sql::Session& session, Kind kind, int limit) {
    return session.all<VersionLine>(kHistory, kind, limit);
}

bool insert(sql::Tx& tx, const access::Permit<PublishDocument>&, Kind kind, int number, const Version& one,
            Timestamp at, PersonId by) {
    return tx.run(kInsert, kind, number, one.en.text, one.es.text, one.en.brief, one.es.brief, one.en.changed,
                  one.es.changed, one.important, at, by) == 1;
}

void accept(sql::Tx& tx, PersonId person, Kind kind, int number, Timestamp at) {
    tx.run(kAccept, person, kind, number, at);
}

std::vector<Kind> pending(sql::Session& session, PersonId person) {
    return session.all<Kind>(kPending, person);
}

bool anything_important(sql::Session& session) {
    return session.one<int>(kImportant) > 0;
}

}  // namespace braid::documents::store
