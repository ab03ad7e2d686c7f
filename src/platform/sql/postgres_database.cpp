#include "platform/sql/engine.h"

namespace braid::sql {
std::unique_ptr<Database> open_postgres(const Options&) {
    throw Failure(FailureKind::lost, "PostgreSQL is not reachable yet");
}
}  // namespace braid::sql
