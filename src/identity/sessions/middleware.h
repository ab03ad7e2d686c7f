// Who is asking: from the cookie or the token of a request to the Actor that policies see and the Viewer that
// pages show.
#pragma once

#include <functional>
#include <string_view>

#include "identity/sessions/service.h"
#include "platform/http/router.h"

namespace braid::sessions {

// Attaches access::Actor, shell::Viewer, http::Principal and Current. Stands outside of
// access::require_needs.
//
// Under /assets/ nobody is looked up. Under /api/ a call with an Authorization header counts by it alone: one
// that holds no bearer token, or one that is wrong or has ended, is answered with 401 at once; cookies are
// never looked at, since such a call passes without a CSRF token. Elsewhere the header means nothing.
// Anything else counts by its cookie, but not for a state-changing row that is not protected against
// cross-site requests (options.csrf).
//
// A page that answers 401 becomes a redirect to /sign-in that leads back (for a fragment: HX-Redirect). One
// that is refused because a trusted account's second factor is missing becomes a redirect to where it is set
// up.
http::Middleware attach_actor(Service& service,
                              std::function<http::Response(const http::Request&, const Error&)> error_page);

}  // namespace braid::sessions
