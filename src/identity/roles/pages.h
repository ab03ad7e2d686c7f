#pragma once

#include "identity/roles/invitations.h"
#include "platform/http/router.h"

namespace braid::roles {

// People and what they are trusted with, for administrators; invitations. `public_url`: what their links
// begin with, without a slash at the end. The references must outlive the router.
void add_pages(http::Router& router, Service& service, Invitations& invitations, std::string public_url);

}  // namespace braid::roles
