// The tables of factors. Writes take a permit.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/factors/policy.h"
#include "identity/sessions/api.h"
#include "platform/sql/sql.h"

namespace braid::factors {

using PasskeyId = Id<struct PasskeyTag>;

}  // namespace braid::factors

namespace braid::factors::store {

// Showing a code uses it up, whatever it is shown for.
using ShowRight = access::AnyPermit<sessions::FinishSignIn, ProveAgain, RemoveFactor, SetUpFactor>;

struct AppRow {
    sql::Bytes secret;
    std::int64_t last_step = 0;
    Timestamp created_at;
};
enum class AppState { waiting, confirmed };

std::optional<AppRow> app(sql::Session& session, PersonId person, AppState state);
// In place of one that waits.
void put_waiting_app(sql::Tx& tx, const access::Permit<SetUpFactor>& permit, PersonId person,
                     const sql::Bytes& secret, Timestamp at);
// The one that waits becomes the one that counts, in place of what counted before.
void confirm_app(sql::Tx& tx, const access::Permit<SetUpFactor>& permit, PersonId person, std::int64_t step,
                 Timestamp at);
// False when that step or a later one was used already.
bool use_step(sql::Tx& tx, const ShowRight& right, PersonId person, std::int64_t step);
bool delete_app(sql::Tx& tx, const access::Permit<RemoveFactor>& permit, PersonId person);
// Set-ups that were begun and left.
int delete_waiting_apps(sql::Tx& tx, Timestamp before);

void replace_codes(sql::Tx& tx, const access::Permit<SetUpFactor>& permit, PersonId person,
                   const std::vector<std::string>& hashes, Timestamp at);
// False when it is none of hers or was used.
bool use_code(sql::Tx& tx, const ShowRight& right, PersonId person, std::string_view hash, Timestamp at);
int codes_left(sql::Session& session, PersonId person);
void delete_codes(sql::Tx& tx, const access::Permit<RemoveFactor>& permit, PersonId person);

// Everything of one person.
void clear(sql::Tx& tx, const access::Permit<accounts::Administer>& permit, PersonId person);

// --- passkeys; credentials are base64url

struct PasskeyRow {
    PasskeyId id;
    PersonId person;
    std::string credential;
    sql::Bytes cose_key;
    std::int64_t sign_count = 0;
    std::string name;
};
// False when the credential is here already.
bool insert_passkey(sql::Tx& tx, const access::Permit<SetUpFactor>& permit, const PasskeyRow& row,
                    Timestamp at);
std::optional<PasskeyRow> passkey(sql::Session& session, std::string_view credential);
std::vector<std::string> credentials(sql::Session& session, PersonId person);
struct PasskeyLineRow {
    PasskeyId id;
    std::string name;
    Timestamp created_at;
    std::optional<Timestamp> last_used_at;
};
std::vector<PasskeyLineRow> passkeys(sql::Session& session, PersonId person);
void note_use(sql::Tx& tx, const ShowRight& right, PasskeyId id, std::int64_t sign_count, Timestamp at);
bool rename_passkey(sql::Tx& tx, const access::Permit<SetUpFactor>& permit, PasskeyId id, PersonId person,
                    std::string_view name);
bool delete_passkey(sql::Tx& tx, const access::Permit<RemoveFactor>& permit, PasskeyId id, PersonId person);

// False when it was used before. Whoever answers it has signed it: no permit.
bool use_challenge(sql::Tx& tx, std::string_view challenge_hash, Timestamp expires);
int delete_used_challenges(sql::Tx& tx, Timestamp now);

}  // namespace braid::factors::store
