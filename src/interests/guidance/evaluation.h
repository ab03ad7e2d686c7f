// How well a model foretells what people took up, measured as the field does.
#pragma once

#include "interests/guidance/interactions.h"
#include "interests/guidance/model.h"
#include "interests/guidance/parallel.h"

namespace braid::guidance {

// Means over the people with anything in `test`. Of each the model names `cut` items that are not among hers
// in `train`; those that are in `test` are hits. Recall: hits / |test|. NDCG: Σ over hits of 1 / log2(1 +
// rank), divided by what it would be with min(|test|, cut) hits in front. Precision: hits / cut.
struct Quality {
    std::size_t people = 0;
    double recall = 0, ndcg = 0, precision = 0;
    // Shares of what was shown: how many different items, and of the items few have (the half of all items
    // with the fewest people).
    double coverage = 0, quiet = 0;
    double microseconds_per_person = 0;  // on one thread
};
inline constexpr std::size_t kCut = 20;

Quality evaluate(const Model& model, const Interactions& train, const Interactions& test, unsigned threads,
                 const Told& told, std::size_t cut = kCut);

}  // namespace braid::guidance
