#include "interests/guidance/evaluation.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

namespace braid::guidance {

namespace {

double gain(std::size_t rank) {
    return 1 / std::log2(2 + static_cast<double>(rank));
}

// One thread's part of the sums.
struct Part {
    Scratch scratch;
    double recall = 0, ndcg = 0, precision = 0;
    std::size_t people = 0, shown = 0, quiet = 0;
    std::chrono::steady_clock::duration spent{};
    std::vector<bool> covered;
};

void judge(Part& part, const std::vector<Scored>& best, std::span<const Item> wanted, std::size_t cut) {
    double gained = 0;
    std::size_t hits = 0;
    for (std::size_t rank = 0; rank < best.size(); ++rank) {
        if (!std::binary_search(wanted.begin(), wanted.end(), best[rank].item)) continue;
        ++hits;
        gained += gain(rank);
    }
    double ideal = 0;
    for (std::size_t rank = 0; rank < std::min(cut, wanted.size()); ++rank)
        ideal += gain(rank);
    ++part.people;
    part.recall += static_cast<double>(hits) / static_cast<double>(wanted.size());
    part.precision += static_cast<double>(hits) / static_cast<double>(cut);
    part.ndcg += gained / ideal;
}

// Whether an item is of the half with the fewest people.
std::vector<bool> quiet_half(const Interactions& train, std::size_t count) {
    std::vector<std::size_t> people(count, 0), order(count);
    for (std::size_t person = 0; person < train.people(); ++person) {
        for (const Item item : train.of(person))
            ++people[static_cast<std::size_t>(item)];
    }
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return people[a] < people[b]; });
    std::vector<bool> quiet(count, false);
    for (std::size_t i = 0; i < count / 2; ++i)
        quiet[order[i]] = true;
    return quiet;
}

}  // namespace

Quality evaluate(const Model& model, const Interactions& train, const Interactions& test, unsigned threads,
                 const Told& told, std::size_t cut) {
    const auto count = static_cast<std::size_t>(std::max(model.item_count(), train.item_count()));
    const std::vector<bool> quiet = quiet_half(train, count);
    std::vector<Part> parts(threads);
    for (Part& part : parts)
        part.covered.assign(count, false);
    in_parallel(test.people(), 32, threads, told, [&](std::size_t person, unsigned thread) {
        if (test.of(person).empty()) return;
        const auto hers = person < train.people() ? train.of(person) : std::span<const Item>();
        Part& part = parts[thread];
        const auto start = std::chrono::steady_clock::now();
        const std::vector<Scored> best = model.best(hers, cut, part.scratch);
        part.spent += std::chrono::steady_clock::now() - start;
        judge(part, best, test.of(person), cut);
        for (const Scored& one : best) {
            const auto item = static_cast<std::size_t>(one.item);
            part.covered[item] = true;
            ++part.shown;
            if (quiet[item]) ++part.quiet;
        }
    });
    Quality quality;
    std::size_t shown = 0, quiet_shown = 0;
    std::vector<bool> covered(count, false);
    std::chrono::steady_clock::duration spent{};
    for (const Part& part : parts) {
        quality.people += part.people;
        quality.recall += part.recall;
        quality.ndcg += part.ndcg;
        quality.precision += part.precision;
        shown += part.shown;
        quiet_shown += part.quiet;
        spent += part.spent;
        for (std::size_t i = 0; i < count; ++i)
            covered[i] = covered[i] || part.covered[i];
    }
    const auto mean_of = [](double sum, std::size_t number) {
        return number == 0 ? 0 : sum / static_cast<double>(number);
    };
    quality.recall = mean_of(quality.recall, quality.people);
    quality.ndcg = mean_of(quality.ndcg, quality.people);
    quality.precision = mean_of(quality.precision, quality.people);
    quality.coverage = mean_of(static_cast<double>(std::count(covered.begin(), covered.end(), true)), count);
    quality.quiet = mean_of(static_cast<double>(quiet_shown), shown);
    quality.microseconds_per_person =
        mean_of(std::chrono::duration<double, std::micro>(spent).count(), quality.people);
    return quality;
}

}  // namespace braid::guidance
