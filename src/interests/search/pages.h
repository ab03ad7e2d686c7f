// The page of search: a form and what it finds, without script too.
#pragma once

#include "interests/search/service.h"
#include "platform/http/router.h"

namespace braid::search {

class Pages {
  public:
    Pages(sql::Database& database, const Service& service) : database_(database), service_(service) {}

    // `this` must outlive the router.
    void add_routes(http::Router& router);

  private:
    Result<http::Response> page(const http::Request& request) const;

    sql::Database& database_;
    const Service& service_;
};

}  // namespace braid::search
