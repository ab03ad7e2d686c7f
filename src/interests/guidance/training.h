// From interactions to a model: five recipes. The site answers with `blend`; `popular` and `item_knn` are
// published ones, by which one sees that what measures them is right.
#pragma once

#include "interests/guidance/factors.h"
#include "interests/guidance/interactions.h"
#include "interests/guidance/model.h"
#include "interests/guidance/parallel.h"

namespace braid::guidance {

// How the weights into one item j are found. With x_i the column of item i over people, each person u
// weighted by n_u^(-2 person_exponent) (n_u: how many items she has), and each column scaled by
// d_i^(-item_exponent) (d_i: how many people it has): among the `neighbours` items with the highest x_i·x_j,
// the w that minimises |x_j − Σ w_i x_i|² + penalty |w|². The weight of i for j is w_i (d_j /
// d_i)^item_exponent d_j^lift. After Steck, "Embarrassingly Shallow Autoencoders for Sparse Data" (2019),
// made local, and with the scaling of both sides that graph filters have (Shen et al., "How Powerful is Graph
// Convolution for Recommendation?", 2021).
struct RidgeSettings {
    std::size_t neighbours = 200;
    double person_exponent = 0.25;
    double item_exponent = 0.3;
    double penalty = 10;
    int steps = 10;     // of conjugate gradients, at most
    double lift = 0.1;  // what most like counts for a little more
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

// Item-based neighbours as the published comparison on Gowalla has them (`reference_figures.csv` beside the
// data names it; the weighting is its default, and 516 and 1,000 its search's choice): each person u counts
// ln(items / (1 + n_u)), as TF-IDF weighs a word by how few texts have it. The weight of i for j is x_i·x_j /
// (|x_i| |x_j| + shrinkage), for the `neighbours` with the highest of each j. `shrinkage` keeps two items
// that few people have from being most alike.
struct ItemKnnSettings {
    std::size_t neighbours = 516;
    double shrinkage = 1000;
};
Model train_item_knn(const Interactions& interactions, const ItemKnnSettings& settings, unsigned threads,
                     const Told& told);

Model train_ridge(const Interactions& interactions, const RidgeSettings& settings, unsigned threads,
                  const Told& told);

// The sum of two opinions: what particular items say of each other (`ridge`), and what the main directions of
// the whole say of what is like her list (`factors`), which counts for `share`. A direction needs at least
// `items_a_direction` items and `people_a_direction` people: with fewer it would stand for single ones, so a
// small site has fewer directions than `factors.rank`, or none.
struct BlendSettings {
    RidgeSettings ridge{.person_exponent = 0.1, .penalty = 20};
    FactorSettings factors;
    double share = 1.2;
    std::size_t items_a_direction = 40;
    std::size_t people_a_direction = 50;
};
Model train_blend(const Interactions& interactions, const BlendSettings& settings, unsigned threads,
                  const Told& told);

}  // namespace braid::guidance
