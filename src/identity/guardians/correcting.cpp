// A birth month that staff put right.
#include "access/found.h"
#include "audit/api.h"
#include "base/text.h"
#include "identity/guardians/service.h"

namespace braid::guardians {

namespace {

std::string text_of(const accounts::BirthMonth& month) {
    return std::to_string(month.year) + (month.month < 10 ? "-0" : "-") + std::to_string(month.month);
}

Result<accounts::BirthMonth> month_of(const BirthForm& form, Timestamp now) {
    const auto year = parse_integer(trim(form.birth_year)), month = parse_integer(trim(form.birth_month));
    if (!month || *month < 1 || *month > 12) return invalid("birth_month", _msg("guardians.birth_missing"));
    if (!year || *year < 1900 || *year > 9999) return invalid("birth_year", _msg("guardians.birth_missing"));
    const accounts::BirthMonth born{static_cast<int>(*year), static_cast<int>(*month)};
    if (accounts::certain_age(born, now) < 0) return invalid("birth_year", _msg("guardians.birth_missing"));
    return born;
}

Result<std::string> reason_of(const BirthForm& form) {
    std::string reason(trim(form.reason));
    if (reason.empty()) return invalid("reason", _msg("guardians.birth_why"));
    if (!is_valid_utf8(reason) || count_code_points(reason) > audit::kReason)
        return invalid("reason", _msg("guardians.birth_why_long"));
    return reason;
}

}  // namespace

bool widens(const accounts::BirthMonth& had, const accounts::BirthMonth& born, Timestamp now) {
    const bool older = born.year < had.year || (born.year == had.year && born.month < had.month);
    return older && accounts::band_at(had, now) != access::AgeBand::adult;
}

Result<accounts::PersonCard> Service::to_put_right(const Actor& actor, std::string_view handle) const {
    return database_.read([&](sql::Reader& reader) -> Result<accounts::PersonCard> {
        auto card = accounts_.by_handle(reader, handle);
        TRY(access::permit<CorrectBirth>(actor, {access::id_of(card, &accounts::PersonCard::id)}));
        if (!card) return not_found("no such handle");
        return std::move(*card);
    });
}

Result<void> Service::put_birth_right(const Actor& actor, std::string_view handle, const BirthForm& form) {
    const Timestamp now = clock_.now();
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto card = accounts_.by_handle(tx, handle);
        const PersonId person = access::id_of(card, &accounts::PersonCard::id);
        const auto permit = TRY(access::permit<CorrectBirth>(actor, {person}));
        const auto had = accounts_.birth_month(tx, person);
        if (!card || !had) return not_found("no such handle");
        const accounts::BirthMonth born = TRY(month_of(form, now));
        const std::string reason = TRY(reason_of(form));
        if (*had == born) return invalid("birth_month", _msg("guardians.birth_same"));
        if (widens(*had, born, now)) return invalid("birth_year", _msg("guardians.birth_not_older"));
        const auto guard = TRY(access::permit<accounts::GuardPerson>(actor, {.decided = true}));
        TRY(accounts_.correct(tx, guard, person, card->display_name, born));
        store::set_next_stage(tx, person, next_stage_at(born, settings_.consent_age, now));
        if (accounts::band_at(born, now) < card->band) start_narrow(tx, guard, person);
        apply(tx, person);
        note(tx, person, std::nullopt, What::corrected);
        TRY(see_to_a_guardian(tx, actor, person, form.email));
        tell_corrected(tx, person, reason);
        audit::record(tx, now, permit, {"person", person.value}, person,
                      text_of(*had) + " -> " + text_of(born) + ": " + reason);
        return {};
    });
}

// As a minor begins: her works hers alone, her profile for people who are signed in, until she chooses.
void Service::start_narrow(sql::Tx& tx, const access::Permit<accounts::GuardPerson>& guard, PersonId person) {
    accounts_.unlist(tx, guard, person);
    for (Reach* reach : reaches_) {
        reach->follow(tx, person, {Choices{}, false});
        reach->settle(tx, person);
    }
}

// Below the age of consent and nobody's child here, she is paused until a guardian has consented: one is
// asked at once.
Result<void> Service::see_to_a_guardian(sql::Tx& tx, const Actor& actor, PersonId person,
                                        std::string_view email) {
    if (stage_of(tx, person) != Stage::consent || !store::ties_of(tx, person).empty()) return {};
    return invite_guardian(tx, actor, person, email);
}

void Service::tell_corrected(sql::Tx& tx, PersonId person, std::string_view reason) {
    const auto about = accounts_.contact(tx, person);
    if (about && about->email) {
        mail(tx, *about->email, about->language, _msg("guardians.mail_own_corrected_subject"),
             _msg("guardians.mail_own_corrected_text"),
             {{"handle", about->handle},
              {"site", settings_.site_name},
              {"reason", reason},
              {"link", settings_.public_url + "/settings/guardians"}});
    }
    mail_guardians(tx, person, _msg("guardians.mail_corrected_subject"),
                   _msg("guardians.mail_corrected_text"));
}

}  // namespace braid::guardians
