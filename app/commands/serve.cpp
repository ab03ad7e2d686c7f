#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "app/cli.h"
#include "app/commands/commands.h"
#include "app/program.h"
#include "identity/setup/service.h"
#include "platform/log/log.h"
#include "platform/sql/maintenance.h"

namespace braid::app::commands {

namespace {

sigset_t awaited_signals() {
    sigset_t set{};
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        sigaddset(&set, signal);
    return set;
}

// Signals are taken one at a time by the main thread, which does nothing else.
int wait_for_signal() {
    const sigset_t set = awaited_signals();
    int signal = 0;
    sigwait(&set, &signal);
    return signal;
}

void greet(Program& program) {
    const Settings& settings = program.settings();
    std::string pages = settings.public_url();
    if (settings.http.public_url.empty() &&
        parse_endpoint(settings.http.listen).value_or(Endpoint{}).port == 0) {
        pages = "http://127.0.0.1:" + std::to_string(program.port());
    }
    std::printf("Braid %s\n  pages     %s\n  database  %s\n", BRAID_VERSION, pages.c_str(),
                log::hide_url_passwords(settings.database_url()).c_str());
    if (settings.mail.url.empty() && settings.development)
        std::printf("  mails     %s/dev/mail\n", pages.c_str());
    if (program.admin_port() != 0)
        std::printf("  watch     http://127.0.0.1:%d/metrics /healthz /readyz\n", program.admin_port());
    if (const auto secret = program.modules().setup().open())
        std::printf("  set up    %s/setup/%s\n            makes the first administrator; works once\n",
                    pages.c_str(), secret->c_str());
    std::printf("Ctrl-C stops it.\n");
    std::fflush(stdout);
}

}  // namespace

void block_signals() {
    const sigset_t set = awaited_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

int serve(const Settings& settings, const Reread& reread) {
    Program program(settings);
    if (settings.sql.migrate_on_start) {
        const int applied = program.migrate();
        if (applied > 0) log::info("sql.migrated", {{"steps", applied}});
    } else if (const auto missing = sql::pending(program.database(), program.migrations());
               !missing.empty()) {
        std::fprintf(stderr, "braid: the database lacks %zu migrations, first %s: run `braid migrate`\n",
                     missing.size(), missing.front().c_str());
        return kFailed;
    }
    program.start();
    greet(program);
    log::info("serve.started", {{"port", program.port()}, {"development", settings.development}});
    while (true) {
        const int signal = wait_for_signal();
        if (signal != SIGHUP) break;
        log::reopen();
        if (const auto fresh = reread()) {
            log::set_level(log::parse_level(fresh->log.level).value_or(log::Level::info));
            log::info("serve.reloaded", {{"level", fresh->log.level}});
        } else {
            log::warning("serve.not_reloaded",
                         {{"why", "the configuration is not valid; nothing was changed"}});
        }
    }
    log::info("serve.stopping");
    const sigset_t set = awaited_signals();
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);  // a second Ctrl-C ends the process at once
    program.stop();
    log::info("serve.stopped");
    return kOk;
}

int migrate(const Settings& settings) {
    Program program(settings);
    const auto missing = sql::pending(program.database(), program.migrations());
    for (const std::string& step : missing)
        std::printf("%s\n", step.c_str());
    const int applied = program.migrate();
    std::printf(applied == 0   ? "The schema is up to date.\n"
                : applied == 1 ? "1 step applied.\n"
                               : "%d steps applied.\n",
                applied);
    return kOk;
}

}  // namespace braid::app::commands
