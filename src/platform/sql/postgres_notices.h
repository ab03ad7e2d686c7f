// Carries notices between the nodes on one PostgreSQL server with LISTEN and NOTIFY, on a thread and a
// connection of its own.
//
// NOTIFY inside the transactions themselves would make all commits of the server wait for one another (the
// server orders notices by a lock held to the end of the commit), so notices are sent after the commit, many
// in one. For this folder alone.
#pragma once

#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "platform/sql/notices.h"
#include "platform/sql/postgres_connection.h"

namespace braid::sql {

// Thread-safe.
class PostgresNotices {
  public:
    PostgresNotices(const Options& options, NoticeBoard& board);
    ~PostgresNotices();

    // Begins to hear other nodes; returns once it does, or after a moment when the server cannot be reached
    // (and then goes on trying).
    void start();
    void send(Notice notice);

    // One NOTIFY's text for several notices: the sender's name, then channel and payload of each, with their
    // lengths ahead. `pack` takes from the front of `queue` as many as fit the server's 8000 bytes.
    static std::string pack(const std::string& origin, std::deque<Notice>& queue);
    struct Packet {
        std::string origin;
        std::vector<Notice> notices;
    };
    static std::optional<Packet> unpack(std::string_view text);  // nothing for what is no such text

  private:
    void loop();
    void serve(PostgresConnection& connection);
    void signal();
    void run_thread();

    const Options options_;
    NoticeBoard& board_;
    const std::string origin_;
    std::mutex mutex_;
    std::condition_variable listening_;
    bool heard_ = false;
    std::deque<Notice> outgoing_;
    std::atomic<bool> stopping_{false};
    int signal_ = -1;  // an eventfd: something to send, or to stop
    std::thread thread_;
};

}  // namespace braid::sql
