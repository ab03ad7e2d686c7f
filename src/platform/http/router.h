// The list of what can be asked for. Every row names the action it is, so that no request is answered without
// a policy.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/message.h"

namespace braid::http {

// Name of an action of the access layer. No default: a row without an action does not compile.
// access::action<A>() makes it.
class ActionRef {
  public:
    explicit constexpr ActionRef(std::string_view name) : name_(name) {}
    [[nodiscard]] constexpr std::string_view name() const { return name_; }

  private:
    std::string_view name_;
};

using Handler = std::function<Result<Response>(const Request&)>;
using Next = std::function<Response(Request&)>;
using Middleware = std::function<Response(Request&, const Next&)>;

enum class Cost {
    reads,  // a few database reads: on SQLite it runs on the I/O thread, else on a worker
    waits,  // commits, hashes, images, files: always on a worker
};

struct RouteOptions {
    Cost cost = Cost::waits;            // GET rows that only read say Cost::reads
    std::int64_t max_body = 256 << 10;  // bytes; beyond it 413
    bool accepts_uploads = false;       // multipart/form-data allowed
    bool csrf = true;  // state-changing methods need the token; API rows with bearer tokens do not
    // A token bucket per client address and per signed-in person: 429 with Retry-After beyond it. 0: only the
    // site-wide limit.
    int per_minute = 0;
};

struct Route {
    Method method;
    std::string pattern;  // /works/{work:id}/chapters/{n:int}/{slug:text}; text is one segment; {rest:path}
                          // takes the rest
    ActionRef action;
    Handler handler;
    RouteOptions options = {};
    std::size_t index = 0;  // place in the router's list, set by add()
};

// Filled before the server starts, then read by many threads.
class Router {
  public:
    Router();
    Router(Router&&) = default;
    Router& operator=(Router&&) = default;
    Router(const Router&) = delete;  // matches point into this one
    Router& operator=(const Router&) = delete;
    void add(Route route);  // throws std::logic_error on a duplicate or malformed pattern
    void get(std::string pattern, ActionRef action, Handler handler,
             RouteOptions options = {.cost = Cost::reads});
    void post(std::string pattern, ActionRef action, Handler handler, RouteOptions options = {});

    struct Match {
        const Route* route = nullptr;  // nullptr: no such path
        bool wrong_method = false;     // the path exists for `allowed` only: 405
        std::string allowed;
        Fields parameters;
    };
    // HEAD finds GET rows. Literal segments win over parameters.
    [[nodiscard]] Match find(Method method, std::string_view path) const;
    [[nodiscard]] const std::deque<Route>& routes() const { return routes_; }

  private:
    // A deque: rows keep their address, matches point at them.
    std::deque<Route> routes_;
    struct Node;
    std::shared_ptr<Node> root_;  // shared_ptr only because Node is incomplete here
};

}  // namespace braid::http
