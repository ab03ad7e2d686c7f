#include "interests/guidance/likeness.h"

#include <algorithm>
#include <cmath>

namespace braid::guidance {

std::vector<float> powers(const Interactions& interactions, double exponent) {
    std::vector<float> powers;
    powers.reserve(interactions.people());
    for (std::size_t i = 0; i < interactions.people(); ++i) {
        const auto size = static_cast<double>(interactions.of(i).size());
        powers.push_back(size > 0 ? static_cast<float>(std::pow(size, exponent)) : 0);
    }
    return powers;
}

std::vector<Row> likeness(const Interactions& interactions, const Interactions& turned,
                          const std::vector<float>& person_weight, const std::vector<float>& item_scale,
                          unsigned threads) {
    const auto count = static_cast<std::size_t>(interactions.item_count());
    std::vector<Row> rows(count);
    struct Sums {
        std::vector<float> of;
        std::vector<Item> touched;
    };
    std::vector<Sums> sums(threads);
    for (Sums& one : sums)
        one.of.assign(count, 0);
    in_parallel(count, 64, threads, {}, [&](std::size_t j, unsigned thread) {
        auto& [of, touched] = sums[thread];
        touched.clear();
        for (const Item person : turned.of(j)) {
            const float weight = person_weight[static_cast<std::size_t>(person)];
            for (const Item item : interactions.of(static_cast<std::size_t>(person))) {
                float& sum = of[static_cast<std::size_t>(item)];
                if (sum == 0) touched.push_back(item);
                sum += weight;
            }
        }
        std::sort(touched.begin(), touched.end());
        rows[j].reserve(touched.size());
        for (const Item item : touched) {
            const auto i = static_cast<std::size_t>(item);
            rows[j].push_back({item, of[i] * item_scale[i] * item_scale[j]});
            of[i] = 0;
        }
    });
    return rows;
}

Row nearest(const Row& row, Item own, std::size_t most) {
    Row near;
    near.reserve(row.size());
    for (const Model::Weight& one : row) {
        if (one.item != own) near.push_back(one);
    }
    const auto larger = [](const Model::Weight& a, const Model::Weight& b) {
        return a.weight != b.weight ? a.weight > b.weight : a.item < b.item;
    };
    const auto kept = static_cast<std::ptrdiff_t>(std::min(most, near.size()));
    if (kept < static_cast<std::ptrdiff_t>(near.size()))
        std::nth_element(near.begin(), near.begin() + kept, near.end(), larger);
    near.resize(static_cast<std::size_t>(kept));
    std::sort(near.begin(), near.end(), larger);
    return near;
}

}  // namespace braid::guidance
