#include <atomic>
#include <filesystem>
#include <list>
#include <system_error>

#include "platform/sql/engine.h"
#include "platform/sql/notices.h"
#include "platform/sql/sqlite_connection.h"
#include "platform/sql/sqlite_writer.h"
#include "platform/sql/turn.h"

namespace braid::sql {

namespace {

using Control = SqliteConnection::Control;

// A connection as one thread uses it. The snapshot begins with the first query of a read().
class SqliteReader final : public Reader {
  public:
    SqliteReader(const std::string& file, const Options& options)
        : connection_(file, SqliteConnection::Use::reading, options.busy_timeout, options.reader_cache_kib) {}
    [[nodiscard]] Engine engine() const override { return Engine::sqlite; }
    std::int64_t execute(const Query& query, std::span<const Param> params,
                         const RowCallback& on_row) override {
        if (!begun_) {
            connection_.control(Control::begin_read);
            begun_ = true;
        }
        return connection_.execute(query, params, on_row);
    }

    // `commits`: how many there have been by now in this process.
    void enter(std::uint64_t commits) {
        if (depth_++ > 0) return;
        if (begun_ && seen_ != commits) let_go();
        seen_ = commits;
    }
    void leave() {
        if (--depth_ == 0 && !in_turn_) let_go();
    }
    void set_turn(bool in_turn) noexcept {
        in_turn_ = in_turn;
        if (!in_turn_ && depth_ == 0) let_go();
    }
    [[nodiscard]] bool inside() const { return depth_ > 0; }

  private:
    void let_go() noexcept {
        if (!begun_) return;
        begun_ = false;
        try {
            connection_.control(Control::commit);
        } catch (const Failure&) {
            connection_.rollback_quietly();  // nothing was written: the snapshot is let go either way
        }
    }

    SqliteConnection connection_;
    int depth_ = 0;
    std::uint64_t seen_ = 0;  // commits when the outermost read began, before its snapshot did
    bool begun_ = false, in_turn_ = false;
};

// The readers of one database: one per thread that reads, handed on when its thread ends. Shared with the
// threads' own caches (below), which may outlive the database or end before it.
class ReaderPool {
  public:
    ReaderPool(std::string file, const Options& options) : file_(std::move(file)), options_(options) {}

    SqliteReader* take() {
        {
            const std::scoped_lock lock(mutex_);
            if (closed_) return nullptr;
            if (!free_.empty()) {
                SqliteReader* reader = free_.back();
                free_.pop_back();
                return reader;
            }
        }
        auto made = std::make_unique<SqliteReader>(file_, options_);
        const std::scoped_lock lock(mutex_);
        all_.push_back(std::move(made));
        return all_.back().get();
    }
    void give_back(SqliteReader* reader) {
        const std::scoped_lock lock(mutex_);
        if (!closed_) free_.push_back(reader);
    }
    void close() {
        const std::scoped_lock lock(mutex_);
        closed_ = true;
        free_.clear();
        all_.clear();
    }

  private:
    const std::string file_;
    const Options options_;
    std::mutex mutex_;
    std::list<std::unique_ptr<SqliteReader>> all_;
    std::vector<SqliteReader*> free_;
    bool closed_ = false;
};

// This thread's readers, one per database it has read from; nearly always one.
class ThreadReaders {
  public:
    ~ThreadReaders() {
        for (const Entry& entry : entries_)
            give_back(entry);
    }
    SqliteReader* find(std::uint64_t database) const {
        for (const Entry& entry : entries_) {
            if (entry.database == database) return entry.reader;
        }
        return nullptr;
    }
    SqliteReader* add(std::uint64_t database, const std::shared_ptr<ReaderPool>& pool) {
        std::erase_if(entries_, [](const Entry& entry) { return entry.pool.expired(); });
        entries_.push_back({database, pool->take(), pool});
        return entries_.back().reader;
    }

    // A reader that is made during a turn takes part from the next one on.
    void set_turn(bool in_turn) noexcept {
        for (const Entry& entry : entries_) {
            if (const auto pool = entry.pool.lock()) entry.reader->set_turn(in_turn);
        }
    }

  private:
    struct Entry {
        std::uint64_t database;
        SqliteReader* reader;
        std::weak_ptr<ReaderPool> pool;
    };
    static void give_back(const Entry& entry) {
        const auto pool = entry.pool.lock();
        if (!pool) return;
        entry.reader->set_turn(false);
        pool->give_back(entry.reader);
    }
    std::vector<Entry> entries_;
};

thread_local ThreadReaders thread_readers;

class SqliteDatabase final : public Database {
  public:
    SqliteDatabase(const std::string& file, const Options& options)
        : writer_(file, options, notices_), pool_(std::make_shared<ReaderPool>(file, options)) {}
    ~SqliteDatabase() override {
        notices_.stop();
        pool_->close();  // before the writer, whose closing then empties the log
    }

    [[nodiscard]] Engine engine() const override { return Engine::sqlite; }

    void with_reader(const std::function<void(Reader&)>& body) override {
        if (Tx* tx = writer_.current()) {
            TxReader reader(*tx);
            body(reader);
            return;
        }
        SqliteReader& reader = *reader_of_thread();
        reader.enter(writer_.commits());
        struct Leave {
            SqliteReader& reader;
            ~Leave() { reader.leave(); }
        } const leave{reader};
        body(reader);
    }

    void with_tx(const std::function<bool(Tx&)>& body, Isolation /*one writer*/) override {
        const SqliteReader* reader = thread_readers.find(serial_);
        if (writer_.current() != nullptr || (reader != nullptr && reader->inside())) {
            throw Failure(FailureKind::statement, "write() inside a read() or write() body");
        }
        writer_.run(body);
    }

    int migrate(std::span<const Migration> migrations) override { return migrator_.migrate(migrations); }
    [[nodiscard]] WriterStats writer_stats() const override { return writer_.stats(); }

    void prepare(const Query& query) override {
        // On the writer's connection: a reader's refuses nothing either, but this one's schema is the newest.
        writer_.run([&](Tx& tx) {
            static_cast<EngineTx&>(tx).prepare(query);
            return false;
        });
    }

    Listening listen(Listener listener) override { return notices_.listen(std::move(listener)); }

  private:
    SqliteReader* reader_of_thread() {
        if (SqliteReader* reader = thread_readers.find(serial_)) return reader;
        return thread_readers.add(serial_, pool_);
    }

    static std::uint64_t next_serial() {
        static std::atomic<std::uint64_t> last{0};
        return ++last;
    }

    const std::uint64_t serial_ = next_serial();
    NoticeBoard notices_;
    SqliteWriter writer_;
    const std::shared_ptr<ReaderPool> pool_;
    Migrator migrator_{*this};
};

}  // namespace

void begin_turn() noexcept {
    thread_readers.set_turn(true);
}
void end_turn() noexcept {
    thread_readers.set_turn(false);
}

std::unique_ptr<Database> open_sqlite(const std::string& file, const Options& options) {
    const auto folder = std::filesystem::path(file).parent_path();
    std::error_code error;
    if (!folder.empty() && !std::filesystem::is_directory(folder, error)) {
        throw Failure(FailureKind::lost,
                      "cannot open " + file + ": the folder " + folder.string() + " does not exist");
    }
    return std::make_unique<SqliteDatabase>(file, options);
}

}  // namespace braid::sql
