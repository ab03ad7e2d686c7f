// Who wants nothing of whom. Below every room that shows people or what they wrote, so that all can obey.
//
// A mute: she sees nothing of the other, who notices nothing. A block: nor does the other see anything of
// her. Either way the effect is a row of the table `apart` (viewer, person): the viewer sees nothing of the
// person. What she does not see is not found, and in no list, count, notice or suggestion of hers.
//
// Whoever shows people, or what they wrote, to somebody puts the condition into the query itself:
//
//   "SELECT … FROM comments c WHERE … AND " BRAID_NOT_APART("$3", "c.author")
//
// with blocks::viewer_of(actor) as the parameter. Queries that list works have it in BRAID_WORKS_LISTED
// already. Numbers kept ready for everybody are made right for who needs it: take off what apart_from()
// hides, and only when actor.may_be_apart says that there may be somebody. Not for what staff does on
// moderation's pages, what a guardian sees of her child, and what a person holds of herself.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "platform/sql/sql.h"

namespace braid::blocks {

using access::Actor;
using access::PersonId;

// True in SQL when the viewer may see the person. Both are SQL of type BIGINT; a viewer of 0, a visitor, is
// apart from nobody. One search in the primary key of `apart`.
#define BRAID_NOT_APART(viewer, person) \
    "NOT EXISTS (SELECT 1 FROM apart WHERE apart.viewer = " viewer " AND apart.person = " person ")"

// The ids of whom the viewer does not see, as a subquery.
#define BRAID_APART_FROM(viewer) "(SELECT apart.person FROM apart WHERE apart.viewer = " viewer ")"

// The parameter for `viewer`: 0 for visitors.
[[nodiscard]] inline std::int64_t viewer_of(const Actor& actor) {
    return actor.person ? actor.person->value : 0;
}

// Whether the actor sees nothing of the person. Never of herself. The C++ of BRAID_NOT_APART.
[[nodiscard]] bool apart(sql::Session& session, const Actor& actor, PersonId person);
// Everybody of whom the actor sees nothing, by id. No query when she is known to have nobody.
[[nodiscard]] std::vector<PersonId> apart_from(sql::Session& session, const Actor& actor);
// Of those who might be told of something `person` did, or that names her: whether `viewer` is not to be.
[[nodiscard]] bool apart(sql::Session& session, PersonId viewer, PersonId person);

// Whether the person has blocked the actor: then there is nothing of hers that the actor could even report.
// What she keeps from herself she may still report.
[[nodiscard]] bool shut_out(sql::Session& session, const Actor& actor, PersonId person);

// Somebody of the actor's age and standing who is apart from nobody and has written nothing: for what she may
// report, and never for what she is shown.
[[nodiscard]] inline Actor anybody_like(Actor actor) {
    if (actor.person) actor.person = PersonId{};
    return actor;
}

// The channel to which every stream of live updates to a person listens beside its own: what is said there
// ends them when something changes between her and somebody.
[[nodiscard]] inline std::string person_channel(PersonId person) {
    return "person:" + person.text();
}

std::span<const sql::Migration> migrations();

}  // namespace braid::blocks
