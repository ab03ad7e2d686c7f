#include "base/random.h"

#include <sys/random.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include "base/text.h"

namespace braid {

std::string Random::token(std::size_t bytes) {
    std::vector<std::byte> raw(bytes);
    fill(raw);
    return base64url({reinterpret_cast<const char*>(raw.data()), raw.size()});
}

void SystemRandom::fill(std::span<std::byte> out) {
    std::size_t done = 0;
    while (done < out.size()) {
        const ssize_t got = getrandom(out.data() + done, out.size() - done, 0);
        if (got < 0) {
            if (errno == EINTR) continue;
            throw std::system_error(errno, std::generic_category(), "getrandom");
        }
        done += static_cast<std::size_t>(got);
    }
}

void SeededRandom::fill(std::span<std::byte> out) {
    for (std::byte& b : out) {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
        b = static_cast<std::byte>(z ^ (z >> 31U));
    }
}

}  // namespace braid
