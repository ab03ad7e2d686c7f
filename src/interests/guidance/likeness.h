// How alike any two items are: the entries of a symmetric matrix, row by row.
#pragma once

#include <vector>

#include "interests/guidance/interactions.h"
#include "interests/guidance/model.h"
#include "interests/guidance/parallel.h"

namespace braid::guidance {

using Row = std::vector<Model::Weight>;

// (How many)^exponent of each list; 0 for an empty one.
std::vector<float> powers(const Interactions& interactions, double exponent);

// Row j holds, for every item i that shares a person with j, Σ over the people u of both of
// person_weight[u] · item_scale[i] · item_scale[j]; i = j too, ordered by i.
std::vector<Row> likeness(const Interactions& interactions, const Interactions& turned,
                          const std::vector<float>& person_weight, const std::vector<float>& item_scale,
                          unsigned threads);

// The `most` largest entries of a row but j's own, the largest first.
Row nearest(const Row& row, Item own, std::size_t most);

}  // namespace braid::guidance
