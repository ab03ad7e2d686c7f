// Coming in, staying in, going out: sessions for browsers, tokens for programs.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/random.h"
#include "identity/guardians/api.h"
#include "identity/sessions/api.h"
#include "identity/sessions/browsers.h"
#include "identity/sessions/model.h"
#include "platform/events/events.h"
#include "platform/http/rate_limit.h"
#include "platform/sql/sql.h"

namespace braid::sessions {

namespace store {
struct Face;
}

// Whether the site is served over https: then the cookie is "__Host-session", which no other host and no
// plain http can set.
enum class Transport { plain, https };

struct CookieNames {
    std::string_view session, browser, step;
};
CookieNames cookie_names(Transport transport);

enum class Offered { no, yes };

struct Settings {
    Transport transport = Transport::plain;
    StaffFactor staff_factor = StaffFactor::required;
    Offered passkeys = Offered::no;  // whether /sign-in leads to /sign-in/passkey
    std::string provider;            // name of who else may say who she is, at /sign-in/school; may be empty
    std::string secret;              // the site's; the same on every node, kept across restarts
};

// Who is asking, with what the frame of a page shows of her.
struct Identity {
    Actor actor;
    std::string handle, display_name;
    i18n::Language language = i18n::Language::en;
    Current current;
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

// Thread-safe.
class Service final : public Doors {
  public:
    Service(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random, events::Outbox& outbox,
            accounts::Accounts& accounts, const SecondStep& second_step, guardians::Waiting& waiting,
            Settings settings);

    // --- who is asking: one point query; no hash heavier than BLAKE2b; writes nothing
    std::optional<Identity> by_cookie(std::string_view token);
    std::optional<Identity> by_bearer(std::string_view token);

    // --- coming in
    // `invalid` with sessions.no_match whether the account exists or not, after the same work;
    // `too_many_requests` for who tries too often. A browser that the account's owner came in with before has
    // attempts of its own: strangers cannot lock her out. Where a second factor is asked for, the entry is a
    // step. Who waits for consent and whose account is paused has proved herself and is not in: see Stage.
    Result<Entry> sign_in(const Actor& actor, std::string_view name, std::string_view password,
                          const Caller& caller, const Wish& wish = {});
    Result<Entry> sign_up(const Actor& actor, const accounts::SignUpForm& form, const Caller& caller);
    void sign_out(std::string_view token);

    // --- passwords: every other session ends with the change
    Result<Entry> change_password(const Actor& actor, std::string_view current, std::string_view next,
                                  const Caller& caller);
    // Ends every session and every token: whoever had the account has it no more. Signs nobody in. Returns
    // whose it was.
    Result<PersonId> reset_password(const Actor& actor, std::string_view reset_token, std::string_view next);

    // --- one's own sessions, the one last used first
    Result<std::vector<SessionLine>> sessions(const Actor& actor, std::optional<SessionId> current);
    Result<void> end_session(const Actor& actor, SessionId id);
    Result<int> end_other_sessions(const Actor& actor, SessionId current);

    // --- tokens for programs
    Result<std::vector<TokenLine>> tokens(const Actor& actor);
    // The token counts as surely as the session or token that asks for it.
    Result<NewToken> create_token(const Actor& actor, std::string_view name, std::uint8_t scopes, int days,
                                  Assurance assurance = Assurance::password);
    Result<void> revoke_token(const Actor& actor, TokenId id);

    // --- the doors (api.h)
    [[nodiscard]] std::optional<Step> step(sql::Session& session, std::string_view token) const override;
    bool use_step(sql::Tx& tx, const access::Permit<FinishSignIn>& permit, std::string_view token) override;
    Result<Entry> enter(sql::Tx& tx, const access::Permit<FinishSignIn>& permit, PersonId person,
                        const Caller& caller) override;
    Result<Entry> arrive(sql::Tx& tx, const access::Permit<SignIn>& permit, PersonId person,
                         const Caller& caller, const Wish& wish) override;
    void note_proof(sql::Tx& tx, SessionId session) override;
    void end_others(sql::Tx& tx, PersonId person, SessionId kept) override;
    void forget_proofs(sql::Tx& tx, PersonId person) override;
    Result<void> count_attempt(PersonId person, Attempt what, const Caller& caller) override;
    [[nodiscard]] Caller caller(const http::Request& request) const override;
    [[nodiscard]] std::string step_token(const http::Request& request) const override;
    void admit(const http::Request& request, http::Response& response, const Entry& entry,
               Remember remember) const override;
    // The browser is `person`'s from now on.
    void remember_browser(const http::Request& request, http::Response& response, PersonId person) const;
    [[nodiscard]] const Settings& settings() const { return settings_; }

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
    void drop_ended_roles(sql::Session& session, store::Face& face, Timestamp now) const;
    void note_seen(std::int64_t id, bool token, Timestamp last, Timestamp now);
    using EntryRight = access::AnyPermit<SignIn, FinishSignIn, accounts::SignUp, accounts::ChangePassword>;
    Result<Entry> begin(sql::Tx& tx, const EntryRight& right, PersonId person, const Caller& caller,
                        const std::string& token, Assurance assurance, Timestamp proved_at);
    Result<void> count(const std::string& account, Attempt what, const Caller& caller);

    sql::Database& database_;
    const Clock& clock_;
    IdMaker& ids_;
    Random& random_;
    events::Outbox& outbox_;
    accounts::Accounts& accounts_;
    const SecondStep& second_step_;
    guardians::Waiting& waiting_;
    Settings settings_;
    KnownBrowsers browsers_;
    http::RateLimiter attempts_;
    std::mutex seen_mutex_;
    std::unordered_map<std::int64_t, Seen> seen_;  // by id of session or token; bounded, see note_seen
};

}  // namespace braid::sessions
