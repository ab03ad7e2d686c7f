// Looking around, for people: home, lists, tags, a person's public page.
#pragma once

#include "identity/accounts/api.h"
#include "interests/discovery/views.h"
#include "interests/feedback/api.h"
#include "interests/guidance/api.h"
#include "interests/reading/api.h"
#include "interests/topics/api.h"
#include "interests/works/api.h"
#include "platform/http/router.h"

namespace braid::discovery {

class Pages {
  public:
    Pages(sql::Database& database, const works::Library& library, const feedback::Answers& answers,
          const reading::Progress& progress, const accounts::People& people,
          const topics::Interests& interests, const guidance::Guide& guide)
        : database_(database),
          library_(library),
          answers_(answers),
          progress_(progress),
          people_(people),
          interests_(interests),
          guide_(guide) {}

    // `this` must outlive the router.
    void add_routes(http::Router& router);

  private:
    Result<http::Response> home(const http::Request& request);
    Result<http::Response> visitor(const http::Request& request);
    Result<http::Response> member(const http::Request& request);
    Result<http::Response> read(const http::Request& request);
    Result<http::Response> tag(const http::Request& request);
    Result<http::Response> person(const http::Request& request);
    Result<http::Response> list(const http::Request& request, std::optional<std::string> tag);
    std::string hub_of(const http::Request& request, const std::string& key, std::string_view spoken) const;

    sql::Database& database_;
    const works::Library& library_;
    const feedback::Answers& answers_;
    const reading::Progress& progress_;
    const accounts::People& people_;
    const topics::Interests& interests_;
    const guidance::Guide& guide_;
};

}  // namespace braid::discovery
