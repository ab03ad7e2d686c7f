// Randomness, injected so that tests can repeat themselves. Implementations for production use the operating
// system's generator and are fit for secrets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace braid {

// Thread-safe.
class Random {
  public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::byte> out) = 0;

    // `bytes` random bytes as base64url without padding (RFC 4648 section 5): 32 bytes give 43 characters.
    [[nodiscard]] std::string token(std::size_t bytes = 32);
};

// getrandom(2). Throws std::system_error when the kernel has none to give.
class SystemRandom final : public Random {
  public:
    void fill(std::span<std::byte> out) override;
};

// Deterministic, for tests only (splitmix64).
class SeededRandom final : public Random {
  public:
    explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
    void fill(std::span<std::byte> out) override;

  private:
    std::uint64_t state_;
};

}  // namespace braid
