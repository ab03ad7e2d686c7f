#include "platform/http/workers.h"

#include <algorithm>

namespace braid::http {

Workers::Workers(int max_threads, int max_queued)
    : max_threads_(static_cast<std::size_t>(std::max(1, max_threads))),
      ring_(static_cast<std::size_t>(std::max(1, max_queued))) {}

Workers::~Workers() {
    stop();
}

bool Workers::submit(std::shared_ptr<Job> job) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || count_ == ring_.size()) return false;
        if (count_ >= idle_ && threads_.size() < max_threads_) threads_.emplace_back([this] { work(); });
        ring_[(first_ + count_) % ring_.size()] = std::move(job);
        ++count_;
    }
    wake_.notify_one();
    return true;
}

std::size_t Workers::queued() const {
    const std::lock_guard lock(mutex_);
    return count_;
}

void Workers::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        ++idle_;
        wake_.wait(lock, [&] { return count_ > 0 || stopping_; });
        --idle_;
        if (count_ == 0) return;
        const std::shared_ptr<Job> job = std::move(ring_[first_]);
        first_ = (first_ + 1) % ring_.size();
        --count_;
        lock.unlock();
        job->run();
        lock.lock();
    }
}

void Workers::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_)
        thread.join();
    threads_.clear();
}

}  // namespace braid::http
