// The tables of factors. Writes take a permit.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/factors/policy.h"
#include "identity/sessions/api.h"
#include "platform/sql/sql.h"

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

}  // namespace braid::factors::store
