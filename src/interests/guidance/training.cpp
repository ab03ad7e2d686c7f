#include "interests/guidance/training.h"

#include <cmath>

#include "interests/guidance/kernels.h"
#include "interests/guidance/likeness.h"

namespace braid::guidance {

namespace {

// (How many)^exponent of each list; 0 for an empty one.
std::vector<float> powers(const Interactions& interactions, double exponent) {
    std::vector<float> powers;
    powers.reserve(interactions.people());
    for (std::size_t i = 0; i < interactions.people(); ++i) {
        const auto size = static_cast<double>(interactions.of(i).size());
        powers.push_back(size > 0 ? static_cast<float>(std::pow(size, exponent)) : 0);
    }
    return powers;
}

// Solves for the weights into one item; one for each thread.
class LocalRidge {
  public:
    LocalRidge(const std::vector<Row>& likeness, const RidgeSettings& settings)
        : likeness_(likeness), settings_(settings), place_(likeness.size(), -1) {}

    // The nearest items with their w, in the order of likeness.
    Row solve(Item target) {
        near_ = nearest(likeness_[static_cast<std::size_t>(target)], target, settings_.neighbours);
        if (near_.empty()) return {};
        gather();
        descend();
        Row solved = near_;
        for (std::size_t i = 0; i < solved.size(); ++i)
            solved[i].weight = w_[i];
        return solved;
    }

  private:
    // The neighbours' likeness to each other, with the penalty on the diagonal.
    void gather() {
        const std::size_t size = near_.size();
        for (std::size_t i = 0; i < size; ++i)
            place_[static_cast<std::size_t>(near_[i].item)] = static_cast<std::int32_t>(i);
        matrix_.assign(size * size, 0);
        for (std::size_t i = 0; i < size; ++i) {
            float* row = matrix_.data() + i * size;
            for (const Model::Weight& one : likeness_[static_cast<std::size_t>(near_[i].item)]) {
                const std::int32_t place = place_[static_cast<std::size_t>(one.item)];
                if (place >= 0) row[place] = one.weight;
            }
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

void shape(Row& weights, const RidgeSettings& settings) {
    float sum = 0;
    for (Model::Weight& one : weights) {
        const float amount = std::pow(std::abs(one.weight), static_cast<float>(settings.sharpness));
        one.weight = std::copysign(amount, one.weight);
        sum += amount;
    }
    if (sum == 0) return;
    const float level = std::pow(sum, static_cast<float>(settings.levelling));
    for (Model::Weight& one : weights)
        one.weight /= level;
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

Model train_ridge(const Interactions& interactions, const RidgeSettings& settings, unsigned threads,
                  const Told& told) {
    const Interactions turned = interactions.turned();
    const std::vector<float> scale = powers(turned, -settings.item_exponent);
    const std::vector<Row> alike =
        likeness(interactions, turned, powers(interactions, -2 * settings.person_exponent), scale, threads);
    std::vector<LocalRidge> solvers(threads, LocalRidge(alike, settings));
    std::vector<Row> to(alike.size());
    in_parallel(to.size(), 16, threads, told, [&](std::size_t j, unsigned thread) {
        to[j] = solvers[thread].solve(static_cast<Item>(j));
        for (Model::Weight& one : to[j])
            one.weight *= scale[static_cast<std::size_t>(one.item)] / scale[j];
        shape(to[j], settings);
    });
    return {"ridge", to};
}

}  // namespace braid::guidance
