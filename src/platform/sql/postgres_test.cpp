// What is PostgreSQL's own: running again, reconnecting, the pool, notices between nodes.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "platform/sql/postgres_notices.h"
#include "support/databases.h"

namespace braid::sql {
namespace {

using testing::TestDatabase;

constexpr auto kSchema = std::to_array<Migration>(
    {{"pgtest", 1, "counters", "CREATE TABLE counters (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)"}});
const Query kAdd{"pgtest.add", "INSERT INTO counters (id, n) VALUES ($1, $2)"};
const Query kGet{"pgtest.get", "SELECT n FROM counters WHERE id = $1"};
const Query kSet{"pgtest.set", "UPDATE counters SET n = $2 WHERE id = $1"};
const Query kHangUp{"pgtest.hang_up", "SELECT 1",
                    "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"};
const Query kSlow{"pgtest.slow", "SELECT 1", "SELECT 1 FROM pg_sleep(60)"};

class PostgresTest : public ::testing::Test {
  protected:
    void SetUp() override {
        if (const auto why = testing::why_unavailable(Engine::postgres); !why.empty()) GTEST_SKIP() << why;
        open({});
    }
    void open(Options options) {
        database_ = std::make_unique<TestDatabase>(
            Engine::postgres, std::initializer_list<std::span<const Migration>>{kSchema}, std::move(options));
    }
    Database& db() { return **database_; }
    static void set(Database& database, std::int64_t id, std::int64_t n) {
        (void)database.write([&](Tx& tx) -> Result<void> {
            if (tx.run(kSet, id, n) == 0) tx.run(kAdd, id, n);
            return {};
        });
    }
    static std::int64_t get(Database& database, std::int64_t id) {
        return database.read([&](Reader& r) { return r.maybe<std::int64_t>(kGet, id).value_or(-1); });
    }
    // From another node: every connection of this database but that one's own.
    void hang_up() {
        const auto other = Database::open({database_->url()});
        (void)other->read([](Reader& r) { return r.one<int>(kHangUp); });
    }

    std::unique_ptr<TestDatabase> database_;
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

TEST_F(PostgresTest, RivalsAreRunAgainUntilBothCount) {
    set(db(), 1, 0);
    std::atomic<int> arrived{0};
    const auto increment = [&](bool swallow) {
        bool first = true;
        (void)db().write([&](Tx& tx) -> Result<void> {
            const auto n = *tx.maybe<std::int64_t>(kGet, 1);
            if (std::exchange(first, false)) {  // both have read before either writes
                ++arrived;
                while (arrived < 2)
                    std::this_thread::yield();
            }
            try {
                tx.run(kSet, 1, n + 1);
            } catch (const Failure&) {
                if (!swallow) throw;  // a body may even swallow it
            }
            return {};
        });
    };
    std::thread rival([&] { increment(false); });
    increment(true);
    rival.join();
    EXPECT_EQ(get(db(), 1), 2);
    EXPECT_GE(db().writer_stats().retries, 1U);
}

TEST_F(PostgresTest, ASwallowedFailureIsNotACommit) {
    set(db(), 1, 0);
    EXPECT_EQ(kind_of([&] {
                  (void)db().write([&](Tx& tx) -> Result<void> {
                      tx.run(kSet, 1, 5);
                      try {
                          tx.run(kAdd, 1, 0);
                      } catch (const Failure&) {
                      }
                      return {};
                  });
              }),
              FailureKind::statement);
    EXPECT_EQ(get(db(), 1), 0);
    set(db(), 1, 6);  // the connection is fit for use
    EXPECT_EQ(get(db(), 1), 6);
}

TEST_F(PostgresTest, LostConnectionsAreReplacedUnnoticed) {
    set(db(), 1, 1);
    hang_up();
    EXPECT_EQ(get(db(), 1), 1);
    hang_up();
    set(db(), 1, 2);
    EXPECT_EQ(get(db(), 1), 2);
    // In the midst of a transaction: run again from its start.
    int runs = 0;
    (void)db().write([&](Tx& tx) -> Result<void> {
        ++runs;
        const auto n = *tx.maybe<std::int64_t>(kGet, 1);
        if (runs == 1) hang_up();
        tx.run(kSet, 1, n + 1);
        return {};
    });
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(get(db(), 1), 3);
    // In the midst of a read: the snapshot is gone, and the caller is told.
    EXPECT_EQ(kind_of([&] {
                  db().read([&](Reader& r) {
                      (void)r.maybe<int>(kGet, 1);
                      hang_up();
                      (void)r.maybe<int>(kGet, 1);
                  });
              }),
              FailureKind::lost);
    EXPECT_EQ(get(db(), 1), 3);
}

TEST_F(PostgresTest, AMissingServerIsLost) {
    EXPECT_EQ(kind_of([] { Database::open({"postgres://x@/x?host=%2Fnowhere"}); }), FailureKind::lost);
}

TEST_F(PostgresTest, ThePoolIsBounded) {
    Options options;
    options.readers = 1;
    options.busy_timeout = std::chrono::milliseconds(50);
    open(options);
    db().read([&](Reader& r) {
        (void)r.maybe<int>(kGet, 1);
        (void)get(db(), 1);  // nested: needs no second connection
        std::thread([&] { EXPECT_EQ(kind_of([&] { (void)get(db(), 1); }), FailureKind::busy); }).join();
    });
    EXPECT_EQ(get(db(), 1), -1);
}

TEST_F(PostgresTest, ASlowStatementIsEnded) {
    Options options;
    options.statement_timeout = std::chrono::milliseconds(100);
    open(options);
    EXPECT_EQ(kind_of([&] { db().read([](Reader& r) { (void)r.all<int>(kSlow); }); }), FailureKind::busy);
    EXPECT_EQ(get(db(), 1), -1);
}

TEST_F(PostgresTest, PreparedStatementsSurviveANewSchema) {
    set(db(), 1, 1);
    EXPECT_EQ(get(db(), 1), 1);
    const auto more = std::to_array<Migration>(
        {kSchema[0], {"pgtest", 2, "wider", "ALTER TABLE counters ALTER COLUMN n TYPE NUMERIC"}});
    EXPECT_EQ(db().migrate(more), 1);
    EXPECT_EQ(get(db(), 1), 1);
}

class Heard {
  public:
    Listener listener() {
        return [this](const Notice& notice) {
            const std::scoped_lock lock(mutex_);
            heard_.push_back(notice.channel + ":" + notice.payload);
            changed_.notify_all();
        };
    }
    bool wait_for(const std::string& what) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return contains(what); });
    }
    bool has(const std::string& what) {
        const std::scoped_lock lock(mutex_);
        return contains(what);
    }

  private:
    bool contains(const std::string& what) const {
        return std::find(heard_.begin(), heard_.end(), what) != heard_.end();
    }
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> heard_;
};

void tell(Database& database, std::string_view channel, std::string_view payload,
          Reach reach = Reach::everywhere) {
    (void)database.write([&](Tx& tx) -> Result<void> {
        tx.notify(channel, payload, reach);
        return {};
    });
}

TEST_F(PostgresTest, NoticesReachOtherNodesAlsoAfterALostConnection) {
    const auto other = Database::open({database_->url()});
    Heard here;
    Heard there;
    const Listening at_home = db().listen(here.listener());
    const Listening abroad = other->listen(there.listener());
    tell(db(), "private", "1", Reach::node);
    tell(db(), "works", "año 💛");
    EXPECT_TRUE(there.wait_for("works:año 💛"));
    EXPECT_TRUE(here.wait_for("works:año 💛"));
    EXPECT_TRUE(here.has("private:1"));
    EXPECT_FALSE(there.has("private:1"));
    const std::string longest(4000, 'x');
    for (int i = 0; i < 50; ++i)
        tell(db(), "many", std::to_string(i) + longest.substr(10));
    EXPECT_TRUE(there.wait_for("many:49" + longest.substr(10)));
    hang_up();
    EXPECT_TRUE(there.wait_for(":"));  // something may have been missed
    EXPECT_TRUE(here.wait_for(":"));
    tell(db(), "works", "again");
    EXPECT_TRUE(there.wait_for("works:again"));
}

TEST(NoticePacket, WhatIsPackedIsUnpacked) {
    std::deque<Notice> queue;
    for (int i = 0; i < 100; ++i)
        queue.push_back({"c" + std::to_string(i), std::string(static_cast<std::size_t>(i) * 40, ':')});
    const auto all = queue;
    std::vector<Notice> got;
    while (!queue.empty()) {
        const std::string text = PostgresNotices::pack("me", queue);
        EXPECT_LT(text.size(), 8000U);
        const auto packet = PostgresNotices::unpack(text);
        ASSERT_TRUE(packet);
        EXPECT_EQ(packet->origin, "me");
        got.insert(got.end(), packet->notices.begin(), packet->notices.end());
    }
    ASSERT_EQ(got.size(), all.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
        EXPECT_EQ(got[i].channel, all[i].channel);
        EXPECT_EQ(got[i].payload, all[i].payload);
    }
}

TEST(NoticePacket, ForeignTextIsNone) {
    for (const char* text : {"", "x", "1", "1:", "5:ab", "2:ab1:", "2:ab1:c", "2:ab1:c9:x", "-1:a",
                             "99999999999999999999:a", "2:ab x"}) {
        EXPECT_FALSE(PostgresNotices::unpack(text)) << text;
    }
}

}  // namespace
}  // namespace braid::sql
