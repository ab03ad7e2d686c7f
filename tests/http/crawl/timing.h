// Whether two kinds of answers can be told apart by how long they take, on a machine that does other things
// too.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace braid::testing::crawl {

// What interleaved pairs of requests came to, in microseconds.
struct Pace {
    double one = 0, other = 0;  // medians of each kind
    double gap = 0;             // median of the pairs' differences, one minus other
    double sign = 0;  // how many standard deviations the sign of the differences is from a fair coin
    std::size_t pairs = 0;
};
Pace pace(const std::vector<double>& one, const std::vector<double>& other);

// A gap that stands out: further from a coin's fairness than three deviations (two of a short round, which
// only finds where to look again), and wider than 40 µs or a twentieth of the answer, whichever is more. One
// question more is about 90 µs on PostgreSQL; that the questions are the same is counted beside this. The
// crawler prints what is above 20 µs.
bool stands_out(const Pace& pace);

// Asks for pairs, again and more of them while the gap stands out in the same direction, and says what the
// last round came to; a gap counts only when every round shows it. `ask(first)`: the microseconds of one
// answer of the one kind (true) or the other (false).
struct Timed {
    Pace last;
    bool apart = false;
};
Timed timed(const std::function<double(bool one)>& ask, const std::vector<int>& rounds = {24, 60, 150, 300});

}  // namespace braid::testing::crawl
