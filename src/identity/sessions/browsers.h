// Which accounts somebody came in to with this browser before, told by a cookie that only this site can write
// (after OWASP's "device cookies"). It opens nothing: a browser that is known is counted for itself when
// passwords are tried, so that strangers who try an account cannot lock its owner out.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/time.h"

namespace braid::sessions {

inline constexpr Duration kBrowserLife = std::chrono::hours(24 * 180);
inline constexpr std::size_t kAccountsPerBrowser = 5;

// The cookie is up to five entries, the newest first, joined by '.': NONCE~DAY~MAC, where DAY counts from
// 1970 and MAC is BLAKE2b-128, keyed from the site's secret, of account, NONCE and DAY. No account is named
// in it.
class KnownBrowsers {
  public:
    explicit KnownBrowsers(std::string_view secret);

    // The entry's nonce when somebody came in to `account` with this browser within kBrowserLife.
    [[nodiscard]] std::optional<std::string> known(std::string_view cookie, std::string_view account,
                                                   Timestamp now) const;
    // The cookie with a fresh entry for `account`; what has ended or is not ours is left out.
    [[nodiscard]] std::string with(std::string_view cookie, std::string_view account, Random& random,
                                   Timestamp now) const;

  private:
    [[nodiscard]] std::string mac(std::string_view account, std::string_view nonce,
                                  std::string_view day) const;

    std::array<unsigned char, 32> key_{};
};

}  // namespace braid::sessions
