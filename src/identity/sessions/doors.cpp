// What a second factor may do with sessions, and how attempts are counted (api.h).
#include "identity/sessions/model.h"
#include "identity/sessions/service.h"
#include "identity/sessions/store.h"

namespace braid::sessions {

namespace {

// Attempts at something of one account: at once, and then per minute.
struct Budget {
    std::string_view what;
    int per_minute, burst;                      // from one network, or from one known browser
    int strangers_per_minute, strangers_burst;  // from all browsers together that are not known
};
// A code has a million values and three are right at any time; a password has more.
constexpr Budget kPassword{"password", 3, 8, 10, 100};
constexpr Budget kSecondFactor{"second factor", 3, 8, 1, 20};
// From one network on any account: enough for a class that signs in together.
constexpr int kPlacePerMinute = 30, kPlaceBurst = 90;

Error too_many(int seconds) {
    Error error;
    error.code = ErrorCode::too_many_requests;
    error.message_key = _msg("sessions.too_many_attempts");
    error.retry_after_seconds = seconds;
    return error;
}

std::string account_key(PersonId person) {
    return "person " + person.text();
}

}  // namespace

Assurance assurance_of(const http::Request& request) {
    const Current* current = request.attached<Current>();
    return current != nullptr ? current->assurance : Assurance::password;
}

CookieNames cookie_names(Transport transport) {
    return transport == Transport::https
               ? CookieNames{"__Host-session", "__Host-browser", "__Host-sign-in-step"}
               : CookieNames{"session", "browser", "sign-in-step"};
}

// --- attempts

Result<void> Service::count(const std::string& account, Attempt what, const Caller& caller) {
    const Budget& budget = what == Attempt::password ? kPassword : kSecondFactor;
    const std::string at = std::string(budget.what) + " of " + account;
    // Her own browser first: whatever strangers do, from her network or from a thousand others, it is not in
    // the way.
    if (const auto browser = browsers_.known(caller.browser, account, clock_.now())) {
        if (const int wait = attempts_.take(at + " by " + *browser, budget.per_minute, budget.burst))
            return too_many(wait);
        return {};
    }
    const std::string place = network_of(caller.address);
    if (const int wait = attempts_.take("place " + place, kPlacePerMinute, kPlaceBurst))
        return too_many(wait);
    if (const int wait = attempts_.take(at + " from " + place, budget.per_minute, budget.burst))
        return too_many(wait);
    if (const int wait =
            attempts_.take(at + " by strangers", budget.strangers_per_minute, budget.strangers_burst))
        return too_many(wait);
    return {};
}

Result<void> Service::count_attempt(PersonId person, Attempt what, const Caller& caller) {
    return count(account_key(person), what, caller);
}

// --- the step between password and second factor

std::optional<Doors::Step> Service::step(sql::Session& session, std::string_view token) const {
    if (token.empty()) return std::nullopt;
    auto row = store::step(session, accounts::token_hash(token), clock_.now());
    if (!row) return std::nullopt;
    return Step{row->person, std::move(row->next), row->remember ? Remember::yes : Remember::no};
}

bool Service::use_step(sql::Tx& tx, const access::Permit<FinishSignIn>& permit, std::string_view token) {
    return store::delete_step(tx, permit, accounts::token_hash(token), clock_.now());
}

Result<Entry> Service::enter(sql::Tx& tx, const access::Permit<FinishSignIn>& permit, PersonId person,
                             const Caller& caller) {
    return begin(tx, permit, person, caller, random_.token(), Assurance::second_factor, clock_.now());
}

Result<Entry> Service::arrive(sql::Tx& tx, const access::Permit<SignIn>& permit, PersonId person,
                              const Caller& caller, const Wish& wish) {
    if (accounts_.guarded(tx, person).paused) return Entry{person, {}, {}, Stage::paused};
    const std::string token = random_.token();
    if (!second_step_.asked_of(tx, person))
        return begin(tx, permit, person, caller, token, Assurance::password, {});
    store::insert_step(tx, permit, accounts::token_hash(token),
                       {person, wish.next, wish.remember == Remember::yes}, clock_.now() + kStepLife);
    return Entry{person, {}, token, Stage::second_step};
}

void Service::note_proof(sql::Tx& tx, SessionId session) {
    store::set_proof(tx, session, static_cast<int>(Assurance::second_factor), clock_.now());
}

void Service::end_others(sql::Tx& tx, PersonId person, SessionId kept) {
    store::delete_sessions_but(tx, person, kept);
}

void Service::forget_proofs(sql::Tx& tx, PersonId person) {
    store::forget_proofs(tx, person);
}

// --- cookies

Caller Service::caller(const http::Request& request) const {
    const CookieNames names = cookie_names(settings_.transport);
    return {request.remote_address, std::string(request.header("user-agent").value_or("")),
            std::string(request.cookie(names.session).value_or("")),
            std::string(request.cookie(names.browser).value_or(""))};
}

std::string Service::step_token(const http::Request& request) const {
    return std::string(request.cookie(cookie_names(settings_.transport).step).value_or(""));
}

void Service::remember_browser(const http::Request& request, http::Response& response,
                               PersonId person) const {
    const CookieNames names = cookie_names(settings_.transport);
    response.add_cookie({.name = std::string(names.browser),
                         .value = browsers_.with(request.cookie(names.browser).value_or(""),
                                                 account_key(person), random_, clock_.now()),
                         .max_age = kBrowserLife});
}

// `remember`: the browser keeps the session's cookie after it was closed; the server ends the session after
// 30 days, or 14 without a visit, either way.
void Service::admit(const http::Request& request, http::Response& response, const Entry& entry,
                    Remember remember) const {
    const CookieNames names = cookie_names(settings_.transport);
    if (entry.stage == Stage::second_step) {
        response.add_cookie({.name = std::string(names.step), .value = entry.token, .max_age = kStepLife});
        return;
    }
    response.add_cookie({.name = std::string(names.session),
                         .value = entry.token,
                         .max_age = remember == Remember::yes ? kAbsoluteLife : Duration(0)});
    remember_browser(request, response, entry.person);
    if (request.cookie(names.step))
        response.add_cookie({.name = std::string(names.step), .value = "", .max_age = Duration(-1)});
}

}  // namespace braid::sessions
