#include "crawl/timing.h"

#include <algorithm>
#include <cmath>

namespace braid::testing::crawl {
namespace {

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace

Pace pace(const std::vector<double>& one, const std::vector<double>& other) {
    std::vector<double> gaps;
    int longer = 0;
    int unequal = 0;
    for (std::size_t i = 0; i < one.size(); ++i) {
        gaps.push_back(one[i] - other[i]);
        if (gaps.back() == 0) continue;
        ++unequal;
        longer += gaps.back() > 0 ? 1 : 0;
    }
    const double sign = unequal == 0 ? 0 : (2.0 * longer - unequal) / std::sqrt(unequal);
    return {median(one), median(other), median(gaps), sign, one.size()};
}

bool stands_out(const Pace& pace) {
    // Few pairs are for finding where to look again.
    const double fair = pace.pairs < 50 ? 2 : 3;
    return std::abs(pace.sign) > fair &&
           std::abs(pace.gap) > std::max(40.0, 0.05 * std::min(pace.one, pace.other));
}

Timed timed(const std::function<double(bool)>& ask, const std::vector<int>& rounds) {
    Timed result;
    double direction = 0;
    for (const int pairs : rounds) {
        std::vector<double> one;
        std::vector<double> other;
        for (int i = 0; i < pairs; ++i) {
            // Who comes first changes, so that neither is always the one that finds things warm.
            if (i % 2 == 0) {
                one.push_back(ask(true));
                other.push_back(ask(false));
            } else {
                other.push_back(ask(false));
                one.push_back(ask(true));
            }
        }
        result.last = pace(one, other);
        if (!stands_out(result.last) || result.last.gap * direction < 0) return result;
        direction = result.last.gap;
    }
    result.apart = true;
    return result;
}

}  // namespace braid::testing::crawl
