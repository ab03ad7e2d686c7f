// What one may not see takes as long as what is not there. Whether there is something shows in the time when
// what follows a look-up is asked only after a find; so it is asked always, and about nobody when nothing was
// found:
//
//   const auto card = people.by_handle(session, handle);
//   const bool away = blocks::apart(session, actor, access::id_of(card, &PersonCard::id));
//   if (!card || away) return not_found("…");
//
// tests/http/crawler_test.cpp compares the statements of every route.
#pragma once

#include <optional>

namespace braid::access {

// The id of what was found, or the id that nothing has.
template <class Thing, class Id>
[[nodiscard]] Id id_of(const std::optional<Thing>& found, Id Thing::*id) {
    return found ? (*found).*id : Id{};
}

}  // namespace braid::access
