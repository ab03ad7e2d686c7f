// What others may use of sessions: which session asks, and the doors that a second factor opens.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "identity/accounts/api.h"
#include "identity/sessions/policy.h"
#include "platform/http/message.h"

namespace braid::sessions {

using SessionId = Id<struct SessionTag>;
using TokenId = Id<struct ApiTokenTag>;

// How surely a session's person is known. Stored as its number.
enum class Assurance { password = 1, second_factor = 2 };

// Attached to every request of somebody signed in.
struct Current {
    std::optional<SessionId> session;
    std::optional<TokenId> token;
    Assurance assurance = Assurance::password;
    Timestamp proved_at;  // when a second factor was last shown in this session; 0: never
};

// Of a request; that of a password when nothing is attached.
Assurance assurance_of(const http::Request& request);

// A proof this young may be asked for before the gravest actions.
inline constexpr Duration kFreshProof = std::chrono::minutes(10);

// Whether moderators, administrators and coordinators must come in through a second factor.
enum class StaffFactor { not_asked, required };

// Whether the browser is to stay signed in after it was closed.
enum class Remember { no, yes };

// `second_step`: the password was right, and a second factor is asked for; `token` is then the step's.
// `waiting`: she has no account yet; `token` is the cookie of identity/guardians, for its waiting page.
// `paused`: her guardian took consent back; there is no token, and she is told why.
enum class Stage { inside, second_step, waiting, paused };

// A session that has just begun. `token` goes into the cookie and is nowhere else.
struct Entry {
    PersonId person;
    SessionId session;
    std::string token;
    Stage stage = Stage::inside;
};

// Where to go on after signing in, and how long to stay.
struct Wish {
    std::string next;  // a path of this site, or ""
    Remember remember = Remember::no;
};

// Where a request comes from, as far as it matters here.
struct Caller {
    std::string address, user_agent;
    std::string old_token;  // of the cookie it came with: that session ends when a new one begins
    std::string browser;    // of the cookie that says who came in with this browser before
};

// Who asks more of an account than its password. Implemented by who keeps second factors.
class SecondStep {
  public:
    virtual ~SecondStep() = default;
    [[nodiscard]] virtual bool asked_of(sql::Session& session, PersonId person) const = 0;
};

// What is being tried, each counted for itself.
enum class Attempt { password, second_factor };

// Thread-safe.
class Doors {
  public:
    virtual ~Doors() = default;

    struct Step {
        PersonId person;
        std::string next;  // a path of this site, or ""
        Remember remember = Remember::no;
    };
    // What a right password has opened, for ten minutes.
    [[nodiscard]] virtual std::optional<Step> step(sql::Session& session, std::string_view token) const = 0;
    // Uses the step up; false when somebody was quicker or it has ended.
    virtual bool use_step(sql::Tx& tx, const access::Permit<FinishSignIn>& permit,
                          std::string_view token) = 0;
    // Begins a session that has shown a second factor, in place of the one the browser came with.
    virtual Result<Entry> enter(sql::Tx& tx, const access::Permit<FinishSignIn>& permit, PersonId person,
                                const Caller& caller) = 0;

    // She has proved who she is as well as a password would: a session, or the step before one where a second
    // factor is asked for, or nothing where her guardian took consent back. See Stage.
    virtual Result<Entry> arrive(sql::Tx& tx, const access::Permit<SignIn>& permit, PersonId person,
                                 const Caller& caller, const Wish& wish) = 0;

    // The session has shown a second factor just now.
    virtual void note_proof(sql::Tx& tx, SessionId session) = 0;
    // A factor was added or replaced: whoever came in without it is out.
    virtual void end_others(sql::Tx& tx, PersonId person, SessionId kept) = 0;
    // The last factor is gone: sessions and tokens count as signed in by password alone.
    virtual void forget_proofs(sql::Tx& tx, PersonId person) = 0;

    // Counts one attempt on an account; `too_many_requests` when there were too many. A browser that the
    // account's owner came in with before is counted for itself, so that strangers cannot use up her
    // attempts.
    virtual Result<void> count_attempt(PersonId person, Attempt what, const Caller& caller) = 0;

    [[nodiscard]] virtual Caller caller(const http::Request& request) const = 0;
    // The token of the step that this browser is in; "" when in none.
    [[nodiscard]] virtual std::string step_token(const http::Request& request) const = 0;
    // Sets the session's cookie, remembers the browser, and takes the step's cookie away.
    virtual void admit(const http::Request& request, http::Response& response, const Entry& entry,
                       Remember remember) const = 0;
};

}  // namespace braid::sessions
