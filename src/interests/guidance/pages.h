// Guidance for people: one's own list with what is not for one, and what to read after a chapter.
#pragma once

#include "interests/guidance/service.h"
#include "platform/http/router.h"

namespace braid::guidance {

class Pages {
  public:
    // Both must outlive the pages.
    Pages(sql::Database& database, Service& service) : database_(database), service_(service) {}

    // `this` must outlive the router.
    void add_routes(http::Router& router);

  private:
    Result<http::Response> mine(const http::Request& request);
    Result<http::Response> next(const http::Request& request);
    Result<http::Response> decline(const http::Request& request);

    sql::Database& database_;
    Service& service_;
};

}  // namespace braid::guidance
