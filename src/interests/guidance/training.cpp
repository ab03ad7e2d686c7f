#include "interests/guidance/training.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "interests/guidance/kernels.h"
#include "interests/guidance/likeness.h"

namespace braid::guidance {

namespace {

// Solves for the weights into one item; one for each thread.
class LocalRidge {
  public:
    LocalRidge(const std::vector<Row>& likeness, const RidgeSettings& settings)
        : likeness_(likeness), settings_(settings), place_(likeness.size(), -1) {}

    // The nearest items with their w, ordered by item.
    Row solve(Item target) {
        near_ = nearest(likeness_[static_cast<std::size_t>(target)], target, settings_.neighbours);
        if (near_.empty()) return {};
        std::sort(near_.begin(), near_.end(),
                  [](const Model::Weight& a, const Model::Weight& b) { return a.item < b.item; });
        gather();
        descend();
        Row solved = near_;
        for (std::size_t i = 0; i < solved.size(); ++i)
            solved[i].weight = w_[i];
        return solved;
    }

  private:
    static Row::const_iterator at_or_after(const Row& row, Item item) {
        return std::lower_bound(row.begin(), row.end(), item,
                                [](const Model::Weight& one, Item wanted) { return one.item < wanted; });
    }

    // The neighbours' likeness to each other, with the penalty on the diagonal.
    void gather() {
        const std::size_t size = near_.size();
        for (std::size_t i = 0; i < size; ++i)
            place_[static_cast<std::size_t>(near_[i].item)] = static_cast<std::int32_t>(i);
        matrix_.assign(size * size, 0);
        for (std::size_t i = 0; i < size; ++i) {
            float* row = matrix_.data() + i * size;
            const Row& alike = likeness_[static_cast<std::size_t>(near_[i].item)];
            // Both are ordered by item and the matrix is symmetric: what stands left of the diagonal is
            // known.
            for (auto one = at_or_after(alike, near_[i].item); one != alike.end(); ++one) {
                const std::int32_t place = place_[static_cast<std::size_t>(one->item)];
                if (place >= 0) row[place] = one->weight;
            }
            for (std::size_t before = 0; before < i; ++before)
                row[before] = matrix_[before * size + i];
            row[i] += static_cast<float>(settings_.penalty);
        }
        for (const Model::Weight& one : near_)
            place_[static_cast<std::size_t>(one.item)] = -1;
    }

    // Conjugate gradients: the penalty keeps the matrix well conditioned, so few steps do.
    void descend() {
        const std::size_t size = near_.size();
        w_.assign(size, 0);
        rest_.resize(size);
        product_.resize(size);
        for (std::size_t i = 0; i < size; ++i)
            rest_[i] = near_[i].weight;
        direction_ = rest_;
        float square = dot(rest_.data(), rest_.data(), size);
        const float enough = 1e-6F * square;
        for (int step = 0; step < settings_.steps && square > enough; ++step) {
            multiply_symmetric(matrix_.data(), size, direction_.data(), product_.data());
            const float length = square / dot(direction_.data(), product_.data(), size);
            add_scaled(length, direction_.data(), w_.data(), size);
            add_scaled(-length, product_.data(), rest_.data(), size);
            const float before = square;
            square = dot(rest_.data(), rest_.data(), size);
            const float kept = square / before;
            for (std::size_t i = 0; i < size; ++i)
                direction_[i] = rest_[i] + kept * direction_[i];
        }
    }

    const std::vector<Row>& likeness_;
    const RidgeSettings& settings_;
    std::vector<std::int32_t> place_;  // among the neighbours at hand
    Row near_;
    std::vector<float> matrix_, w_, rest_, direction_, product_;
};

// The weights into every item.
std::vector<Row> solve_ridge(const Interactions& interactions, const Interactions& turned,
                             const RidgeSettings& settings, unsigned threads, const Told& told) {
    const std::vector<float> scale = powers(turned, -settings.item_exponent);
    const std::vector<float> lifted = powers(turned, settings.item_exponent + settings.lift);
    const std::vector<Row> alike =
        likeness(interactions, turned, powers(interactions, -2 * settings.person_exponent), scale, threads);
    std::vector<LocalRidge> solvers(threads, LocalRidge(alike, settings));
    std::vector<Row> to(alike.size());
    in_parallel(to.size(), 16, threads, told, [&](std::size_t j, unsigned thread) {
        to[j] = solvers[thread].solve(static_cast<Item>(j));
        for (Model::Weight& one : to[j])
            one.weight *= scale[static_cast<std::size_t>(one.item)] * lifted[j];
    });
    return to;
}

// |x_j| of each item, from its likeness to itself.
std::vector<float> lengths(const std::vector<Row>& likeness) {
    std::vector<float> lengths(likeness.size(), 0);
    for (std::size_t j = 0; j < likeness.size(); ++j) {
        for (const Model::Weight& one : likeness[j]) {
            if (one.item == static_cast<Item>(j)) lengths[j] = std::sqrt(one.weight);
        }
    }
    return lengths;
}

}  // namespace

Model train_popular(const Interactions& interactions) {
    std::vector<float> base;
    const Interactions turned = interactions.turned();
    for (std::size_t i = 0; i < turned.people(); ++i)
        base.push_back(static_cast<float>(turned.of(i).size()));
    return {"popular", {}, std::move(base)};
}

Model train_neighbours(const Interactions& interactions, const NeighbourSettings& settings, unsigned threads,
                       const Told& told) {
    const Interactions turned = interactions.turned();
    const std::vector<Row> alike =
        likeness(interactions, turned, powers(interactions, -2 * settings.person_exponent),
                 powers(turned, -0.5), threads);
    std::vector<Row> to(alike.size());
    in_parallel(to.size(), 64, threads, told, [&](std::size_t j, unsigned) {
        to[j] = nearest(alike[j], static_cast<Item>(j), settings.neighbours);
    });
    return {"neighbours", to};
}

Model train_item_knn(const Interactions& interactions, const ItemKnnSettings& settings, unsigned threads,
                     const Told& told) {
    const auto count = static_cast<std::size_t>(interactions.item_count());
    std::vector<float> weight;  // of a person in a product, so the square of what she counts
    for (std::size_t person = 0; person < interactions.people(); ++person) {
        const double rare =
            std::log(static_cast<double>(count) / (1 + static_cast<double>(interactions.of(person).size())));
        weight.push_back(static_cast<float>(rare * rare));
    }
    std::vector<Row> alike =
        likeness(interactions, interactions.turned(), weight, std::vector<float>(count, 1), threads);
    const std::vector<float> length = lengths(alike);
    std::vector<Row> to(count);
    in_parallel(count, 64, threads, told, [&](std::size_t j, unsigned) {
        for (Model::Weight& one : alike[j])
            one.weight /= length[static_cast<std::size_t>(one.item)] * length[j] +
                          static_cast<float>(settings.shrinkage);
        to[j] = nearest(alike[j], static_cast<Item>(j), settings.neighbours);
    });
    return {"itemknn", to};
}

Model train_ridge(const Interactions& interactions, const RidgeSettings& settings, unsigned threads,
                  const Told& told) {
    return {"ridge", solve_ridge(interactions, interactions.turned(), settings, threads, told)};
}

Model train_blend(const Interactions& interactions, const BlendSettings& settings, unsigned threads,
                  const Told& told) {
    const Interactions turned = interactions.turned();
    FactorSettings wanted = settings.factors;
    wanted.rank =
        std::min({wanted.rank, turned.people() / std::max<std::size_t>(settings.items_a_direction, 1),
                  interactions.people() / std::max<std::size_t>(settings.people_a_direction, 1)});
    Factors factors = leading_factors(interactions, turned, wanted, threads);
    for (float& scale : factors.hears)
        scale *= static_cast<float>(settings.share);
    return {
        "blend", solve_ridge(interactions, turned, settings.ridge, threads, told), {}, std::move(factors)};
}

}  // namespace braid::guidance
