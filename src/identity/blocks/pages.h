#pragma once

#include "identity/blocks/directory.h"
#include "identity/blocks/service.h"
#include "platform/http/router.h"

namespace braid::blocks {

// The list, and the question for one person: a page, or with script a dialog. All must outlive the router.
void add_pages(http::Router& router, sql::Database& database, Service& service, const Directory& directory);

}  // namespace braid::blocks
