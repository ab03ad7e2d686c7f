#include "identity/factors/service.h"

#include "identity/factors/api.h"
#include "identity/factors/events.h"
#include "identity/factors/totp.h"
#include "platform/i18n/i18n.h"

namespace braid::factors {

namespace {

constexpr Duration kWaitingLife = std::chrono::hours(1);

PersonId self(const Actor& actor) {
    return actor.person.value_or(PersonId{});
}

Error wrong_code() {
    return invalid("code", _msg("factors.code_wrong"));
}

}  // namespace

Error step_ended() {
    Error error;
    error.code = ErrorCode::gone;
    error.message_key = _msg("factors.step_ended");
    return error;
}

Service::Service(sql::Database& database, const Clock& clock, Random& random, events::Outbox& outbox,
                 accounts::Accounts& accounts, sessions::Doors& doors, const Settings& settings)
    : database_(database),
      clock_(clock),
      random_(random),
      outbox_(outbox),
      accounts_(accounts),
      doors_(doors),
      staff_factor_(settings.staff_factor),
      vault_(settings.site_secret) {}

Result<Overview> Service::overview(const Actor& actor) {
    TRY(access::permit<SeeFactors>(actor, {self(actor)}));
    return database_.read([&](sql::Reader& reader) {
        Overview overview;
        if (const auto app = store::app(reader, self(actor), store::AppState::confirmed))
            overview.app_since = app->created_at;
        overview.passkeys = static_cast<int>(store::credentials(reader, self(actor)).size());
        overview.codes_left = store::codes_left(reader, self(actor));
        overview.required = removal(actor, true).required;
        return overview;
    });
}

// --- an app that makes codes

Result<void> Service::begin_app(const Actor& actor) {
    const auto permit = TRY(access::permit<SetUpFactor>(actor, {self(actor)}));
    std::string secret(kSecretBytes, '\0');
    random_.fill(std::as_writable_bytes(std::span(secret)));
    const sql::Bytes box = vault_.close(self(actor), secret, random_);
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        store::put_waiting_app(tx, permit, self(actor), box, clock_.now());
        return {};
    });
}

Result<AppSetup> Service::waiting_app(const Actor& actor) {
    TRY(access::permit<SetUpFactor>(actor, {self(actor)}));
    return database_.read([&](sql::Reader& reader) -> Result<AppSetup> {
        const auto row = store::app(reader, self(actor), store::AppState::waiting);
        const auto card = accounts_.card(reader, self(actor));
        if (!row || !card || clock_.now() - row->created_at > kWaitingLife) return not_found("none waits");
        const auto secret = vault_.open(self(actor), row->secret);
        if (!secret) return not_found("closed under another secret");
        return AppSetup{grouped(base32(*secret)), otpauth_uri(accounts_.site_name(), card->handle, *secret)};
    });
}

Result<FreshCodes> Service::confirm_app(const Actor& actor, SessionId session, std::string_view password,
                                        std::string_view code, const Caller& caller) {
    const auto permit = TRY(access::permit<SetUpFactor>(actor, {self(actor)}));
    TRY(doors_.count_attempt(self(actor), sessions::Attempt::password, caller));
    TRY(accounts_.prove_owner(self(actor), password, "password"));
    const FreshCodes codes = make_codes();
    return database_.write([&](sql::Tx& tx) -> Result<FreshCodes> {
        const Timestamp now = clock_.now();
        const auto row = store::app(tx, self(actor), store::AppState::waiting);
        if (!row || now - row->created_at > kWaitingLife) return not_found("none waits");
        const auto secret = vault_.open(self(actor), row->secret);
        const auto step = secret ? matching_step(*secret, code, now, 0) : std::nullopt;
        if (!step) return wrong_code();
        const bool first = !KnownFactors().asked_of(tx, self(actor));
        store::confirm_app(tx, permit, self(actor), *step, now);
        if (first) store_codes(tx, permit, self(actor), codes);
        doors_.note_proof(tx, session);
        doors_.end_others(tx, self(actor), session);
        tell(tx, self(actor), "app", "added", _msg("factors.mail_app_added"));
        return first ? codes : FreshCodes{};
    });
}

Result<void> Service::remove_app(const Actor& actor, std::string_view password, std::string_view code,
                                 const Caller& caller) {
    TRY(access::permit<SetUpFactor>(actor, {self(actor)}));
    TRY(doors_.count_attempt(self(actor), sessions::Attempt::password, caller));
    TRY(accounts_.prove_owner(self(actor), password, "password"));
    TRY(doors_.count_attempt(self(actor), sessions::Attempt::second_factor, caller));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const bool last = store::credentials(tx, self(actor)).empty();
        const auto permit = TRY(access::permit<RemoveFactor>(actor, removal(actor, last)));
        TRY(use_code(tx, permit, self(actor), code));
        if (!store::delete_app(tx, permit, self(actor))) return not_found("there is none");
        after_removal(tx, permit, self(actor));
        tell(tx, self(actor), "app", "removed", _msg("factors.mail_app_removed"));
        return {};
    });
}

RemoveFactor::Facts Service::removal(const Actor& actor, bool last) const {
    return {self(actor), last, staff_factor_ == sessions::StaffFactor::required && actor.trusted()};
}

void Service::after_removal(sql::Tx& tx, const access::Permit<RemoveFactor>& permit, PersonId person) {
    if (KnownFactors().asked_of(tx, person)) return;
    store::delete_codes(tx, permit, person);
    doors_.forget_proofs(tx, person);
}

// --- recovery codes

FreshCodes Service::make_codes() {
    FreshCodes codes;
    for (int i = 0; i < kRecoveryCodes; ++i)
        codes.push_back(make_recovery_code(random_));
    return codes;
}

void Service::store_codes(sql::Tx& tx, const access::Permit<SetUpFactor>& permit, PersonId person,
                          const FreshCodes& codes) {
    std::vector<std::string> hashes;
    for (const std::string& code : codes)
        hashes.push_back(vault_.hash_code(person, *normal_recovery_code(code)));
    store::replace_codes(tx, permit, person, hashes, clock_.now());
}

Result<FreshCodes> Service::renew_codes(const Actor& actor, std::string_view password, const Caller& caller) {
    const auto permit = TRY(access::permit<SetUpFactor>(actor, {self(actor)}));
    TRY(doors_.count_attempt(self(actor), sessions::Attempt::password, caller));
    TRY(accounts_.prove_owner(self(actor), password, "password"));
    const FreshCodes codes = make_codes();
    return database_.write([&](sql::Tx& tx) -> Result<FreshCodes> {
        if (!KnownFactors().asked_of(tx, self(actor))) return conflict(_msg("factors.none_yet"));
        store_codes(tx, permit, self(actor), codes);
        tell(tx, self(actor), "recovery_codes", "renewed", _msg("factors.mail_codes_renewed"));
        return codes;
    });
}

// --- showing it

Result<void> Service::use_code(sql::Tx& tx, const store::ShowRight& right, PersonId person,
                               std::string_view typed) {
    const Timestamp now = clock_.now();
    if (const auto row = store::app(tx, person, store::AppState::confirmed)) {
        const auto secret = vault_.open(person, row->secret);
        const auto step = secret ? matching_step(*secret, typed, now, row->last_step) : std::nullopt;
        if (step && store::use_step(tx, right, person, *step)) return {};
    }
    const auto code = normal_recovery_code(typed);
    if (code && store::use_code(tx, right, person, vault_.hash_code(person, *code), now)) {
        tell(tx, person, "recovery_codes", "used", _msg("factors.mail_code_used"));
        return {};
    }
    return wrong_code();
}

Result<Service::Finished> Service::finish_sign_in(const Actor& actor, std::string_view step_token,
                                                  std::string_view code, const Caller& caller) {
    const auto permit = TRY(access::permit<sessions::FinishSignIn>(actor, {}));
    const auto step = database_.read([&](sql::Reader& reader) { return doors_.step(reader, step_token); });
    if (!step) return step_ended();
    TRY(doors_.count_attempt(step->person, sessions::Attempt::second_factor, caller));
    return database_.write([&](sql::Tx& tx) -> Result<Finished> {
        TRY(use_code(tx, permit, step->person, code));
        if (!doors_.use_step(tx, permit, step_token)) return step_ended();
        return Finished{TRY(doors_.enter(tx, permit, step->person, caller)), *step};
    });
}

Result<void> Service::prove_again(const Actor& actor, SessionId session, std::string_view code,
                                  const Caller& caller) {
    const auto permit = TRY(access::permit<ProveAgain>(actor, {self(actor)}));
    TRY(doors_.count_attempt(self(actor), sessions::Attempt::second_factor, caller));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        TRY(use_code(tx, permit, self(actor), code));
        doors_.note_proof(tx, session);
        return {};
    });
}

void Service::tell(sql::Tx& tx, PersonId person, std::string_view factor, std::string_view change,
                   std::string_view mail_text) {
    outbox_.append(tx, FactorChanged{person.text(), std::string(factor), std::string(change)});
    accounts_.mail_person(tx, person, _msg("factors.mail_subject"), mail_text, "/settings/second-factor");
}

Result<void> Service::clear(const Actor& by, PersonId person) {
    const auto permit = TRY(access::permit<accounts::Administer>(by, {}));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        if (!KnownFactors().asked_of(tx, person)) return not_found("no second step");
        store::clear(tx, permit, person);
        doors_.forget_proofs(tx, person);
        doors_.end_others(tx, person, SessionId{});
        tell(tx, person, "all", "removed", _msg("factors.mail_cleared"));
        return {};
    });
}

void Service::sweep() {
    database_.with_tx([&](sql::Tx& tx) {
        store::delete_waiting_apps(tx, clock_.now() - kWaitingLife);
        return true;
    });
}

}  // namespace braid::factors
