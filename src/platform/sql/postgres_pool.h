// A bounded number of connections to one server. For this folder alone.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "platform/sql/postgres_connection.h"

namespace braid::sql {

// Thread-safe.
class PostgresPool {
  public:
    explicit PostgresPool(const Options& options) : options_(options) {}

    // A connection in one thread's hands, given back at the end.
    class Lease {
      public:
        explicit Lease(PostgresPool& pool) : pool_(pool), connection_(pool.take(used_)) {}
        ~Lease() { pool_.give_back(std::move(connection_)); }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        PostgresConnection& operator*() { return *connection_; }
        PostgresConnection* operator->() { return connection_.get(); }
        // Whether it was idle in the pool before, so that the server may have closed it unnoticed.
        [[nodiscard]] bool used() const { return used_; }
        // A new connection in place of this one.
        void renew();

      private:
        PostgresPool& pool_;
        bool used_ = false;
        std::unique_ptr<PostgresConnection> connection_;
    };

    [[nodiscard]] std::size_t waiting() const;
    // Idle connections go; those in use go when they are given back.
    void forget_statements();

  private:
    std::unique_ptr<PostgresConnection> take(bool& used);
    void give_back(std::unique_ptr<PostgresConnection> connection);

    const Options options_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::unique_ptr<PostgresConnection>> idle_;
    int out_ = 0;  // taken or being opened
    std::size_t waiting_ = 0;
};

}  // namespace braid::sql
