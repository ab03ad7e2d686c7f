// The one writer of a SQLite database: a thread that takes queued write transactions in groups, each in its
// savepoint, with one commit and one sync for the group, and answers each caller after that commit. For this
// folder alone.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "platform/sql/engine.h"
#include "platform/sql/notices.h"
#include "platform/sql/sqlite_connection.h"

namespace braid::sql {

// Thread-safe.
class SqliteWriter {
  public:
    using Body = std::function<bool(Tx&)>;

    SqliteWriter(const std::string& file, const Options& options, NoticeBoard& notices);
    ~SqliteWriter();  // after what is queued is done

    // Waits until `body` has run and its group is durable; see Database::with_tx.
    void run(const Body& body);
    [[nodiscard]] WriterStats stats() const;
    // Counts up before a commit is answered: whoever reads the same number twice has missed nothing of this
    // process.
    [[nodiscard]] std::uint64_t commits() const { return commits_.load(std::memory_order_acquire); }
    // The transaction whose body runs on this thread right now, if this is the writer's thread.
    [[nodiscard]] Tx* current() const;

  private:
    struct Request {
        const Body& body;
        std::exception_ptr failure;
        bool done = false;
        std::mutex mutex;
        std::condition_variable answered;
    };
    class Transaction;

    void loop();
    // The next request of a group that has `taken` already; nullptr when there is none now.
    Request* take(std::size_t taken);
    void run_group();
    // Runs `group`, and while `more` whoever else is queued, in one transaction. Returns why it could not be
    // committed.
    std::exception_ptr commit_together(std::vector<Request*>& group, bool more);
    void run_one(Request& request, std::vector<PendingNotice>& pending);
    static void answer(Request& request);
    void gather(std::size_t expected);
    void tidy_log();

    const std::size_t max_queue_;
    const std::size_t max_group_;
    NoticeBoard& notices_;
    SqliteConnection connection_;
    Tx* current_ = nullptr;                    // the writer's thread only
    std::chrono::nanoseconds last_commit_{0};  // the writer's thread only
    std::size_t last_group_ = 0;               // the writer's thread only
    std::atomic<std::uint64_t> commits_{0};

    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Request*> queue_;
    std::size_t wanted_ = 1;  // how many must be queued before the writer is woken
    bool stopping_ = false;
    WriterStats stats_;
    std::thread thread_;
};

}  // namespace braid::sql
