// Links that give a role once: made by who may give it, followed by who is meant.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "identity/roles/service.h"
#include "identity/roles/store.h"

namespace braid::roles {

inline constexpr Duration kInvitationLife = std::chrono::hours(24 * 14);
inline constexpr int kInvitationsOpen = 100;  // of one person at a time

// What an invitation says before it is accepted.
struct Invitation {
    InvitationId id;
    Role role = Role::learner;
    RoleScope scope;
    std::optional<Timestamp> role_until;
    std::string note;  // for who made it: whom it is meant for
    Timestamp created_at, expires_at;
    accounts::PersonId invited_by;
    std::string inviter;  // her display name
};

struct NewInvitation {
    InvitationId id;
    std::string token;  // shown once
    Timestamp expires_at;
};

// Thread-safe.
class Invitations {
  public:
    Invitations(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random,
                accounts::Accounts& accounts, Service& service)
        : database_(database),
          clock_(clock),
          ids_(ids),
          random_(random),
          accounts_(accounts),
          service_(service) {}

    // Whoever may give the role may invite to it; a grave one asks for a fresh proof as giving it does.
    // `invalid` on the fields role, scope, until and note.
    Result<NewInvitation> invite(const Actor& actor, const sessions::Current& current, const Wish& wish,
                                 std::string_view note);
    // Those of one's own that wait.
    Result<std::vector<Invitation>> waiting(const Actor& actor);
    Result<void> withdraw(const Actor& actor, InvitationId id);

    // What the link says; `gone` when it was used, withdrawn or is older than two weeks.
    Result<Invitation> read(std::string_view token);
    // Gives the role, if who invited may still give it; nobody accepts her own. Works once.
    Result<void> accept(const Actor& actor, std::string_view token);

    // Forgets those that ran out a month ago.
    void sweep();

  private:
    sql::Database& database_;
    const Clock& clock_;
    IdMaker& ids_;
    Random& random_;
    accounts::Accounts& accounts_;
    Service& service_;
};

}  // namespace braid::roles
