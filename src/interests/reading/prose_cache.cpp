#include "interests/reading/prose_cache.h"

#include <string_view>

namespace braid::reading {

namespace {

// splitmix64's last step: every bit of the input moves about half of those of the output.
std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31U);
}

}  // namespace

std::uint64_t counts_mark(const feedback::ChapterCounts& counts) {
    std::uint64_t mark = counts.by_paragraph.size();
    // A sum, since the order of a hash table says nothing.
    for (const auto& [paragraph, comments] : counts.by_paragraph) {
        std::uint64_t one = static_cast<std::uint64_t>(comments);
        for (const char c : paragraph)
            one = mixed(one + 0x9E3779B97F4A7C15ULL + static_cast<unsigned char>(c));
        mark += mixed(one);
    }
    return mark;
}

std::size_t ProseCache::Hash::operator()(const ProseKey& key) const {
    std::uint64_t hash = mixed(static_cast<std::uint64_t>(key.chapter.value));
    hash = mixed(hash + static_cast<std::uint64_t>(key.stamp.revision * 1024 + key.stamp.sanitiser));
    return mixed(hash + key.counts + static_cast<std::uint64_t>(key.language) * 2 +
                 (key.takes_comments ? 1 : 0));
}

ProseCache::Prose ProseCache::find(const ProseKey& key) {
    const std::lock_guard lock(mutex_);
    const auto place = places_.find(key);
    if (place == places_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, place->second);
    return place->second->prose;
}

void ProseCache::keep(const ProseKey& key, Prose prose) {
    const std::size_t size = prose->view().size();
    if (size > max_bytes_) return;
    const std::lock_guard lock(mutex_);
    if (places_.contains(key)) return;
    entries_.push_front({key, std::move(prose)});
    places_.emplace(key, entries_.begin());
    bytes_ += size;
    while (bytes_ > max_bytes_) {
        bytes_ -= entries_.back().prose->view().size();
        places_.erase(entries_.back().key);
        entries_.pop_back();
    }
}

}  // namespace braid::reading
