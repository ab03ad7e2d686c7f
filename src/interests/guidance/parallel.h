// Work on many numbers, shared between a few threads that end with it.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace braid::guidance {

using Told = std::function<void(std::size_t done, std::size_t total)>;

// body(number, thread) for every number below `count`, in pieces of `piece`; `told` hears of it, one thread
// at a time. The body must not throw.
template <class Body>
void in_parallel(std::size_t count, std::size_t piece, unsigned threads, const Told& told, Body body) {
    std::atomic<std::size_t> next{0}, done{0};
    std::mutex telling;
    const auto work = [&](unsigned thread) {
        for (;;) {
            const std::size_t from = next.fetch_add(piece);
            if (from >= count) return;
            const std::size_t to = std::min(count, from + piece);
            for (std::size_t i = from; i < to; ++i)
                body(i, thread);
            const std::size_t so_far = done.fetch_add(to - from) + to - from;
            if (!told) continue;
            const std::scoped_lock lock(telling);
            told(so_far, count);
        }
    };
    std::vector<std::jthread> others;
    for (unsigned thread = 1; thread < threads; ++thread)
        others.emplace_back(work, thread);
    work(0);
}

}  // namespace braid::guidance
