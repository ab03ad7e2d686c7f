#include "identity/roles/store.h"

namespace braid::roles::store {

namespace {

const sql::Query kInsert{"roles.insert_invitation", R"(
    INSERT INTO invitations (id, token_hash, role, scope_kind, scope, role_until, note, invited_by, created_at, expires_at, used_by, used_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, NULL))"};

const sql::Query kOpen{"roles.open_invitation", R"(
    SELECT id, role, scope_kind, scope, role_until, note, invited_by, created_at, expires_at FROM invitations
    WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2)"};

const sql::Query kOpenOf{"roles.list_open_invitations", R"(
    SELECT id, role, scope_kind, scope, role_until, note, invited_by, created_at, expires_at FROM invitations
    WHERE invited_by = $1 AND used_at IS NULL AND expires_at > $2
    ORDER BY created_at DESC, id DESC LIMIT 200)"};

const sql::Query kCountOpen{"roles.count_open_invitations", R"(
    SELECT COUNT(*) FROM invitations WHERE invited_by = $1 AND used_at IS NULL AND expires_at > $2)"};

const sql::Query kUse{"roles.use_invitation", R"(
    UPDATE invitations SET used_by = $2, used_at = $3 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $3)"};

const sql::Query kDelete{"roles.delete_invitation", R"(
    DELETE FROM invitations WHERE id = $1 AND invited_by = $2 AND used_at IS NULL)"};

const sql::Query kDeleteEnded{"roles.delete_ended_invitations",
                              "DELETE FROM invitations WHERE expires_at <= $1"};

}  // namespace

void insert_invitation(sql::Tx& tx, const access::Permit<Invite>&, std::string_view token_hash,
                       const InvitationRow& row) {
    tx.run(kInsert, row.id, token_hash, row.role, row.kind, row.scope, row.role_until, row.note,
           row.invited_by, row.created_at, row.expires_at);
}

std::optional<InvitationRow> open_invitation(sql::Session& session, std::string_view token_hash,
                                             Timestamp now) {
    return session.maybe<InvitationRow>(kOpen, token_hash, now);
}

std::vector<InvitationRow> open_invitations(sql::Session& session, accounts::PersonId invited_by,
                                            Timestamp now) {
    return session.all<InvitationRow>(kOpenOf, invited_by, now);
}

int count_open(sql::Session& session, accounts::PersonId invited_by, Timestamp now) {
    return session.one<int>(kCountOpen, invited_by, now);
}

bool use_invitation(sql::Tx& tx, const access::Permit<AcceptInvitation>&, std::string_view token_hash,
                    accounts::PersonId by, Timestamp now) {
    return tx.run(kUse, token_hash, by, now) != 0;
}

bool delete_invitation(sql::Tx& tx, const access::Permit<Invite>&, InvitationId id,
                       accounts::PersonId invited_by) {
    return tx.run(kDelete, id, invited_by) != 0;
}

int delete_ended(sql::Tx& tx, Timestamp before) {
    return static_cast<int>(tx.run(kDeleteEnded, before));
}

}  // namespace braid::roles::store
