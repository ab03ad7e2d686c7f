#include "platform/sql/sql.h"

namespace braid::sql {

namespace {

// Queries are built during static initialisation, one thread, in any order of files: the list's head is
// constant-initialised.
constinit const Query* newest = nullptr;
constinit std::size_t count = 0;

}  // namespace

Query::Query(std::string_view name, std::string_view sqlite, std::string_view postgres)
    : name_(name), sqlite_(sqlite), postgres_(postgres), index_(count++), next_(newest) {
    newest = this;
}

std::vector<const Query*> Query::all() {
    std::vector<const Query*> queries;
    queries.reserve(count);
    for (const Query* query = newest; query != nullptr; query = query->next_)
        queries.push_back(query);
    return queries;
}

namespace detail {

void bad_enum(std::string_view text) {
    throw Failure(FailureKind::corrupt, "a stored name is none of its enum's: " + std::string(text));
}

}  // namespace detail

}  // namespace braid::sql
