// The table invitations. Writes take a permit.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/accounts/api.h"
#include "identity/roles/policy.h"

namespace braid::roles {

using InvitationId = Id<struct InvitationTag>;

}  // namespace braid::roles

namespace braid::roles::store {

struct InvitationRow {
    InvitationId id;
    accounts::Role role = accounts::Role::learner;
    accounts::ScopeKind kind = accounts::ScopeKind::site;
    std::int64_t scope = 0;
    std::optional<Timestamp> role_until;
    std::string note;
    accounts::PersonId invited_by;
    Timestamp created_at, expires_at;
};

void insert_invitation(sql::Tx& tx, const access::Permit<Invite>& permit, std::string_view token_hash,
                       const InvitationRow& row);
// Not used and not run out.
std::optional<InvitationRow> open_invitation(sql::Session& session, std::string_view token_hash,
                                             Timestamp now);
std::vector<InvitationRow> open_invitations(sql::Session& session, accounts::PersonId invited_by,
                                            Timestamp now);
int count_open(sql::Session& session, accounts::PersonId invited_by, Timestamp now);
// False when somebody was quicker, or it has run out.
bool use_invitation(sql::Tx& tx, const access::Permit<AcceptInvitation>& permit, std::string_view token_hash,
                    accounts::PersonId by, Timestamp now);
bool delete_invitation(sql::Tx& tx, const access::Permit<Invite>& permit, InvitationId id,
                       accounts::PersonId invited_by);
int delete_ended(sql::Tx& tx, Timestamp before);

}  // namespace braid::roles::store
