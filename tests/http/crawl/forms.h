// What a browser or a program would plausibly send: taken from the forms of the pages and from the API's
// document, so that a refused request would have gone through if nobody had looked.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "crawl/replies.h"
#include "platform/http/router.h"
#include "support/http_client.h"

namespace braid::testing::crawl {

struct Form {
    std::string action;   // a path of the site, as the page says it
    test::Pairs fields;   // what the page fills in, and something plausible where a person would type
    bool upload = false;  // multipart
};
// The forms of a page that post; `here` is its own path, for forms without an action.
std::vector<Form> forms_of(const std::string& html, const std::string& here);

// The bodies of the routes that change something, by "POST /works/{work:id}/kudos".
class Bodies {
  public:
    // Of the API: every operation that takes one.
    void learn_document(const std::string& document, const http::Router& router);
    // Of a page; values that are one of `things` become places to fill.
    void learn_page(const std::string& html, const std::string& here, const Things& things,
                    const http::Router& router);
    // By hand, for what no page shows as a form.
    void teach(const std::string& row, test::Pairs fields) { forms_[row] = {"", std::move(fields), false}; }

    [[nodiscard]] bool knows(const http::Route& route) const;
    // Sends it with the things in their places.
    test::Reply send(test::HttpClient& client, const http::Route& route, const std::string& path,
                     const Things& things) const;

  private:
    std::map<std::string, Form> forms_;
    std::map<std::string, std::string> json_;
};

std::string row_of(const http::Route& route);

}  // namespace braid::testing::crawl
