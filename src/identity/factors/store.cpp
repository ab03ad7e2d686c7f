#include "identity/factors/store.h"

#include "identity/factors/api.h"

namespace braid::factors {

namespace {

const sql::Query kAskedOf{"factors.asked_of",
                          "SELECT COUNT(*) FROM code_apps WHERE person = $1 AND confirmed = 1"};

}  // namespace

bool KnownFactors::asked_of(sql::Session& session, access::PersonId person) const {
    return session.one<std::int64_t>(kAskedOf, person) != 0;
}

namespace store {

namespace {

const sql::Query kApp{"factors.app", R"(
    SELECT secret, last_step, created_at FROM code_apps WHERE person = $1 AND confirmed = $2)"};

const sql::Query kPutWaitingApp{"factors.put_waiting_app", R"(
    INSERT INTO code_apps (person, confirmed, secret, last_step, created_at) VALUES ($1, 0, $2, 0, $3)
    ON CONFLICT (person, confirmed) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at)"};

const sql::Query kDeleteApp{"factors.delete_app", "DELETE FROM code_apps WHERE person = $1 AND confirmed = 1"};

const sql::Query kConfirmApp{"factors.confirm_app", R"(
    UPDATE code_apps SET confirmed = 1, last_step = $2, created_at = $3 WHERE person = $1 AND confirmed = 0)"};

const sql::Query kUseStep{"factors.use_step", R"(
    UPDATE code_apps SET last_step = $2 WHERE person = $1 AND confirmed = 1 AND last_step < $2)"};

const sql::Query kDeleteWaitingApps{"factors.delete_waiting_apps",
                                    "DELETE FROM code_apps WHERE confirmed = 0 AND created_at < $1"};

const sql::Query kDeleteCodes{"factors.delete_codes", "DELETE FROM recovery_codes WHERE person = $1"};

const sql::Query kInsertCode{"factors.insert_code", R"(
    INSERT INTO recovery_codes (person, code_hash, created_at, used_at) VALUES ($1, $2, $3, NULL))"};

const sql::Query kUseCode{"factors.use_code", R"(
    UPDATE recovery_codes SET used_at = $3 WHERE person = $1 AND code_hash = $2 AND used_at IS NULL)"};

const sql::Query kCodesLeft{"factors.codes_left",
                            "SELECT COUNT(*) FROM recovery_codes WHERE person = $1 AND used_at IS NULL"};

}  // namespace

std::optional<AppRow> app(sql::Session& session, PersonId person, AppState state) {
    return session.maybe<AppRow>(kApp, person, state == AppState::confirmed);
}

void put_waiting_app(sql::Tx& tx, const access::Permit<SetUpFactor>&, PersonId person, const sql::Bytes& secret,
                     Timestamp at) {
    tx.run(kPutWaitingApp, person, secret, at);
}

void confirm_app(sql::Tx& tx, const access::Permit<SetUpFactor>&, PersonId person, std::int64_t step,
                 Timestamp at) {
    tx.run(kDeleteApp, person);
    tx.run(kConfirmApp, person, step, at);
}

bool use_step(sql::Tx& tx, const ShowRight&, PersonId person, std::int64_t step) {
    return tx.run(kUseStep, person, step) != 0;
}

bool delete_app(sql::Tx& tx, const access::Permit<RemoveFactor>&, PersonId person) {
    return tx.run(kDeleteApp, person) != 0;
}

int delete_waiting_apps(sql::Tx& tx, Timestamp before) {
    return static_cast<int>(tx.run(kDeleteWaitingApps, before));
}

void replace_codes(sql::Tx& tx, const access::Permit<SetUpFactor>&, PersonId person,
                   const std::vector<std::string>& hashes, Timestamp at) {
    tx.run(kDeleteCodes, person);
    for (const std::string& hash : hashes)
        tx.run(kInsertCode, person, hash, at);
}

bool use_code(sql::Tx& tx, const ShowRight&, PersonId person, std::string_view hash, Timestamp at) {
    return tx.run(kUseCode, person, hash, at) != 0;
}

int codes_left(sql::Session& session, PersonId person) {
    return session.one<int>(kCodesLeft, person);
}

void delete_codes(sql::Tx& tx, const access::Permit<RemoveFactor>&, PersonId person) {
    tx.run(kDeleteCodes, person);
}

}  // namespace store
}  // namespace braid::factors
