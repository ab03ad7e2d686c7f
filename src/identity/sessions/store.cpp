#include "identity/sessions/store.h"

#include "identity/sessions/model.h"

namespace braid::sessions::store {

namespace {

// person_faces is the view that accounts keeps for exactly this; the last column spares who has nobody apart
// every further look (identity/blocks).
const sql::Query kFaceOfSession{"sessions.face_of_session", R"(
    SELECT s.id, s.person, s.last_seen_at, s.expires_at, p.handle, p.display_name, p.birth_year, p.birth_month, p.role_bits, p.language,
           p.guarded, 7, s.assurance, s.proved_at, p.roles_until, p.suspended_until, p.quiet_until,
           CASE WHEN EXISTS (SELECT 1 FROM apart a WHERE a.viewer = s.person) THEN 1 ELSE 0 END
    FROM sessions s JOIN person_faces p ON p.id = s.person
    WHERE s.token_hash = $1)"};

const sql::Query kFaceOfToken{"sessions.face_of_token", R"(
    SELECT t.id, t.person, COALESCE(t.last_used_at, 0), t.expires_at, p.handle, p.display_name, p.birth_year, p.birth_month, p.role_bits,
           p.language, p.guarded, t.scopes, t.assurance, 0, p.roles_until, p.suspended_until, p.quiet_until,
           CASE WHEN EXISTS (SELECT 1 FROM apart a WHERE a.viewer = t.person) THEN 1 ELSE 0 END
    FROM api_tokens t JOIN person_faces p ON p.id = t.person
    WHERE t.token_hash = $1)"};

const sql::Query kInsertSession{"sessions.insert_session", R"(
    INSERT INTO sessions (token_hash, id, person, agent, created_at, last_seen_at, expires_at, assurance, proved_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9))"};

const sql::Query kDeleteSessionByHash{"sessions.delete_session_by_hash",
                                      "DELETE FROM sessions WHERE token_hash = $1"};

const sql::Query kDeleteSession{"sessions.delete_session",
                                "DELETE FROM sessions WHERE id = $1 AND person = $2"};

const sql::Query kDeleteSessionsBut{"sessions.delete_sessions_but",
                                    "DELETE FROM sessions WHERE person = $1 AND id <> $2"};

const sql::Query kDeleteAllSessions{"sessions.delete_all_sessions", "DELETE FROM sessions WHERE person = $1"};

const sql::Query kDeleteAllTokens{"sessions.delete_all_tokens", "DELETE FROM api_tokens WHERE person = $1"};

const sql::Query kSessions{"sessions.list_sessions", R"(
    SELECT id, agent, created_at, last_seen_at, expires_at FROM sessions
    WHERE person = $1 AND expires_at > $2 AND last_seen_at > $3
    ORDER BY last_seen_at DESC, id DESC LIMIT 100)"};

const sql::Query kInsertToken{"sessions.insert_token", R"(
    INSERT INTO api_tokens (token_hash, id, person, name, scopes, created_at, expires_at, last_used_at, assurance)
    VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8))"};

const sql::Query kCountTokens{"sessions.count_tokens",
                              "SELECT COUNT(*) FROM api_tokens WHERE person = $1 AND expires_at > $2"};

const sql::Query kTokens{"sessions.list_tokens", R"(
    SELECT id, name, scopes, created_at, expires_at, last_used_at FROM api_tokens
    WHERE person = $1 AND expires_at > $2
    ORDER BY created_at DESC, id DESC LIMIT 100)"};

const sql::Query kDeleteToken{"sessions.delete_token",
                              "DELETE FROM api_tokens WHERE id = $1 AND person = $2"};

const sql::Query kTouchSession{"sessions.touch_session",
                               "UPDATE sessions SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2"};

const sql::Query kTouchToken{"sessions.touch_token", R"(
    UPDATE api_tokens SET last_used_at = $2 WHERE id = $1 AND COALESCE(last_used_at, 0) < $2)"};

const sql::Query kDeleteExpiredSessions{"sessions.delete_expired_sessions",
                                        "DELETE FROM sessions WHERE expires_at <= $1"};

const sql::Query kDeleteIdleSessions{"sessions.delete_idle_sessions",
                                     "DELETE FROM sessions WHERE last_seen_at <= $1"};

const sql::Query kDeleteExpiredTokens{"sessions.delete_expired_tokens",
                                      "DELETE FROM api_tokens WHERE expires_at <= $1"};

const sql::Query kProof{"sessions.proof",
                        "SELECT assurance, proved_at FROM sessions WHERE token_hash = $1 AND person = $2"};

const sql::Query kSetProof{"sessions.set_proof",
                           "UPDATE sessions SET assurance = $2, proved_at = $3 WHERE id = $1"};

const sql::Query kForgetSessionProofs{"sessions.forget_session_proofs",
                                      "UPDATE sessions SET assurance = 1, proved_at = 0 WHERE person = $1"};

const sql::Query kForgetTokenProofs{"sessions.forget_token_proofs",
                                    "UPDATE api_tokens SET assurance = 1 WHERE person = $1"};

const sql::Query kInsertStep{"sessions.insert_step", R"(
    INSERT INTO sign_in_steps (token_hash, person, next_path, remember, expires_at) VALUES ($1, $2, $3, $4, $5))"};

const sql::Query kStep{"sessions.step", R"(
    SELECT person, next_path, remember FROM sign_in_steps WHERE token_hash = $1 AND expires_at > $2)"};

const sql::Query kDeleteStep{"sessions.delete_step",
                             "DELETE FROM sign_in_steps WHERE token_hash = $1 AND expires_at > $2"};

const sql::Query kDeleteExpiredSteps{"sessions.delete_expired_steps",
                                     "DELETE FROM sign_in_steps WHERE expires_at <= $1"};

const sql::Query kDeleteSteps{"sessions.delete_steps", "DELETE FROM sign_in_steps WHERE person = $1"};

PersonId owner(const Actor& actor) {
    return actor.person.value_or(PersonId{});
}

}  // namespace

std::optional<Face> face_of_session(sql::Session& session, std::string_view token_hash) {
    return session.maybe<Face>(kFaceOfSession, token_hash);
}

std::optional<Face> face_of_token(sql::Session& session, std::string_view token_hash) {
    return session.maybe<Face>(kFaceOfToken, token_hash);
}

void insert_session(sql::Tx& tx, const EntryRight&, const SessionRow& row) {
    tx.run(kInsertSession, row.token_hash, row.id, row.person, row.agent, row.created_at, row.last_seen_at,
           row.expires_at, row.assurance, row.proved_at);
}

void delete_session_by_hash(sql::Tx& tx, std::string_view token_hash) {
    tx.run(kDeleteSessionByHash, token_hash);
}

bool delete_session(sql::Tx& tx, const access::Permit<ManageSessions>& permit, SessionId id) {
    return tx.run(kDeleteSession, id, owner(permit.actor())) != 0;
}

int delete_sessions_but(sql::Tx& tx, const access::Permit<ManageSessions>& permit, SessionId kept) {
    return static_cast<int>(tx.run(kDeleteSessionsBut, owner(permit.actor()), kept));
}

void delete_all_sessions(sql::Tx& tx, PersonId person) {
    tx.run(kDeleteAllSessions, person);
    tx.run(kDeleteSteps, person);
}
void delete_all_tokens(sql::Tx& tx, PersonId person) {
    tx.run(kDeleteAllTokens, person);
}

std::optional<Proof> proof(sql::Session& session, std::string_view token_hash, PersonId person) {
    return session.maybe<Proof>(kProof, token_hash, person);
}
void set_proof(sql::Tx& tx, SessionId session, int assurance, Timestamp at) {
    tx.run(kSetProof, session, assurance, at);
}
void delete_sessions_but(sql::Tx& tx, PersonId person, SessionId kept) {
    tx.run(kDeleteSessionsBut, person, kept);
    tx.run(kDeleteSteps, person);
}
void forget_proofs(sql::Tx& tx, PersonId person) {
    tx.run(kForgetSessionProofs, person);
    tx.run(kForgetTokenProofs, person);
}

void insert_step(sql::Tx& tx, const access::Permit<SignIn>&, std::string_view token_hash, const StepRow& step,
                 Timestamp expires) {
    tx.run(kInsertStep, token_hash, step.person, step.next, step.remember, expires);
}
std::optional<StepRow> step(sql::Session& session, std::string_view token_hash, Timestamp now) {
    return session.maybe<StepRow>(kStep, token_hash, now);
}
bool delete_step(sql::Tx& tx, const access::Permit<FinishSignIn>&, std::string_view token_hash,
                 Timestamp now) {
    return tx.run(kDeleteStep, token_hash, now) != 0;
}

std::vector<SessionLineRow> sessions(sql::Session& session, PersonId person, Timestamp now) {
    return session.all<SessionLineRow>(kSessions, person, now, now - kIdleLife);
}

void insert_token(sql::Tx& tx, const access::Permit<CreateToken>&, std::string_view token_hash, TokenId id,
                  PersonId person, std::string_view name, int scopes, int assurance, Timestamp at,
                  Timestamp expires) {
    tx.run(kInsertToken, token_hash, id, person, name, scopes, at, expires, assurance);
}

int count_tokens(sql::Session& session, PersonId person, Timestamp now) {
    return session.one<int>(kCountTokens, person, now);
}

std::vector<TokenLine> tokens(sql::Session& session, PersonId person, Timestamp now) {
    return session.all<TokenLine>(kTokens, person, now);
}

bool delete_token(sql::Tx& tx, const access::Permit<ManageTokens>& permit, TokenId id) {
    return tx.run(kDeleteToken, id, owner(permit.actor())) != 0;
}

void touch_session(sql::Tx& tx, std::int64_t id, Timestamp seen) {
    tx.run(kTouchSession, id, seen);
}
void touch_token(sql::Tx& tx, std::int64_t id, Timestamp seen) {
    tx.run(kTouchToken, id, seen);
}

int delete_dead(sql::Tx& tx, Timestamp now) {
    return static_cast<int>(tx.run(kDeleteExpiredSteps, now) + tx.run(kDeleteExpiredSessions, now) +
                            tx.run(kDeleteIdleSessions, now - kIdleLife) + tx.run(kDeleteExpiredTokens, now));
}

}  // namespace braid::sessions::store
