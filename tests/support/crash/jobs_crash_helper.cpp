// jobs_crash_helper URL WHEN: commits three events (and jobs) and then waits to be killed, saying "ready" on
// its output
//   dispatch  before anything was dispatched
//   half      with all events dispatched and the first job's handler begun
// For the tests of platform/jobs.
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "platform/jobs/jobs.h"

namespace {

using namespace braid;

[[noreturn]] void wait_for_the_end() {
    std::puts("ready");
    std::fflush(stdout);
    for (;;)
        pause();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    const bool half = std::strcmp(argv[2], "half") == 0;
    sql::Options options;
    options.url = argv[1];
    const auto database = sql::Database::open(options);
    const FakeClock clock;  // the same time as the test's
    IdMaker ids(clock, 9);  // but another node
    SystemRandom random;
    events::Outbox outbox(ids, clock);
    jobs::Queue queue(ids, clock);
    (void)database->write([&](sql::Tx& tx) -> Result<void> {
        for (int n = 1; n <= 3; ++n)
            outbox.append(tx, "jobstest.happened.v1", "{\"n\":" + std::to_string(n) + "}");
        queue.enqueue(tx, "crash.slow", "{}");
        return {};
    });
    if (!half) wait_for_the_end();
    events::Subscribers subscribers;
    subscribers.add("a.note", "jobstest.happened.v1",
                    [](sql::Tx&, const events::Envelope&) -> Result<void> { wait_for_the_end(); });
    jobs::Runner runner(*database, subscribers, ids, clock, random, {});
    runner.handle("crash.slow", [](const jobs::Job&) -> Result<void> { wait_for_the_end(); });
    runner.run_pending();
    return 1;
}
