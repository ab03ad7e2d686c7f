// /admin/audit: the log, for administrators.
#pragma once

#include "audit/module.h"

namespace braid::audit {

void add_pages(http::Router& router, sql::Database& database, const Names& names);

}  // namespace braid::audit
