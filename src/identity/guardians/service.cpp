// What the use cases share: links, verdicts, mails; and what other modules ask.
#include "identity/guardians/service.h"

#include <algorithm>

#include "base/text.h"
#include "identity/guardians/events.h"
#include "identity/guardians/links.h"
#include "platform/mail/mail.h"

namespace braid::guardians {

Service::Service(sql::Database& database, const Clock& clock, IdMaker& ids, events::Outbox& outbox,
                 jobs::Queue& jobs, blobs::Store& blobs, accounts::Accounts& accounts, Settings settings)
    : database_(database),
      clock_(clock),
      ids_(ids),
      outbox_(outbox),
      jobs_(jobs),
      blobs_(blobs),
      accounts_(accounts),
      settings_(std::move(settings)) {}

// --- verdicts

Stage Service::stage_of(sql::Session& session, PersonId child) const {
    const auto birth = accounts_.birth_month(session, child);
    return birth ? stage_at(*birth, settings_.consent_age, clock_.now()) : Stage::none;
}

Verdict Service::verdict(sql::Session& session, PersonId child, Stage stage) const {
    std::vector<Say> says;
    for (const store::Tie& tie : store::ties_of(session, child))
        says.push_back({tie.allowed(), tie.withdrawn()});
    return verdict_of(stage, says);
}

Result<TieFacts> Service::facts(sql::Session& session, const Actor& actor, PersonId child) const {
    if (!actor.signed_in()) return unauthenticated();
    return TieFacts{child, store::tie_between(session, *actor.person, child).has_value(),
                    stage_of(session, child)};
}

Result<accounts::BirthMonth> Service::birth(std::string_view year, std::string_view month) const {
    const auto y = parse_integer(trim(year)), m = parse_integer(trim(month));
    if (!m || *m < 1 || *m > 12) return invalid("birth_month", _msg("guardians.birth_missing"));
    if (!y || *y < 1900 || *y > 9999) return invalid("birth_year", _msg("guardians.birth_missing"));
    const accounts::BirthMonth birth{static_cast<int>(*y), static_cast<int>(*m)};
    const int age = accounts::certain_age(birth, clock_.now());
    if (age < 0) return invalid("birth_year", _msg("guardians.birth_missing"));
    if (age >= 18) return invalid("birth_year", _msg("guardians.birth_of_age"));
    return birth;
}

void Service::apply(sql::Tx& tx, PersonId child) {
    const Verdict now = verdict(tx, child, stage_of(tx, child));
    const auto permit = access::permit<accounts::GuardPerson>(Actor{}, {.decided = true});
    accounts_.set_guarded(tx, *permit, child, {now.allowed.others(), now.paused});
    if (!now.allowed.has(Choice::be_listed)) accounts_.unlist(tx, *permit, child);
    for (Reach* reach : reaches_)
        reach->follow(tx, child, now);
}

void Service::note(sql::Tx& tx, PersonId child, std::optional<PersonId> actor, What what) {
    const Verdict now = verdict(tx, child, stage_of(tx, child));
    store::log(tx, {ids_.next(), child, actor, what, now.allowed.bits, clock_.now()});
    outbox_.append(tx, GuardianDecided{child.text(), actor ? actor->text() : std::string(),
                                       std::string(sql::detail::enum_name(what)), now.paused});
}

// --- mails

void Service::mail(sql::Tx& tx, std::string_view to, i18n::Language language, std::string_view subject,
                   std::string_view text, i18n::Arguments arguments) {
    mail::enqueue(tx, jobs_,
                  {std::string(to), i18n::format(language, subject, arguments),
                   i18n::format(language, text, arguments)});
}

void Service::mail_request(sql::Tx& tx, const store::Request& request, std::string_view subject,
                           std::string_view text) {
    auto language = i18n::Language::en;
    i18n::parse_language(request.language, language);
    mail(tx, request.guardian_email, language, subject, text,
         {{"handle", request.handle},
          {"site", settings_.site_name},
          {"link", settings_.public_url + "/consent/" + link_token(request.id)}});
}

void Service::mail_guardians(sql::Tx& tx, PersonId child, std::string_view subject, std::string_view text,
                             std::optional<Timestamp> when) {
    const auto about = accounts_.contact(tx, child);
    if (!about) return;
    for (const store::Tie& tie : store::ties_of(tx, child)) {
        const auto guardian = tie.guardian ? accounts_.contact(tx, *tie.guardian) : std::nullopt;
        const std::string to = guardian ? guardian->email.value_or("") : tie.guardian_email;
        if (to.empty()) continue;
        const std::string path =
            tie.guardian ? "/guardian/children/" + child.text() : "/consent/" + link_token(tie.id);
        const auto language = guardian ? guardian->language : about->language;
        mail(tx, to, language, subject, text,
             {{"handle", about->handle},
              {"site", settings_.site_name},
              {"date", when ? i18n::date(language, *when) : std::string()},
              {"link", settings_.public_url + path}});
    }
}

// --- links

std::string Service::sealed(std::string_view purpose, std::string_view text) const {
    return seal_link(settings_.secret, purpose, text);
}

// --- for other modules

std::vector<PersonId> Service::guardians_of(sql::Session& session, PersonId child) const {
    std::vector<PersonId> guardians;
    for (const store::Tie& tie : store::ties_of(session, child)) {
        if (tie.guardian) guardians.push_back(*tie.guardian);
    }
    return guardians;
}

bool Service::guards(sql::Session& session, PersonId guardian, PersonId child) const {
    return store::tie_between(session, guardian, child).has_value();
}

bool Service::may(sql::Session& session, PersonId person, Choice choice) const {
    const Stage stage = stage_of(session, person);
    if (stage == Stage::none) return true;
    const auto ties = store::ties_of(session, person);
    if (choice == Choice::mentors && ties.empty()) return false;
    const Verdict now = verdict(session, person, stage);
    return !now.paused && now.allowed.has(choice);
}

}  // namespace braid::guardians
