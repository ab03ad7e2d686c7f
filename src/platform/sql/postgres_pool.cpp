#include "platform/sql/postgres_pool.h"

#include <algorithm>

namespace braid::sql {

std::unique_ptr<PostgresConnection> PostgresPool::take(bool& used) {
    const int most = std::max(options_.readers, 1);
    {
        std::unique_lock lock(mutex_);
        ++waiting_;
        const bool free = changed_.wait_for(lock, options_.busy_timeout, [&] { return out_ < most; });
        --waiting_;
        if (!free) {
            throw Failure(FailureKind::busy,
                          "all " + std::to_string(most) + " connections to PostgreSQL are in use");
        }
        ++out_;
        if (!idle_.empty()) {
            auto connection = std::move(idle_.back());  // the one used last: its statements are warm
            idle_.pop_back();
            used = true;
            return connection;
        }
    }
    used = false;
    try {
        return std::make_unique<PostgresConnection>(options_);
    } catch (...) {
        give_back(nullptr);
        throw;
    }
}

void PostgresPool::give_back(std::unique_ptr<PostgresConnection> connection) {
    {
        const std::scoped_lock lock(mutex_);
        --out_;
        if (connection && !connection->broken() && !connection->stale())
            idle_.push_back(std::move(connection));
    }
    changed_.notify_one();
    // What was not kept is closed here, outside of the lock.
}

void PostgresPool::Lease::renew() {
    // When there is none to be had, the lease keeps the broken one: whoever holds it still asks it how it is.
    auto fresh = std::make_unique<PostgresConnection>(pool_.options_);
    connection_ = std::move(fresh);
    used_ = false;
}

std::size_t PostgresPool::waiting() const {
    const std::scoped_lock lock(mutex_);
    return waiting_;
}

void PostgresPool::forget_statements() {
    std::vector<std::unique_ptr<PostgresConnection>> closing;
    const std::scoped_lock lock(mutex_);
    closing.swap(idle_);
}

}  // namespace braid::sql
