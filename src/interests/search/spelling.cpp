#include "interests/search/spelling.h"

#include <algorithm>
#include <set>

#include "interests/search/store.h"
#include "interests/search/terms.h"

namespace braid::search {

namespace {

constexpr std::size_t kCompared = 7, kShortest = 4, kTwoMistakesFrom = 8;

int allowed(std::size_t bytes) {
    return bytes < kShortest ? 0 : bytes < kTwoMistakesFrom ? 1 : 2;
}

// FNV-1a, 32 bits.
std::uint32_t hash_of(std::string_view text) {
    std::uint32_t hash = 2166136261U;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash;
}

void add_deletions(const std::string& text, int most, std::vector<std::uint32_t>& hashes) {
    hashes.push_back(hash_of(text));
    if (most == 0) return;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i > 0 && text[i] == text[i - 1]) continue;
        std::string shorter = text;
        shorter.erase(i, 1);
        add_deletions(shorter, most - 1, hashes);
    }
}

std::vector<std::uint32_t> keys_of(std::string_view word) {
    std::vector<std::uint32_t> hashes;
    add_deletions(std::string(word.substr(0, kCompared)), allowed(word.size()), hashes);
    std::ranges::sort(hashes);
    hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
    return hashes;
}

}  // namespace

Words::Words(std::vector<std::string> words) : words_(std::move(words)) {
    std::ranges::sort(words_);
    for (std::uint32_t i = 0; i < words_.size(); ++i)
        for (const std::uint32_t hash : keys_of(words_[i]))
            keys_.push_back({hash, i});
    std::ranges::sort(keys_);
    keys_.shrink_to_fit();
}

bool Words::knows(std::string_view word) const {
    return std::ranges::binary_search(words_, word);
}

std::vector<std::string> Words::near(std::string_view word, std::size_t limit) const {
    const int most = allowed(word.size());
    if (most == 0) return {};
    std::set<std::uint32_t> seen;
    std::vector<std::uint32_t> best;
    int nearest = most;
    for (const std::uint32_t hash : keys_of(word)) {
        for (auto at = std::ranges::lower_bound(keys_, Key{hash, 0}); at != keys_.end() && at->hash == hash;
             ++at) {
            if (!seen.insert(at->word).second || words_[at->word] == word) continue;
            const int far = distance(word, words_[at->word], nearest);
            if (far > nearest) continue;
            if (far < nearest) best.clear();
            nearest = far;
            best.push_back(at->word);
        }
    }
    const auto unlike = [&](std::uint32_t index) {
        const std::string& other = words_[index];
        return (other[0] == word[0] ? 0 : 2) + (other.size() == word.size() ? 0 : 1);
    };
    std::ranges::sort(best, [&](std::uint32_t a, std::uint32_t b) {
        return std::pair(unlike(a), a) < std::pair(unlike(b), b);
    });
    if (best.size() > limit) best.resize(limit);
    std::vector<std::string> found;
    for (const std::uint32_t index : best)
        found.push_back(words_[index]);
    return found;
}

std::shared_ptr<const Words> Spelling::current() const {
    static const auto none = std::make_shared<const Words>();
    auto held = current_.load();
    return held ? held : none;
}

void Spelling::refresh() {
    const std::lock_guard lock(reading_);
    database_.read([&](sql::Reader& reader) {
        const store::WordsRow now = store::count_words(reader);
        if (now.count == count_ && now.bytes == bytes_) return;
        current_.store(std::make_shared<const Words>(store::words(reader)));
        count_ = now.count;
        bytes_ = now.bytes;
    });
}

void Spelling::refresh_when_due() {
    using std::chrono::steady_clock;
    const auto start = steady_clock::now();
    {
        const std::lock_guard lock(reading_);
        if (start < due_) return;
    }
    refresh();
    const auto end = steady_clock::now();
    const std::lock_guard lock(reading_);
    due_ = end + (end - start) * 50;
}

}  // namespace braid::search
