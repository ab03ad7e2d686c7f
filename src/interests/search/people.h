// People as a kind of things that are found, and the index of their names.
#pragma once

#include "interests/search/api.h"
#include "interests/search/store.h"

namespace braid::search {

// Who is found by whom: BRAID_ACCOUNTS_FOUND, asked of the live row. Found is whose name or handle has words
// that begin with each of those asked; when nobody is, whose words are a mistake away. Nobody is suggested.
class PeopleSource : public Source {
  public:
    [[nodiscard]] std::string_view kind() const override { return "person"; }
    [[nodiscard]] std::string_view label() const override;
    Matches find(sql::Session& session, const access::Actor& actor, Timestamp now, std::string_view words,
                 std::string_view language, std::size_t limit) const override;
};

// Brings the words of a person's name in line with what she is called now. Twice is the same.
void index_name(sql::Tx& tx, access::PersonId person);
// Up to `limit` people whose names are missing, old, or no longer to be found; how many there were.
int catch_up_names(sql::Database& database, int limit);

}  // namespace braid::search
