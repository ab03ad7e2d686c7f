// What moderators decide about accounts.
#include "identity/accounts/events.h"
#include "identity/accounts/service.h"
#include "identity/accounts/store.h"

namespace braid::accounts {

namespace {

bool is_staff(std::int64_t role_bits) {
    Actor actor;
    actor.roles = static_cast<std::uint32_t>(role_bits);
    return actor.staff();
}

}  // namespace

std::optional<Restrictions> Service::restrictions(sql::Session& session, PersonId person) const {
    return store::restrictions(session, person);
}

std::optional<Contact> Service::contact(sql::Session& session, PersonId person) const {
    auto row = store::contact(session, person);
    if (!row) return std::nullopt;
    Contact contact;
    i18n::parse_language(row->language, contact.language);
    contact.handle = std::move(row->handle);
    contact.display_name = std::move(row->display_name);
    contact.email = std::move(row->email);
    contact.staff = is_staff(row->role_bits);
    return contact;
}

Result<access::Permit<ModeratePerson>> Service::may_moderate(sql::Session& session, const Actor& by,
                                                             PersonId person) const {
    const auto there = contact(session, person);
    if (!there) return not_found("no such person");
    return access::permit<ModeratePerson>(by, {person, there->staff});
}

void Service::append_standing(sql::Tx& tx, PersonId person) {
    const auto now = store::restrictions(tx, person);
    if (!now) return;
    outbox_.append(tx, StandingChanged{person.text(), now->suspended(clock_.now()),
                                       std::string(sql::detail::enum_name(now->face))});
}

Result<void> Service::suspend(sql::Tx& tx, const Actor& by, PersonId person, Timestamp until,
                              std::string_view path) {
    const auto permit = TRY(may_moderate(tx, by, person));
    store::suspend(tx, permit, person, until, path);
    append_standing(tx, person);
    return success();
}

Result<void> Service::quieten(sql::Tx& tx, const Actor& by, PersonId person, Timestamp until) {
    const auto permit = TRY(may_moderate(tx, by, person));
    store::quieten(tx, permit, person, until);
    append_standing(tx, person);
    return success();
}

Result<void> Service::set_face(sql::Tx& tx, const Actor& by, PersonId person, Face face) {
    const auto permit = TRY(may_moderate(tx, by, person));
    store::set_face(tx, permit, person, face);
    append_standing(tx, person);
    return success();
}

bool Service::first_posts_wait(sql::Session& session, PersonId person) const {
    if (settings_.review_first_posts == 0) return false;
    const auto row = store::reviewed(session, person);
    return row && row->posts < settings_.review_first_posts && clock_.now() - row->joined < kNewcomer &&
           !is_staff(row->role_bits);
}

Result<void> Service::note_reviewed(sql::Tx& tx, const Actor& by, PersonId person) {
    const auto permit = TRY(may_moderate(tx, by, person));
    store::note_reviewed(tx, permit, person);
    return success();
}

}  // namespace braid::accounts
