// What holds on both engines.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <thread>

#include "support/databases.h"

namespace braid::sql {

enum class Colour { red, green };
template <>
struct EnumNames<Colour> {
    static constexpr std::array<std::string_view, 2> names{"red", "green"};
};

namespace {

using testing::TestDatabase;

constexpr auto kSchema = std::to_array<Migration>({
    {"sqltest", 1, "things",
     "CREATE TABLE things (\n  id BIGINT PRIMARY KEY,\n  title TEXT NOT NULL,  -- it's the \"title\"; $1\n"
     "  note TEXT,\n  body BYTEA,\n  weight DOUBLE PRECISION,\n  colour TEXT NOT NULL DEFAULT 'red'\n);\n"
     "CREATE TABLE pairs (a BIGINT NOT NULL, b BIGINT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (a, b)) /* "
     "clustered */;\n"
     "CREATE TABLE parts (id BIGINT PRIMARY KEY, thing BIGINT NOT NULL REFERENCES things (id) ON DELETE "
     "CASCADE);\n"},
});

const Query kInsert{
    "sqltest.insert",
    "INSERT INTO things (id, title, note, body, weight, colour) VALUES ($1, $2, $3, $4, $5, $6)"};
const Query kInsertSimple{"sqltest.insert_simple", "INSERT INTO things (id, title) VALUES ($1, $2)"};
const Query kFind{"sqltest.find", "SELECT id, title, note, body, weight, colour FROM things WHERE id = $1"};
const Query kTitles{"sqltest.titles", "SELECT title FROM things ORDER BY id LIMIT 1000"};
const Query kIds{"sqltest.ids", "SELECT id FROM things WHERE id > $1 ORDER BY id LIMIT 1000"};
const Query kCount{"sqltest.count", "SELECT COUNT(*) FROM things"};
const Query kRename{"sqltest.rename", "UPDATE things SET title = $2 WHERE id = $1"};
const Query kReturning{
    "sqltest.returning",
    "UPDATE things SET title = title || CAST($2 AS TEXT) WHERE id >= $1 RETURNING id, title"};
const Query kTwice{"sqltest.twice",
                   "SELECT COUNT(*) FROM things WHERE title = $2 AND (id = $1 OR id = $1 + 1)"};
const Query kUpsert{
    "sqltest.upsert",
    "INSERT INTO pairs (a, b, n) VALUES ($1, $2, 1) ON CONFLICT (a, b) DO UPDATE SET n = pairs.n + 1"};
const Query kTryInsert{"sqltest.try_insert",
                       "INSERT INTO things (id, title) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING"};
const Query kN{"sqltest.n", "SELECT n FROM pairs WHERE a = $1 AND b = $2"};
const Query kSetN{"sqltest.set_n", "UPDATE pairs SET n = $3 WHERE a = $1 AND b = $2"};
const Query kAddPart{"sqltest.add_part", "INSERT INTO parts (id, thing) VALUES ($1, $2)"};
const Query kExists{"sqltest.exists",
                    "SELECT EXISTS (SELECT 1 FROM things WHERE id = $1), SUM(id) FROM things"};
const Query kNoParts{"sqltest.delete_thing", "DELETE FROM things WHERE id = $1"};
const Query kPartCount{"sqltest.part_count", "SELECT COUNT(*) FROM parts"};

struct Thing {
    std::int64_t id;
    std::string title;
    std::optional<std::string> note;
    std::optional<Bytes> body;
    std::optional<double> weight;
    Colour colour;
};

class SqlTest : public testing::OnBothEngines {
  protected:
    TestDatabase database_{GetParam(), {kSchema}};

    void insert(std::int64_t id, std::string_view title) {
        auto done = database_->write([&](Tx& tx) -> Result<void> {
            tx.run(kInsertSimple, id, title);
            return {};
        });
        ASSERT_TRUE(done.ok());
    }
    std::int64_t count() {
        return database_->read([](Reader& reader) { return reader.one<std::int64_t>(kCount); });
    }
};
BRAID_ON_BOTH_ENGINES(SqlTest);

TEST_P(SqlTest, ValuesComeBackAsTheyWere) {
    Bytes bytes;
    for (int i = 0; i < 256; ++i)
        bytes.push_back(static_cast<std::byte>(i));
    const std::string unicode = "año — 💛 'quoted' \"double\" \\x41 $1 ?1";
    const auto lowest = std::numeric_limits<std::int64_t>::min();
    const auto highest = std::numeric_limits<std::int64_t>::max();
    (void)database_->write([&](Tx& tx) -> Result<void> {
        EXPECT_EQ(tx.run(kInsert, lowest, unicode, std::optional<std::string>(), bytes, 0.1, Colour::green),
                  1);
        EXPECT_EQ(
            tx.run(kInsert, highest, "", std::optional<std::string>(""), Bytes{}, -1.5e300, Colour::red), 1);
        EXPECT_EQ(tx.run(kInsert, std::int64_t{7}, std::string(100'000, 'x'), "note", std::optional<Bytes>(),
                         std::optional<double>(), Colour::red),
                  1);
        return {};
    });
    const auto find = [&](std::int64_t id) {
        return database_->read([&](Reader& reader) { return reader.maybe<Thing>(kFind, id); });
    };
    const auto first = find(lowest);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->id, lowest);
    EXPECT_EQ(first->title, unicode);
    EXPECT_EQ(first->note, std::nullopt);
    EXPECT_EQ(first->body, bytes);
    EXPECT_EQ(first->weight, 0.1);
    EXPECT_EQ(first->colour, Colour::green);
    const auto second = find(highest);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->id, highest);
    EXPECT_EQ(second->title, "");
    EXPECT_EQ(second->note, "");
    EXPECT_EQ(second->body, Bytes{});
    EXPECT_EQ(second->weight, -1.5e300);
    const auto third = find(7);
    ASSERT_TRUE(third);
    EXPECT_EQ(third->title.size(), 100'000U);
    EXPECT_EQ(third->body, std::nullopt);
    EXPECT_EQ(third->weight, std::nullopt);
    EXPECT_FALSE(find(8));
}

TEST_P(SqlTest, BytesThatLookLikeTextOrNumbersStayBytes) {
    for (const std::string text : {"123", "\\x00", "1e5", std::string("a\0b", 3).c_str()}) {
        const auto* data = reinterpret_cast<const std::byte*>(text.data());
        const Bytes bytes(data, data + text.size());
        (void)database_->write([&](Tx& tx) -> Result<void> {
            tx.run(kNoParts, std::int64_t{1});
            tx.run(kInsert, std::int64_t{1}, "t", std::optional<std::string>(), bytes, 0.0, Colour::red);
            return {};
        });
        EXPECT_EQ(database_->read([&](Reader& r) { return r.maybe<Thing>(kFind, std::int64_t{1}); })->body,
                  bytes);
    }
}

TEST_P(SqlTest, ShapesOfRows) {
    insert(1, "one");
    insert(2, "two");
    database_->read([&](Reader& reader) {
        EXPECT_EQ(reader.all<std::string>(kTitles), (std::vector<std::string>{"one", "two"}));
        EXPECT_EQ((reader.one<std::tuple<bool, std::int64_t>>(kExists, std::int64_t{2})),
                  std::tuple(true, 3));
        EXPECT_EQ((reader.one<std::tuple<bool, std::int64_t>>(kExists, std::int64_t{3})),
                  std::tuple(false, 3));
        EXPECT_EQ(reader.one<int>(kTwice, std::int64_t{1}, "two"), 1);  // $2 before $1, and $1 twice
        EXPECT_THROW(reader.one<std::string>(kFind, std::int64_t{9}), Failure);
        std::vector<std::int64_t> inner;
        reader.each(
            kIds,
            [&](const Row& row) {
                // The same query inside its own callback.
                for (const auto id : reader.all<std::int64_t>(kIds, row.integer(0)))
                    inner.push_back(id);
            },
            std::int64_t{0});
        EXPECT_EQ(inner, std::vector<std::int64_t>{2});
    });
}

TEST_P(SqlTest, NumbersOfChangedRows) {
    (void)database_->write([&](Tx& tx) -> Result<void> {
        EXPECT_EQ(tx.run(kTryInsert, std::int64_t{1}, "a"), 1);
        EXPECT_EQ(tx.run(kTryInsert, std::int64_t{1}, "b"), 0);
        EXPECT_EQ(tx.run(kTryInsert, std::int64_t{2}, "b"), 1);
        EXPECT_EQ(tx.run(kRename, std::int64_t{3}, "c"), 0);
        EXPECT_EQ(tx.run(kCount), 0);
        std::vector<std::string> titles;
        for (const auto& [id, title] :
             tx.all<std::tuple<std::int64_t, std::string>>(kReturning, std::int64_t{1}, "!")) {
            titles.push_back(title);
        }
        EXPECT_EQ(titles.size(), 2U);
        EXPECT_EQ(tx.run(kReturning, std::int64_t{1}, "!"), 2);
        tx.run(kUpsert, std::int64_t{1}, std::int64_t{2});
        tx.run(kUpsert, std::int64_t{1}, std::int64_t{2});
        EXPECT_EQ(tx.one<int>(kN, std::int64_t{1}, std::int64_t{2}), 2);
        return {};
    });
}

TEST_P(SqlTest, AnErrorUndoesAndIsReturned) {
    const auto result = database_->write([&](Tx& tx) -> Result<int> {
        tx.run(kInsertSimple, std::int64_t{1}, "a");
        EXPECT_EQ(tx.one<int>(kCount), 1);
        return not_found("no");
    });
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::not_found);
    EXPECT_EQ(count(), 0);
}

TEST_P(SqlTest, AnExceptionUndoesAndReachesTheCaller) {
    EXPECT_THROW((void)database_->write([&](Tx& tx) -> Result<void> {
        tx.run(kInsertSimple, std::int64_t{1}, "a");
        throw std::runtime_error("oh");
    }),
                 std::runtime_error);
    EXPECT_THROW(database_->read([](Reader&) { throw std::runtime_error("oh"); }), std::runtime_error);
    EXPECT_EQ(count(), 0);
    insert(1, "b");
    EXPECT_EQ(count(), 1);
}

FailureKind kind_of(const std::function<void()>& body) {
    try {
        body();
    } catch (const Failure& failure) {
        return failure.kind();
    }
    ADD_FAILURE() << "nothing was thrown";
    return FailureKind::lost;
}

TEST_P(SqlTest, BrokenRulesSayWhichKind) {
    insert(1, "a");
    EXPECT_EQ(kind_of([&] { insert(1, "b"); }), FailureKind::constraint);
    EXPECT_EQ(kind_of([&] {
                  (void)database_->write([](Tx& tx) -> Result<void> {
                      tx.run(kAddPart, std::int64_t{1}, std::int64_t{99});
                      return {};
                  });
              }),
              FailureKind::constraint);
    EXPECT_EQ(kind_of([&] { database_->read([](Reader& r) { (void)r.all<int>(kFind); }); }),
              FailureKind::statement);
    EXPECT_EQ(count(), 1);
}

TEST_P(SqlTest, ForeignKeysCascade) {
    insert(1, "a");
    (void)database_->write([](Tx& tx) -> Result<void> {
        tx.run(kAddPart, std::int64_t{5}, std::int64_t{1});
        EXPECT_EQ(tx.run(kNoParts, std::int64_t{1}), 1);
        EXPECT_EQ(tx.one<int>(kPartCount), 0);
        return {};
    });
}

TEST_P(SqlTest, AReaderSeesOneSnapshot) {
    insert(1, "a");
    database_->read([&](Reader& reader) {
        EXPECT_EQ(reader.one<int>(kCount), 1);
        std::thread([&] { insert(2, "b"); }).join();
        EXPECT_EQ(reader.one<int>(kCount), 1);
        // A nested read is the same snapshot.
        EXPECT_EQ(database_->read([](Reader& inner) { return inner.one<int>(kCount); }), 1);
    });
    EXPECT_EQ(count(), 2);
}

TEST_P(SqlTest, AReadInsideAWriteSeesTheTransaction) {
    (void)database_->write([&](Tx& tx) -> Result<void> {
        tx.run(kInsertSimple, std::int64_t{1}, "a");
        EXPECT_EQ(count(), 1);
        return {};
    });
}

TEST_P(SqlTest, AWriteInsideAReadOrAWriteIsRefused) {
    EXPECT_EQ(kind_of([&] { database_->read([&](Reader&) { insert(1, "a"); }); }), FailureKind::statement);
    EXPECT_EQ(kind_of([&] {
                  (void)database_->write([&](Tx&) -> Result<void> {
                      insert(1, "a");
                      return {};
                  });
              }),
              FailureKind::statement);
    EXPECT_EQ(count(), 0);
}

TEST_P(SqlTest, ManyWritersLoseNothingAndFailAlone) {
    constexpr int kThreads = 16;
    constexpr int kEach = 25;
    std::atomic<int> refused{0};
    (void)database_->write([](Tx& tx) -> Result<void> {
        tx.run(kUpsert, std::int64_t{0}, std::int64_t{0});
        tx.run(kSetN, std::int64_t{0}, std::int64_t{0}, std::int64_t{0});
        return {};
    });
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < kEach; ++i) {
                const auto id = static_cast<std::int64_t>(t * kEach + i + 1);
                // Read, then write what was read: lost updates would show. Every fifth is undone after its
                // write.
                const auto result = database_->write([&](Tx& tx) -> Result<void> {
                    const auto n = tx.one<std::int64_t>(kN, std::int64_t{0}, std::int64_t{0});
                    tx.run(kSetN, std::int64_t{0}, std::int64_t{0}, n + 1);
                    tx.run(kInsertSimple, id, "t");
                    if (id % 5 == 0) return not_found();
                    return {};
                });
                if (!result.ok()) ++refused;
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    const int kept = kThreads * kEach - kThreads * kEach / 5;
    EXPECT_EQ(refused, kThreads * kEach / 5);
    EXPECT_EQ(count(), kept);
    EXPECT_EQ(database_->read([](Reader& r) { return r.one<int>(kN, std::int64_t{0}, std::int64_t{0}); }),
              kept);
    EXPECT_GE(database_->writer_stats().transactions, static_cast<std::uint64_t>(kept));
}

TEST_P(SqlTest, ReadersRunBesideWriters) {
    std::atomic<bool> stop{false};
    std::vector<std::thread> readers;
    std::atomic<std::int64_t> reads{0};
    for (int t = 0; t < 3; ++t) {
        readers.emplace_back([&] {
            std::int64_t last = 0;
            while (!stop) {
                const auto now = database_->read([](Reader& r) {
                    const auto first = r.one<std::int64_t>(kCount);
                    EXPECT_EQ(r.one<std::int64_t>(kCount), first);
                    return first;
                });
                EXPECT_GE(now, last);
                last = now;
                ++reads;
            }
        });
    }
    for (int i = 1; i <= 200; ++i)
        insert(i, "t");
    stop = true;
    for (auto& thread : readers)
        thread.join();
    EXPECT_GT(reads, 0);
    EXPECT_EQ(count(), 200);
}

TEST_P(SqlTest, WhatWasWrittenIsThereAfterReopening) {
    insert(1, "a");
    database_.reopen();
    EXPECT_EQ(count(), 1);
    EXPECT_EQ(database_->migrate(kSchema), 0);
}

TEST_P(SqlTest, EveryQueryIsPrepared) {
    static const Query kWrong{"sqltest.wrong", "SELECT nothing FROM things"};
    bool found = false;
    for (const auto& line : testing::prepare_all(*database_)) {
        found = found || line.starts_with("sqltest.wrong on " + testing::engine_name(GetParam()) + ": ");
        // Other files of this program have tables of their own.
        if (line.starts_with("sql") && !line.starts_with("sqltest.wrong") && !line.starts_with("sqlitetest."))
            ADD_FAILURE() << line;
    }
    EXPECT_TRUE(found);
}

TEST_P(SqlTest, MigrationsAreAppliedOnceAndInOrder) {
    TestDatabase fresh(GetParam());
    const auto two = std::to_array<Migration>({
        {"m", 1, "a", "CREATE TABLE a (id BIGINT PRIMARY KEY); INSERT INTO a (id) VALUES (1);"},
        {"m", 2, "b",
         "ALTER TABLE a ADD COLUMN n BIGINT NOT NULL DEFAULT 0; /* clustered means \"nothing\" */"},
    });
    EXPECT_EQ(fresh->migrate(std::span(two).first(1)), 1);
    EXPECT_EQ(fresh->migrate(two), 1);
    EXPECT_EQ(fresh->migrate(two), 0);
}

std::string refusal(Database& database, std::span<const Migration> migrations) {
    try {
        database.migrate(migrations);
    } catch (const Failure& failure) {
        return failure.what();
    }
    return "accepted";
}

TEST_P(SqlTest, ChangedUnknownAndMisplacedStepsAreNamed) {
    const auto changed =
        std::to_array<Migration>({{"sqltest", 1, "things", "CREATE TABLE things (id BIGINT)"}});
    EXPECT_NE(refusal(*database_, changed).find("migration sqltest 1 (things) was changed"),
              std::string::npos);
    database_.reopen();
    const auto other = std::to_array<Migration>({{"other", 1, "x", "CREATE TABLE x (id BIGINT)"}});
    EXPECT_NE(refusal(*database_, other)
                  .find("migration sqltest 1 (things) was applied to this database but is unknown"),
              std::string::npos);
    const auto backwards = std::to_array<Migration>({{"m", 2, "x", "SELECT 1"}, {"m", 1, "y", "SELECT 1"}});
    EXPECT_NE(refusal(*database_, backwards).find("migration m 1 (y) comes after a higher number"),
              std::string::npos);
    TestDatabase fresh(GetParam());
    const auto steps = std::to_array<Migration>({{"m", 1, "x", "SELECT 1"}, {"m", 2, "y", "SELECT 2"}});
    EXPECT_EQ(fresh->migrate(std::span(steps).last(1)), 1);
    EXPECT_NE(refusal(*fresh, steps).find("migration m 1 (x) is new but step 2"), std::string::npos);
}

TEST_P(SqlTest, AFailingStepLeavesNothing) {
    TestDatabase fresh(GetParam());
    const auto broken = std::to_array<Migration>(
        {{"m", 1, "half", "CREATE TABLE half (id BIGINT); INSERT INTO nowhere VALUES (1);"}});
    EXPECT_NE(refusal(*fresh, broken).find("migration m 1 (half): "), std::string::npos);
    const auto mended = std::to_array<Migration>({{"m", 1, "half", "CREATE TABLE half (id BIGINT);"}});
    EXPECT_EQ(fresh->migrate(mended), 1);
}

// Collects notices and waits for them.
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
        return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return count(what) > 0; });
    }
    std::ptrdiff_t times(const std::string& what) {
        const std::scoped_lock lock(mutex_);
        return count(what);
    }

  private:
    std::ptrdiff_t count(const std::string& what) const {
        return std::count(heard_.begin(), heard_.end(), what);
    }
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> heard_;
};

TEST_P(SqlTest, NoticesAreToldAfterTheCommitAndOnlyThen) {
    Heard heard;
    const Listening listening = database_->listen(heard.listener());
    (void)database_->write([&](Tx& tx) -> Result<void> {
        database_->notify(tx, "works", "undone");
        return not_found();
    });
    (void)database_->write([&](Tx& tx) -> Result<void> {
        tx.run(kInsertSimple, std::int64_t{1}, "a");
        database_->notify(tx, "works", "it's 1 💛");
        tx.notify("works", "it's 1 💛");
        tx.notify("jobs", "", Reach::node);
        return {};
    });
    EXPECT_TRUE(heard.wait_for("works:it's 1 💛"));
    EXPECT_TRUE(heard.wait_for("jobs:"));
    EXPECT_EQ(heard.times("works:it's 1 💛"), 1);
    EXPECT_EQ(heard.times("works:undone"), 0);
}

}  // namespace
}  // namespace braid::sql
