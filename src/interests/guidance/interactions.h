// Who took up what: the one input of every model, whether it comes from a file or from the site's own tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "base/result.h"

namespace braid::guidance {

using Item = std::int32_t;  // from 0

// One list of items per person, each sorted and without repeats. People and items are numbered from 0.
class Interactions {
  public:
    [[nodiscard]] std::size_t people() const { return offsets_.size() - 1; }
    [[nodiscard]] std::size_t size() const { return items_.size(); }
    [[nodiscard]] Item item_count() const { return item_count_; }
    [[nodiscard]] std::span<const Item> of(std::size_t person) const {
        return {items_.data() + offsets_[person], items_.data() + offsets_[person + 1]};
    }

    // The next person's items, in any order.
    void add_person(std::vector<Item> items);
    // Items nobody took up count too; never fewer than there are.
    void widen(Item item_count);
    // The same pairs with people and items changing places: `of(item)` are the people.
    [[nodiscard]] Interactions turned() const;

  private:
    std::vector<std::size_t> offsets_{0};
    std::vector<Item> items_;
    Item item_count_ = 0;
};

inline constexpr long kMostNumber = 20'000'000;  // of people and of items in a file

// Lines of `person item item …` (numbers from 0, gzip or plain); people without a line have no items. A line
// that is wrong is an error whose detail names the file and the line.
Result<Interactions> read_interactions(const std::filesystem::path& file);

// A fifth of every person's items, taken out for tuning by a hash of both numbers: the same on every machine.
struct Split {
    Interactions train, held_out;
};
Split hold_out(const Interactions& all);
// The same of a file whose lines are in the order in which people took the items up: the last fifth of each
// line is held out, as when one has to foretell what comes next.
Result<Split> read_holding_out_last(const std::filesystem::path& file);

}  // namespace braid::guidance
