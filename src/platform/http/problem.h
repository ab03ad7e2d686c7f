// What an error looks like over HTTP: its status, and the document for programs (RFC 9457).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "platform/http/message.h"

namespace braid::http {

// The one table of ErrorCode → status.
[[nodiscard]] int status_of(ErrorCode code);
// "Not Found" for 404; "" for a status without a name.
[[nodiscard]] std::string_view reason_of(int status);

// Message keys of the errors this folder makes; their text is in the shell's catalogue.
namespace message_keys {
inline constexpr std::string_view kBadRequest = "error.bad_request";    // 400, and broken framing
inline constexpr std::string_view kBadText = "error.bad_text";          // of a field: not UTF-8, or holds NUL
inline constexpr std::string_view kWrongMethod = "error.wrong_method";  // 405
inline constexpr std::string_view kTimeout = "error.timeout";           // 408
inline constexpr std::string_view kTooLarge = "error.too_large";        // 413, 431
inline constexpr std::string_view kUnsupported = "error.unsupported";   // 415
inline constexpr std::string_view kWrongHost = "error.wrong_host";      // 421
inline constexpr std::string_view kCsrf = "error.csrf";  // 403: the form is stale or from elsewhere
inline constexpr std::string_view kTooManyRequests = "error.too_many_requests";  // 429
inline constexpr std::string_view kInternal = "error.internal";                  // 500
inline constexpr std::string_view kUnavailable = "error.unavailable";            // 503
}  // namespace message_keys

// The text of a message for this request, with its arguments put in.
using MessageText = std::function<std::string(
    std::string_view key, const std::vector<std::pair<std::string, std::string>>& arguments)>;

// application/problem+json:
//   {"type":"about:blank","title":"Not
//   Found","status":404,"code":"not_found","detail":…,"instance":"/works/7","request_id":…,
//    "errors":[{"field":"title","code":"works.title_empty","detail":…}]}
// `detail` is the message's text, `errors` is left out when no field is wrong. Error::detail is never shown.
// Retry-After is set when the error has one.
[[nodiscard]] Response problem(const Request& request, const Error& error, const MessageText& text);

// Name of a code as the document and the log show it: "not_found".
[[nodiscard]] std::string_view code_name(ErrorCode code);

}  // namespace braid::http
