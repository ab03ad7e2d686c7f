// What is SQLite's own: the text it is given, groups, full disks, the log.
#include <gtest/gtest.h>

#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "platform/sql/dialect.h"
#include "platform/sql/turn.h"
#include "support/databases.h"

namespace braid::sql {
namespace {

using testing::TestDatabase;

TEST(Dialect, TellsSqliteWhatItNeeds) {
    EXPECT_EQ(for_sqlite("SELECT $2, $10 FROM t WHERE a = $1"), "SELECT ?2, ?10 FROM t WHERE a = ?1");
    EXPECT_EQ(for_sqlite("x bytea, y BYTEA NOT NULL, bytea_like BIGINT"),
              "x BLOB, y BLOB NOT NULL, bytea_like BIGINT");
    EXPECT_EQ(for_sqlite("id BIGINT PRIMARY KEY, n bigint\n primary  key"),
              "id INTEGER PRIMARY KEY, n INTEGER\n primary  key");
    EXPECT_EQ(for_sqlite("a; /* sqlite only: b BYTEA; */ c; /* postgres only */ d $1; /* end */ e"),
              "a;  b BLOB;  c;  e");
    EXPECT_EQ(for_sqlite("id BIGINT, PRIMARY KEY (id)) /* clustered */;"),
              "id BIGINT, PRIMARY KEY (id)) WITHOUT ROWID;");
}

TEST(Dialect, LeavesStringsNamesAndCommentsAlone) {
    for (const char* text :
         {"'$1 BYTEA ''BYTEA'''", "\"BYTEA\"", "-- BYTEA $1\n", "/* BYTEA $1 */", "a$1", "'open $1",
          "/* open $1", "--open $1", "$", "BIGINT", "BIGINT PRIMARY", "BIGINT /* x */ PRIMARY KEY", ""}) {
        if (std::string_view(text) == "a$1") {
            EXPECT_EQ(for_sqlite(text), "a?1");  // no name in our SQL holds a dollar
        } else {
            EXPECT_EQ(for_sqlite(text), text);
        }
    }
}

constexpr auto kSchema = std::to_array<Migration>({
    {"sqlitetest", 1, "things",
     "CREATE TABLE things (id BIGINT PRIMARY KEY, body TEXT NOT NULL);\n"
     "CREATE TABLE later (id BIGINT PRIMARY KEY, thing BIGINT NOT NULL REFERENCES things (id) DEFERRABLE "
     "INITIALLY DEFERRED);\n"},
});
const Query kInsert{"sqlitetest.insert", "INSERT INTO things (id, body) VALUES ($1, $2)"};
const Query kLater{"sqlitetest.later", "INSERT INTO later (id, thing) VALUES ($1, $2)"};
const Query kIds{"sqlitetest.ids", "SELECT id FROM things ORDER BY id LIMIT 100000"};
const Query kCount{"sqlitetest.count", "SELECT COUNT(*) FROM things"};

class SqliteTest : public ::testing::Test {
  protected:
    explicit SqliteTest(Options options = {}) : database_(Engine::sqlite, {kSchema}, std::move(options)) {}

    void insert(std::int64_t id, std::string_view body = "x") {
        (void)database_->write([&](Tx& tx) -> Result<void> {
            tx.run(kInsert, id, body);
            return {};
        });
    }
    std::vector<std::int64_t> ids() {
        return database_->read([](Reader& r) { return r.all<std::int64_t>(kIds); });
    }

    TestDatabase database_;
};

FailureKind kind_of(const std::function<void()>& body) {
    try {
        body();
    } catch (const Failure& failure) {
        return failure.kind();
    }
    ADD_FAILURE() << "nothing was thrown";
    return FailureKind::corrupt;
}

// Holds the writer inside a body, so that what comes meanwhile is one group.
class HeldWriter {
  public:
    explicit HeldWriter(Database& database) : database_(database) {
        thread_ = std::thread([this] {
            (void)database_.write([this](Tx&) -> Result<void> {
                std::unique_lock lock(mutex_);
                if (was_held_) return {};  // a body may be run again
                was_held_ = held_ = true;
                changed_.notify_all();
                changed_.wait(lock, [&] { return !held_; });
                return {};
            });
        });
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return held_; });
    }
    ~HeldWriter() { let_go(); }
    void wait_for_queue(std::size_t size) const {
        while (database_.writer_stats().queued < size)
            std::this_thread::yield();
    }
    void let_go() {
        {
            const std::scoped_lock lock(mutex_);
            held_ = false;
            changed_.notify_all();
        }
        if (thread_.joinable()) thread_.join();
    }

  private:
    Database& database_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool held_ = false;
    bool was_held_ = false;
    std::thread thread_;
};

TEST_F(SqliteTest, AGroupIsOneCommitAndAFailureIsOnlyItsOwn) {
    insert(1);
    HeldWriter held(*database_);
    const auto before = database_->writer_stats();
    std::vector<std::thread> threads;
    const auto queue = [&](const std::function<void()>& body) {
        threads.emplace_back(body);
        held.wait_for_queue(threads.size());
    };
    std::atomic<int> failures{0};
    queue([&] { insert(2); });
    queue([&] {
        EXPECT_THROW((void)database_->write([&](Tx& tx) -> Result<void> {
            tx.run(kInsert, 3, "x");
            throw std::runtime_error("mine");
        }),
                     std::runtime_error);
        ++failures;
    });
    queue([&] {
        EXPECT_EQ(kind_of([&] { insert(1); }), FailureKind::constraint);
        ++failures;
    });
    queue([&] {
        EXPECT_FALSE(database_
                         ->write([&](Tx& tx) -> Result<void> {
                             EXPECT_EQ(tx.one<int>(kCount), 2);  // sees 2, not 3
                             tx.run(kInsert, 4, "x");
                             return not_found();
                         })
                         .ok());
        ++failures;
    });
    queue([&] { insert(5); });
    held.let_go();
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(failures, 3);
    EXPECT_EQ(ids(), (std::vector<std::int64_t>{1, 2, 5}));
    const auto after = database_->writer_stats();
    EXPECT_EQ(after.commits - before.commits, 1U);
    EXPECT_EQ(after.transactions - before.transactions, 6U);  // with the one that held the writer
}

TEST_F(SqliteTest, ADeferredRuleBrokenByOneFailsOnlyThatOne) {
    HeldWriter held(*database_);
    std::thread good([&] { insert(1); });
    held.wait_for_queue(1);
    std::thread bad([&] {
        EXPECT_EQ(kind_of([&] {
                      (void)database_->write([&](Tx& tx) -> Result<void> {
                          tx.run(kInsert, 2, "x");
                          tx.run(kLater, 1, 99);
                          return {};
                      });
                  }),
                  FailureKind::constraint);
    });
    held.wait_for_queue(2);
    held.let_go();
    good.join();
    bad.join();
    EXPECT_EQ(ids(), std::vector<std::int64_t>{1});
}

class SmallQueueTest : public SqliteTest {
  protected:
    SmallQueueTest()
        : SqliteTest([] {
              Options options;
              options.write_queue = 2;
              return options;
          }()) {}
};

TEST_F(SmallQueueTest, WhatTheQueueCannotHoldIsRefusedAtOnce) {
    HeldWriter held(*database_);
    std::thread first([&] { insert(1); });
    std::thread second([&] { insert(2); });
    held.wait_for_queue(2);
    EXPECT_EQ(kind_of([&] { insert(3); }), FailureKind::busy);
    held.let_go();
    first.join();
    second.join();
    EXPECT_EQ(ids(), (std::vector<std::int64_t>{1, 2}));
}

TEST_F(SqliteTest, TwoProgramsMayWriteToOneFile) {
    const auto other = Database::open({database_.url()});
    std::thread thread([&] {
        for (int i = 1; i <= 100; i += 2) {
            (void)other->write([&](Tx& tx) -> Result<void> {
                tx.run(kInsert, i, "x");
                return {};
            });
        }
    });
    for (int i = 2; i <= 100; i += 2)
        insert(i);
    thread.join();
    EXPECT_EQ(ids().size(), 100U);
}

TEST_F(SqliteTest, ReadsOfOneTurnSeeWhatWasCommittedHere) {
    insert(1);
    EXPECT_EQ(ids().size(), 1U);  // makes this thread's reader
    begin_turn();
    EXPECT_EQ(ids().size(), 1U);
    insert(2);
    EXPECT_EQ(ids().size(), 2U);
    std::thread([&] { insert(3); }).join();
    database_->read([&](Reader& outer) {
        EXPECT_EQ(outer.one<int>(kCount), 3);
        std::thread([&] { insert(4); }).join();
        EXPECT_EQ(ids().size(), 3U);  // inside another read: that one's snapshot
    });
    EXPECT_EQ(ids().size(), 4U);
    end_turn();
    EXPECT_EQ(ids().size(), 4U);
}

TEST_F(SqliteTest, ATurnsSnapshotIsSharedAndLetGo) {
    insert(1);
    EXPECT_EQ(ids().size(), 1U);
    const auto other = Database::open({database_.url()});  // stands for another process
    const auto add = [&](std::int64_t id) {
        (void)other->write([&](Tx& tx) -> Result<void> {
            tx.run(kInsert, id, "x");
            return {};
        });
    };
    begin_turn();
    EXPECT_EQ(ids().size(), 1U);
    add(2);
    EXPECT_EQ(ids().size(), 1U);
    end_turn();
    EXPECT_EQ(ids().size(), 2U);
    add(3);
    EXPECT_EQ(ids().size(), 3U);  // no turn: a snapshot for each
}

TEST_F(SqliteTest, TheLogDoesNotGrowForEver) {
    const std::string body(200'000, 'x');
    for (int i = 1; i <= 150; ++i)
        insert(i, body);
    const auto log = std::filesystem::file_size(database_.file().string() + "-wal");
    EXPECT_LT(log, 20U << 20U);  // of 30 MB that were written
}

TEST_F(SqliteTest, TheFileIsForItsOwnerAlone) {
    const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
    for (const char* suffix : {"", "-wal", "-shm"}) {
        const auto status = std::filesystem::status(database_.file().string() + suffix);
        EXPECT_EQ(status.permissions() & others, std::filesystem::perms::none) << suffix;
    }
}

TEST(Sqlite, WhatIsNoDatabaseIsRefused) {
    const testing::TempFolder folder;
    EXPECT_EQ(kind_of([&] { Database::open({"sqlite:" + (folder.path() / "no/such/folder.db").string()}); }),
              FailureKind::lost);
    EXPECT_EQ(kind_of([&] { Database::open({"sqlite:"}); }), FailureKind::statement);
    EXPECT_EQ(kind_of([&] { Database::open({"mysql://x"}); }), FailureKind::statement);
    EXPECT_EQ(kind_of([&] { Database::open({"sqlite:/proc/self/mounts"}); }), FailureKind::lost);
}

TEST(Sqlite, AReaderThreadMayOutliveItsDatabase) {
    std::mutex mutex;
    std::condition_variable changed;
    int step = 0;
    auto database = std::make_unique<TestDatabase>(
        Engine::sqlite, std::initializer_list<std::span<const Migration>>{kSchema});
    const auto at = [&](int wanted) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return step >= wanted; });
    };
    const auto reach = [&](int reached) {
        const std::scoped_lock lock(mutex);
        step = reached;
        changed.notify_all();
    };
    std::thread thread([&] {
        EXPECT_EQ((*database)->read([](Reader& r) { return r.one<int>(kCount); }), 0);
        reach(1);
        at(2);
        TestDatabase another(Engine::sqlite, {kSchema});
        EXPECT_EQ(another->read([](Reader& r) { return r.one<int>(kCount); }), 0);
    });
    at(1);
    database.reset();
    reach(2);
    thread.join();
}

// Fills until refused; reads go on; with room again, writes do too, without a restart.
void fill_and_recover(Database& database, const std::function<void()>& make_room) {
    database.migrate(kSchema);
    const std::string body(100'000, 'x');
    std::atomic<int> written{0};
    std::atomic<int> refused{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 500; ++i) {
                try {
                    (void)database.write([&](Tx& tx) -> Result<void> {
                        tx.run(kInsert, t * 1000 + i + 1, body);
                        return {};
                    });
                    ++written;
                } catch (const Failure& failure) {
                    EXPECT_EQ(failure.kind(), FailureKind::full) << failure.what();
                    ++refused;
                    return;
                }
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(refused, 4);
    const auto count = [&] { return database.read([](Reader& r) { return r.one<int>(kCount); }); };
    EXPECT_EQ(count(), written);
    EXPECT_THROW((void)database.write([&](Tx& tx) -> Result<void> {
        for (int i = 0; i < 500; ++i)
            tx.run(kInsert, 10'000 + i, body);
        return {};
    }),
                 Failure);
    EXPECT_EQ(count(), written);
    make_room();
    (void)database.write([&](Tx& tx) -> Result<void> {
        tx.run(kInsert, 9999, body);
        return {};
    });
    EXPECT_EQ(count(), written + 1);
}

TEST(FullDisk, OverTheLimitOfAFile) {
    const testing::TempFolder folder;
    const auto database = Database::open({"sqlite:" + (folder.path() / "braid.db").string()});
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const auto old = signal(SIGXFSZ, SIG_IGN);
    const rlimit small{6U << 20U, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    fill_and_recover(*database, [&] { setrlimit(RLIMIT_FSIZE, &before); });
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, old);
}

TEST(FullDisk, OfASmallFileSystem) {
    const testing::TempFolder folder;
    if (mount("braid-test", folder.path().c_str(), "tmpfs", 0, "size=8m") != 0)
        GTEST_SKIP() << "may not mount a file system here";
    {
        const auto database = Database::open({"sqlite:" + (folder.path() / "braid.db").string()});
        fill_and_recover(*database, [&] {
            EXPECT_EQ(mount("braid-test", folder.path().c_str(), "tmpfs", MS_REMOUNT, "size=64m"), 0);
        });
    }
    umount(folder.path().c_str());
}

}  // namespace
}  // namespace braid::sql
