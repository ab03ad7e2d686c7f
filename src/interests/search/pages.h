// The page of search: a form and what it finds, without script too; and what is offered while somebody types.
#pragma once

#include "interests/search/service.h"
#include "platform/http/router.h"

namespace braid::search {

// A question from an address: q, kind, language, tag (several, or one with commas), rating, status, by,
// exact, after. not_found for what names nothing.
Result<Query> query_of(const http::Request& request, const Finder& finder);

class Pages {
  public:
    Pages(sql::Database& database, const Finder& finder) : database_(database), finder_(finder) {}

    // `this` must outlive the router.
    void add_routes(http::Router& router);

  private:
    Result<http::Response> page(const http::Request& request) const;
    Result<http::Response> suggest(const http::Request& request) const;

    sql::Database& database_;
    const Finder& finder_;
};

}  // namespace braid::search
