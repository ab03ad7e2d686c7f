// Coming in, staying in, going out: sessions for browsers, tokens for programs.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/random.h"
#include "identity/accounts/api.h"
#include "identity/sessions/policy.h"
#include "platform/events/events.h"
#include "platform/http/rate_limit.h"
#include "platform/sql/sql.h"

namespace braid::sessions {

using SessionId = Id<struct SessionTag>;
using TokenId = Id<struct ApiTokenTag>;

// Who is asking, with what the frame of a page shows of her.
struct Identity {
    Actor actor;
    std::string handle, display_name;
    i18n::Language language = i18n::Language::en;
    std::optional<SessionId> session;  // of a browser
    std::optional<TokenId> token;      // of a program
};

// A session that has just begun. `token` goes into the cookie and is nowhere else.
struct Entry {
    PersonId person;
    SessionId session;
    std::string token;
};

struct SessionLine {
    SessionId id;
    std::string browser, system;  // may be empty
    Timestamp created_at, last_seen_at, expires_at;
    bool current = false;
};

struct TokenLine {
    TokenId id;
    std::string name;
    int scopes = 0;
    Timestamp created_at, expires_at;
    std::optional<Timestamp> last_used_at;
};

struct NewToken {
    TokenId id;
    std::string token;  // shown once
    Timestamp expires_at;
};

// Where a request comes from, as far as it matters here.
struct Caller {
    std::string address, user_agent;
    std::string old_token;  // of the cookie it came with: that session ends when a new one begins
};

// Thread-safe.
class Service {
  public:
    Service(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random, events::Outbox& outbox,
            accounts::Accounts& accounts);

    // --- who is asking: one point query; no hash heavier than BLAKE2b; writes nothing
    std::optional<Identity> by_cookie(std::string_view token);
    std::optional<Identity> by_bearer(std::string_view token);

    // --- coming in
    // `invalid` with sessions.no_match whether the account exists or not, after the same work;
    // `too_many_requests` for who tries too often from one place. Trying elsewhere is not hindered: a victim
    // is never locked out of her own account by others.
    Result<Entry> sign_in(const Actor& actor, std::string_view name, std::string_view password,
                          const Caller& caller);
    Result<Entry> sign_up(const Actor& actor, const accounts::SignUpForm& form, const Caller& caller);
    void sign_out(std::string_view token);

    // --- passwords: every other session ends with the change
    Result<Entry> change_password(const Actor& actor, std::string_view current, std::string_view next,
                                  const Caller& caller);
    // Ends every session and every token: whoever had the account has it no more. Signs nobody in.
    Result<void> reset_password(const Actor& actor, std::string_view reset_token, std::string_view next);

    // --- one's own sessions, the one last used first
    Result<std::vector<SessionLine>> sessions(const Actor& actor, std::optional<SessionId> current);
    Result<void> end_session(const Actor& actor, SessionId id);
    Result<int> end_other_sessions(const Actor& actor, SessionId current);

    // --- tokens for programs
    Result<std::vector<TokenLine>> tokens(const Actor& actor);
    Result<NewToken> create_token(const Actor& actor, std::string_view name, std::uint8_t scopes, int days);
    Result<void> revoke_token(const Actor& actor, TokenId id);

    // Writes down who was seen since the last call. Called every minute off the request path.
    void flush_seen();
    // Removes what has ended.
    void sweep();

    [[nodiscard]] Timestamp now() const { return clock_.now(); }

  private:
    struct Seen {
        bool token = false;
        Timestamp at;
    };
    void note_seen(std::int64_t id, bool token, Timestamp last, Timestamp now);
    Entry begin(sql::Tx& tx,
                const access::AnyPermit<SignIn, accounts::SignUp, accounts::ChangePassword>& right,
                PersonId person, const Caller& caller, const std::string& token);

    sql::Database& database_;
    const Clock& clock_;
    IdMaker& ids_;
    Random& random_;
    events::Outbox& outbox_;
    accounts::Accounts& accounts_;
    http::RateLimiter attempts_;
    std::mutex seen_mutex_;
    std::unordered_map<std::int64_t, Seen> seen_;  // by id of session or token; bounded, see note_seen
};

}  // namespace braid::sessions
