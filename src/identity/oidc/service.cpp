#include "identity/oidc/service.h"

#include <sodium.h>

#include <algorithm>

#include "base/text.h"

#include "platform/i18n/i18n.h"

namespace braid::oidc {

namespace {

PersonId self(const Actor& actor) {
    return actor.person.value_or(PersonId{});
}

Error journey_ended() {
    Error error;
    error.code = ErrorCode::gone;
    error.message_key = _msg("oidc.journey_ended");
    return error;
}

Error tied_already() {
    return conflict(_msg("oidc.tied_already"), "one of the two is tied to another");
}

bool equal(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

// What a provider says of itself may be long; cookies may not.
std::string cut(std::string_view text) {
    return std::string(text.substr(0, is_valid_utf8(text) ? std::min<std::size_t>(text.size(), 200) : 0));
}

}  // namespace

Service::Service(sql::Database& database, const Clock& clock, Random& random, accounts::Accounts& accounts,
                 sessions::Doors& doors, Provider& provider)
    : database_(database),
      clock_(clock),
      random_(random),
      accounts_(accounts),
      doors_(doors),
      provider_(provider),
      journeys_(provider.settings().secret, "journeys"),
      guests_(provider.settings().secret, "guests") {}

Result<Departure> Service::set_out(const Actor& actor, std::string_view next) {
    TRY(access::permit<sessions::SignIn>(actor, {}));
    const Journey journey{random_.token(), random_.token(), random_.token()};
    const std::string url = TRY(provider_.authorization_url(journey));
    return Departure{url, journeys_.pack({journey.state, journey.nonce, journey.verifier, std::string(next)},
                                         clock_.now() + kJourneyLife)};
}

Result<Arrival> Service::come_back(const Actor& actor, std::string_view cookie, std::string_view state,
                                   std::string_view code, std::string_view issuer,
                                   const sessions::Caller& caller) {
    const auto permit = TRY(access::permit<sessions::SignIn>(actor, {}));
    const auto carried = journeys_.unpack(cookie, 4, clock_.now());
    if (!carried || !equal((*carried)[0], state)) return journey_ended();
    if (code.empty()) return forbidden(_msg("oidc.refused"), "the provider sent no code");
    const Claims claims = TRY(provider_.redeem(code, issuer, {(*carried)[0], (*carried)[1], (*carried)[2]}));
    Arrival arrival{(*carried)[3], std::nullopt, std::nullopt};
    const std::string& from = settings().issuer;
    const auto known =
        database_.read([&](sql::Reader& reader) { return store::person(reader, from, claims.subject); });
    if (!known) {
        arrival.guest = Guest{claims.subject, cut(claims.username), cut(claims.name), cut(claims.email)};
        return arrival;
    }
    if (actor.signed_in() && !actor.is(*known)) return tied_already();
    arrival.entry = TRY(database_.write([&](sql::Tx& tx) -> Result<sessions::Entry> {
        // It may have been untied meanwhile: then nobody is let in as her.
        if (store::person(tx, from, claims.subject) != known) return journey_ended();
        store::note_use(tx, permit, from, claims.subject, clock_.now());
        return doors_.arrive(tx, permit, *known, caller, {arrival.next, sessions::Remember::no});
    }));
    return arrival;
}

std::string Service::pack(const Guest& guest) const {
    return guests_.pack({guest.subject, guest.username, guest.name, guest.email}, clock_.now() + kGuestLife);
}

std::optional<Guest> Service::guest(std::string_view cookie) const {
    auto things = guests_.unpack(cookie, 4, clock_.now());
    if (!things) return std::nullopt;
    return Guest{std::move((*things)[0]), std::move((*things)[1]), std::move((*things)[2]),
                 std::move((*things)[3])};
}

Result<sessions::Entry> Service::join(const Actor& actor, const Guest& guest, accounts::SignUpForm form,
                                      const sessions::Caller& caller) {
    const auto arrives = TRY(access::permit<sessions::SignIn>(actor, {}));
    form.password = random_.token();  // nobody knows it; one can be set by mail
    const accounts::ReadyAccount account = TRY(accounts_.prepare_sign_up(actor, form));
    return database_.write([&](sql::Tx& tx) -> Result<sessions::Entry> {
        const PersonId person = TRY(accounts_.sign_up(tx, account));
        if (!store::insert(tx, account.permit, settings().issuer, guest.subject, person, clock_.now()))
            return tied_already();
        return doors_.arrive(tx, arrives, person, caller, {});
    });
}

Result<std::optional<store::Link>> Service::link(const Actor& actor) {
    TRY(access::permit<ManageIdentity>(actor, {self(actor)}));
    return database_.read(
        [&](sql::Reader& reader) { return store::link(reader, settings().issuer, self(actor)); });
}

Result<void> Service::tie(const Actor& actor, const Guest& guest) {
    const auto permit = TRY(access::permit<ManageIdentity>(actor, {self(actor)}));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        if (!store::insert(tx, permit, settings().issuer, guest.subject, self(actor), clock_.now()))
            return tied_already();
        accounts_.mail_person(tx, self(actor), _msg("oidc.mail.tied_subject"), _msg("oidc.mail.tied_text"),
                              "/settings/school");
        return success();
    });
}

Result<void> Service::untie(const Actor& actor, std::string_view password, const sessions::Caller& caller) {
    const auto permit = TRY(access::permit<ManageIdentity>(actor, {self(actor)}));
    TRY(doors_.count_attempt(self(actor), sessions::Attempt::password, caller));
    TRY(accounts_.prove_owner(self(actor), password, "password"));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        if (!store::remove(tx, permit, settings().issuer, self(actor))) return not_found("nothing is tied");
        return success();
    });
}

}  // namespace braid::oidc
