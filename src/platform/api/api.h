// JSON endpoints, declared once: the declaration makes the route, the parsing and checking of the body, and
// the OpenAPI document. How a module declares its rows is shown in README.md beside this file.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"
#include "platform/api/codec.h"
#include "platform/http/router.h"

namespace braid::api {

// What a handler answers when the value alone is not enough.
template <class T>
struct Reply {
    T value{};
    int status = 0;  // 0: the first status declared by returns()
    std::vector<std::pair<std::string, std::string>> headers = {};
};
template <>
struct Reply<void> {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers = {};
};

// A parameter of the query. Its value is checked before the handler runs; the handler reads request.query.
struct Parameter {
    enum class Type { text, integer, boolean, id };
    std::string name;
    std::string says;
    Type type = Type::text;
    bool required = false;
    std::optional<std::int64_t> min = {}, max = {};  // of text: code points; of a number: its value
    std::vector<std::string_view> one_of = {};
};

struct Answer {
    int status;
    std::string says;
    std::string schema;  // empty: no body
};

// One row, with everything the document says of it.
struct Declaration {
    http::Method method = http::Method::get;
    std::string pattern;
    std::string_view action;
    std::string id;       // operationId: "createWork"
    std::string summary;  // "Start a work"
    std::string says;     // more than the summary, Markdown
    std::string tag;
    std::vector<std::pair<std::string, std::string>> path_says;
    std::vector<Parameter> query;
    std::string body_schema;  // empty: takes no body
    std::vector<Answer> answers;
    std::vector<int> errors;  // beyond those every row of its kind has
    http::RouteOptions options;
};

// What the credentials must be for an action; the program tells it from the policies.
struct Requirement {
    bool sign_in = false;
    std::string scope;  // of an API token
};

struct Options {
    std::string title = "Braid";
    std::string version = "1";
    std::string server_url;  // "" is the server itself
    std::function<Requirement(std::string_view action)> requirement;
};

namespace detail {
std::string tag_of(std::string_view pattern);
Result<Json> body_of(const http::Request& request);
Result<void> check_query(const Declaration& declaration, const http::Request& request);
http::Response answer(const Declaration& declaration, int status, std::string body, bool has_body,
                      std::vector<std::pair<std::string, std::string>> headers);
std::string next_link(const http::Request& request, std::string_view cursor);
template <class Out>
const Out& value_of(const Out& value) {
    return value;
}
template <class Out>
const Out& value_of(const Reply<Out>& reply) {
    return reply.value;
}
}  // namespace detail

class Api;

// Being declared; handle() adds the row. Body is what a request carries, Out what a success answers; void:
// nothing.
template <class Body, class Out>
class [[nodiscard]] Operation {
  public:
    Operation(Api& api, Declaration declaration) : api_(api), declaration_(std::move(declaration)) {}

    // The body, required, as JSON.
    template <class T>
    Operation<T, Out> body() &&;
    // A success. The first is what a handler answers unless its Reply names another status.
    template <class T>
    Operation<Body, T> returns(int status, std::string says) &&;
    Operation&& also_returns(int status, std::string says) && {
        declaration_.answers.push_back({status, std::move(says), declaration_.answers.at(0).schema});
        return std::move(*this);
    }
    // 200 with one page of a list of T. Declares the parameters `after` and `limit`; see page_of().
    template <class T>
    Operation<Body, Page<T>> returns_page(std::string says, int most = 100) &&;

    Operation&& query(Parameter parameter) && {
        declaration_.query.push_back(std::move(parameter));
        return std::move(*this);
    }
    // What a path parameter means.
    Operation&& path(std::string name, std::string says) && {
        declaration_.path_says.emplace_back(std::move(name), std::move(says));
        return std::move(*this);
    }
    // Error statuses beyond those that come by themselves: 400, 413, 415, 422 with a body, 422 with a query,
    // 404 with a path parameter, 401 and 403 where one must be signed in, 429 and 503 always.
    Operation&& errors(std::initializer_list<int> statuses) && {
        declaration_.errors.insert(declaration_.errors.end(), statuses);
        return std::move(*this);
    }
    Operation&& says(std::string markdown) && {
        declaration_.says = std::move(markdown);
        return std::move(*this);
    }
    Operation&& tag(std::string tag) && {
        declaration_.tag = std::move(tag);
        return std::move(*this);
    }
    Operation&& per_minute(int times) && {
        declaration_.options.per_minute = times;
        return std::move(*this);
    }
    Operation&& max_body(std::int64_t bytes) && {
        declaration_.options.max_body = bytes;
        return std::move(*this);
    }
    Operation&& cost(http::Cost cost) && {
        declaration_.options.cost = cost;
        return std::move(*this);
    }

    // `function` takes (const http::Request&, const Body&), without Body when there is none, and returns
    // Result<Out> or Result<Reply<Out>>. Adds the row; throws std::logic_error for a declaration that
    // contradicts itself.
    template <class Function>
    void handle(Function function) &&;

  private:
    Api& api_;
    Declaration declaration_;
};

// Collects the rows of all modules. Lives as long as the router whose rows it makes.
class Api {
  public:
    Api(http::Router& router, Options options);
    ~Api();

    Operation<void, void> get(std::string pattern, http::ActionRef action, std::string id,
                              std::string summary) {
        return declare(http::Method::get, std::move(pattern), action, std::move(id), std::move(summary));
    }
    Operation<void, void> post(std::string pattern, http::ActionRef action, std::string id,
                               std::string summary) {
        return declare(http::Method::post, std::move(pattern), action, std::move(id), std::move(summary));
    }
    Operation<void, void> put(std::string pattern, http::ActionRef action, std::string id,
                              std::string summary) {
        return declare(http::Method::put, std::move(pattern), action, std::move(id), std::move(summary));
    }
    Operation<void, void> patch(std::string pattern, http::ActionRef action, std::string id,
                                std::string summary) {
        return declare(http::Method::patch, std::move(pattern), action, std::move(id), std::move(summary));
    }
    Operation<void, void> del(std::string pattern, http::ActionRef action, std::string id,
                              std::string summary) {
        return declare(http::Method::del, std::move(pattern), action, std::move(id), std::move(summary));
    }

    // Serves the document; the row of the document is part of it. Call it after all modules have declared
    // theirs.
    void serve_document(std::string pattern, http::ActionRef action);
    // OpenAPI 3.1, JSON.
    [[nodiscard]] std::string document() const;
    [[nodiscard]] const std::deque<Declaration>& declarations() const { return declarations_; }
    // Throws std::logic_error naming the first route below /api/ that is not declared here.
    void require_all() const;

    // For Operation.
    Schemas& schemas() { return schemas_; }
    const Declaration& add(Declaration declaration);  // checked; keeps its address
    void route(const Declaration& declaration, http::Handler handler);

  private:
    Operation<void, void> declare(http::Method method, std::string pattern, http::ActionRef action,
                                  std::string id, std::string summary);

    http::Router& router_;
    Options options_;
    Schemas schemas_;
    std::deque<Declaration> declarations_;
    std::string served_, served_tag_;
};

// Where a page of a list begins and how long it may be, from the parameters `after` and `limit` that
// returns_page() declares.
struct PageRequest {
    std::string after;  // a cursor of an earlier page; empty: the beginning
    int limit;
};
PageRequest page_of(const http::Request& request, int usual = 20);
// 422 on `after`: it is no cursor that a page of this list gave.
Error bad_cursor();

// ---- what templates need ----

template <class Body, class Out>
template <class T>
Operation<T, Out> Operation<Body, Out>::body() && {
    static_assert(std::is_void_v<Body>, "the body is declared twice");
    declaration_.body_schema = schema<T>(api_.schemas());
    return {api_, std::move(declaration_)};
}

template <class Body, class Out>
template <class T>
Operation<Body, T> Operation<Body, Out>::returns(int status, std::string says) && {
    static_assert(std::is_void_v<Out>, "returns() is declared twice; another status is also_returns()");
    std::string out;
    if constexpr (!std::is_void_v<T>) out = schema<T>(api_.schemas());
    declaration_.answers.push_back({status, std::move(says), std::move(out)});
    return {api_, std::move(declaration_)};
}

template <class Body, class Out>
template <class T>
Operation<Body, Page<T>> Operation<Body, Out>::returns_page(std::string says, int most) && {
    declaration_.query.push_back(
        {.name = "after", .says = "The `next` of the page before; left out for the first page.", .max = 500});
    declaration_.query.push_back({.name = "limit",
                                  .says = "How many items at most.",
                                  .type = Parameter::Type::integer,
                                  .min = 1,
                                  .max = most});
    return std::move(*this).template returns<Page<T>>(200, std::move(says));
}

template <class Body, class Out>
template <class Function>
void Operation<Body, Out>::handle(Function function) && {
    const Declaration& declaration = api_.add(std::move(declaration_));
    api_.route(declaration,
               [&declaration,
                function = std::move(function)](const http::Request& request) -> Result<http::Response> {
                   TRY(detail::check_query(declaration, request));
                   const auto finish = [&](auto result) -> Result<http::Response> {
                       if (!result.ok()) return std::move(result).error();
                       int status = 0;
                       std::vector<std::pair<std::string, std::string>> headers;
                       std::string text;
                       using Given = typename decltype(result)::value_type;
                       if constexpr (std::is_same_v<Given, Reply<Out>>) {
                           status = result->status;
                           headers = std::move(result->headers);
                       }
                       if constexpr (!std::is_void_v<Out>) {
                           const Out& value = detail::value_of<Out>(*result);
                           write(text, value);
                           if constexpr (detail::is_page<Out>::value) {
                               if (!value.next.empty())
                                   headers.emplace_back("Link", detail::next_link(request, value.next));
                           }
                       }
                       return detail::answer(declaration, status, std::move(text), !std::is_void_v<Out>,
                                             std::move(headers));
                   };
                   if constexpr (std::is_void_v<Body>) {
                       return finish(function(request));
                   } else {
                       const Json json = TRY(detail::body_of(request));
                       Body body{};
                       Reading reading;
                       if (!read(json, body, reading)) return std::move(reading).error();
                       return finish(function(request, static_cast<const Body&>(body)));
                   }
               });
}

}  // namespace braid::api
