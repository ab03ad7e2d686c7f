// Codes that an app and the site make from one secret and the time: RFC 6238 (TOTP) over RFC 4226 (HOTP),
// with SHA-1, six digits and steps of thirty seconds, which is what every app understands. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace braid::factors {

inline constexpr std::size_t kSecretBytes = 20;  // RFC 4226 section 4, R6: as long as the hash
inline constexpr std::int64_t kStepSeconds = 30;
inline constexpr int kDigits = 6;

// RFC 4648 section 6, without padding: "JBSWY3DP…".
std::string base32(std::string_view bytes);
// In groups of four, for typing: "JBSW Y3DP …".
std::string grouped(std::string_view base32_text);

// RFC 4226 section 5.3: six digits.
std::string hotp(std::string_view secret, std::uint64_t counter);

// RFC 6238 section 4.2: steps since 1970.
std::int64_t step_at(Timestamp now);

// The step whose code `typed` is, of the one now, before and after (RFC 6238 section 5.2), if it is later
// than `last_step`: a code works once, and none that is older than it works afterwards. Spaces in `typed` do
// not count.
std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view typed, Timestamp now,
                                          std::int64_t last_step);

// What the picture for the app says:
// otpauth://totp/SITE:HANDLE?secret=…&issuer=SITE&algorithm=SHA1&digits=6&period=30
std::string otpauth_uri(std::string_view site, std::string_view handle, std::string_view secret);

}  // namespace braid::factors
