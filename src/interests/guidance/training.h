// From interactions to a model: three recipes, of which `ridge` is the one the site uses.
#pragma once

#include "interests/guidance/interactions.h"
#include "interests/guidance/model.h"
#include "interests/guidance/parallel.h"

namespace braid::guidance {

// How the weights into one item j are found. With x_i the column of item i over people, each person u
// weighted by n_u^(-2 person_exponent) (n_u: how many items she has), and each column scaled by
// d_i^(-item_exponent) (d_i: how many people it has): among the `neighbours` items with the highest x_i·x_j,
// the w that minimises |x_j − Σ w_i x_i|² + penalty |w|². The weight of i for j is w_i (d_j /
// d_i)^item_exponent. After Steck, "Embarrassingly Shallow Autoencoders for Sparse Data" (2019), made local,
// and with the scaling of both sides that graph filters have (Shen et al., "How Powerful is Graph Convolution
// for Recommendation?", 2021).
struct RidgeSettings {
    std::size_t neighbours = 200;
    double person_exponent = 0.1;
    double item_exponent = 0.27;
    double penalty = 14;
    int steps = 10;  // of conjugate gradients, at most
    // What is made of those weights: each is raised to `sharpness`, keeping its sign, so that few strong ties
    // count for more than many weak ones; then those into one item are divided by the sum of their amounts to
    // the `levelling`.
    double sharpness = 1.35;
    double levelling = 0.2;
};

// Every item scores by how many people have it.
Model train_popular(const Interactions& interactions);

// The weight of i for j is the cosine of the two items' people, each person u weighted by n_u^(-2
// person_exponent) as above, for the `neighbours` most alike of each j.
struct NeighbourSettings {
    std::size_t neighbours = 400;
    double person_exponent = 0.25;
};
Model train_neighbours(const Interactions& interactions, const NeighbourSettings& settings, unsigned threads,
                       const Told& told);

Model train_ridge(const Interactions& interactions, const RidgeSettings& settings, unsigned threads,
                  const Told& told);

}  // namespace braid::guidance
