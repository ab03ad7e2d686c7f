// Threads for what waits, and a bounded line in front of them. Internal to this folder.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace braid::http {

class Job {
  public:
    virtual ~Job() = default;
    virtual void run() noexcept = 0;
};

// Threads start as they are needed. Thread-safe.
class Workers {
  public:
    Workers(int max_threads, int max_queued);
    ~Workers();
    // false: the line is full (or closed), nothing was taken.
    [[nodiscard]] bool submit(std::shared_ptr<Job> job);
    [[nodiscard]] std::size_t queued() const;
    // Runs what is queued, then joins. Nothing may be submitted any more.
    void stop();

  private:
    void work();

    const std::size_t max_threads_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<std::shared_ptr<Job>> ring_;  // shared with the connection whose request it is
    std::size_t first_ = 0, count_ = 0, idle_ = 0;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace braid::http
