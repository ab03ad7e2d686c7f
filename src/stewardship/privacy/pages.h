#pragma once

#include "platform/http/router.h"
#include "stewardship/privacy/service.h"

namespace braid::privacy {

// One's data, a child's for her guardian, and what is kept for how long. The references must outlive the
// router.
void add_pages(http::Router& router, Service& service, sessions::Doors& doors);

// The session of a request and where it comes from, with a password typed.
Proof proof_of(const http::Request& request, const sessions::Doors& doors, std::string_view password);
// The archive as a download that no cache keeps.
http::Response download(const Service& service, const store::Export& file);

}  // namespace braid::privacy
