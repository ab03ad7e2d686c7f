// The things of works, feedback and accounts, as kinds of report.
#pragma once

#include "identity/accounts/api.h"
#include "interests/feedback/api.h"
#include "stewardship/moderation/api.h"

namespace braid::moderation {

// What the references of these kinds point to must outlive them.
void add_work_kinds(Kinds& kinds, const works::Library& library, works::Oversight& works);  // work, chapter
void add_comment_kind(Kinds& kinds, const works::Library& library, feedback::Oversight& comments);
void add_profile_kind(Kinds& kinds, const accounts::Accounts& accounts);
// Something that has no kind of its own: told in the reporter's words alone.
inline constexpr std::string_view kElsewhere = "elsewhere";
inline constexpr std::string_view kProfile = "profile";

}  // namespace braid::moderation
