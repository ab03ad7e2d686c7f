// argon2 --passes 2 --memory-kib 19456 [--threads 2] [--seconds 5]
//
// The least that checking passwords costs: Argon2id by libsodium alone, on so many threads at once, each over
// and over. One line of JSON: per_second.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sodium.h>

int main(int count, char** words) {
    unsigned long long passes = 2;
    std::size_t memory_kib = 19456;
    unsigned threads = std::thread::hardware_concurrency();
    double seconds = 5;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view name = words[i];
        const char* value = words[i + 1];
        if (name == "--passes") passes = std::strtoull(value, nullptr, 10);
        if (name == "--memory-kib") memory_kib = std::strtoull(value, nullptr, 10);
        if (name == "--threads") threads = static_cast<unsigned>(std::strtoul(value, nullptr, 10));
        if (name == "--seconds") seconds = std::strtod(value, nullptr);
    }
    if (sodium_init() < 0) return 1;
    constexpr std::string_view kPassword = "harbour-lights-2026";
    char stored[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(stored, kPassword.data(), kPassword.size(), passes, memory_kib << 10,
                              crypto_pwhash_ALG_ARGON2ID13) != 0) {
        std::fputs("argon2: no memory\n", stderr);
        return 1;
    }
    std::atomic<long> checked{0};
    const auto start = std::chrono::steady_clock::now();
    const auto end = start + std::chrono::duration<double>(seconds);
    std::vector<std::jthread> running;
    for (unsigned i = 0; i < threads; ++i) {
        running.emplace_back([&] {
            while (std::chrono::steady_clock::now() < end) {
                if (crypto_pwhash_str_verify(stored, kPassword.data(), kPassword.size()) == 0) ++checked;
            }
        });
    }
    running.clear();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("{\"per_second\": %.2f}\n", static_cast<double>(checked) / took.count());
}
