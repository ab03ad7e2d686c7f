// Requests and responses as handlers see them. No HTTP library appears here.
#pragma once

#include <any>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeindex>
#include <utility>
#include <variant>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"

namespace braid::http {

struct Route;

enum class Method { get, head, post, put, patch, del, options };
std::string_view method_name(Method method);
std::optional<Method> method_from_name(
    std::string_view name);  // case-sensitive, as RFC 9110 section 9.1 says

// Decoded name=value pairs in the order they came; a name may repeat.
class Fields {
  public:
    void add(std::string name, std::string value) { items_.emplace_back(std::move(name), std::move(value)); }
    // First value, or nothing.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    // First value, or "".
    [[nodiscard]] std::string_view get(std::string_view name) const { return find(name).value_or(""); }
    [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const { return find(name).has_value(); }
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& items() const { return items_; }

  private:
    std::vector<std::pair<std::string, std::string>> items_;
};

// A file of a multipart form, already on disk. Removed when the request ends, unless moved away.
struct Upload {
    std::string field;
    std::string filename;      // as sent, never a path; for showing only
    std::string content_type;  // as claimed; not to be believed
    std::filesystem::path path;
    std::int64_t size = 0;
};

struct Form {
    Fields fields;
    std::vector<Upload> uploads;
    [[nodiscard]] std::string_view get(std::string_view name) const { return fields.get(name); }
    [[nodiscard]] const Upload* upload(std::string_view field) const;  // nullptr when absent or empty
};

// Why a request is answered with an error instead of by its handler. Set by the server (no such route, body
// too large …) or by middleware (CSRF, rate limit): the chain still runs, so that the page wears its usual
// frame, but no handler does.
struct Refusal {
    Error error;
    int status = 0;  // 0: the status of the error's code, see problem.h
    std::vector<std::pair<std::string, std::string>> headers;  // added to the answer
};

// One request. Lives on one thread at a time. Moves, never copied: it owns the files of its form.
class Request {
  public:
    Request() = default;
    Request(Request&&) = default;
    Request& operator=(Request&&) = default;
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;
    ~Request();

    Method method = Method::get;
    std::string target;  // as sent: /works/7?page=2
    std::string path;    // decoded once, normalised, begins with '/'
    Fields query;
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string body;                                          // whole body, unless it was a form
    Form form;                                                 // urlencoded or multipart
    std::string id;              // request id: from a trusted proxy or made here
    std::string remote_address;  // of the client, seen through trusted proxies
    std::string host;            // authority asked for, checked against the configuration
    bool secure = false;         // over TLS, here or at a trusted proxy
    Timestamp received;
    std::string_view route;          // pattern of the matched route; "" when none did
    const Route* matched = nullptr;  // the row itself; nullptr when none did
    std::optional<Refusal> refusal;

    [[nodiscard]] std::optional<std::string_view> header(std::string_view lower_case_name) const;
    [[nodiscard]] std::optional<std::string_view> cookie(std::string_view name) const;

    // Path parameters, already checked against the pattern's type by the router.
    template <class IdType>
    [[nodiscard]] IdType path_id(std::string_view name) const {
        return *IdType::parse(path_text(name));
    }
    [[nodiscard]] std::int64_t path_integer(std::string_view name) const;
    [[nodiscard]] std::string_view path_text(std::string_view name) const;
    Fields path_parameters;

    // What middleware attaches for handlers: one value per type.
    template <class T>
    void attach(T value) {
        attachments_.emplace_back(std::type_index(typeid(T)), std::move(value));
    }
    template <class T>
    [[nodiscard]] const T* attached() const {
        for (const auto& [type, value] : attachments_) {
            if (type == std::type_index(typeid(T))) return std::any_cast<T>(&value);
        }
        return nullptr;
    }

    // A page fragment is wanted (HX-Request header of htmx), not a whole page.
    [[nodiscard]] bool wants_fragment() const { return header("hx-request").has_value(); }
    // JSON rather than a page: the path begins with /api/ or Accept prefers application/json.
    [[nodiscard]] bool wants_json() const;

  private:
    std::vector<std::pair<std::type_index, std::any>> attachments_;
};

struct Cookie {
    std::string name, value;
    Duration max_age{0};  // 0: until the browser closes; negative: delete now
    bool http_only = true;
    std::string same_site = "Lax";
    std::string path = "/";
    // Secure is added by the server when the site is served over https.
};

// A stored file to send, with ranges (RFC 9110 section 14) and If-None-Match by its strong ETag.
struct FileBody {
    std::filesystem::path path;
    std::int64_t size = 0;
};

// A server-sent events stream that listens to the named channels of the LiveHub.
struct LiveBody {
    std::vector<std::string> channels;
};

// Bytes that live as long as the program (embedded, compressed at build).
struct StaticBody {
    std::string_view identity, gzip, brotli;  // empty: not available in that coding
};

struct Response {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::vector<Cookie> cookies;
    std::variant<std::string, FileBody, LiveBody, StaticBody> body;

    // First value, or nothing. Names compare without case.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
    Response& set(std::string name, std::string value);  // replaces
    Response& add_cookie(Cookie cookie);
    // Conditional GET: 304 is answered when If-None-Match matches (RFC 9110 section 13). The tag without
    // quotes.
    Response& etag(std::string_view tag);

    static Response html(int status, std::string body);
    static Response text(int status, std::string body);
    static Response json(int status, std::string body);
    // 303 to a path of this site: begins with one '/', never "//" or a scheme (that is a bug and becomes
    // "/").
    static Response see_other(std::string path);
    // 303 to another site, whose address an operator has configured: never one that came with a request.
    static Response see_elsewhere(std::string url);
    static Response no_content();
    static Response file(FileBody file, std::string media_type);
    static Response live(std::vector<std::string> channels);
};

// The value of a Set-Cookie header (RFC 6265 section 4.1). A name, value or path that could break out of it
// is a bug: std::logic_error.
std::string set_cookie_text(const Cookie& cookie, bool secure);

// `next` from a form or query made safe to redirect to: a path of this site, else `fallback`.
std::string local_path(std::string_view next, std::string_view fallback);

}  // namespace braid::http
