// One event loop on one thread, and file descriptors that wait on it. Internal to this folder; Asio is behind
// this header.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace braid::http {

class Loop {
  public:
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    void run();   // on the loop's thread, until stop()
    void stop();  // thread-safe
    // Thread-safe: runs `task` on the loop's thread.
    void post(std::function<void()> task);
    // Runs `task` again and again. Before run().
    void every(std::chrono::milliseconds period, std::function<void()> task);

  private:
    friend class Watched;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Told when a descriptor is ready, on the loop's thread.
class Watcher {
  public:
    virtual ~Watcher() = default;
    virtual void on_readable() = 0;
    virtual void on_writable() = 0;
};

// Owns a non-blocking descriptor. Used on the loop's thread only.
class Watched {
  public:
    Watched(Loop& loop, int fd);
    ~Watched();
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;

    [[nodiscard]] int fd() const;
    [[nodiscard]] bool open() const;
    // Tells `watcher` once. It is kept alive until then; after close() it is let go without being told.
    void wait_readable(std::shared_ptr<Watcher> watcher);
    void wait_writable(std::shared_ptr<Watcher> watcher);
    void close();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace braid::http
