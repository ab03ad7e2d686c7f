// What a browser carries for us between two requests of a sign-in, in a cookie that only this site can write
// and that ends by itself. Whoever has the cookie can read it: it holds nothing that its owner may not know.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace braid::oidc {

class Luggage {
  public:
    // `kind` parts one use from another: what was packed as one is never unpacked as another.
    Luggage(std::string_view site_secret, std::string_view kind);

    [[nodiscard]] std::string pack(const std::vector<std::string>& things, Timestamp until) const;
    // Nothing when it was changed, has ended, or does not hold `count` things.
    [[nodiscard]] std::optional<std::vector<std::string>> unpack(std::string_view cookie, std::size_t count,
                                                                 Timestamp now) const;

  private:
    std::string key_;
};

}  // namespace braid::oidc
