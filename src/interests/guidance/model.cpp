#include "interests/guidance/model.h"

#include <algorithm>
#include <utility>

namespace braid::guidance {

Model::Model(std::string name, const std::vector<std::vector<Weight>>& to, std::vector<float> base)
    : name_(std::move(name)),
      item_count_(static_cast<Item>(std::max(to.size(), base.size()))),
      base_(std::move(base)) {
    offsets_.assign(static_cast<std::size_t>(item_count_) + 1, 0);
    for (const auto& speaking : to) {
        for (const Weight& one : speaking)
            ++offsets_[static_cast<std::size_t>(one.item) + 1];
    }
    for (std::size_t i = 1; i < offsets_.size(); ++i)
        offsets_[i] += offsets_[i - 1];
    weights_.resize(offsets_.back());
    std::vector<std::size_t> next(offsets_.begin(), offsets_.end() - 1);
    for (std::size_t target = 0; target < to.size(); ++target) {
        for (const Weight& one : to[target])
            weights_[next[static_cast<std::size_t>(one.item)]++] = {static_cast<Item>(target), one.weight};
    }
}

std::vector<Scored> Model::best(std::span<const Item> items, std::size_t most, Scratch& scratch) const {
    auto& [scores, touched] = scratch;
    scores.assign(static_cast<std::size_t>(item_count_), 0);
    if (!base_.empty()) std::copy(base_.begin(), base_.end(), scores.begin());
    const auto known = [this](Item item) { return item >= 0 && item < item_count_; };
    for (const Item item : items) {
        if (!known(item)) continue;
        for (const Weight& one : from(item))
            scores[static_cast<std::size_t>(one.item)] += one.weight;
    }
    for (const Item item : items) {
        if (known(item)) scores[static_cast<std::size_t>(item)] = 0;
    }
    touched.clear();
    for (Item item = 0; item < item_count_; ++item) {
        if (scores[static_cast<std::size_t>(item)] > 0) touched.push_back(item);
    }
    const auto higher = [&scores = scores](Item a, Item b) {
        const float x = scores[static_cast<std::size_t>(a)], y = scores[static_cast<std::size_t>(b)];
        return x != y ? x > y : a < b;
    };
    const auto kept = static_cast<std::ptrdiff_t>(std::min(most, touched.size()));
    std::partial_sort(touched.begin(), touched.begin() + kept, touched.end(), higher);
    std::vector<Scored> best;
    best.reserve(static_cast<std::size_t>(kept));
    for (std::ptrdiff_t i = 0; i < kept; ++i) {
        const Item item = touched[static_cast<std::size_t>(i)];
        best.push_back({item, scores[static_cast<std::size_t>(item)]});
    }
    return best;
}

std::vector<Scored> Model::why(std::span<const Item> items, Item target) const {
    std::vector<Scored> reasons;
    for (const Item item : items) {
        if (item < 0 || item >= item_count_) continue;
        // Rows are ordered by target, since they are filled in that order.
        const auto row = from(item);
        const auto at = std::lower_bound(row.begin(), row.end(), target,
                                         [](const Weight& one, Item wanted) { return one.item < wanted; });
        if (at != row.end() && at->item == target && at->weight > 0) reasons.push_back({item, at->weight});
    }
    std::sort(reasons.begin(), reasons.end(), [](const Scored& a, const Scored& b) {
        return a.score != b.score ? a.score > b.score : a.item < b.item;
    });
    return reasons;
}

}  // namespace braid::guidance
