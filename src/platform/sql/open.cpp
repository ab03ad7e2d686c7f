#include "platform/sql/engine.h"

namespace braid::sql {

std::unique_ptr<Database> Database::open(const Options& options) {
    const std::string_view url = options.url;
    constexpr std::string_view kSqlite = "sqlite:";
    if (url.starts_with(kSqlite) && url.size() > kSqlite.size()) {
        return open_sqlite(std::string(url.substr(kSqlite.size())), options);
    }
    if (url.starts_with("postgres://") || url.starts_with("postgresql://")) return open_postgres(options);
    // Not the text itself: it may hold a password.
    throw Failure(FailureKind::statement, "a database is named sqlite:FILE or postgres://user@host/name");
}

}  // namespace braid::sql
