// What protects people from the web around us: response headers, the token of forms, limits on how often.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/time.h"
#include "platform/http/rate_limit.h"
#include "platform/http/router.h"

namespace braid::http {

// Attached to every request by security_headers: the nonce that inline script and style of this one page
// carry.
struct CspNonce {
    std::string value;
};

// Attached by csrf: the value of a form's hidden field `_csrf`, or of the header x-csrf-token. A new text for
// every page (masked, so that compression tells nothing about it: the BREACH attack), all good as long as the
// visitor keeps the cookie.
struct CsrfToken {
    std::string value;
};

// Attached by the sessions middleware: who is asking, for limits per person. Any text that is one per person.
struct Principal {
    std::string key;
};

// Sets what a response does not set itself:
//   pages     Content-Security-Policy: default-src 'none', scripts and styles from here or with the nonce,
//   see the source the rest  Content-Security-Policy: default-src 'none'; frame-ancestors 'none' all
//   Referrer-Policy, X-Content-Type-Options, Permissions-Policy, Cross-Origin-Opener-Policy,
//             Cross-Origin-Resource-Policy, and Strict-Transport-Security when `secure`
//   pages     Cache-Control: private, no-cache when there is an ETag, else private, no-store
// The server puts it around the whole chain by itself (ServerOptions::security_headers).
Middleware security_headers(Random& random, bool secure);

struct CsrfOptions {
    std::string secret;      // the site's, at least 16 bytes; the same on every node
    std::string public_url;  // as in ServerOptions: its origin is ours, and https adds the __Host- prefix to
                             // the cookie
};

// Cross-site request forgery (OWASP: signed double submit, with fetch metadata and Origin). A state-changing
// request to a row with options.csrf passes when
//   Sec-Fetch-Site, where sent, says same-origin or none;
//   Origin, where sent, is ours; and
//   the token is the HMAC-SHA256 of the visitor's cookie under the site's secret.
// Else it is refused: 403, error.csrf. Rows with csrf = false are left alone, and so are API calls (paths
// below /api/) without any cookie or with an Authorization header of any scheme: the sessions middleware must
// not look at the cookies of the latter. Throws std::logic_error for a short secret.
Middleware csrf(CsrfOptions options, Random& random);

inline constexpr std::string_view kCsrfField = "_csrf";
inline constexpr std::string_view kCsrfHeader = "x-csrf-token";

// The rule of RouteOptions::per_minute, and a limit for the whole site per address: 429 with Retry-After. Per
// address, and where a Principal is attached per person as well. `site_per_minute` 0: none. The server puts
// it next to the handler by itself.
Middleware rate_limits(RateLimiter& limiter, int site_per_minute);

// "https://braid.example:8443" of a URL: scheme and authority in lower case, default port left out. "" when
// it is no http(s) URL.
std::string origin_of(std::string_view url);

}  // namespace braid::http
