// The tables of blocks and what follows from them. A change of `blocks` makes `apart` anew for the two.
#pragma once

#include <optional>
#include <vector>

#include "base/time.h"
#include "identity/blocks/api.h"
#include "identity/blocks/policy.h"
#include "identity/blocks/service.h"

namespace braid::blocks::store {

std::optional<Tie> tie(sql::Session& session, PersonId person, PersonId other);
int count(sql::Session& session, PersonId person);
// The newest first.
std::vector<Tie> ties(sql::Session& session, PersonId person, int limit);

void put(sql::Tx& tx, const access::Permit<KeepApart>& permit, PersonId other, Kind kind, Timestamp at);
// Whether there was one.
bool remove(sql::Tx& tx, const access::Permit<KeepApart>& permit, PersonId other);
// All that a person set and all that was set against her.
void forget(sql::Tx& tx, PersonId person);

}  // namespace braid::blocks::store
