// The page of search: a form and what it finds, without script too.
#pragma once

#include "interests/search/service.h"
#include "platform/http/router.h"

namespace braid::search {

class Pages {
  public:
    explicit Pages(sql::Database& database) : database_(database) {}

    // `this` must outlive the router.
    void add_routes(http::Router& router);

  private:
    Result<http::Response> page(const http::Request& request) const;

    sql::Database& database_;
};

}  // namespace braid::search
