#include "identity/oidc/store.h"

namespace braid::oidc::store {

namespace {

const sql::Query kPerson{"oidc.person",
                         "SELECT person FROM provider_identities WHERE issuer = $1 AND subject = $2"};

const sql::Query kLink{"oidc.link", R"(
    SELECT linked_at, last_used_at FROM provider_identities WHERE person = $1 AND issuer = $2)"};

const sql::Query kInsert{"oidc.insert", R"(
    INSERT INTO provider_identities (issuer, subject, person, linked_at, last_used_at) VALUES ($1, $2, $3, $4, $4)
    ON CONFLICT DO NOTHING)"};

const sql::Query kNoteUse{"oidc.note_use", R"(
    UPDATE provider_identities SET last_used_at = $3 WHERE issuer = $1 AND subject = $2)"};

const sql::Query kRemove{"oidc.remove", "DELETE FROM provider_identities WHERE person = $1 AND issuer = $2"};

}  // namespace

std::optional<PersonId> person(sql::Session& session, std::string_view issuer, std::string_view subject) {
    return session.maybe<PersonId>(kPerson, issuer, subject);
}

std::optional<Link> link(sql::Session& session, std::string_view issuer, PersonId person) {
    return session.maybe<Link>(kLink, person, issuer);
}

bool insert(sql::Tx& tx, const LinkRight&, std::string_view issuer, std::string_view subject, PersonId person,
            Timestamp at) {
    return tx.run(kInsert, issuer, subject, person, at) != 0;
}

void note_use(sql::Tx& tx, const access::Permit<sessions::SignIn>&, std::string_view issuer,
              std::string_view subject, Timestamp at) {
    tx.run(kNoteUse, issuer, subject, at);
}

bool remove(sql::Tx& tx, const access::Permit<ManageIdentity>&, std::string_view issuer, PersonId person) {
    return tx.run(kRemove, person, issuer) != 0;
}

}  // namespace braid::oidc::store
