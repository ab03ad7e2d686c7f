#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "platform/jobs/jobs.h"
#include "platform/jobs/store.h"

namespace braid::jobs {

namespace {

constexpr int kDispatchAtOnce = 100;
constexpr int kLeasePerWorker = 4;
constexpr int kPurgeAtOnce = 500;
constexpr Duration kLongestRetry = std::chrono::hours(1);
constexpr std::size_t kLongestError = 2000;

std::string describe(const Error& error) {
    std::string text = error.message_key;
    for (const FieldError& field : error.fields)
        text += " [" + field.field + ": " + field.message_key + "]";
    if (!error.detail.empty()) text += text.empty() ? error.detail : ": " + error.detail;
    return text;
}

// Runs `body`; what it throws becomes an Error.
Result<void> guarded(const std::function<Result<void>()>& body) {
    try {
        return body();
    } catch (const std::exception& exception) {
        return Error{ErrorCode::internal, "error.internal", exception.what(), {}, {}, 0};
    } catch (...) {
        return Error{ErrorCode::internal,
                     "error.internal",
                     "something that is no std::exception was thrown",
                     {},
                     {},
                     0};
    }
}

}  // namespace

struct Runner::Impl {
    struct Timer {
        std::string name;
        Duration period;
        std::function<Result<void>()> body;
    };
    struct Task {
        store::Leased job;
        std::int64_t lease;
    };

    sql::Database& database;
    const events::Subscribers& subscribers;
    IdMaker& ids;
    const Clock& clock;
    Random& random;
    const Options options;
    std::map<std::string, Handler, std::less<>> handlers;
    std::vector<Timer> timers;
    struct LocalTimer {
        Timer timer;
        Timestamp due;
        bool running = false;
    };
    std::vector<LocalTimer>
        local_timers;  // the list is constant after start; `due` and `running` under `mutex`

    std::mutex mutex;
    std::condition_variable changed;
    bool stopping = false;
    std::uint64_t wakes = 0;
    std::deque<Task> tasks;                                   // leased and not begun
    std::map<JobId, std::int64_t> held;                       // leased: begun or not
    std::map<std::string, std::int64_t, std::less<>> timing;  // timers that run here
    std::vector<std::thread> threads;
    sql::Listening listening;

    std::mutex leasing;  // one worker at a time asks the database for more

    Impl(sql::Database& database_, const events::Subscribers& subscribers_, IdMaker& ids_,
         const Clock& clock_, Random& random_, Options options_)
        : database(database_),
          subscribers(subscribers_),
          ids(ids_),
          clock(clock_),
          random(random_),
          options(std::move(options_)) {
        timers.push_back({"jobs.purge_events", std::chrono::hours(1), [this] { return purge(); }});
    }

    void report(const std::string& what) const {
        if (options.report) options.report(what);
    }

    // A write transaction of the queue's own.
    template <class Body>
    auto queue_write(Body body) {
        using R = decltype(body(std::declval<sql::Tx&>()));
        return std::move(database.write([&](sql::Tx& tx) -> Result<R> { return body(tx); },
                                        sql::Isolation::read_committed))
            .value();
    }

    // --- outbox

    int dispatch() {
        if (!database.read([](sql::Reader& reader) { return store::any_event_waits(reader); })) return 0;
        return queue_write([&](sql::Tx& tx) {
            const Timestamp now = clock.now();
            const auto waiting = store::take_events(tx, kDispatchAtOnce);
            for (const store::Waiting& event : waiting) {
                for (const auto& entry : subscribers.entries()) {
                    if (entry.type == event.type)
                        store::insert(tx, ids.make<JobId>(), entry.name, {}, event.id, now);
                }
                store::mark_dispatched(tx, event.id, now);
            }
            return static_cast<int>(waiting.size());
        });
    }

    Result<void> purge() {
        const Timestamp before = clock.now() - options.keep_events;
        while (queue_write([&](sql::Tx& tx) { return store::purge_events(tx, before, kPurgeAtOnce); }) ==
               kPurgeAtOnce) {
        }
        return {};
    }

    // --- jobs

    std::optional<Task> take_task() {
        const std::scoped_lock lock(mutex);
        if (tasks.empty()) return std::nullopt;
        Task task = std::move(tasks.front());
        tasks.pop_front();
        return task;
    }

    std::optional<Task> next_task() {
        if (auto task = take_task()) return task;
        const std::scoped_lock one(leasing);
        if (auto task = take_task()) return task;
        const Timestamp now = clock.now();
        if (!database.read([&](sql::Reader& reader) { return store::any_job_due(reader, now); }))
            return std::nullopt;
        const std::int64_t lease = ids.next();
        auto leased = queue_write([&](sql::Tx& tx) {
            return store::lease(tx, now, now + options.lease, lease, options.workers * kLeasePerWorker);
        });
        {
            const std::scoped_lock lock(mutex);
            for (store::Leased& job : leased) {
                held[job.id] = lease;
                tasks.push_back({std::move(job), lease});
            }
            changed.notify_all();  // the other workers have something to do
        }
        return take_task();
    }

    void run(const Task& task) {
        const store::Leased& job = task.job;
        const Result<void> result =
            guarded([&] { return job.attempts > options.max_attempts ? too_many(job) : attempt(task); });
        if (!result.ok()) {
            const std::string error = describe(result.error()).substr(0, kLongestError);
            report("job " + job.kind + " " + job.id.text() + ", attempt " + std::to_string(job.attempts) +
                   ": " + error);
            const Result<void> recorded = guarded([&] {
                record_failure(task, error);
                return success();
            });
            // Not recorded: the lease runs out, and the job is tried again then.
            if (!recorded.ok()) report("job " + job.id.text() + ": " + describe(recorded.error()));
        }
        const std::scoped_lock lock(mutex);
        held.erase(job.id);
    }

    static Result<void> too_many(const store::Leased& job) {
        return Error{
            ErrorCode::internal,
            "error.internal",
            "begun " + std::to_string(job.attempts - 1) + " times and never finished: it may kill its node",
            {},
            {},
            0};
    }

    Result<void> attempt(const Task& task) {
        if (task.job.event) return deliver(task);
        const auto handler = handlers.find(task.job.kind);
        if (handler == handlers.end()) {
            return Error{
                ErrorCode::internal, "error.internal", "nobody here handles this kind of job", {}, {}, 0};
        }
        TRY(handler->second(Job{task.job.id, task.job.kind, task.job.payload, task.job.attempts}));
        queue_write([&](sql::Tx& tx) { return store::finish(tx, task.job.id, task.lease); });
        return {};
    }

    // A subscriber's job: its handler and the job's end are one transaction.
    Result<void> deliver(const Task& task) {
        const auto& entries = subscribers.entries();
        const auto entry = std::find_if(entries.begin(), entries.end(),
                                        [&](const auto& e) { return e.name == task.job.kind; });
        if (entry == entries.end()) {
            return Error{
                ErrorCode::internal, "error.internal", "nobody here subscribes by this name", {}, {}, 0};
        }
        return database.write([&](sql::Tx& tx) -> Result<void> {
            // Taken over since by another node: it has done this, or will.
            if (!store::finish(tx, task.job.id, task.lease)) return {};
            const auto envelope = store::find_event(tx, *task.job.event);
            if (!envelope)
                return Error{ErrorCode::internal, "error.internal", "its event is gone", {}, {}, 0};
            return entry->handler(tx, *envelope);
        });
    }

    void record_failure(const Task& task, const std::string& error) {
        const Timestamp now = clock.now();
        queue_write([&](sql::Tx& tx) {
            if (task.job.attempts >= options.max_attempts)
                return store::park(tx, task.job.id, task.lease, now, error);
            return store::retry_later(tx, task.job.id, task.lease, now + back_off(task.job.attempts), error);
        });
    }

    Duration back_off(int attempts) {
        Duration wait = options.first_retry;
        for (int i = 1; i < attempts && wait < kLongestRetry; ++i)
            wait *= 2;
        wait = std::min(wait, kLongestRetry);
        std::uint32_t dice = 0;
        std::array<std::byte, sizeof dice> bytes{};
        random.fill(bytes);
        std::memcpy(&dice, bytes.data(), sizeof dice);
        return wait + wait / 4 * (dice % 1024) / 1024;
    }

    // --- timers

    int run_timers() {
        int ran = 0;
        for (const Timer& timer : timers)
            ran += run_timer(timer) ? 1 : 0;
        for (LocalTimer& local : local_timers)
            ran += run_local(local) ? 1 : 0;
        return ran;
    }

    bool run_local(LocalTimer& local) {
        const Timestamp now = clock.now();
        {
            const std::scoped_lock lock(mutex);
            if (local.running || now < local.due) return false;
            local.running = true;
        }
        if (const Result<void> result = guarded(local.timer.body); !result.ok()) {
            report("timer " + local.timer.name + ": " + describe(result.error()).substr(0, kLongestError));
        }
        const std::scoped_lock lock(mutex);
        local.running = false;
        local.due = now + local.timer.period;
        return true;
    }

    bool run_timer(const Timer& timer) {
        const Timestamp now = clock.now();
        if (!database.read([&](sql::Reader& reader) { return store::timer_due(reader, timer.name, now); }))
            return false;
        const std::int64_t lease = ids.next();
        if (!queue_write([&](sql::Tx& tx) {
                return store::lease_timer(tx, timer.name, now, now + options.lease, lease);
            })) {
            return false;
        }
        {
            const std::scoped_lock lock(mutex);
            timing[timer.name] = lease;
        }
        const Result<void> result = guarded(timer.body);
        std::optional<std::string> error;
        if (!result.ok()) {
            error = describe(result.error()).substr(0, kLongestError);
            report("timer " + timer.name + ": " + *error);
        }
        {
            const std::scoped_lock lock(mutex);
            timing.erase(timer.name);
        }
        const Timestamp due =
            result.ok() ? now + timer.period : clock.now() + std::min(options.first_retry, timer.period);
        queue_write([&](sql::Tx& tx) {
            store::finish_timer(tx, timer.name, lease, due,
                                error ? std::optional<std::string_view>(*error) : std::nullopt);
            return true;
        });
        return true;
    }

    // --- threads

    void work() {
        std::unique_lock lock(mutex);
        while (!stopping) {
            const std::uint64_t seen = wakes;
            lock.unlock();
            bool busy = false;
            const Result<void> result = guarded([&] {
                busy = dispatch() > 0;
                busy = run_timers() > 0 || busy;
                if (const auto task = next_task()) {
                    run(*task);
                    busy = true;
                }
                return success();
            });
            if (!result.ok()) {
                report("jobs: " + describe(result.error()));
                busy = false;  // the database is in trouble: not at full speed
            }
            lock.lock();
            if (!busy) {
                changed.wait_for(lock, options.poll,
                                 [&] { return stopping || wakes != seen || !tasks.empty(); });
            }
        }
    }

    // Extends the leases of what runs here, so that only a dead node loses its jobs.
    void keep_leases() {
        std::unique_lock lock(mutex);
        while (!stopping) {
            changed.wait_for(lock, options.lease / 4, [&] { return stopping; });
            if (stopping || (held.empty() && timing.empty())) continue;
            const auto jobs = held;
            const auto running = timing;
            lock.unlock();
            const Result<void> result = guarded([&] {
                const Timestamp until = clock.now() + options.lease;
                queue_write([&](sql::Tx& tx) {
                    for (const auto& [id, lease] : jobs)
                        store::extend(tx, id, lease, until);
                    for (const auto& [name, lease] : running)
                        store::extend_timer(tx, name, lease, until);
                    return true;
                });
                return success();
            });
            if (!result.ok()) report("jobs: leases were not extended: " + describe(result.error()));
            lock.lock();
        }
    }

    void start() {
        if (!threads.empty()) return;
        stopping = false;
        listening = database.listen([this](const sql::Notice& notice) {
            if (notice.channel == "jobs") wake();
        });
        for (int i = 0; i < std::max(options.workers, 1); ++i)
            threads.emplace_back([this] { work(); });
        threads.emplace_back([this] { keep_leases(); });
    }

    void stop() {
        if (threads.empty()) return;
        {
            const std::scoped_lock lock(mutex);
            stopping = true;
            changed.notify_all();
        }
        for (std::thread& thread : threads)
            thread.join();
        threads.clear();
        listening = sql::Listening();
        // What was leased and not begun: another node need not wait for the leases to run out.
        const Result<void> result = guarded([&] {
            if (!tasks.empty()) {
                queue_write([&](sql::Tx& tx) {
                    for (const Task& task : tasks)
                        store::give_back(tx, task.job.id, task.lease, clock.now());
                    return true;
                });
            }
            return success();
        });
        if (!result.ok()) report("jobs: leases were not given back: " + describe(result.error()));
        tasks.clear();
        held.clear();
    }

    void wake() {
        const std::scoped_lock lock(mutex);
        ++wakes;
        changed.notify_all();
    }

    int run_pending() {
        int ran = 0;
        run_timers();
        for (;;) {
            const int before = ran;
            int dispatched = 0;
            while (const int some = dispatch())
                dispatched += some;
            while (const auto task = next_task()) {
                run(*task);
                ++ran;
            }
            if (ran == before && dispatched == 0) return ran;
        }
    }
};

Runner::Runner(sql::Database& database, const events::Subscribers& subscribers, IdMaker& ids,
               const Clock& clock, Random& random, Options options)
    : impl_(std::make_unique<Impl>(database, subscribers, ids, clock, random, std::move(options))) {}

Runner::~Runner() {
    stop();
}

void Runner::handle(std::string_view kind, Handler handler) {
    if (!impl_->handlers.emplace(kind, std::move(handler)).second) {
        throw std::logic_error("two handlers for jobs of kind " + std::string(kind));
    }
}

void Runner::every(std::string_view name, Duration period, std::function<Result<void>()> body) {
    for (const auto& timer : impl_->timers) {
        if (timer.name == name) throw std::logic_error("two timers are named " + timer.name);
    }
    impl_->timers.push_back({std::string(name), period, std::move(body)});
}

void Runner::every_here(std::string_view name, Duration period, std::function<Result<void>()> body) {
    impl_->local_timers.push_back(
        {{std::string(name), period, std::move(body)}, impl_->clock.now() + period});
}

void Runner::start() {
    impl_->start();
}
void Runner::stop() {
    impl_->stop();
}
void Runner::wake() {
    impl_->wake();
}
int Runner::run_pending() {
    return impl_->run_pending();
}

std::vector<ParkedJob> Runner::parked(sql::Database& database, int limit) {
    return database.read([&](sql::Reader& reader) { return store::parked(reader, limit); });
}

bool Runner::retry(sql::Database& database, JobId id, const Clock& clock) {
    return database
        .write([&](sql::Tx& tx) -> Result<bool> {
            const bool found = store::unpark(tx, id, clock.now());
            if (found) tx.notify("jobs");
            return found;
        })
        .value();
}

bool Runner::drop(sql::Database& database, JobId id) {
    return database.write([&](sql::Tx& tx) -> Result<bool> { return store::drop(tx, id); }).value();
}

Runner::Lag Runner::lag(sql::Database& database, const Clock& clock) {
    return database.read([&](sql::Reader& reader) { return store::lag(reader, clock.now()); });
}

}  // namespace braid::jobs
