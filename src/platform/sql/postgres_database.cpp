#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "platform/sql/engine.h"
#include "platform/sql/notices.h"
#include "platform/sql/postgres_notices.h"
#include "platform/sql/postgres_pool.h"

namespace braid::sql {

namespace {

constexpr const char* kBeginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
constexpr const char* kBeginSerializable = "BEGIN ISOLATION LEVEL SERIALIZABLE";
constexpr const char* kBeginCommitted = "BEGIN ISOLATION LEVEL READ COMMITTED";

// One transaction on a leased connection. It begins with the first query, in the same round trip.
class Transaction {
  public:
    Transaction(PostgresPool::Lease& lease, const char* begin) : lease_(lease), begin_(begin) {}

    std::int64_t execute(const Query& query, std::span<const Param> params, const RowCallback& on_row) {
        return PostgresConnection::deliver(run(query, params), on_row);
    }
    PostgresResult command(const std::string& text) {
        if (begin_ != nullptr) lease_->command(std::exchange(begin_, nullptr));
        return guarded([&] { return lease_->command(text); });
    }
    [[nodiscard]] bool begun() const { return begin_ == nullptr; }
    // A statement failed because of another transaction: this one may succeed when run again, whatever its
    // body made of it.
    [[nodiscard]] bool again() const { return again_; }

  private:
    PostgresResult run(const Query& query, std::span<const Param> params) {
        if (begin_ == nullptr) return guarded([&] { return lease_->run(query, params, nullptr); });
        const char* begin = std::exchange(begin_, nullptr);
        try {
            return guarded([&] { return lease_->run(query, params, begin); });
        } catch (const Failure& failure) {
            // The server closed the idle connection some time ago. Nothing has happened yet in this
            // transaction.
            if (failure.kind() != FailureKind::lost || !lease_.used()) throw;
        }
        lease_.renew();
        return guarded([&] { return lease_->run(query, params, begin); });
    }
    template <class Body>
    PostgresResult guarded(Body body) {
        try {
            return body();
        } catch (const PostgresFailure& failure) {
            again_ = again_ || failure.again();
            throw;
        }
    }

    PostgresPool::Lease& lease_;
    const char* begin_;
    bool again_ = false;
};

class PostgresReader final : public Reader {
  public:
    explicit PostgresReader(Transaction& transaction) : transaction_(transaction) {}
    [[nodiscard]] Engine engine() const override { return Engine::postgres; }
    std::int64_t execute(const Query& query, std::span<const Param> params,
                         const RowCallback& on_row) override {
        return transaction_.execute(query, params, on_row);
    }

  private:
    Transaction& transaction_;
};

class PostgresTx final : public EngineTx {
  public:
    PostgresTx(PostgresPool::Lease& lease, Transaction& transaction)
        : lease_(lease), transaction_(transaction) {}
    [[nodiscard]] Engine engine() const override { return Engine::postgres; }
    std::int64_t execute(const Query& query, std::span<const Param> params,
                         const RowCallback& on_row) override {
        return transaction_.execute(query, params, on_row);
    }
    void notify(std::string_view channel, std::string_view payload, Reach reach) override {
        add_notice(pending_, channel, payload, reach);
    }
    void run_script(std::string_view text) override {
        transaction_.command("SET LOCAL statement_timeout = 0");  // building an index may take its time
        transaction_.command(std::string(text));
    }
    void prepare(const Query& query) override { lease_->prepare(query); }
    std::vector<PendingNotice>& pending() { return pending_; }

  private:
    PostgresPool::Lease& lease_;
    Transaction& transaction_;
    std::vector<PendingNotice> pending_;
};

class PostgresDatabase;

// What this thread is inside of, innermost first: so that a nested read() needs no second connection, which
// could wait for ever when every thread holds one.
struct Inside {
    const PostgresDatabase* database;
    Reader* reader;
    const Inside* outer;
};
thread_local const Inside* inside = nullptr;

class Enter {
  public:
    Enter(const PostgresDatabase* database, Reader* reader) : entry_{database, reader, inside} {
        inside = &entry_;
    }
    ~Enter() { inside = entry_.outer; }
    Enter(const Enter&) = delete;
    Enter& operator=(const Enter&) = delete;

  private:
    Inside entry_;
};

// Full jitter: rivals that collided once should not meet again.
void pause_before_retry(int attempt) {
    thread_local std::minstd_rand dice(std::random_device{}());
    const int most = std::min(100'000, 500 << std::min(attempt, 10));
    std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution<int>(0, most)(dice)));
}

class PostgresDatabase final : public Database {
  public:
    explicit PostgresDatabase(const Options& options)
        : options_(options), pool_(options), notices_(options, board_) {
        const PostgresPool::Lease probe(pool_);  // a wrong url or a missing server shows now
    }
    ~PostgresDatabase() override { board_.stop(); }

    [[nodiscard]] Engine engine() const override { return Engine::postgres; }

    void with_reader(const std::function<void(Reader&)>& body) override {
        if (const Inside* outer = find_inside()) return body(*outer->reader);
        PostgresPool::Lease lease(pool_);
        Transaction transaction(lease, kBeginRead);
        PostgresReader reader(transaction);
        const Enter enter(this, &reader);
        struct End {
            PostgresPool::Lease& lease;
            Transaction& transaction;
            // Its end changes nothing, so nobody waits for it.
            ~End() {
                if (transaction.begun() && !lease->broken()) lease->send_and_forget("COMMIT");
            }
        } const end{lease, transaction};
        body(reader);
    }

    void with_tx(const std::function<bool(Tx&)>& body, Isolation isolation) override {
        if (find_inside() != nullptr)
            throw Failure(FailureKind::statement, "write() inside a read() or write() body");
        const char* begin = isolation == Isolation::serializable ? kBeginSerializable : kBeginCommitted;
        PostgresPool::Lease lease(pool_);
        for (int attempt = 1;; ++attempt) {
            if (attempt_tx(body, lease, begin, attempt)) return;
            ++retries_;
            pause_before_retry(attempt);
        }
    }

    int migrate(std::span<const Migration> migrations) override {
        const int applied = migrator_.migrate(migrations);
        if (applied > 0) pool_.forget_statements();
        return applied;
    }

    [[nodiscard]] WriterStats writer_stats() const override {
        return {commits_.load(), commits_.load(), pool_.waiting(), retries_.load()};
    }

    void prepare(const Query& query) override {
        PostgresPool::Lease lease(pool_);
        lease->prepare(query);
    }

    Listening listen(Listener listener) override {
        Listening listening = board_.listen(std::move(listener));
        notices_.start();
        return listening;
    }

  private:
    const Inside* find_inside() const {
        for (const Inside* entry = inside; entry != nullptr; entry = entry->outer) {
            if (entry->database == this) return entry;
        }
        return nullptr;
    }

    // False: to be run again.
    bool attempt_tx(const std::function<bool(Tx&)>& body, PostgresPool::Lease& lease, const char* begin,
                    int attempt) {
        Transaction transaction(lease, begin);
        PostgresTx tx(lease, transaction);
        TxReader reader(tx);
        bool committing = false;
        try {
            bool keep = false;
            {
                const Enter enter(this, &reader);
                keep = body(tx);
            }
            if (transaction.again()) {  // the body kept it to itself
                throw PostgresFailure(FailureKind::busy, "40001",
                                      "a statement failed for another transaction's sake");
            }
            if (keep && transaction.begun()) {
                committing = true;
                commit(lease);
            } else if (transaction.begun()) {
                lease->send_and_forget("ROLLBACK");
            }
            if (keep) {
                ++commits_;
                tell(tx.pending());
            }
            return true;
        } catch (const std::exception& exception) {
            const auto* failure = dynamic_cast<const PostgresFailure*>(&exception);
            const bool lost = lease->broken();
            if (!lost && transaction.begun()) lease->send_and_forget("ROLLBACK");
            if (lost && committing) {
                throw Failure(FailureKind::lost,
                              std::string(exception.what()) + "; whether the commit took place is unknown");
            }
            if (transaction.again() || (failure != nullptr && failure->again())) {
                if (attempt >= options_.max_attempts) {
                    throw Failure(FailureKind::busy, "given up after " + std::to_string(attempt) +
                                                         " attempts: " + exception.what());
                }
                return false;
            }
            // Nothing was committed, so it can be begun anew, once: the server may just have been restarted.
            if (lost && attempt == 1) {
                lease.renew();
                return false;
            }
            throw;
        } catch (...) {
            if (!lease->broken() && transaction.begun()) lease->send_and_forget("ROLLBACK");
            throw;
        }
    }

    static void commit(PostgresPool::Lease& lease) {
        const PostgresResult result = lease->command("COMMIT");
        // A transaction with a failed statement answers COMMIT by ROLLBACK, without an error.
        if (PostgresConnection::tag(result) != "COMMIT") {
            throw Failure(FailureKind::statement,
                          "a body caught the failure of a statement and went on to commit");
        }
    }

    void tell(std::vector<PendingNotice>& pending) {
        for (PendingNotice& told : pending) {
            if (told.reach == Reach::everywhere) notices_.send(told.notice);
            board_.tell(std::move(told.notice));
        }
    }

    const Options options_;
    PostgresPool pool_;
    NoticeBoard board_;
    PostgresNotices notices_;
    Migrator migrator_{*this};
    std::atomic<std::uint64_t> commits_{0};
    std::atomic<std::uint64_t> retries_{0};
};

}  // namespace

std::unique_ptr<Database> open_postgres(const Options& options) {
    return std::make_unique<PostgresDatabase>(options);
}

}  // namespace braid::sql
