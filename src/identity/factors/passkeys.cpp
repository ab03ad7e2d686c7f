#include "identity/factors/passkeys.h"

#include <arpa/inet.h>

#include "base/text.h"
#include "identity/factors/api.h"
#include "platform/http/security.h"
#include "platform/i18n/i18n.h"

namespace braid::factors {

namespace {

constexpr std::size_t kPasskeysAtMost = 20;

PersonId self(const Actor& actor) {
    return actor.person.value_or(PersonId{});
}

Error refused(std::string why) {
    Error error;
    error.code = ErrorCode::invalid;
    error.message_key = _msg("factors.passkey_refused");
    error.detail = std::move(why);
    return error;
}

// "https://braid.example:8443" → "braid.example".
std::string host_of(std::string_view origin) {
    std::string_view host = origin.substr(origin.find("://") + 3);
    if (host.starts_with('[')) return std::string(host.substr(0, host.find(']') + 1));
    return std::string(host.substr(0, host.find(':')));
}

bool is_address(const std::string& host) {
    in_addr parsed{};
    return host.starts_with('[') || inet_pton(AF_INET, host.c_str(), &parsed) == 1;
}

std::string decoded(std::string_view text) {
    return from_base64url(text).value_or("");
}

std::string adding(PersonId person) {
    return "add for " + person.text();
}
std::string stepping(std::string_view step_token) {
    return "step " + accounts::token_hash(step_token);
}
std::string proving(PersonId person) {
    return "again by " + person.text();
}
constexpr std::string_view kSigningIn = "sign in";

// 1 to 40 code points.
Result<std::string> parse_name(std::string_view typed) {
    const std::string name(trim(typed));
    if (name.empty()) return invalid("name", _msg("factors.passkey_name_missing"));
    if (!is_valid_utf8(name) || count_code_points(name) > 40)
        return invalid("name", _msg("factors.passkey_name_long"));
    return name;
}

}  // namespace

Passkeys::Passkeys(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random,
                   accounts::Accounts& accounts, sessions::Doors& doors, Service& service,
                   const Settings& settings)
    : database_(database),
      clock_(clock),
      ids_(ids),
      random_(random),
      accounts_(accounts),
      doors_(doors),
      service_(service),
      challenges_(settings.site_secret),
      site_{host_of(http::origin_of(settings.public_url)), http::origin_of(settings.public_url)},
      possible_(passkeys_possible(settings.public_url)) {}

bool passkeys_possible(std::string_view public_url) {
    const std::string origin = http::origin_of(public_url);
    const std::string host = host_of(origin);
    return !is_address(host) && (origin.starts_with("https://") || host == "localhost");
}

// --- what a page asks the browser for

Wanted Passkeys::wanted(std::string_view purpose) {
    return {base64url(challenges_.make(purpose, random_, clock_.now())), site_.id, {}, {}, {}, {}};
}

Result<Wanted> Passkeys::wanted_new(const Actor& actor) {
    TRY(access::permit<SetUpFactor>(actor, {self(actor)}));
    Wanted wanted = this->wanted(adding(self(actor)));
    return database_.read([&](sql::Reader& reader) -> Result<Wanted> {
        const auto card = accounts_.card(reader, self(actor));
        if (!card) return not_found("no such person");
        wanted.user_id = base64url(challenges_.user_handle(self(actor).text()));
        wanted.handle = card->handle;
        wanted.display_name = card->display_name;
        wanted.credentials = store::credentials(reader, self(actor));
        return std::move(wanted);
    });
}

Wanted Passkeys::wanted_to_sign_in() {
    return wanted(kSigningIn);
}

Result<Wanted> Passkeys::wanted_for_step(std::string_view step_token) {
    Wanted wanted = this->wanted(stepping(step_token));
    return database_.read([&](sql::Reader& reader) -> Result<Wanted> {
        const auto step = doors_.step(reader, step_token);
        if (!step) return step_ended();
        wanted.credentials = store::credentials(reader, step->person);
        return std::move(wanted);
    });
}

Result<Wanted> Passkeys::wanted_again(const Actor& actor) {
    TRY(access::permit<ProveAgain>(actor, {self(actor)}));
    Wanted wanted = this->wanted(proving(self(actor)));
    wanted.credentials =
        database_.read([&](sql::Reader& reader) { return store::credentials(reader, self(actor)); });
    return wanted;
}

Result<void> Passkeys::use_challenge(sql::Tx& tx, std::string_view client_data, Ceremony ceremony,
                                     std::string_view purpose) {
    const std::string challenge = TRY(challenge_of(client_data, ceremony, site_));
    const Timestamp now = clock_.now();
    if (!challenges_.holds(challenge, purpose, now)) return refused("a challenge of another's, or too old");
    if (!store::use_challenge(tx, accounts::token_hash(challenge), now + kChallengeLife))
        return refused("a challenge that was answered already");
    return {};
}

// --- adding

Result<FreshCodes> Passkeys::add(const Actor& actor, SessionId session, std::string_view typed_name,
                                 std::string_view password, const Made& made, const Caller& caller) {
    const auto permit = TRY(access::permit<SetUpFactor>(actor, {self(actor)}));
    const std::string name = TRY(parse_name(typed_name));
    TRY(doors_.count_attempt(self(actor), sessions::Attempt::password, caller));
    TRY(accounts_.prove_owner(self(actor), password, "password"));
    const std::string client_data = decoded(made.client_data);
    const NewCredential made_key =
        TRY(check_attestation(decoded(made.attestation), site_, UserVerification::preferred));
    const FreshCodes codes = service_.make_codes();
    return database_.write([&](sql::Tx& tx) -> Result<FreshCodes> {
        TRY(use_challenge(tx, client_data, Ceremony::create, adding(self(actor))));
        const bool first = !KnownFactors().asked_of(tx, self(actor));
        if (store::credentials(tx, self(actor)).size() >= kPasskeysAtMost)
            return invalid("name", _msg("factors.passkey_too_many"));
        const Timestamp now = clock_.now();
        store::PasskeyRow row{ids_.make<PasskeyId>(), self(actor), base64url(made_key.id), {},
                              made_key.sign_count,    name};
        const auto key = std::as_bytes(std::span(made_key.cose_key));
        row.cose_key.assign(key.begin(), key.end());
        if (!store::insert_passkey(tx, permit, row, now)) return refused("a credential that is here already");
        if (first) {
            service_.store_codes(tx, permit, self(actor), codes);
            doors_.end_others(tx, self(actor), session);
        }
        doors_.note_proof(tx, session);
        service_.tell(tx, self(actor), "passkey", "added", _msg("factors.mail_passkey_added"));
        return first ? codes : FreshCodes{};
    });
}

// --- showing

Result<PersonId> Passkeys::check(sql::Tx& tx, const store::ShowRight& right, const Shown& shown,
                                 std::string_view purpose, UserVerification verification) {
    const std::string client_data = decoded(shown.client_data);
    const auto row = store::passkey(tx, shown.credential);
    if (!row) return refused("nobody's passkey");
    const std::string handle = decoded(shown.user_handle);
    if (!handle.empty() && handle != challenges_.user_handle(row->person.text()))
        return refused("the passkey names another owner");
    const std::string key(reinterpret_cast<const char*>(row->cose_key.data()), row->cose_key.size());
    const Assertion assertion = TRY(check_assertion(key, static_cast<std::uint32_t>(row->sign_count),
                                                    decoded(shown.authenticator_data), client_data,
                                                    decoded(shown.signature), site_, verification));
    TRY(use_challenge(tx, client_data, Ceremony::get, purpose));
    store::note_use(tx, right, row->id, assertion.sign_count, clock_.now());
    return row->person;
}

Result<Entry> Passkeys::sign_in(const Actor& actor, const Shown& shown, const Caller& caller) {
    const auto permit = TRY(access::permit<sessions::FinishSignIn>(actor, {}));
    return database_.write([&](sql::Tx& tx) -> Result<Entry> {
        const PersonId person = TRY(check(tx, permit, shown, kSigningIn, UserVerification::required));
        return doors_.enter(tx, permit, person, caller);
    });
}

Result<Service::Finished> Passkeys::finish_sign_in(const Actor& actor, std::string_view step_token,
                                                   const Shown& shown, const Caller& caller) {
    const auto permit = TRY(access::permit<sessions::FinishSignIn>(actor, {}));
    return database_.write([&](sql::Tx& tx) -> Result<Service::Finished> {
        const auto step = doors_.step(tx, step_token);
        if (!step) return step_ended();
        const PersonId person =
            TRY(check(tx, permit, shown, stepping(step_token), UserVerification::preferred));
        if (person != step->person) return refused("somebody else's passkey");
        if (!doors_.use_step(tx, permit, step_token)) return step_ended();
        return Service::Finished{TRY(doors_.enter(tx, permit, person, caller)), *step};
    });
}

Result<void> Passkeys::prove_again(const Actor& actor, SessionId session, const Shown& shown,
                                   const Caller& caller) {
    const auto permit = TRY(access::permit<ProveAgain>(actor, {self(actor)}));
    TRY(doors_.count_attempt(self(actor), sessions::Attempt::second_factor, caller));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const PersonId person =
            TRY(check(tx, permit, shown, proving(self(actor)), UserVerification::preferred));
        if (person != self(actor)) return refused("somebody else's passkey");
        doors_.note_proof(tx, session);
        return {};
    });
}

// --- one's own

Result<std::vector<PasskeyLine>> Passkeys::list(const Actor& actor) {
    TRY(access::permit<SeeFactors>(actor, {self(actor)}));
    return database_.read([&](sql::Reader& reader) -> Result<std::vector<PasskeyLine>> {
        std::vector<PasskeyLine> lines;
        for (store::PasskeyLineRow& row : store::passkeys(reader, self(actor)))
            lines.push_back({row.id, std::move(row.name), row.created_at, row.last_used_at});
        return lines;
    });
}

Result<void> Passkeys::rename(const Actor& actor, PasskeyId id, std::string_view typed) {
    const auto permit = TRY(access::permit<SetUpFactor>(actor, {self(actor)}));
    const std::string name = TRY(parse_name(typed));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        if (!store::rename_passkey(tx, permit, id, self(actor), name))
            return not_found("no such passkey of hers");
        return {};
    });
}

Result<void> Passkeys::remove(const Actor& actor, PasskeyId id, std::string_view password,
                              const Caller& caller) {
    TRY(access::permit<SetUpFactor>(actor, {self(actor)}));
    TRY(doors_.count_attempt(self(actor), sessions::Attempt::password, caller));
    TRY(accounts_.prove_owner(self(actor), password, "password"));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const bool last = !store::app(tx, self(actor), store::AppState::confirmed) &&
                          store::credentials(tx, self(actor)).size() <= 1;
        const auto permit = TRY(access::permit<RemoveFactor>(actor, service_.removal(actor, last)));
        if (!store::delete_passkey(tx, permit, id, self(actor))) return not_found("no such passkey of hers");
        service_.after_removal(tx, permit, self(actor));
        service_.tell(tx, self(actor), "passkey", "removed", _msg("factors.mail_passkey_removed"));
        return {};
    });
}

void Passkeys::sweep() {
    database_.with_tx([&](sql::Tx& tx) {
        store::delete_used_challenges(tx, clock_.now());
        return true;
    });
}

}  // namespace braid::factors
