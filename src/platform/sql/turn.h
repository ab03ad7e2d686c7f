// One snapshot for several reads of a thread. For the program's main loops, which answer many requests in one
// go.
#pragma once

namespace braid::sql {

// Between these two calls, reads on the calling thread share one snapshot of a SQLite database for as long as
// nothing is committed to it in this process: what was committed before a read began is always seen by it. A
// commit of another process may be seen only after end_turn(), so end a turn before looking at what has
// arrived meanwhile, and never keep one while waiting: the log cannot begin anew under an open snapshot.
// PostgreSQL's readers know no turns.
void begin_turn() noexcept;
void end_turn() noexcept;

}  // namespace braid::sql
