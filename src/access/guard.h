// Whether somebody may still act, asked inside the transaction that writes for her.
//
// An Actor was made before its transaction began; meanwhile a guardian may have narrowed a choice or
// withdrawn consent. Every use case in which a person writes something asks first, in its own transaction:
//
//   TRY(guard_.confirm(tx, actor));
#pragma once

#include "access/actor.h"
#include "base/result.h"
#include "platform/sql/sql.h"

namespace braid::access {

// Thread-safe.
class Guard {
  public:
    virtual ~Guard() = default;
    // `forbidden` when a guardian's decision came in between: her account is paused, or what is denied to her
    // is no longer what `actor` says. Otherwise such a decision waits until `tx` has ended: for minors the
    // row is written, so that on PostgreSQL the two cannot both succeed unseen; on SQLite there is one
    // writer. Nothing for visitors and adults.
    [[nodiscard]] virtual Result<void> confirm(sql::Tx& tx, const Actor& actor) const = 0;
};

}  // namespace braid::access
