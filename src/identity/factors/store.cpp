#include "identity/factors/store.h"

#include "identity/factors/api.h"

namespace braid::factors {

namespace {

const sql::Query kAskedOf{"factors.asked_of", R"(
    SELECT (SELECT COUNT(*) FROM code_apps WHERE person = $1 AND confirmed = 1) +
           (SELECT COUNT(*) FROM passkeys WHERE person = $1))"};

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

const sql::Query kDeleteApp{"factors.delete_app",
                            "DELETE FROM code_apps WHERE person = $1 AND confirmed = 1"};

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

const sql::Query kDeleteApps{"factors.delete_apps", "DELETE FROM code_apps WHERE person = $1"};

const sql::Query kDeletePasskeys{"factors.delete_passkeys", "DELETE FROM passkeys WHERE person = $1"};

const sql::Query kInsertPasskey{"factors.insert_passkey", R"(
    INSERT INTO passkeys (id, person, credential, cose_key, sign_count, name, created_at, last_used_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)
    ON CONFLICT (credential) DO NOTHING)"};

const sql::Query kPasskey{"factors.passkey", R"(
    SELECT id, person, credential, cose_key, sign_count, name FROM passkeys WHERE credential = $1)"};

const sql::Query kCredentials{"factors.list_credentials", R"(
    SELECT credential FROM passkeys WHERE person = $1 ORDER BY created_at, id LIMIT 50)"};

const sql::Query kPasskeys{"factors.list_passkeys", R"(
    SELECT id, name, created_at, last_used_at FROM passkeys WHERE person = $1 ORDER BY created_at DESC, id DESC LIMIT 50)"};

const sql::Query kNoteUse{"factors.note_passkey_use",
                          "UPDATE passkeys SET sign_count = $2, last_used_at = $3 WHERE id = $1"};

const sql::Query kRenamePasskey{"factors.rename_passkey",
                                "UPDATE passkeys SET name = $3 WHERE id = $1 AND person = $2"};

const sql::Query kDeletePasskey{"factors.delete_passkey",
                                "DELETE FROM passkeys WHERE id = $1 AND person = $2"};

const sql::Query kUseChallenge{"factors.use_challenge", R"(
    INSERT INTO used_challenges (challenge_hash, expires_at) VALUES ($1, $2) ON CONFLICT (challenge_hash) DO NOTHING)"};

const sql::Query kDeleteUsedChallenges{"factors.delete_used_challenges",
                                       "DELETE FROM used_challenges WHERE expires_at <= $1"};

}  // namespace

std::optional<AppRow> app(sql::Session& session, PersonId person, AppState state) {
    return session.maybe<AppRow>(kApp, person, state == AppState::confirmed);
}

void put_waiting_app(sql::Tx& tx, const access::Permit<SetUpFactor>&, PersonId person,
                     const sql::Bytes& secret, Timestamp at) {
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

void clear(sql::Tx& tx, const access::Permit<accounts::Administer>&, PersonId person) {
    for (const sql::Query* query : {&kDeleteApps, &kDeletePasskeys, &kDeleteCodes})
        tx.run(*query, person);
}

bool insert_passkey(sql::Tx& tx, const access::Permit<SetUpFactor>&, const PasskeyRow& row, Timestamp at) {
    return tx.run(kInsertPasskey, row.id, row.person, row.credential, row.cose_key, row.sign_count, row.name,
                  at) != 0;
}

std::optional<PasskeyRow> passkey(sql::Session& session, std::string_view credential) {
    return session.maybe<PasskeyRow>(kPasskey, credential);
}

std::vector<std::string> credentials(sql::Session& session, PersonId person) {
    return session.all<std::string>(kCredentials, person);
}

std::vector<PasskeyLineRow> passkeys(sql::Session& session, PersonId person) {
    return session.all<PasskeyLineRow>(kPasskeys, person);
}

void note_use(sql::Tx& tx, const ShowRight&, PasskeyId id, std::int64_t sign_count, Timestamp at) {
    tx.run(kNoteUse, id, sign_count, at);
}

bool rename_passkey(sql::Tx& tx, const access::Permit<SetUpFactor>&, PasskeyId id, PersonId person,
                    std::string_view name) {
    return tx.run(kRenamePasskey, id, person, name) != 0;
}

bool delete_passkey(sql::Tx& tx, const access::Permit<RemoveFactor>&, PasskeyId id, PersonId person) {
    return tx.run(kDeletePasskey, id, person) != 0;
}

bool use_challenge(sql::Tx& tx, std::string_view challenge_hash, Timestamp expires) {
    return tx.run(kUseChallenge, challenge_hash, expires) != 0;
}

int delete_used_challenges(sql::Tx& tx, Timestamp now) {
    return static_cast<int>(tx.run(kDeleteUsedChallenges, now));
}

}  // namespace store
}  // namespace braid::factors
