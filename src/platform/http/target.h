// What a request line and the headers around it ask for. Internal to this folder.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/form.h"
#include "platform/http/message.h"

namespace braid::http {

// Fills target, path, query and, from the absolute form, host (RFC 9112 section 3.2). The path is decoded
// once and its dot segments are resolved (RFC 3986 section 5.2.4); it holds valid UTF-8 without NUL.
Result<void> parse_target(Request& request, std::string_view target, const FormLimits& limits);

// Host and optional port as RFC 3986 section 3.2 writes them, without user information.
bool is_authority(std::string_view text);
// "Example.org:8080" → "example.org", "[::1]:80" → "::1".
std::string host_name(std::string_view authority);

// Addresses of proxies in front of us.
class TrustedProxies {
  public:
    // "10.0.0.0/8", "::1", "192.0.2.7". Throws std::invalid_argument for anything else.
    explicit TrustedProxies(const std::vector<std::string>& blocks);
    [[nodiscard]] bool trusts(std::string_view address) const;
    // Sets remote_address, secure, host and id from the X-Forwarded-For, -Proto, -Host and X-Request-Id
    // headers when the peer (request.remote_address so far) is trusted; the client is the last address in
    // X-Forwarded-For that is not a proxy of ours.
    void apply(Request& request) const;

  private:
    struct Block {
        std::array<unsigned char, 16> address{};
        int bits = 128;
    };
    std::vector<Block> blocks_;
};

}  // namespace braid::http
