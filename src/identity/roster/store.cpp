#include "identity/roster/store.h"

namespace braid::roster::store {

namespace {

const sql::Query kPerson{"roster.person", R"(
    SELECT sourced_id, person, request, given_name, line, left_at FROM roster_people
    WHERE source = $1 AND sourced_id = $2)"};
const sql::Query kPeople{"roster.people", R"(
    SELECT sourced_id, person, request, given_name, line, left_at FROM roster_people
    WHERE source = $1 AND sourced_id > $2 AND left_at = 0 ORDER BY sourced_id LIMIT $3)"};
const sql::Query kPutPerson{"roster.put_person", R"(
    INSERT INTO roster_people (source, sourced_id, person, request, given_name, line, left_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (source, sourced_id) DO UPDATE SET person = excluded.person, request = excluded.request,
        given_name = excluded.given_name, line = excluded.line, left_at = excluded.left_at)"};

const sql::Query kOrganisation{"roster.organisation", R"(
    SELECT sourced_id, id, name, kind, parent, left_at FROM roster_organisations
    WHERE source = $1 AND sourced_id = $2)"};
const sql::Query kOrganisations{"roster.organisations", R"(
    SELECT sourced_id, id, name, kind, parent, left_at FROM roster_organisations
    WHERE source = $1 AND sourced_id > $2 AND left_at = 0 ORDER BY sourced_id LIMIT $3)"};
const sql::Query kPutOrganisation{"roster.put_organisation", R"(
    INSERT INTO roster_organisations (source, sourced_id, id, name, kind, parent, left_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (source, sourced_id) DO UPDATE SET name = excluded.name, kind = excluded.kind,
        parent = excluded.parent, left_at = excluded.left_at)"};

const sql::Query kClass{"roster.class", R"(
    SELECT sourced_id, id, organisation, title, code, kind, left_at FROM roster_classes
    WHERE source = $1 AND sourced_id = $2)"};
const sql::Query kClasses{"roster.classes", R"(
    SELECT sourced_id, id, organisation, title, code, kind, left_at FROM roster_classes
    WHERE source = $1 AND sourced_id > $2 AND left_at = 0 ORDER BY sourced_id LIMIT $3)"};
const sql::Query kPutClass{"roster.put_class", R"(
    INSERT INTO roster_classes (source, sourced_id, id, organisation, title, code, kind, left_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (source, sourced_id) DO UPDATE SET organisation = excluded.organisation, title = excluded.title,
        code = excluded.code, kind = excluded.kind, left_at = excluded.left_at)"};

const sql::Query kGiven{"roster.given", R"(
    SELECT file, sourced_id, person, role, scope, ends_at FROM roster_roles
    WHERE source = $1 AND file = $2 AND sourced_id = $3 ORDER BY role, scope LIMIT 200)"};
const sql::Query kGivenTo{"roster.given_to", R"(
    SELECT file, sourced_id, person, role, scope, ends_at FROM roster_roles
    WHERE person = $2 AND source = $1 ORDER BY file, sourced_id, role, scope LIMIT 2000)"};
const sql::Query kRowsOf{"roster.rows_of", R"(
    SELECT DISTINCT sourced_id FROM roster_roles
    WHERE source = $1 AND file = $2 AND sourced_id > $3 ORDER BY sourced_id LIMIT $4)"};
const sql::Query kGivers{"roster.givers", R"(
    SELECT COUNT(*) FROM roster_roles WHERE person = $1 AND role = $2 AND scope = $3)"};
const sql::Query kPutGiven{"roster.put_given", R"(
    INSERT INTO roster_roles (source, file, sourced_id, person, role, scope, ends_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (source, file, sourced_id, role, scope) DO UPDATE SET person = excluded.person,
        ends_at = excluded.ends_at)"};
const sql::Query kDeleteGiven{"roster.delete_given", R"(
    DELETE FROM roster_roles WHERE source = $1 AND file = $2 AND sourced_id = $3 AND role = $4 AND scope = $5)"};

}  // namespace

std::optional<Person> person(sql::Session& session, std::string_view source, std::string_view sourced_id) {
    return session.maybe<Person>(kPerson, source, sourced_id);
}
std::vector<Person> people(sql::Session& session, std::string_view source, std::string_view after,
                           int limit) {
    return session.all<Person>(kPeople, source, after, limit);
}
void put_person(sql::Tx& tx, const Right&, std::string_view source, const Person& one) {
    tx.run(kPutPerson, source, one.sourced_id, one.person, one.request, one.given_name, one.line,
           one.left_at);
}

std::optional<Organisation> organisation(sql::Session& session, std::string_view source,
                                         std::string_view sourced_id) {
    return session.maybe<Organisation>(kOrganisation, source, sourced_id);
}
std::vector<Organisation> organisations(sql::Session& session, std::string_view source,
                                        std::string_view after, int limit) {
    return session.all<Organisation>(kOrganisations, source, after, limit);
}
void put_organisation(sql::Tx& tx, const Right&, std::string_view source, const Organisation& one) {
    tx.run(kPutOrganisation, source, one.sourced_id, one.id, one.name, one.kind, one.parent, one.left_at);
}

std::optional<Class> class_of(sql::Session& session, std::string_view source, std::string_view sourced_id) {
    return session.maybe<Class>(kClass, source, sourced_id);
}
std::vector<Class> classes(sql::Session& session, std::string_view source, std::string_view after,
                           int limit) {
    return session.all<Class>(kClasses, source, after, limit);
}
void put_class(sql::Tx& tx, const Right&, std::string_view source, const Class& one) {
    tx.run(kPutClass, source, one.sourced_id, one.id, one.organisation, one.title, one.code, one.kind,
           one.left_at);
}

std::vector<Given> given(sql::Session& session, std::string_view source, std::string_view file,
                         std::string_view sourced_id) {
    return session.all<Given>(kGiven, source, file, sourced_id);
}
std::vector<Given> given_to(sql::Session& session, std::string_view source, PersonId person) {
    return session.all<Given>(kGivenTo, source, person);
}
std::vector<std::string> rows_of(sql::Session& session, std::string_view source, std::string_view file,
                                 std::string_view after, int limit) {
    return session.all<std::string>(kRowsOf, source, file, after, limit);
}
int givers(sql::Session& session, PersonId person, Role role, std::string_view scope) {
    return session.one<int>(kGivers, person, role, scope);
}
void put_given(sql::Tx& tx, const Right&, std::string_view source, const Given& one) {
    tx.run(kPutGiven, source, one.file, one.sourced_id, one.person, one.role, one.scope, one.ends_at);
}
void delete_given(sql::Tx& tx, const Right&, std::string_view source, const Given& one) {
    tx.run(kDeleteGiven, source, one.file, one.sourced_id, one.role, one.scope);
}

}  // namespace braid::roster::store
