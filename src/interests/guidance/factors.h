// The main directions of who takes up what: what is left of a person's list when all that is particular is
// taken out.
#pragma once

#include "interests/guidance/interactions.h"
#include "interests/guidance/model.h"
#include "interests/guidance/parallel.h"

namespace braid::guidance {

// With R the matrix of people and items that has n_u^(-person_exponent) d_i^(-item_exponent) where person u
// took up item i (n_u: how many items she has, d_i: how many people it has): the right singular vectors of R
// with the `rank` largest singular values, found from a fixed random start by `rounds` of subspace iteration.
// A list's part along them, in terms of unscaled items, is Σ_i d_i^(-item_exponent) v_i · v_j
// d_j^item_exponent: the ideal low-pass filter of Shen et al., "How Powerful is Graph Convolution for
// Recommendation?" (2021).
struct FactorSettings {
    std::size_t rank = 512;
    double person_exponent = 0.5;
    double item_exponent = 0.5;
    int rounds = 3;
};

// Fewer directions than `rank` when the matrix has no more. The same on any number of threads.
Factors leading_factors(const Interactions& interactions, const Interactions& turned,
                        const FactorSettings& settings, unsigned threads);

}  // namespace braid::guidance
