// The rendered text of chapters with the numbers in its margin, kept for the next reader: most of a chapter
// page is the same for everybody who reads it. Derived and bounded; a node may lose it at any time.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "interests/feedback/api.h"
#include "interests/works/api.h"
#include "platform/html/html.h"
#include "platform/i18n/i18n.h"

namespace braid::reading {

// Everything the rendered text depends on. Whoever asks has been shown the chapter: visibility is no part of
// it.
struct ProseKey {
    works::ChapterId chapter;
    works::TextStamp stamp;
    std::uint64_t counts = 0;  // see counts_mark
    i18n::Language language = i18n::Language::en;
    bool takes_comments = false;
    friend bool operator==(const ProseKey&, const ProseKey&) = default;
};

// A number that is another one, but for one chance in 2^64, when the counts of any paragraph are others.
std::uint64_t counts_mark(const feedback::ChapterCounts& counts);

// Thread-safe. Keeps what was used last, up to so many bytes of markup.
class ProseCache {
  public:
    using Prose = std::shared_ptr<const html::SafeHtml>;  // shared with the pages that are being written

    explicit ProseCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    // Null when it is not there.
    [[nodiscard]] Prose find(const ProseKey& key);
    // What alone is over the bound is not kept.
    void keep(const ProseKey& key, Prose prose);

  private:
    struct Hash {
        std::size_t operator()(const ProseKey& key) const;
    };
    struct Entry {
        ProseKey key;
        Prose prose;
    };

    const std::size_t max_bytes_;
    std::mutex mutex_;
    std::size_t bytes_ = 0;
    std::list<Entry> entries_;  // last used first
    std::unordered_map<ProseKey, std::list<Entry>::iterator, Hash> places_;
};

}  // namespace braid::reading
