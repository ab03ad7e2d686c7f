// The guardian's page and one's own: what is held, what is decided, by whom.
#include <algorithm>

#include "access/found.h"
#include "base/text.h"
#include "identity/guardians/events.h"
#include "identity/guardians/service.h"
#include "platform/mail/mail.h"

namespace braid::guardians {

namespace {

constexpr int kLogLines = 50;
constexpr std::size_t kContacts = 100;

}  // namespace

Result<Overview> Service::overview(const Actor& actor) const {
    TRY(access::permit<SeeChildren>(actor, {}));
    return database_.read([&](sql::Reader& reader) -> Result<Overview> {
        Overview overview;
        for (store::Tie& tie : store::ties_by(reader, *actor.person)) {
            auto card = accounts_.card(reader, tie.child);
            if (!card) continue;
            const Stage stage = stage_of(reader, tie.child);
            if (stage == Stage::none) continue;
            const Verdict now = verdict(reader, tie.child, stage);
            overview.children.push_back({std::move(*card), std::move(tie), now, stage});
        }
        const auto me = accounts_.contact(reader, *actor.person);
        if (!me || !me->email) return overview;
        for (store::Request& request : store::requests_to(reader, *me->email, kRequestsPerAddress)) {
            overview.requests.push_back({std::move(request.handle), "/consent/" + link_token(request.id),
                                         request.created_at, request.expires_at, request.said()});
        }
        return overview;
    });
}

ChildView Service::view(sql::Session& session, PersonId child) const {
    ChildView view;
    if (auto card = accounts_.card(session, child)) view.card = std::move(*card);
    view.birth = accounts_.birth_month(session, child).value_or(accounts::BirthMonth{});
    view.stage = stage_of(session, child);
    view.verdict = verdict(session, child, view.stage);
    if (view.birth.month != 0)
        view.next_stage_at = next_stage_at(view.birth, settings_.consent_age, clock_.now());
    const auto name_of = [&](std::optional<PersonId> person) -> std::string {
        const auto card = person ? accounts_.card(session, *person) : std::nullopt;
        return card ? card->display_name : std::string();
    };
    for (store::Tie& tie : store::ties_of(session, child)) {
        std::string name = name_of(tie.guardian);
        view.ties.push_back({std::move(tie), std::move(name)});
    }
    view.invitations = store::invitations_of(session, child, clock_.now());
    for (const store::LogLine& line : store::log_of(session, child, kLogLines)) {
        view.log.push_back(
            {line.what, name_of(line.actor), Choices{static_cast<std::uint32_t>(line.choices)}, line.at});
    }
    return view;
}

Result<ChildView> Service::child(const Actor& actor, PersonId child) const {
    return database_.read([&](sql::Reader& reader) -> Result<ChildView> {
        TRY(access::permit<SeeChild>(actor, TRY(facts(reader, actor, child))));
        ChildView view = this->view(reader, child);
        view.mine = *store::tie_between(reader, *actor.person, child);
        if (windows_.holdings) view.holdings = windows_.holdings(reader, child);
        std::vector<Contact> met;
        for (const auto& window : windows_.contacts) {
            for (const Contact& contact : window(reader, child)) {
                const auto known =
                    std::ranges::find(met, contact.person, [](const Contact& c) { return c.person; });
                if (known == met.end()) {
                    met.push_back(contact);
                } else {
                    known->times += contact.times;
                }
            }
        }
        std::ranges::stable_sort(met, std::greater{}, &Contact::times);
        if (met.size() > kContacts) met.resize(kContacts);
        for (const Contact& contact : met) {
            if (const auto card = accounts_.card(reader, contact.person))
                view.contacts.push_back({card->display_name, card->handle, card->band, contact.times});
        }
        if (view.stage == Stage::consent) {
            if (windows_.data.export_path) view.export_path = windows_.data.export_path(child);
            if (windows_.data.erase_path) view.erase_path = windows_.data.erase_path(child);
        }
        return view;
    });
}

Result<void> Service::choose(const Actor& actor, PersonId child, Choices choices) {
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const TieFacts about = TRY(facts(tx, actor, child));
        const auto permit = TRY(access::permit<DecideMentors>(actor, about));
        const auto tie = store::tie_between(tx, *actor.person, child);
        Choices wanted = tidy(choices) & rules_of(tie->method).widest;
        if (about.stage == Stage::company) {
            // Only the word on mentors is asked for; the rest stays as it was and counts for nothing.
            wanted = wanted.has(Choice::mentors) ? tie->allowed().with(Choice::mentors)
                                                 : tie->allowed().without(Choice::mentors);
        }
        if (wanted == tie->allowed()) return {};
        store::set_choices(tx, permit, tie->id, wanted);
        apply(tx, child);
        note(tx, child, actor.person, What::choices);
        return {};
    });
}

Result<void> Service::correct(const Actor& actor, PersonId child, std::string_view display_name,
                              std::string_view birth_year, std::string_view birth_month) {
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        TRY(access::permit<DecideForChild>(actor, TRY(facts(tx, actor, child))));
        const accounts::BirthMonth born = TRY(birth(birth_year, birth_month));
        const auto guard = TRY(access::permit<accounts::GuardPerson>(actor, {.decided = true}));
        TRY(accounts_.correct(tx, guard, child, display_name, born));
        store::set_next_stage(tx, child, next_stage_at(born, settings_.consent_age, clock_.now()));
        note(tx, child, actor.person, What::corrected);
        // A month that shows her to be old enough: what that changes, changes now.
        if (stage_of(tx, child) != Stage::consent) grow_one(tx, child);
        return {};
    });
}

Result<void> Service::withdraw(const Actor& actor, PersonId child) {
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto permit = TRY(access::permit<DecideForChild>(actor, TRY(facts(tx, actor, child))));
        return take_back(tx, permit, *store::tie_between(tx, *actor.person, child), true);
    });
}

Result<void> Service::give_again(const Actor& actor, PersonId child) {
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto permit = TRY(access::permit<DecideForChild>(actor, TRY(facts(tx, actor, child))));
        return take_back(tx, permit, *store::tie_between(tx, *actor.person, child), false);
    });
}

Result<void> Service::end_tie(const Actor& actor, ConsentId id) {
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto tie = store::tie(tx, id);
        TieFacts about = TRY(facts(tx, actor, access::id_of(tie, &store::Tie::child)));
        if (!tie || !tie->holds()) return not_found("no such tie");
        // A guardian ends her own tie, not another's.
        about.guardian = about.guardian && tie->guardian == actor.person;
        TRY(access::permit<EndTie>(actor, about));
        mail_guardians(tx, tie->child, _msg("guardians.mail_ended_subject"),
                       _msg("guardians.mail_ended_text"));
        store::end_tie(tx, id, clock_.now(), actor.is(tie->child) ? "by the minor" : "by the guardian");
        apply(tx, tie->child);
        note(tx, tie->child, actor.person, What::ended);
        return {};
    });
}

// --- more guardians

Result<store::InvitationId> Service::invite(const Actor& actor, PersonId child, std::string_view typed) {
    const std::string email = ascii_lower(trim(typed));
    return database_.write([&](sql::Tx& tx) -> Result<store::InvitationId> {
        const auto permit = TRY(access::permit<InviteGuardian>(actor, TRY(facts(tx, actor, child))));
        if (!mail::is_address(email)) return invalid("email", _msg("guardians.email_wrong"));
        const Timestamp now = clock_.now();
        const auto open = store::invitations_of(tx, child, now);
        const bool again = std::ranges::any_of(open, [&](const auto& one) { return one.email == email; });
        if (!again && open.size() >= kInvitationsPerChild)
            return invalid("email", _msg("guardians.invited_enough"));
        for (const auto& one : open) {
            if (one.email == email && now - one.created_at < settings_.resend_wait)
                return invalid("email", _msg("guardians.sent_lately"));
        }
        const store::Invitation invitation{
            ids_.make<store::InvitationId>(), child, email, *actor.person, now, now + kInvitationLife};
        store::put_invitation(tx, permit, invitation);
        const auto about = accounts_.contact(tx, child);
        const auto by = accounts_.contact(tx, *actor.person);
        mail(tx, email, by->language, _msg("guardians.mail_invite_subject"),
             _msg("guardians.mail_invite_text"),
             {{"handle", about->handle},
              {"site", settings_.site_name},
              {"link", settings_.public_url + "/guardian/accept/" + invitation_token(invitation.id)}});
        note(tx, child, actor.person, What::invited);
        return invitation.id;
    });
}

Result<Service::InvitationView> Service::open_invitation(const Actor& actor, std::string_view token) const {
    const auto id = unseal<store::InvitationId>("invitation", token);
    return database_.read([&](sql::Reader& reader) -> Result<InvitationView> {
        const auto invitation = id ? store::invitation(reader, *id) : std::nullopt;
        const bool open = invitation && invitation->expires_at > clock_.now();
        TRY(access::permit<AcceptInvitation>(actor, {open, open ? invitation->child : PersonId{}}));
        const auto about = accounts_.contact(reader, invitation->child);
        if (!about) return not_found("no such person");
        return InvitationView{invitation->child, about->handle, about->display_name,
                              stage_of(reader, invitation->child)};
    });
}

Result<PersonId> Service::accept(const Actor& actor, std::string_view token) {
    const auto id = unseal<store::InvitationId>("invitation", token);
    return database_.write([&](sql::Tx& tx) -> Result<PersonId> {
        const auto invitation = id ? store::invitation(tx, *id) : std::nullopt;
        const Timestamp now = clock_.now();
        const bool open = invitation && invitation->expires_at > now;
        const auto permit =
            TRY(access::permit<AcceptInvitation>(actor, {open, open ? invitation->child : PersonId{}}));
        const PersonId child = invitation->child;
        const auto born = accounts_.birth_month(tx, child);
        const Stage stage = born ? stage_at(*born, settings_.consent_age, now) : Stage::none;
        if (stage == Stage::none) return not_found("of age");
        if (store::tie_between(tx, *actor.person, child))
            return conflict(_msg("guardians.tied_already"), "a tie between them holds");
        store::Tie tie;
        tie.id = ids_.make<ConsentId>();
        tie.child = child;
        tie.guardian = actor.person;
        tie.method = stage == Stage::consent ? Method::account : Method::accepted;
        // A second guardian begins with what is in force, so that nothing changes by coming; the first of a
        // minor who decides herself has not said yet that there may be mentors.
        tie.choices = verdict(tx, child, stage).allowed.bits;
        if (store::ties_of(tx, child).empty()) tie.choices = tie.allowed().without(Choice::mentors).bits;
        tie.given_at = now;
        tie.next_stage_at = next_stage_at(*born, settings_.consent_age, now);
        store::insert_tie(tx, permit, tie);
        store::delete_invitation(tx, invitation->id);
        apply(tx, child);
        note(tx, child, actor.person, What::accepted);
        outbox_.append(
            tx, ConsentGiven{
                    child.text(), actor.person->text(), {}, std::string(sql::detail::enum_name(tie.method))});
        mail_guardians(tx, child, _msg("guardians.mail_joined_subject"), _msg("guardians.mail_joined_text"));
        return child;
    });
}

// --- one's own

Result<ChildView> Service::own(const Actor& actor) const {
    TRY(access::permit<SeeGuardians>(actor, {actor.person.value_or(PersonId{})}));
    return database_.read(
        [&](sql::Reader& reader) -> Result<ChildView> { return view(reader, *actor.person); });
}

}  // namespace braid::guardians
