#include "interests/guidance/model.h"

#include <algorithm>
#include <utility>

#include "interests/guidance/kernels.h"

namespace braid::guidance {

namespace {

// Leaves the `most` highest of `touched`, the highest first.
void keep_highest(std::vector<Item>& touched, const std::vector<float>& scores, std::size_t most) {
    const auto higher = [&](Item a, Item b) {
        const float x = scores[static_cast<std::size_t>(a)], y = scores[static_cast<std::size_t>(b)];
        return x != y ? x > y : a < b;
    };
    const auto kept = static_cast<std::ptrdiff_t>(std::min(most, touched.size()));
    if (kept < static_cast<std::ptrdiff_t>(touched.size()))
        std::nth_element(touched.begin(), touched.begin() + kept, touched.end(), higher);
    touched.resize(static_cast<std::size_t>(kept));
    std::sort(touched.begin(), touched.end(), higher);
}

}  // namespace

Model::Model(std::string name, const std::vector<std::vector<Weight>>& to, std::vector<float> base,
             Factors factors)
    : name_(std::move(name)),
      item_count_(static_cast<Item>(std::max(to.size(), base.size()))),
      base_(std::move(base)),
      factors_(std::move(factors)) {
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

void Model::sum_ties(std::span<const Item> items, std::vector<float>& scores) const {
    scores.assign(static_cast<std::size_t>(item_count_), 0);
    if (!base_.empty()) std::copy(base_.begin(), base_.end(), scores.begin());
    for (const Item item : items) {
        if (!knows(item)) continue;
        for (const Weight& one : from(item))
            scores[static_cast<std::size_t>(one.item)] += one.weight;
    }
    for (const Item item : items) {
        if (knows(item)) scores[static_cast<std::size_t>(item)] = 0;
    }
}

// Adds what the factors say to the scores of those considered, and leaves these in `touched`.
void Model::consider(std::span<const Item> items, std::size_t most, Scratch& scratch) const {
    auto& [scores, sum, touched] = scratch;
    keep_highest(touched, scores, std::max(most, kConsidered));
    sum.assign(factors_.rank, 0);
    for (const Item item : items) {
        if (knows(item))
            add_scaled(factors_.speaks[static_cast<std::size_t>(item)], vector(item), sum.data(), sum.size());
    }
    for (const Item item : touched) {
        scores[static_cast<std::size_t>(item)] +=
            factors_.hears[static_cast<std::size_t>(item)] * dot(vector(item), sum.data(), sum.size());
    }
    std::erase_if(touched, [&](Item item) { return scores[static_cast<std::size_t>(item)] <= 0; });
}

std::vector<Scored> Model::best(std::span<const Item> items, std::size_t most, Scratch& scratch) const {
    auto& [scores, sum, touched] = scratch;
    sum_ties(items, scores);
    touched.clear();
    for (Item item = 0; item < item_count_; ++item) {
        if (scores[static_cast<std::size_t>(item)] > 0) touched.push_back(item);
    }
    if (factors_.rank > 0) consider(items, most, scratch);
    keep_highest(touched, scores, most);
    std::vector<Scored> best;
    best.reserve(touched.size());
    for (const Item item : touched)
        best.push_back({item, scores[static_cast<std::size_t>(item)]});
    return best;
}

float Model::weight(Item item, Item target) const {
    // Rows are ordered by target, since they are filled in that order.
    const auto row = from(item);
    const auto at = std::lower_bound(row.begin(), row.end(), target,
                                     [](const Weight& one, Item wanted) { return one.item < wanted; });
    float weight = at != row.end() && at->item == target ? at->weight : 0;
    if (factors_.rank > 0) {
        weight += factors_.speaks[static_cast<std::size_t>(item)] *
                  factors_.hears[static_cast<std::size_t>(target)] *
                  dot(vector(item), vector(target), factors_.rank);
    }
    return weight;
}

std::vector<Scored> Model::why(std::span<const Item> items, Item target) const {
    std::vector<Scored> reasons;
    if (!knows(target)) return reasons;
    for (const Item item : items) {
        if (!knows(item)) continue;
        const float adds = weight(item, target);
        if (adds > 0) reasons.push_back({item, adds});
    }
    std::sort(reasons.begin(), reasons.end(), [](const Scored& a, const Scored& b) {
        return a.score != b.score ? a.score > b.score : a.item < b.item;
    });
    return reasons;
}

}  // namespace braid::guidance
