#include "platform/http/security.h"

#include <sodium.h>

#include <array>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "base/text.h"
#include "platform/http/problem.h"
#include "platform/http/random_pool.h"

namespace braid::http {

namespace {

constexpr std::size_t kTokenBytes = 16;  // of the HMAC, and of the mask
using TokenBytes = std::array<unsigned char, kTokenBytes>;

void set_default(Response& response, std::string_view name, std::string_view value) {
    if (!response.header(name)) response.headers.emplace_back(name, value);
}

bool is_page(const Response& response) {
    const auto type = response.header("content-type");
    return type && type->starts_with("text/html");
}

std::string page_policy(std::string_view nonce) {
    std::string policy;
    policy.reserve(400);
    policy += "default-src 'none'; script-src 'self' 'nonce-";
    policy += nonce;
    policy += "'; style-src 'self' 'nonce-";
    policy += nonce;
    policy +=
        "'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'";
    return policy;
}

// The authenticator of one visitor's cookie, with the key's part of the work done once.
class TokenMaker {
  public:
    explicit TokenMaker(const std::string& secret) {
        crypto_auth_hmacsha256_init(&keyed_, reinterpret_cast<const unsigned char*>(secret.data()),
                                    secret.size());
    }
    [[nodiscard]] TokenBytes token(std::string_view cookie) const {
        crypto_auth_hmacsha256_state state = keyed_;
        std::array<unsigned char, crypto_auth_hmacsha256_BYTES> full{};
        crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(cookie.data()),
                                      cookie.size());
        crypto_auth_hmacsha256_final(&state, full.data());
        TokenBytes cut{};
        std::memcpy(cut.data(), full.data(), cut.size());
        return cut;
    }

  private:
    crypto_auth_hmacsha256_state keyed_{};
};

std::string masked(const TokenBytes& token, Random& random) {
    std::array<char, kTokenBytes * 2> bytes{};
    random.fill(std::as_writable_bytes(std::span(bytes).first(kTokenBytes)));
    for (std::size_t i = 0; i < kTokenBytes; ++i)
        bytes[kTokenBytes + i] = static_cast<char>(bytes[i] ^ token[i]);
    return base64url({bytes.data(), bytes.size()});
}

bool matches(std::string_view sent, const TokenBytes& token) {
    const auto bytes = from_base64url(sent);
    if (!bytes || bytes->size() != kTokenBytes * 2) return false;
    TokenBytes unmasked{};
    for (std::size_t i = 0; i < kTokenBytes; ++i) {
        unmasked[i] = static_cast<unsigned char>((*bytes)[i] ^ (*bytes)[kTokenBytes + i]);
    }
    return sodium_memcmp(unmasked.data(), token.data(), kTokenBytes) == 0;
}

bool changes_state(Method method) {
    return method != Method::get && method != Method::head && method != Method::options;
}

// A page elsewhere can make a browser send cookies, but no Authorization header of its choice: that takes a
// preflight, which is never granted. So an API call that shows a header like that, or no cookie, carries
// nobody's authority that a browser added by itself. Pages are answered by cookies whatever else is sent.
bool carries_no_cookie_authority(const Request& request) {
    return request.path.starts_with("/api/") &&
           (request.header("authorization") || !request.header("cookie"));
}

// What the browser says about where a request comes from. Absent headers say nothing.
bool comes_from_here(const Request& request, std::string_view our_origin) {
    if (const auto site = request.header("sec-fetch-site"); site && *site != "same-origin" && *site != "none")
        return false;
    const auto origin = request.header("origin");
    if (!origin) return true;
    if (!our_origin.empty() && *origin == our_origin) return true;
    return *origin == (request.secure ? "https://" : "http://") + request.host;
}

}  // namespace

std::string origin_of(std::string_view url) {
    const auto colon = url.find("://");
    if (colon == std::string_view::npos) return {};
    const std::string scheme = ascii_lower(url.substr(0, colon));
    if (scheme != "http" && scheme != "https") return {};
    std::string_view rest = url.substr(colon + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    if (rest.empty() || rest.find('@') != std::string_view::npos) return {};
    std::string authority = ascii_lower(rest);
    const std::string_view default_port = scheme == "https" ? ":443" : ":80";
    if (authority.ends_with(default_port)) authority.resize(authority.size() - default_port.size());
    return scheme + "://" + authority;
}

Middleware security_headers(Random& random, bool secure) {
    // Shared by the copies std::function makes of this middleware.
    const auto pool = std::make_shared<RandomPool>(random);
    return [pool, secure](Request& request, const Next& next) {
        if (request.attached<CspNonce>() == nullptr) request.attach(CspNonce{pool->token(16)});
        Response response = next(request);
        const bool page = is_page(response);
        if (page) {
            if (!response.header("content-security-policy")) {
                response.headers.emplace_back("Content-Security-Policy",
                                              page_policy(request.attached<CspNonce>()->value));
            }
            set_default(response, "Cache-Control",
                        response.header("etag") ? "private, no-cache" : "private, no-store");
            set_default(response, "Permissions-Policy",
                        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()");
        } else {
            set_default(response, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        }
        set_default(response, "Referrer-Policy", "strict-origin-when-cross-origin");
        set_default(response, "X-Content-Type-Options", "nosniff");
        set_default(response, "Cross-Origin-Opener-Policy", "same-origin");
        set_default(response, "Cross-Origin-Resource-Policy", "same-origin");
        if (secure || request.secure)
            set_default(response, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        return response;
    };
}

Middleware csrf(CsrfOptions options, Random& random) {
    if (options.secret.size() < 16)
        throw std::logic_error("csrf: the site's secret is shorter than 16 bytes");
    const std::string origin = origin_of(options.public_url);
    const bool host_prefix = origin.starts_with("https://");
    // Shared by the copies std::function makes of this middleware.
    const auto maker = std::make_shared<const TokenMaker>("braid csrf 1:" + options.secret);
    const auto pool = std::make_shared<RandomPool>(random);
    const std::string cookie_name = host_prefix ? "__Host-braid_csrf" : "braid_csrf";
    return [=, &random](Request& request, const Next& next) {
        if (request.matched != nullptr && !request.matched->options.csrf) return next(request);
        if (carries_no_cookie_authority(request)) return next(request);
        const auto sent = request.cookie(cookie_name);
        // A cookie of another shape is not ours: it is replaced.
        const bool kept = sent && sent->size() == 22 && from_base64url(*sent);
        const std::string cookie = kept ? std::string(*sent) : random.token(16);
        const TokenBytes token = maker->token(cookie);
        request.attach(CsrfToken{masked(token, *pool)});

        if (changes_state(request.method) && !request.refusal) {
            const auto header = request.header(kCsrfHeader);
            const std::string_view shown = header ? *header : request.form.get(kCsrfField);
            if (!kept || !comes_from_here(request, origin) || !matches(shown, token)) {
                request.refusal = Refusal{
                    forbidden(std::string(message_keys::kCsrf), "cross-site request or stale form"), 0, {}};
            }
        }
        Response response = next(request);
        if (!kept && is_page(response)) response.add_cookie({.name = cookie_name, .value = cookie});
        return response;
    };
}

Middleware rate_limits(RateLimiter& limiter, int site_per_minute) {
    return [&limiter, site_per_minute](Request& request, const Next& next) {
        if (request.refusal) return next(request);
        int wait = limiter.take(request.remote_address, site_per_minute);
        const Route* route = request.matched;
        if (wait == 0 && route != nullptr && route->options.per_minute > 0) {
            const int limit = route->options.per_minute;
            const std::string row = std::to_string(route->index) + ' ';
            wait = limiter.take(row + request.remote_address, limit);
            const auto* principal = request.attached<Principal>();
            if (wait == 0 && principal != nullptr) wait = limiter.take(row + "p " + principal->key, limit);
        }
        if (wait > 0) {
            Error error{
                ErrorCode::too_many_requests, std::string(message_keys::kTooManyRequests), {}, {}, {}, wait};
            error.arguments.emplace_back("seconds", std::to_string(wait));
            request.refusal = Refusal{std::move(error), 0, {}};
        }
        return next(request);
    };
}

}  // namespace braid::http
