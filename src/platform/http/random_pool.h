// Randomness in small pieces without a system call for each. Internal to this folder.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/random.h"

namespace braid::http {

// For nonces and masks, which every page needs; keys and session ids ask the source themselves. Each thread
// draws half a kilobyte at a time and wipes what it has given out. Thread-safe; not across fork().
class RandomPool final : public Random {
  public:
    explicit RandomPool(Random& source) : source_(source) {}

    void fill(std::span<std::byte> out) override {
        // One per pool, as a page asks several in turn: with a single one, each would throw away what the
        // other drew.
        thread_local std::array<Drawn, 4> all;
        Drawn& drawn = all[serial_ % all.size()];
        if (out.size() > drawn.bytes.size()) return source_.fill(out);
        if (drawn.pool != serial_ || drawn.left < out.size()) {
            source_.fill(drawn.bytes);
            drawn.left = drawn.bytes.size();
            drawn.pool = serial_;
        }
        drawn.left -= out.size();
        std::byte* from = drawn.bytes.data() + drawn.left;
        std::memcpy(out.data(), from, out.size());
        std::memset(from, 0, out.size());
    }

  private:
    struct Drawn {
        std::array<std::byte, 512> bytes{};
        std::size_t left = 0;
        std::uint64_t pool = 0;
    };
    static std::uint64_t next_serial() {
        static std::atomic<std::uint64_t> last{0};
        return ++last;
    }
    Random& source_;
    const std::uint64_t serial_ = next_serial();
};

}  // namespace braid::http
