// The pages of topics: browse, hubs, one's own interests, and wrangling.
#pragma once

#include <string>

#include "identity/accounts/api.h"
#include "interests/topics/service.h"
#include "interests/topics/views.h"
#include "interests/topics/wrangling.h"
#include "interests/works/api.h"
#include "platform/http/router.h"

namespace braid::topics {

class Pages {
  public:
    Pages(sql::Database& database, Vocabularies& vocabularies, Service& service, Wrangling& wrangling,
          const works::Library& library, const accounts::People& people, std::string public_url)
        : database_(database),
          vocabularies_(vocabularies),
          service_(service),
          wrangling_(wrangling),
          library_(library),
          people_(people),
          public_url_(std::move(public_url)) {}

    // `this` must outlive the router.
    void add_routes(http::Router& router);

  private:
    using Request = http::Request;
    using Response = http::Response;

    Result<Response> browse(const Request& request);
    Result<Response> suggest(const Request& request);
    Result<Response> hub(const Request& request);
    Result<Response> follow(const Request& request);
    Result<Response> unfollow(const Request& request);
    Result<Response> interests(const Request& request);
    Result<Response> add(const Request& request);
    Result<Response> pick(const Request& request);
    Result<Response> show(const Request& request);
    Result<Response> strength(const Request& request);
    Result<Response> remove(const Request& request);
    Result<Response> wrangling(const Request& request);
    Result<Response> link(const Request& request);
    Result<Response> aside(const Request& request);
    Result<Response> merge(const Request& request);
    Result<Response> below(const Request& request);
    Result<Response> split(const Request& request);
    Result<Response> undo(const Request& request);

    Result<Response> interests_page(const Request& request, int status, InterestsPage page);
    // Topics for words with commas between them.
    Result<std::vector<TopicId>> all_named(const Request& request, std::string_view words) const;
    Result<TopicId> named(const Request& request, std::string_view id, std::string_view words) const;

    sql::Database& database_;
    Vocabularies& vocabularies_;
    Service& service_;
    Wrangling& wrangling_;
    const works::Library& library_;
    const accounts::People& people_;
    std::string public_url_;
};

}  // namespace braid::topics
