#include "platform/jobs/jobs.h"

#include <gtest/gtest.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "platform/events/json.h"
#include "support/databases.h"
#include "support/subscribers.h"

namespace braid::jobs {
namespace {

using testing::TestDatabase;

struct Happened {
    static constexpr std::string_view kType = "jobstest.happened.v1";
    std::int64_t n = 0;
    template <class F>
    void fields(F& f) {
        f("n", n);
    }
};

}  // namespace
}  // namespace braid::jobs

template <>
struct braid::events::Codec<braid::jobs::Happened> : JsonCodec<braid::jobs::Happened> {};

namespace braid::jobs {
namespace {

constexpr auto kSchema = std::to_array<sql::Migration>(
    {{"jobstest", 1, "seen",
      "CREATE TABLE seen (subscriber TEXT NOT NULL, n BIGINT NOT NULL, times BIGINT NOT NULL,"
      " PRIMARY KEY (subscriber, n)) /* clustered */"}});
const sql::Query kSee{"jobstest.see",
                      "INSERT INTO seen (subscriber, n, times) VALUES ($1, $2, 1)"
                      " ON CONFLICT (subscriber, n) DO UPDATE SET times = seen.times + 1"};
const sql::Query kTimes{"jobstest.times",
                        "SELECT COALESCE(MAX(times), 0) FROM seen WHERE subscriber = $1 AND n = $2"};
const sql::Query kSeen{"jobstest.seen", "SELECT COUNT(*), CAST(COALESCE(SUM(times), 0) AS BIGINT) FROM seen"};
const sql::Query kOutbox{"jobstest.outbox", "SELECT COUNT(*) FROM event_outbox"};
const sql::Query kJobs{"jobstest.jobs", "SELECT COUNT(*) FROM jobs"};

class JobsTest : public testing::OnBothEngines {
  protected:
    JobsTest() { options_.first_retry = std::chrono::seconds(10); }

    std::unique_ptr<Runner> runner() {
        return std::make_unique<Runner>(*database_, subscribers_, ids_, clock_, random_, options_);
    }
    void append(std::int64_t n) {
        (void)database_->write([&](sql::Tx& tx) -> Result<void> {
            outbox_.append(tx, Happened{n});
            return {};
        });
    }
    JobId enqueue(std::string_view kind, std::string_view payload = "{}", Timestamp not_before = {}) {
        return *database_->write(
            [&](sql::Tx& tx) -> Result<JobId> { return queue_.enqueue(tx, kind, payload, not_before); });
    }
    void subscribe(const std::string& name) {
        subscribers_.on<Happened>(
            name, [name](sql::Tx& tx, const Happened& event, const events::Envelope&) -> Result<void> {
                tx.run(kSee, name, event.n);
                return {};
            });
    }
    int times(std::string_view subscriber, std::int64_t n) {
        return database_->read([&](sql::Reader& r) { return r.one<int>(kTimes, subscriber, n); });
    }
    int count(const sql::Query& query) {
        return database_->read([&](sql::Reader& r) { return r.one<int>(query); });
    }

    TestDatabase database_{GetParam(), {migrations(), kSchema}};
    FakeClock clock_;
    SeededRandom random_{1};
    IdMaker ids_{clock_, 1};
    events::Subscribers subscribers_;
    events::Outbox outbox_{ids_, clock_};
    Queue queue_{ids_, clock_};
    Options options_;
};
BRAID_ON_BOTH_ENGINES(JobsTest);

TEST_P(JobsTest, EverySubscriberHasEachEventOnce) {
    subscribe("a.note");
    subscribe("b.note");
    for (int n = 1; n <= 3; ++n)
        append(n);
    const auto first = runner();
    EXPECT_EQ(first->run_pending(), 6);
    EXPECT_EQ(first->run_pending(), 0);
    for (int n = 1; n <= 3; ++n) {
        EXPECT_EQ(times("a.note", n), 1);
        EXPECT_EQ(times("b.note", n), 1);
    }
    EXPECT_EQ(count(kJobs), 0);
}

TEST_P(JobsTest, AnEventOfAnUndoneTransactionNeverHappened) {
    subscribe("a.note");
    (void)database_->write([&](sql::Tx& tx) -> Result<void> {
        outbox_.append(tx, Happened{1});
        queue_.enqueue(tx, "x.y", "{}");
        return not_found();
    });
    EXPECT_EQ(runner()->run_pending(), 0);
}

TEST_P(JobsTest, AFailingSubscriberIsUndoneRetriedAndDoesNotDisturbOthers) {
    int runs = 0;
    subscribers_.on<Happened>(
        "a.fails", [&](sql::Tx& tx, const Happened& event, const events::Envelope&) -> Result<void> {
            tx.run(kSee, "a.fails", event.n);
            if (++runs < 3)
                return runs == 1 ? not_found("not yet") : throw std::runtime_error("not yet either");
            return {};
        });
    subscribe("b.note");
    append(1);
    const auto r = runner();
    EXPECT_EQ(r->run_pending(), 2);
    EXPECT_EQ(times("a.fails", 1), 0);
    EXPECT_EQ(times("b.note", 1), 1);
    EXPECT_EQ(r->run_pending(), 0);
    clock_.advance(std::chrono::seconds(13));  // 10 s and up to a quarter
    EXPECT_EQ(r->run_pending(), 1);
    EXPECT_EQ(times("a.fails", 1), 0);
    clock_.advance(std::chrono::seconds(19));
    EXPECT_EQ(r->run_pending(), 0);  // doubled
    clock_.advance(std::chrono::seconds(6));
    EXPECT_EQ(r->run_pending(), 1);
    EXPECT_EQ(times("a.fails", 1), 1);
    EXPECT_EQ(count(kJobs), 0);
}

TEST_P(JobsTest, WhatKeepsFailingIsParkedAndAnOperatorDecides) {
    bool works = false;
    int runs = 0;
    std::vector<std::string> reported;
    options_.max_attempts = 3;
    options_.report = [&](std::string_view what) { reported.emplace_back(what); };
    const auto r = runner();
    r->handle("mail.send", [&](const Job& job) -> Result<void> {
        ++runs;
        EXPECT_EQ(job.payload, R"({"to":"x"})");
        if (!works) return unavailable("no server");
        return {};
    });
    const JobId id = enqueue("mail.send", R"({"to":"x"})");
    for (int i = 0; i < 5; ++i) {
        r->run_pending();
        clock_.advance(std::chrono::hours(2));
    }
    EXPECT_EQ(runs, 3);
    ASSERT_EQ(reported.size(), 3U);
    EXPECT_NE(reported[0].find("job mail.send "), std::string::npos);
    auto parked = Runner::parked(*database_, 10);
    ASSERT_EQ(parked.size(), 1U);
    EXPECT_EQ(parked[0].id, id);
    EXPECT_EQ(parked[0].attempts, 3);
    EXPECT_NE(parked[0].last_error.find("no server"), std::string::npos);
    EXPECT_EQ(Runner::lag(*database_, clock_).parked, 1);

    works = true;
    EXPECT_TRUE(Runner::retry(*database_, id, clock_));
    EXPECT_FALSE(Runner::retry(*database_, id, clock_));
    EXPECT_FALSE(Runner::drop(*database_, id));  // not parked any more
    EXPECT_EQ(r->run_pending(), 1);
    EXPECT_TRUE(Runner::parked(*database_, 10).empty());

    enqueue("nobody.knows");
    for (int i = 0; i < 4; ++i) {
        r->run_pending();
        clock_.advance(std::chrono::hours(2));
    }
    parked = Runner::parked(*database_, 10);
    ASSERT_EQ(parked.size(), 1U);
    EXPECT_TRUE(Runner::drop(*database_, parked[0].id));
    EXPECT_EQ(count(kJobs), 0);
}

TEST_P(JobsTest, NotBeforeItsTime) {
    const auto r = runner();
    int runs = 0;
    r->handle("x.later", [&](const Job&) { return ++runs, success(); });
    enqueue("x.later", "{}", clock_.now() + std::chrono::minutes(5));
    EXPECT_EQ(r->run_pending(), 0);
    EXPECT_EQ(Runner::lag(*database_, clock_).waiting, 0);
    clock_.advance(std::chrono::minutes(6));
    EXPECT_EQ(Runner::lag(*database_, clock_).waiting, 1);
    EXPECT_EQ(Runner::lag(*database_, clock_).oldest, std::chrono::minutes(1));
    EXPECT_EQ(r->run_pending(), 1);
    EXPECT_EQ(runs, 1);
}

TEST_P(JobsTest, ALostLeaseGivesTheJobToAnotherAndTheFirstCannotFinishIt) {
    // The first node stalls past its lease inside the handler; the second takes the job over and fails; the
    // first returns.
    const auto first = runner();
    const auto second = runner();
    int second_runs = 0;
    second->handle("x.slow", [&](const Job& job) -> Result<void> {
        ++second_runs;
        EXPECT_EQ(job.attempt, 2);
        return unavailable("later");
    });
    first->handle("x.slow", [&](const Job& job) -> Result<void> {
        EXPECT_EQ(job.attempt, 1);
        EXPECT_EQ(second->run_pending(), 0);
        clock_.advance(options_.lease + std::chrono::seconds(1));
        EXPECT_EQ(second->run_pending(), 1);
        return {};
    });
    enqueue("x.slow");
    EXPECT_EQ(first->run_pending(), 1);
    EXPECT_EQ(second_runs, 1);
    EXPECT_EQ(count(kJobs), 1);  // still the second's to retry
}

TEST_P(JobsTest, TimersRunOncePerPeriodAcrossNodes) {
    int runs = 0;
    bool fails = false;
    const auto body = [&]() -> Result<void> {
        ++runs;
        if (fails) return unavailable("x");
        return {};
    };
    const auto first = runner();
    const auto second = runner();
    first->every("x.tidy", std::chrono::hours(1), body);
    second->every("x.tidy", std::chrono::hours(1), body);
    first->run_pending();
    second->run_pending();
    EXPECT_EQ(runs, 1);
    clock_.advance(std::chrono::minutes(61));
    fails = true;
    second->run_pending();
    first->run_pending();
    EXPECT_EQ(runs, 2);
    clock_.advance(std::chrono::seconds(11));  // tried again after first_retry
    fails = false;
    first->run_pending();
    second->run_pending();
    EXPECT_EQ(runs, 3);
}

TEST_P(JobsTest, TimersOfANodeRunOnEachNode) {
    int runs = 0;
    const auto body = [&]() -> Result<void> {
        ++runs;
        return unavailable("x");  // makes no difference to when it runs again
    };
    const auto first = runner();
    const auto second = runner();
    first->every_here("x.note", std::chrono::minutes(1), body);
    second->every_here("x.note", std::chrono::minutes(1), body);
    first->run_pending();
    EXPECT_EQ(runs, 0);
    clock_.advance(std::chrono::seconds(61));
    first->run_pending();
    first->run_pending();
    second->run_pending();
    EXPECT_EQ(runs, 2);
}

TEST_P(JobsTest, OldEventsArePurgedOnceEverySubscriberHadThem) {
    subscribers_.on<Happened>("a.odd",
                              [&](sql::Tx&, const Happened& event, const events::Envelope&) -> Result<void> {
                                  if (event.n == 1) return unavailable("never");
                                  return {};
                              });
    append(1);
    append(2);
    const auto r = runner();
    r->run_pending();
    EXPECT_EQ(count(kOutbox), 2);
    for (int day = 0; day < 8; ++day) {
        clock_.advance(std::chrono::hours(24));
        r->run_pending();
    }
    EXPECT_EQ(count(kOutbox), 1);  // of the first, one job is still there
    EXPECT_EQ(count(kJobs), 1);
}

TEST_P(JobsTest, ThreadsAreWokenByTheCommit) {
    constexpr int kEvents = 60;
    subscribe("a.note");
    subscribe("b.note");
    options_.poll = std::chrono::hours(1);  // the notice must do it
    options_.workers = 3;
    std::mutex mutex;
    std::condition_variable changed;
    std::set<std::string> done;
    const auto r = runner();
    r->handle("x.y", [&](const Job& job) {
        const std::scoped_lock lock(mutex);
        done.insert(job.payload);
        changed.notify_all();
        return success();
    });
    r->start();
    for (int n = 1; n <= kEvents; ++n) {
        append(n);
        enqueue("x.y", std::to_string(n));
    }
    {
        std::unique_lock lock(mutex);
        EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(60), [&] { return done.size() == kEvents; }));
    }
    r->stop();
    r->run_pending();
    EXPECT_EQ((database_->read([](sql::Reader& x) { return x.one<std::tuple<int, int>>(kSeen); })),
              std::tuple(2 * kEvents, 2 * kEvents));
    EXPECT_EQ(count(kJobs), 0);
}

TEST_P(JobsTest, TwoNodesShareTheWorkAndNeitherRepeatsIt) {
    subscribe("a.note");
    for (int n = 1; n <= 100; ++n)
        append(n);
    IdMaker other_ids(clock_, 2);
    const auto other_database = sql::Database::open({database_.url()});
    Runner other(*other_database, subscribers_, other_ids, clock_, random_, options_);
    const auto mine = runner();
    mine->start();
    other.start();
    append(101);
    mine->run_pending();
    other.run_pending();
    mine->stop();
    other.stop();
    mine->run_pending();
    EXPECT_EQ((database_->read([](sql::Reader& x) { return x.one<std::tuple<int, int>>(kSeen); })),
              std::tuple(101, 101));
}

TEST_P(JobsTest, StoppingGivesBackWhatWasNotBegun) {
    options_.workers = 1;
    options_.poll = std::chrono::hours(1);
    std::mutex mutex;
    std::condition_variable changed;
    bool begun = false;
    bool go_on = false;
    for (int i = 0; i < 4; ++i)
        enqueue("x.slow");
    const auto r = runner();
    int runs = 0;
    r->handle("x.slow", [&](const Job&) {
        std::unique_lock lock(mutex);
        ++runs;
        begun = true;
        changed.notify_all();
        changed.wait(lock, [&] { return go_on; });
        return success();
    });
    r->start();
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return begun; });
    }
    std::thread stopper([&] { r->stop(); });
    {
        const std::scoped_lock lock(mutex);
        go_on = true;
        changed.notify_all();
    }
    stopper.join();
    const int before = runs;
    EXPECT_EQ(r->run_pending(), 4 - before);
    EXPECT_EQ(runs, 4);
}

// Starts another process that commits events and a job, and kills it at the wanted moment.
void commit_and_be_killed(const std::string& url, const std::string& when) {
    std::array<int, 2> output{};
    ASSERT_EQ(pipe(output.data()), 0);
    const pid_t child = fork();
    if (child == 0) {
        dup2(output[1], 1);
        execl(BRAID_CRASH_HELPER, BRAID_CRASH_HELPER, url.c_str(), when.c_str(), nullptr);
        _exit(127);
    }
    close(output[1]);
    std::array<char, 8> said{};
    ASSERT_EQ(read(output[0], said.data(), 5), 5) << "the helper ended early";
    EXPECT_STREQ(said.data(), "ready");
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    close(output[0]);
    EXPECT_TRUE(WIFSIGNALED(status));
}

TEST_P(JobsTest, AKillBetweenCommitAndDispatchLosesNothing) {
    commit_and_be_killed(database_.url(), "dispatch");
    database_.reopen();
    subscribe("a.note");
    subscribe("b.note");
    int slow = 0;
    const auto r = runner();
    r->handle("crash.slow", [&](const Job&) { return ++slow, success(); });
    EXPECT_EQ(r->run_pending(), 7);
    EXPECT_EQ(slow, 1);
    EXPECT_EQ((database_->read([](sql::Reader& x) { return x.one<std::tuple<int, int>>(kSeen); })),
              std::tuple(6, 6));
}

TEST_P(JobsTest, AKillInTheMidstOfAJobGivesItToAnotherWhenTheLeaseRunsOut) {
    commit_and_be_killed(database_.url(), "half");
    database_.reopen();
    subscribe("a.note");
    std::vector<int> attempts;
    const auto r = runner();
    r->handle("crash.slow", [&](const Job& job) { return attempts.push_back(job.attempt), success(); });
    EXPECT_EQ(r->run_pending(), 0);  // all are leased by the dead
    clock_.advance(options_.lease + std::chrono::seconds(1));
    EXPECT_EQ(r->run_pending(), 4);
    EXPECT_EQ(attempts, std::vector<int>{2});
    EXPECT_EQ((database_->read([](sql::Reader& x) { return x.one<std::tuple<int, int>>(kSeen); })),
              std::tuple(3, 3));
}

TEST_P(JobsTest, AJobThatKeepsKillingItsNodeIsParkedUnrun) {
    options_.max_attempts = 1;
    const auto first = runner();
    const auto second = runner();
    int second_runs = 0;
    second->handle("x.deadly", [&](const Job&) { return ++second_runs, success(); });
    first->handle("x.deadly", [&](const Job&) {
        clock_.advance(options_.lease + std::chrono::seconds(1));  // as good as dead
        second->run_pending();
        return success();
    });
    enqueue("x.deadly");
    first->run_pending();
    EXPECT_EQ(second_runs, 0);
    const auto parked = Runner::parked(*database_, 10);
    ASSERT_EQ(parked.size(), 1U);
    EXPECT_NE(parked[0].last_error.find("it may kill its node"), std::string::npos);
}

TEST_P(JobsTest, SubscribersAreFoundOutWhenRunTwice) {
    const sql::Query& count_up = kSee;
    subscribers_.on<Happened>(
        "a.counts", [&](sql::Tx& tx, const Happened& event, const events::Envelope&) -> Result<void> {
            tx.run(count_up, "a.counts", event.n);  // once more at each run
            return {};
        });
    subscribers_.on<Happened>(
        "b.once", [](sql::Tx& tx, const Happened& event, const events::Envelope&) -> Result<void> {
            if (tx.one<int>(kTimes, "b.once", event.n) == 0) tx.run(kSee, "b.once", event.n);
            return {};
        });
    subscribers_.on<Happened>(
        "c.tells", [&](sql::Tx& tx, const Happened& event, const events::Envelope&) -> Result<void> {
            if (event.n < 10) outbox_.append(tx, Happened{event.n + 10});
            return {};
        });
    subscribers_.on<Happened>("d.fails",
                              [](sql::Tx&, const Happened& event, const events::Envelope&) -> Result<void> {
                                  if (event.n == 1) return unavailable("no");
                                  return {};
                              });
    append(1);
    const auto problems = testing::run_subscribers_twice(database_, subscribers_);
    const std::set<std::string> found(problems.begin(), problems.end());
    EXPECT_EQ(found, (std::set<std::string>{"a.counts is not idempotent on jobstest.happened.v1",
                                            "c.tells appends its events again on jobstest.happened.v1",
                                            "d.fails failed on jobstest.happened.v1: no"}));
    EXPECT_NE(testing::dump(database_).find("'b.once'  '11'  '1'"), std::string::npos);
}

TEST_P(JobsTest, EveryQueryIsPrepared) {
    for (const auto& line : testing::prepare_all(*database_))
        ADD_FAILURE() << line;
}

}  // namespace
}  // namespace braid::jobs
