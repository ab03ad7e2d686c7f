#include "identity/roles/invitations.h"

#include "base/text.h"
#include "platform/i18n/i18n.h"

namespace braid::roles {

namespace {

PersonId self(const Actor& actor) {
    return actor.person.value_or(PersonId{});
}

Error ended() {
    Error error = not_found("used, withdrawn or expired invitation");
    error.code = ErrorCode::gone;
    error.message_key = _msg("roles.invitation_ended");
    return error;
}

Invitation to_invitation(store::InvitationRow row) {
    return {row.id,
            row.role,
            {row.kind, row.scope},
            row.role_until,
            std::move(row.note),
            row.created_at,
            row.expires_at,
            row.invited_by,
            {}};
}

}  // namespace

Result<NewInvitation> Invitations::invite(const Actor& actor, const sessions::Current& current,
                                          const Wish& wish, std::string_view typed_note) {
    const std::string note(trim(typed_note));
    if (!is_valid_utf8(note) && !note.empty()) return invalid("note", _msg("roles.note_long"));
    if (count_code_points(note) > 80) return invalid("note", _msg("roles.note_long"));
    const auto what = TRY(service_.checked(actor, current, wish));
    const Timestamp now = clock_.now();
    if (what.until && *what.until <= now) return invalid("until", _msg("accounts.role_until_past"));
    const std::string token = random_.token();
    return database_.write([&](sql::Tx& tx) -> Result<NewInvitation> {
        const auto own = accounts_.grants(tx, self(actor));
        const auto permit = TRY(access::permit<Invite>(
            actor, {self(actor), accounts::may_grant(own, what.role, what.scope, what.until)}));
        if (store::count_open(tx, self(actor), now) >= kInvitationsOpen)
            return invalid("note", _msg("roles.invitations_too_many"));
        const store::InvitationRow row{ids_.make<InvitationId>(),
                                       what.role,
                                       what.scope.kind,
                                       what.scope.id,
                                       what.until,
                                       note,
                                       self(actor),
                                       now,
                                       now + kInvitationLife};
        store::insert_invitation(tx, permit, accounts::token_hash(token), row);
        return NewInvitation{row.id, token, row.expires_at};
    });
}

Result<std::vector<Invitation>> Invitations::waiting(const Actor& actor) {
    TRY(access::permit<Invite>(actor, {self(actor), accounts::Grantable::yes}));
    return database_.read([&](sql::Reader& reader) {
        std::vector<Invitation> waiting;
        for (store::InvitationRow& row : store::open_invitations(reader, self(actor), clock_.now()))
            waiting.push_back(to_invitation(std::move(row)));
        return waiting;
    });
}

Result<void> Invitations::withdraw(const Actor& actor, InvitationId id) {
    const auto permit = TRY(access::permit<Invite>(actor, {self(actor), accounts::Grantable::yes}));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        if (!store::delete_invitation(tx, permit, id, self(actor)))
            return not_found("no such invitation of hers");
        return {};
    });
}

Result<Invitation> Invitations::read(std::string_view token) {
    return database_.read([&](sql::Reader& reader) -> Result<Invitation> {
        auto row = store::open_invitation(reader, accounts::token_hash(token), clock_.now());
        const auto inviter = row ? accounts_.card(reader, row->invited_by) : std::nullopt;
        if (!inviter) return ended();
        Invitation invitation = to_invitation(std::move(*row));
        invitation.inviter = inviter->display_name;
        return invitation;
    });
}

Result<void> Invitations::accept(const Actor& actor, std::string_view token) {
    const std::string hash = accounts::token_hash(token);
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const Timestamp now = clock_.now();
        const auto row = store::open_invitation(tx, hash, now);
        if (!row) return ended();
        const auto permit =
            TRY(access::permit<AcceptInvitation>(actor, {self(actor), row->invited_by == self(actor)}));
        if (!store::use_invitation(tx, permit, hash, self(actor), now)) return ended();
        // As if she gave it now: who may give it no more has invited to nothing.
        Actor inviter;
        inviter.person = row->invited_by;
        const auto given =
            accounts_.grant_in(tx, inviter, self(actor), row->role, {row->kind, row->scope}, row->role_until);
        if (given.ok()) return {};
        // What keeps her from it is hers to read, and the invitation stays; the rest is not.
        const Decision open = accounts::old_enough(row->role, actor.band);
        return open.allowed() ? ended() : open.error();
    });
}

void Invitations::sweep() {
    database_.with_tx([&](sql::Tx& tx) {
        store::delete_ended(tx, clock_.now() - std::chrono::hours(24 * 30));
        return true;
    });
}

}  // namespace braid::roles
