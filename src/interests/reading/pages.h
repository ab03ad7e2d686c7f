// Reading, for people: the work page, the chapter page, the library, and where the reader is.
#pragma once

#include "identity/accounts/api.h"
#include "interests/feedback/api.h"
#include "interests/reading/prose_cache.h"
#include "interests/reading/service.h"
#include "platform/http/router.h"

namespace braid::reading {

class Pages {
  public:
    Pages(sql::Database& database, Service& service, const feedback::Answers& answers,
          const accounts::People& people, const TagHubs* hubs)
        : database_(database), service_(service), answers_(answers), people_(people), hubs_(hubs) {}

    // `this` must outlive the router.
    void add_routes(http::Router& router);

  private:
    ProseCache::Prose prose_of(sql::Session& session, works::ChapterView& chapter,
                               const feedback::ChapterCounts& counts, bool takes_comments,
                               i18n::Language language);
    Result<http::Response> work(const http::Request& request);
    Result<http::Response> chapter(const http::Request& request);
    Result<http::Response> progress(const http::Request& request);
    Result<http::Response> opened(const http::Request& request);
    Result<http::Response> library(const http::Request& request);

    sql::Database& database_;
    Service& service_;
    const feedback::Answers& answers_;
    const accounts::People& people_;
    const TagHubs* hubs_;
    ProseCache prose_{16U << 20U};
};

}  // namespace braid::reading
