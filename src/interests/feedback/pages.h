// Answering, for people: threads of comments as pages and fragments, the forms around them, kudos and
// bookmarks.
#pragma once

#include "base/random.h"
#include "identity/accounts/api.h"
#include "interests/feedback/service.h"
#include "interests/feedback/views.h"
#include "platform/http/router.h"

namespace braid::feedback {

class Pages {
  public:
    Pages(sql::Database& database, Service& service, const accounts::People& people, Random& random)
        : database_(database), service_(service), people_(people), random_(random) {}

    // `this` must outlive the router.
    void add_routes(http::Router& router);

  private:
    // Which comments of a chapter: on one paragraph, on the chapter as a whole, all of them, or one
    // conversation.
    struct Which {
        std::optional<std::string> paragraph;  // "" is the chapter as a whole; nothing: all
        std::optional<CommentId> conversation;
        std::optional<CommentId> from;  // start of the page
    };
    // What came back with an error, to be shown again.
    struct Refused {
        const Error* error = nullptr;
        std::string text, reply_to, token;
    };

    Result<http::Response> list(const http::Request& request);
    Result<http::Response> post(const http::Request& request);
    Result<http::Response> edit_form(const http::Request& request);
    Result<http::Response> edit(const http::Request& request);
    using Change = Result<Answered> (Service::*)(const Actor&, CommentId);
    Result<http::Response> change(const http::Request& request, Change change, std::string_view message);
    Result<http::Response> kudos(const http::Request& request);
    Result<http::Response> bookmark(const http::Request& request);
    Result<http::Response> live(const http::Request& request);

    Result<http::Response> show(const http::Request& request, WorkId work, ChapterId chapter,
                                const Which& which, bool fragment, int status, const Refused& refused);
    http::Response edit_view(const http::Request& request, const Answered& answered, const Error* error,
                             std::string_view text);
    // After something was done with a comment: its thread in place, or the page it is on.
    Result<http::Response> after(const http::Request& request, const Answered& answered,
                                 std::string_view message);
    void fill(sql::Session& session, const http::Request& request, const works::ChapterView& chapter,
              const Which& which, const Refused& refused, CommentsPage& page);

    sql::Database& database_;
    Service& service_;
    const accounts::People& people_;
    Random& random_;
};

}  // namespace braid::feedback
