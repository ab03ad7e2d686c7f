// What time does: reminders, requests nobody answered, and children who grow up.
#include <map>
#include <set>

#include "identity/guardians/events.h"
#include "identity/guardians/service.h"

namespace braid::guardians {

namespace {

constexpr int kAtOnce = 200;

}  // namespace

int Service::remind() {
    int sent = 0;
    for (int round = 0; round < settings_.reminders; ++round) {
        const Timestamp before = clock_.now() - settings_.remind_every * (round + 1);
        const auto requests = database_.read(
            [&](sql::Reader& reader) { return store::to_remind(reader, round, before, kAtOnce); });
        for (const store::Request& seen : requests) {
            database_.with_tx([&](sql::Tx& tx) {
                const auto request = store::request(tx, seen.id);
                if (!request || request->reminders != round || request->said()) return true;
                store::note_reminder(tx, request->id);
                mail_request(tx, *request, _msg("guardians.mail_remind_subject"),
                             _msg("guardians.mail_remind_text"));
                return true;
            });
            ++sent;
        }
    }
    return sent;
}

int Service::expire() {
    const Timestamp now = clock_.now();
    int gone = 0;
    for (;;) {
        const auto requests =
            database_.read([&](sql::Reader& reader) { return store::expired(reader, now, kAtOnce); });
        if (requests.empty()) break;
        database_.with_tx([&](sql::Tx& tx) {
            for (const store::Request& request : requests) {
                accounts_.release_handle(tx, request.handle);
                store::delete_request(tx, request.id);
            }
            return true;
        });
        gone += static_cast<int>(requests.size());
    }
    database_.with_tx([&](sql::Tx& tx) {
        store::delete_old_invitations(tx, now);
        return true;
    });
    return gone;
}

int Service::foretell() {
    const Timestamp now = clock_.now();
    const auto soon = database_.read([&](sql::Reader& reader) {
        return store::due_soon(reader, now, now + kForetoldBefore, now - 2 * kForetoldBefore, kAtOnce);
    });
    std::map<PersonId, Timestamp> children;
    for (const store::Tie& tie : soon)
        children[tie.child] = tie.next_stage_at;
    for (const auto& entry : children) {
        const PersonId child = entry.first;
        const Timestamp when = entry.second;
        database_.with_tx([&](sql::Tx& tx) {
            foretell_one(tx, child, when);
            return true;
        });
    }
    return static_cast<int>(children.size());
}

void Service::foretell_one(sql::Tx& tx, PersonId child, Timestamp when) {
    const bool of_age = stage_of(tx, child) == Stage::company;
    const auto about = accounts_.contact(tx, child);
    if (!about) return;
    const std::string_view text =
        of_age ? _msg("guardians.mail_soon_of_age_text") : _msg("guardians.mail_soon_past_consent_text");
    mail_guardians(tx, child, _msg("guardians.mail_soon_subject"), text, when);
    if (about->email) {
        mail(tx, *about->email, about->language, _msg("guardians.mail_soon_subject"),
             of_age ? _msg("guardians.mail_own_soon_of_age_text")
                    : _msg("guardians.mail_own_soon_past_consent_text"),
             {{"handle", about->handle},
              {"site", settings_.site_name},
              {"date", i18n::date(about->language, when)},
              {"link", settings_.public_url + "/settings/guardians"}});
    }
    note(tx, child, std::nullopt, What::foretold);
}

int Service::grow() {
    const Timestamp now = clock_.now();
    const auto due = database_.read([&](sql::Reader& reader) { return store::due(reader, now, kAtOnce); });
    std::set<PersonId> children;
    for (const store::Tie& tie : due)
        children.insert(tie.child);
    for (const PersonId child : children) {
        database_.with_tx([&](sql::Tx& tx) {
            grow_one(tx, child);
            return true;
        });
    }
    return static_cast<int>(children.size());
}

// Past the age of consent: guardians with an account stay as company, who consented without one (and a
// school) need no more ask; of age: every tie ends. What was narrow stays narrow, now as her own choice.
void Service::grow_one(sql::Tx& tx, PersonId child) {
    const auto ties = store::ties_of(tx, child);
    if (ties.empty()) return;
    const Timestamp now = clock_.now();
    const auto born = accounts_.birth_month(tx, child);
    const Stage stage = born ? stage_at(*born, settings_.consent_age, now) : Stage::none;
    if (stage == Stage::consent) {  // run twice, or her birth month was put right meanwhile
        store::set_next_stage(tx, child, next_stage_at(*born, settings_.consent_age, now));
        return;
    }
    const bool of_age = stage == Stage::none;
    const std::string_view subject =
        of_age ? _msg("guardians.mail_of_age_subject") : _msg("guardians.mail_past_consent_subject");
    mail_guardians(tx, child, subject,
                   of_age ? _msg("guardians.mail_of_age_text") : _msg("guardians.mail_past_consent_text"));
    if (const auto about = accounts_.contact(tx, child); about && about->email) {
        mail(tx, *about->email, about->language, subject,
             of_age ? _msg("guardians.mail_own_of_age_text") : _msg("guardians.mail_own_past_consent_text"),
             {{"handle", about->handle},
              {"site", settings_.site_name},
              {"link", settings_.public_url + "/settings/guardians"}});
    }
    for (Reach* reach : reaches_)
        reach->settle(tx, child);
    for (const store::Tie& tie : ties) {
        if (of_age || !tie.guardian) store::end_tie(tx, tie.id, now, of_age ? "of age" : "past consent");
    }
    store::set_next_stage(tx, child, born ? next_stage_at(*born, settings_.consent_age, now) : Timestamp{});
    apply(tx, child);
    note(tx, child, std::nullopt, of_age ? What::of_age : What::past_consent);
    outbox_.append(tx, CameOfAge{child.text(), of_age ? "of_age" : "company"});
}

}  // namespace braid::guardians
