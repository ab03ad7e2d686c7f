// What a trained model knows, and what it says of one person's items.
//
// A model is a weight from item to item: how much having taken up one speaks for another. It is kept in two
// parts, few strong ties one by one and, for what all items have to do with each other, a vector each. A
// person's scores are sums over her own list, so a new act of hers counts at once, without training, and
// every score is explained by the items that made it. A model does not change once it is made; any number of
// threads may ask it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "interests/guidance/interactions.h"

namespace braid::guidance {

struct Scored {
    Item item = 0;
    float score = 0;
    friend bool operator==(const Scored&, const Scored&) = default;
};

// Room for one thread's answers, to be kept from one to the next.
struct Scratch {
    std::vector<float> scores, sum;
    std::vector<Item> touched;
};

// Every item i speaks for every other j with speaks_i hears_j v_i · v_j.
struct Factors {
    std::size_t rank = 0;
    std::vector<float> vectors;  // `rank` numbers of each item, one item after the other
    std::vector<float> speaks, hears;
};

class Model {
  public:
    struct Weight {
        Item item = 0;  // that the weight speaks for
        float weight = 0;
    };

    Model() = default;
    // `to[j]`: the items that speak for j, with their weights. `base`: what every item scores for everybody,
    // or nothing. `factors`: of as many items, or of none.
    Model(std::string name, const std::vector<std::vector<Weight>>& to, std::vector<float> base = {},
          Factors factors = {});

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] Item item_count() const { return item_count_; }
    [[nodiscard]] std::size_t weights() const { return weights_.size(); }
    [[nodiscard]] const Factors& factors() const { return factors_; }
    // What an item that the model knows speaks for, by item.
    [[nodiscard]] std::span<const Weight> from(Item item) const {
        return {weights_.data() + offsets_[static_cast<std::size_t>(item)],
                weights_.data() + offsets_[static_cast<std::size_t>(item) + 1]};
    }

    // The `most` items with the highest scores above 0 that are not in `items`, the highest first, equal ones
    // by number. Items the model does not know count for nothing. Where there are factors, only the
    // kConsidered items that single ties and `base` speak for the most are considered.
    [[nodiscard]] std::vector<Scored> best(std::span<const Item> items, std::size_t most,
                                           Scratch& scratch) const;
    static constexpr std::size_t kConsidered = 1000;
    // How much each of `items` adds to the score of `target`, the most first; those that add nothing or take
    // away are left out.
    [[nodiscard]] std::vector<Scored> why(std::span<const Item> items, Item target) const;

  private:
    [[nodiscard]] bool knows(Item item) const { return item >= 0 && item < item_count_; }
    [[nodiscard]] const float* vector(Item item) const {
        return factors_.vectors.data() + static_cast<std::size_t>(item) * factors_.rank;
    }
    void sum_ties(std::span<const Item> items, std::vector<float>& scores) const;
    void consider(std::span<const Item> items, std::size_t most, Scratch& scratch) const;
    // How much `item` speaks for `target`.
    [[nodiscard]] float weight(Item item, Item target) const;

    std::string name_;
    Item item_count_ = 0;
    std::vector<std::size_t> offsets_{0};
    std::vector<Weight> weights_;  // by the item that speaks
    std::vector<float> base_;
    Factors factors_;
};

}  // namespace braid::guidance
