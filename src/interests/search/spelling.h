// The words that stand in something findable, held in memory: what a misspelt word may have meant.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "platform/sql/sql.h"

namespace braid::search {

// Immutable. Found by symmetric deletion over the first seven bytes (W. Garbe, SymSpell): whatever lies
// within the allowed mistakes shares what is left when as many letters are taken out. About 130 bytes a word.
class Words {
  public:
    Words() = default;
    explicit Words(std::vector<std::string> words);

    [[nodiscard]] bool knows(std::string_view word) const;
    // Words at the least distance that is within what is allowed (one mistake from four bytes on, two from
    // eight), not `word` itself: first those that begin alike and are as long, then by the alphabet. `word`:
    // folded, without accents.
    [[nodiscard]] std::vector<std::string> near(std::string_view word, std::size_t limit) const;
    [[nodiscard]] std::size_t size() const { return words_.size(); }

  private:
    struct Key {
        std::uint32_t hash = 0, word = 0;
        friend auto operator<=>(const Key&, const Key&) = default;
    };
    std::vector<std::string> words_;  // sorted
    std::vector<Key> keys_;           // sorted
};

// Thread-safe. What current() gave stays whole while it is held.
class Spelling {
  public:
    explicit Spelling(sql::Database& database) : database_(database) {}

    // Shared: requests hold it while a refresh puts a newer one in its place. No words before the first
    // refresh: no question waits for them.
    [[nodiscard]] std::shared_ptr<const Words> current() const;
    // Reads the words anew when there are more or fewer than were read. Not inside write().
    void refresh();
    // The same for a timer, unless looking took more than a fiftieth of the time since.
    void refresh_when_due();

  private:
    sql::Database& database_;
    std::atomic<std::shared_ptr<const Words>> current_;
    std::mutex reading_;  // guards what follows
    std::int64_t count_ = -1, bytes_ = -1;
    std::chrono::steady_clock::time_point due_;
};

}  // namespace braid::search
