// What identity/guardians does with accounts: people who wait for consent, and what guardians decide.
#include "base/text.h"
#include "identity/accounts/events.h"
#include "identity/accounts/service.h"
#include "identity/accounts/store.h"
#include "platform/html/richtext.h"

namespace braid::accounts {

namespace {

Error handle_taken() {
    Error error = conflict(_msg("error.invalid"));
    error.fields.push_back({"handle", _msg("accounts.handle_taken"), {}});
    return error;
}

}  // namespace

Result<WaitingAccount> Service::prepare_waiting(const Actor& actor, AgeBand band, std::string_view handle,
                                                std::string_view password) {
    const auto permit = TRY(access::permit<WaitForConsent>(actor, {.old_enough = band == AgeBand::adult}));
    auto name = parse_handle(handle);
    auto good = check_password(password, handle, handle);
    if (!name.ok()) {
        if (!good.ok()) {
            for (FieldError& field : good.error().fields)
                name.error().fields.push_back(std::move(field));
        }
        return std::move(name).error();
    }
    if (!good.ok()) return std::move(good).error();
    if (database_.read([&](sql::Reader& reader) { return store::handle_taken(reader, *name); }))
        return handle_taken();
    return WaitingAccount{permit, *name, TRY(hasher_.hash(password)), band};
}

Result<void> Service::hold_handle(sql::Tx& tx, const WaitingAccount& account) {
    if (!store::hold_handle(tx, account.permit, account.handle, clock_.now())) return handle_taken();
    return {};
}

void Service::release_handle(sql::Tx& tx, std::string_view handle) {
    store::release_handle(tx, handle);
}

Result<bool> Service::matches(const std::optional<std::string>& hash, std::string_view password) {
    return hasher_.verify(hash, password.substr(0, 4 * kPasswordMax));
}

Result<PersonId> Service::admit(sql::Tx& tx, const access::Permit<AdmitPerson>& permit,
                                const Admitted& admitted) {
    store::PersonRow row;
    row.id = ids_.make<PersonId>();
    row.handle = row.display_name = admitted.handle;
    row.birth_year = admitted.birth.year;
    row.birth_month = admitted.birth.month;
    row.bio_sanitiser = html::kSanitiserVersion;
    row.language = i18n::tag(admitted.language);
    row.created_at = clock_.now();
    row.guarded = admitted.guarded.bits();
    store::release_handle(tx, admitted.handle);
    if (!store::insert_person(tx, permit, row, admitted.password_hash)) return handle_taken();
    outbox_.append(tx, PersonJoined{.person_id = row.id.text(), .by_herself = true});
    return row.id;
}

void Service::set_guarded(sql::Tx& tx, const access::Permit<GuardPerson>& permit, PersonId person,
                          const accounts::Guarded& guarded) {
    store::set_guarded(tx, permit, person, guarded.bits());
}

Result<void> Service::correct(sql::Tx& tx, const access::Permit<GuardPerson>& permit, PersonId person,
                              std::string_view display_name, BirthMonth birth) {
    if (!store::person(tx, person)) return not_found("no such person");
    const std::string name = TRY(parse_display_name(display_name));
    store::correct(tx, permit, person, name, birth);
    take_roles_too_old(tx, permit, person, band_at(birth, clock_.now()));
    outbox_.append(tx, ProfileChanged{person.text()});
    return {};
}

void Service::unlist(sql::Tx& tx, const access::Permit<GuardPerson>& permit, PersonId person) {
    store::unlist(tx, permit, person);
}

std::optional<BirthMonth> Service::birth_month(sql::Session& session, PersonId person) const {
    const auto row = store::person(session, person);
    if (!row) return std::nullopt;
    return BirthMonth{row->birth_year, row->birth_month};
}

accounts::Guarded Service::guarded(sql::Session& session, PersonId person) const {
    return accounts::Guarded::of(store::guarded(session, person));
}

Result<void> Service::confirm(sql::Tx& tx, const Actor& actor) const {
    if (!actor.signed_in() || !actor.minor()) return {};
    const auto bits = store::hold_guarded(tx, *actor.person);
    if (!bits) return {};  // made by an import or a test: nobody guards her
    const auto now = accounts::Guarded::of(*bits);
    if (now.paused) return forbidden(_msg("accounts.paused"), "consent was withdrawn");
    if (now.denied != actor.denied)
        return forbidden(_msg("accounts.guardian_decided"), "a guardian decided meanwhile");
    return {};
}

}  // namespace braid::accounts
