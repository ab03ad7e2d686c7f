// What a guardian's decision does to a child's comments: see identity/guardians/api.h. Taken back: her
// comments are out of everybody's sight and out of every number, in that transaction; given again: they are
// there again. When she outgrows a guardian who had taken it back, they stay hers alone.
#pragma once

#include "identity/guardians/api.h"

namespace braid::feedback {

class CommentReach final : public guardians::Reach {
  public:
    void follow(sql::Tx& tx, access::PersonId child, const guardians::Verdict& verdict) override;
    void settle(sql::Tx& tx, access::PersonId child) override;
};

}  // namespace braid::feedback
