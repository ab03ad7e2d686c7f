// Roles, put together.
#pragma once

#include "access/module.h"
#include "identity/roles/invitations.h"

namespace braid::roles {

// Lives as long as the server: its routes point into it.
class RolesModule {
  public:
    RolesModule(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random,
                accounts::Accounts& accounts, sessions::StaffFactor staff_factor, std::string public_url)
        : service_(database, clock, accounts, staff_factor),
          invitations_(database, clock, ids, random, accounts, service_),
          public_url_(std::move(public_url)) {}

    [[nodiscard]] Service& service() { return service_; }
    [[nodiscard]] Invitations& invitations() { return invitations_; }
    [[nodiscard]] access::Module describe();

  private:
    Service service_;
    Invitations invitations_;
    std::string public_url_;
};

std::span<const sql::Migration> migrations();

}  // namespace braid::roles
