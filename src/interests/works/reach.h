// What a guardian's decision does to a child's works: see identity/guardians/api.h.
#pragma once

#include "identity/guardians/api.h"

namespace braid::works {

class AuthorReach final : public guardians::Reach {
  public:
    void follow(sql::Tx& tx, access::PersonId child, const guardians::Verdict& verdict) override;
    void settle(sql::Tx& tx, access::PersonId child) override;
};

}  // namespace braid::works
