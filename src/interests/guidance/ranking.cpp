#include "interests/guidance/ranking.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace braid::guidance {

namespace {

// splitmix64: each bit of the input changes about half of the output's.
std::uint64_t mixed(std::uint64_t x) {
    x += 0x9E3779B97F4A7C15U;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31);
}

bool same(const Reason& a, const Reason& b) {
    return a.source == b.source && a.work == b.work && a.topic == b.topic;
}

void add(std::vector<Reason>& reasons, Reason reason) {
    const auto there = std::ranges::find_if(reasons, [&](const Reason& one) { return same(one, reason); });
    if (there == reasons.end()) {
        reasons.push_back(std::move(reason));
    } else {
        there->amount += reason.amount;
    }
}

}  // namespace

double turn(std::int64_t person, works::WorkId work, Timestamp now) {
    constexpr std::int64_t kDay = std::chrono::microseconds(std::chrono::hours(24)).count();
    const std::uint64_t seed = mixed(static_cast<std::uint64_t>(person)) ^
                               mixed(static_cast<std::uint64_t>(work.value) + 1) ^
                               mixed(static_cast<std::uint64_t>(now.micros / kDay) + 2);
    return static_cast<double>(mixed(seed) >> 11) / 9007199254740992.0;  // 2^53
}

double act_weight(Act act) {
    switch (act) {
        case Act::read:
            return 0.5;
        case Act::bookmark:
            return 0.7;
        case Act::kudos:
        case Act::finished:
        case Act::follow:
            return 1;
    }
    return 0;
}

double strength_through(double weight) {
    return std::min(0.5, 0.15 + 0.1 * weight);
}

std::vector<Reason> reasons_of(double model, std::span<const ModelPart> parts,
                               std::span<const TopicTaste> matched, Timestamp updated_at, Timestamp now) {
    std::vector<Reason> reasons;
    double weights = 0;
    for (const ModelPart& part : parts)
        weights += part.weight;
    for (const ModelPart& part : parts) {
        Reason reason = part.reason;
        reason.amount = kModelShare * model * part.weight / weights;
        add(reasons, std::move(reason));
    }
    double left = 1, strengths = 0;
    for (const TopicTaste& one : matched) {
        left *= 1 - one.strength;
        strengths += one.strength;
    }
    for (const TopicTaste& one : matched) {
        Reason reason;
        reason.source = one.through ? Reason::Source::topic_of_work : Reason::Source::topic;
        reason.work = one.through;
        reason.topic = one.topic;
        reason.title = one.title;
        reason.amount = kTopicShare * (1 - left) * one.strength / strengths;
        add(reasons, std::move(reason));
    }
    const double age = std::max(0.0, static_cast<double>(now.micros - updated_at.micros));
    const double half = static_cast<double>(std::chrono::microseconds(kFreshHalfLife).count());
    Reason fresh;
    fresh.source = Reason::Source::fresh;
    fresh.amount = kFreshShare * std::exp2(-age / half);
    add(reasons, std::move(fresh));
    std::ranges::stable_sort(reasons, std::greater(), &Reason::amount);
    return reasons;
}

double score_of(std::span<const Reason> reasons) {
    double score = 0;
    for (const Reason& one : reasons)
        score += one.amount;
    return score;
}

std::vector<Chosen> choose(std::span<const Candidate> candidates, std::size_t most, std::int64_t person,
                           Timestamp now) {
    std::vector<std::size_t> order(candidates.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        const Candidate &x = candidates[a], &y = candidates[b];
        return x.score != y.score ? x.score > y.score : x.work > y.work;
    });
    // The kept place is given first, so that its author takes no other.
    std::optional<std::size_t> kept;
    double best = 0;
    if (most > kKeptPlace) {
        for (const std::size_t i : order) {
            const Candidate& one = candidates[i];
            const double score = (one.fits ? 1 : 0) + one.score * (0.6 + 0.4 * turn(person, one.work, now));
            if (!one.quiet || (kept && score <= best)) continue;
            kept = i;
            best = score;
        }
    }
    std::vector<PersonId> authors;
    if (kept) authors.push_back(candidates[*kept].author);
    std::vector<Chosen> chosen;
    for (const std::size_t i : order) {
        if (chosen.size() + (kept ? 1 : 0) == most) break;
        const Candidate& one = candidates[i];
        if (!one.fits || i == kept || std::ranges::find(authors, one.author) != authors.end()) continue;
        authors.push_back(one.author);
        chosen.push_back({i, false});
    }
    if (kept) {
        const auto place = static_cast<std::ptrdiff_t>(std::min(kKeptPlace, chosen.size()));
        chosen.insert(chosen.begin() + place, {*kept, true});
    }
    return chosen;
}

int few_readers(int median) {
    return std::clamp(median, 5, kMostFew);
}

}  // namespace braid::guidance
