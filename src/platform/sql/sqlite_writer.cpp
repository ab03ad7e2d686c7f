#include "platform/sql/sqlite_writer.h"

#include <algorithm>

namespace braid::sql {

namespace {

using Control = SqliteConnection::Control;
using SteadyClock = std::chrono::steady_clock;

constexpr int kWriterCacheKib = 16 * 1024;
// The log is copied into the file when nobody waits and it has grown by this many pages (4 MiB) …
constexpr int kLogIdle = 1024;
// … or, however busy, by this many (16 MiB). Once it is larger than this, readers are waited for so that it
// begins anew.
constexpr int kLogMost = 4 * 1024;
constexpr std::chrono::microseconds kGatherMost{2000};

bool is_constraint(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const Failure& thrown) {
        return thrown.kind() == FailureKind::constraint;
    } catch (...) {
        return false;
    }
}

// An exception is one object however many hold it: callers on their threads each get their own.
std::exception_ptr copy_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const Failure& thrown) {
        return std::make_exception_ptr(Failure(thrown.kind(), thrown.what()));
    } catch (...) {
        return failure;
    }
}

}  // namespace

class SqliteWriter::Transaction final : public EngineTx {
  public:
    Transaction(SqliteConnection& connection, std::vector<PendingNotice>& pending)
        : connection_(connection), pending_(pending) {}
    [[nodiscard]] Engine engine() const override { return Engine::sqlite; }
    std::int64_t execute(const Query& query, std::span<const Param> params,
                         const RowCallback& on_row) override {
        return connection_.execute(query, params, on_row);
    }
    void notify(std::string_view channel, std::string_view payload, Reach reach) override {
        add_notice(pending_, channel, payload, reach);
    }
    void run_script(std::string_view text) override { connection_.script(text); }
    void prepare(const Query& query) override { connection_.prepare(query); }

  private:
    SqliteConnection& connection_;
    std::vector<PendingNotice>& pending_;
};

SqliteWriter::SqliteWriter(const std::string& file, const Options& options, NoticeBoard& notices)
    : max_queue_(static_cast<std::size_t>(options.write_queue)),
      max_group_(static_cast<std::size_t>(std::max(options.max_group, 1))),
      notices_(notices),
      connection_(file, SqliteConnection::Use::writing, options.busy_timeout, kWriterCacheKib) {
    thread_ = std::thread([this] { loop(); });
}

SqliteWriter::~SqliteWriter() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    arrived_.notify_one();
    thread_.join();
}

Tx* SqliteWriter::current() const {
    return std::this_thread::get_id() == thread_.get_id() ? current_ : nullptr;
}

WriterStats SqliteWriter::stats() const {
    const std::scoped_lock lock(mutex_);
    WriterStats stats = stats_;
    stats.queued = queue_.size();
    return stats;
}

void SqliteWriter::run(const Body& body) {
    Request request{body, {}, false, {}, {}};
    {
        const std::scoped_lock lock(mutex_);
        if (queue_.size() >= max_queue_) {
            throw Failure(FailureKind::busy,
                          "the writer's queue is full (" + std::to_string(max_queue_) + ")");
        }
        queue_.push_back(&request);
        if (queue_.size() == wanted_) arrived_.notify_one();
    }
    std::unique_lock lock(request.mutex);
    request.answered.wait(lock, [&] { return request.done; });
    if (request.failure) std::rethrow_exception(request.failure);
}

void SqliteWriter::answer(Request& request) {
    // Under the lock: the caller must not destroy the request before this thread is done with it.
    const std::scoped_lock lock(request.mutex);
    request.done = true;
    request.answered.notify_one();
}

void SqliteWriter::loop() {
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            arrived_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
            if (queue_.empty()) return;
        }
        gather(last_group_);
        run_group();
        tidy_log();
    }
}

// Those who were answered together come back together: after a group, wait a fraction of what a commit costs
// for as many to arrive, so that they share the next commit instead of splitting into a first one and the
// rest. A lone writer never waits.
void SqliteWriter::gather(std::size_t expected) {
    if (expected < 2) return;
    const auto patience = std::min<std::chrono::nanoseconds>(last_commit_ / 4, kGatherMost);
    std::unique_lock lock(mutex_);
    wanted_ = std::min(expected, max_group_);
    arrived_.wait_for(lock, patience, [&] { return stopping_ || queue_.size() >= wanted_; });
    wanted_ = 1;
}

SqliteWriter::Request* SqliteWriter::take(std::size_t taken) {
    const std::scoped_lock lock(mutex_);
    if (queue_.empty() || taken >= max_group_) return nullptr;
    Request* request = queue_.front();
    queue_.pop_front();
    return request;
}

// Throws only what ends the whole group.
void SqliteWriter::run_one(Request& request, std::vector<PendingNotice>& pending) {
    connection_.control(Control::savepoint);
    const std::size_t told = pending.size();
    Transaction tx(connection_, pending);
    bool keep = false;
    std::exception_ptr broken;
    current_ = &tx;
    try {
        keep = request.body(tx);
    } catch (const Failure& failure) {
        request.failure = std::current_exception();
        if (failure.kind() == FailureKind::full || failure.kind() == FailureKind::lost)
            broken = copy_of(request.failure);
    } catch (...) {
        request.failure = std::current_exception();
    }
    current_ = nullptr;
    if (broken) std::rethrow_exception(broken);
    if (!connection_.in_transaction()) {
        // SQLite undid everything, and the body did not say so.
        throw Failure(FailureKind::full, "the engine undid the transaction");
    }
    if (!keep) {
        pending.resize(std::min(told, pending.size()));
        connection_.control(Control::rollback_to);
    }
    connection_.control(Control::release);
}

std::exception_ptr SqliteWriter::commit_together(std::vector<Request*>& group, bool more) {
    std::vector<PendingNotice> pending;
    try {
        connection_.control(Control::begin_write);
        for (Request* request : group)
            run_one(*request, pending);
        while (Request* request = more ? take(group.size()) : nullptr) {
            group.push_back(request);
            run_one(*request, pending);
        }
        const auto start = SteadyClock::now();
        connection_.control(Control::commit);
        commits_.fetch_add(1, std::memory_order_release);  // before anybody is told
        last_commit_ = SteadyClock::now() - start;
    } catch (...) {
        connection_.rollback_quietly();
        return std::current_exception();
    }
    {
        const std::scoped_lock lock(mutex_);
        stats_.commits += 1;
        stats_.transactions += group.size();
    }
    for (PendingNotice& told : pending)
        notices_.tell(std::move(told.notice));
    return nullptr;
}

void SqliteWriter::run_group() {
    std::vector<Request*> group;
    std::exception_ptr failure = commit_together(group, true);
    // It could not even begin: those who wait have waited long enough.
    if (failure && group.empty()) {
        while (Request* request = take(group.size()))
            group.push_back(request);
    }
    last_group_ = group.size();
    if (failure && group.size() > 1 && is_constraint(failure)) {
        // A deferred rule, checked at the commit, does not say whose it was: each alone.
        for (Request* request : group) {
            request->failure = nullptr;
            std::vector<Request*> alone{request};
            if (const auto its_own = commit_together(alone, false); its_own && !request->failure)
                request->failure = its_own;
        }
        failure = nullptr;
    }
    for (Request* request : group) {
        // Also for who was refused by its own rule: that rule may have looked at what is now undone.
        if (failure && !request->failure) request->failure = copy_of(failure);
        answer(*request);
    }
}

void SqliteWriter::tidy_log() {
    bool idle = false;
    {
        const std::scoped_lock lock(mutex_);
        idle = queue_.empty();
    }
    if (connection_.uncopied_pages() >= (idle ? kLogIdle : kLogMost)) {
        connection_.checkpoint(connection_.log_pages() >= kLogMost);
    }
}

}  // namespace braid::sql
