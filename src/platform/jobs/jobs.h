// Work that happens later: leased, retried with back-off, parked when it keeps failing; timers; and the
// dispatcher that turns outbox events into one job per subscriber.
//
// A job's handler may do slow things (mail, images) before it opens its transaction. It runs at least once. A
// lease that runs out (a killed node) gives the job to another node.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "platform/events/events.h"
#include "platform/sql/sql.h"

namespace braid::jobs {

using JobId = Id<struct JobTag>;

struct Job {
    JobId id;
    std::string kind;     // "module.verb_noun"
    std::string payload;  // JSON
    int attempt = 1;      // 1 at the first run
};

// Puts a job into the queue inside a transaction, so that it exists exactly when what it follows from does.
class Queue {
  public:
    Queue(IdMaker& ids, const Clock& clock) : ids_(ids), clock_(clock) {}
    JobId enqueue(sql::Tx& tx, std::string_view kind, std::string_view payload, Timestamp not_before = {});

  private:
    IdMaker& ids_;
    const Clock& clock_;
};

struct ParkedJob {
    JobId id;
    std::string kind, payload, last_error;
    int attempts;
    Timestamp parked_at;
};

struct Options {
    int workers = 2;
    Duration lease = std::chrono::seconds(60);
    int max_attempts = 8;
    Duration first_retry =
        std::chrono::seconds(2);  // then doubled, at most an hour, plus up to a quarter at random
    Duration poll = std::chrono::milliseconds(500);  // between looks at the queue when nobody wakes it
    Duration keep_events =
        std::chrono::hours(24 * 7);  // how long an event that all subscribers have had stays in the outbox
    // Told of every failed run and of trouble with the database, for the log. Called on the runner's threads;
    // must not throw.
    std::function<void(std::string_view what)> report = {};
};

// Runs the dispatcher, the jobs and the timers on its own threads. Jobs that are due begin in the order they
// became due; with more than one worker or node they overlap. The references must outlive it.
class Runner {
  public:
    using Handler = std::function<Result<void>(const Job&)>;

    Runner(sql::Database& database, const events::Subscribers& subscribers, IdMaker& ids, const Clock& clock,
           Random& random, Options options);
    ~Runner();  // stops
    // Before start(). Throws std::logic_error when the kind is taken. An Error or exception is retried, at
    // last parked.
    void handle(std::string_view kind, Handler handler);
    // Before start(). Once per period across all nodes: a lease in the database decides who. The first run is
    // at once. A failed run is tried again after first_retry.
    void every(std::string_view name, Duration period, std::function<Result<void>()> body);
    // Before start(). Once per period on this node, whatever the others do: for what a node holds in memory
    // and writes down now and then. The first run is after one period; one run at a time; a failed run is
    // reported and waits for the next period.
    void every_here(std::string_view name, Duration period, std::function<Result<void>()> body);

    void start();
    void stop();  // waits for running jobs
    void wake();  // something was committed: look now
    // For tests and commands: dispatches and runs everything due now on the calling thread; returns how many
    // jobs ran.
    int run_pending();

    // For an operator. `retry` gives a parked job all its attempts anew; false when there is no such parked
    // job.
    static std::vector<ParkedJob> parked(sql::Database& database, int limit);
    static bool retry(sql::Database& database, JobId id, const Clock& clock);
    static bool drop(sql::Database& database, JobId id);

    struct Lag {
        std::int64_t waiting = 0, parked = 0;
        Duration oldest{0};  // how long the oldest due job has waited
    };
    static Lag lag(sql::Database& database, const Clock& clock);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Schema of outbox, jobs and timers.
std::span<const sql::Migration> migrations();

}  // namespace braid::jobs
