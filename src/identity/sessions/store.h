// The tables of sessions, and the one query that tells who is asking. Writes take a permit.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/accounts/api.h"
#include "identity/sessions/policy.h"
#include "identity/sessions/service.h"

namespace braid::sessions::store {

// By proving a password or a second factor, by joining, or by choosing a new password.
using EntryRight = access::AnyPermit<SignIn, FinishSignIn, accounts::SignUp, accounts::ChangePassword>;

struct Face {
    std::int64_t id = 0;  // of the session or the token
    PersonId person;
    Timestamp seen, expires;
    std::string handle, display_name;
    int birth_year = 0, birth_month = 0;
    std::int64_t role_bits = 0;
    std::string language;
    std::int64_t guarded = 0;
    int scopes = 7;
    int assurance = 1;
    Timestamp proved_at;
    std::optional<Timestamp> roles_until;
    Timestamp suspended_until, quiet_until;
    bool may_be_apart = true;
};

std::optional<Face> face_of_session(sql::Session& session, std::string_view token_hash);
std::optional<Face> face_of_token(sql::Session& session, std::string_view token_hash);

struct SessionRow {
    std::string token_hash;
    SessionId id;
    PersonId person;
    std::string agent;
    Timestamp created_at, last_seen_at, expires_at;
    int assurance = 1;
    Timestamp proved_at;
};
void insert_session(sql::Tx& tx, const EntryRight& right, const SessionRow& row);
// Whoever holds the token may end its session: no permit.
void delete_session_by_hash(sql::Tx& tx, std::string_view token_hash);
bool delete_session(sql::Tx& tx, const access::Permit<ManageSessions>& permit, SessionId id);
int delete_sessions_but(sql::Tx& tx, const access::Permit<ManageSessions>& permit, SessionId kept);
// After a change of password.
void delete_all_sessions(sql::Tx& tx, PersonId person);
void delete_all_tokens(sql::Tx& tx, PersonId person);

// What a session of that person's has shown; nothing when it is another's or has ended.
struct Proof {
    int assurance = 1;
    Timestamp proved_at;
};
std::optional<Proof> proof(sql::Session& session, std::string_view token_hash, PersonId person);
void set_proof(sql::Tx& tx, SessionId session, int assurance, Timestamp at);
void delete_sessions_but(sql::Tx& tx, PersonId person, SessionId kept);
void forget_proofs(sql::Tx& tx, PersonId person);

struct StepRow {
    PersonId person;
    std::string next;
    bool remember = false;
};
void insert_step(sql::Tx& tx, const access::Permit<SignIn>& permit, std::string_view token_hash,
                 const StepRow& step, Timestamp expires);
std::optional<StepRow> step(sql::Session& session, std::string_view token_hash, Timestamp now);
bool delete_step(sql::Tx& tx, const access::Permit<FinishSignIn>& permit, std::string_view token_hash,
                 Timestamp now);

struct SessionLineRow {
    SessionId id;
    std::string agent;
    Timestamp created_at, last_seen_at, expires_at;
};
std::vector<SessionLineRow> sessions(sql::Session& session, PersonId person, Timestamp now);

void insert_token(sql::Tx& tx, const access::Permit<CreateToken>& permit, std::string_view token_hash,
                  TokenId id, PersonId person, std::string_view name, int scopes, int assurance, Timestamp at,
                  Timestamp expires);
int count_tokens(sql::Session& session, PersonId person, Timestamp now);
std::vector<TokenLine> tokens(sql::Session& session, PersonId person, Timestamp now);
bool delete_token(sql::Tx& tx, const access::Permit<ManageTokens>& permit, TokenId id);

void touch_session(sql::Tx& tx, std::int64_t id, Timestamp seen);
void touch_token(sql::Tx& tx, std::int64_t id, Timestamp seen);
int delete_dead(sql::Tx& tx, Timestamp now);

}  // namespace braid::sessions::store
