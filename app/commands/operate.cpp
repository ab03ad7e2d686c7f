// backup, restore, doctor, jobs.
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include <boost/json.hpp>

#include "app/asvs.h"
#include "app/backup.h"
#include "app/cli.h"
#include "app/commands/commands.h"
#include "app/commands/words.h"
#include "app/doctor.h"
#include "app/program.h"
#include "app/progress.h"
#include "interests/feedback/service.h"
#include "interests/search/indexer.h"
#include "platform/log/log.h"
#include "platform/sql/maintenance.h"

namespace braid::app::commands {

namespace {

std::string megabytes(std::uint64_t bytes) {
    if (bytes < (1U << 20)) return std::to_string((bytes + 1023) >> 10) + " KB";
    return std::to_string((bytes + (1U << 19)) >> 20) + " MB";
}

template <class Body>
auto with_bar(const char* label, Body body) {
    Progress progress(label);
    return body([&](std::uint64_t done, std::uint64_t total) { progress.at(done, total); });
}

// A job's tables may be missing when nobody has migrated yet.
void require_migrated(Program& program) {
    if (!sql::pending(program.database(), program.migrations()).empty()) {
        throw std::runtime_error("the database is not up to date: run `braid migrate`");
    }
}

std::optional<jobs::JobId> parse_job(const std::string& id) {
    auto job = jobs::JobId::parse(id);
    if (!job)
        std::fprintf(stderr, "braid: \"%s\" is no job: `braid jobs list --parked` shows their ids\n",
                     id.c_str());
    return job;
}

}  // namespace

int back_up(const Settings& settings, const std::filesystem::path& file) {
    const auto backed = with_bar(
        "backup", [&](const ArchiveProgress& progress) { return app::back_up(settings, file, progress); });
    if (!backed.ok()) return complain(backed.error());
    std::printf("%s: the database and %llu files, %s.\n", file.c_str(),
                static_cast<unsigned long long>(backed->files), megabytes(backed->bytes).c_str());
    return kOk;
}

int restore(const Settings& settings, const std::filesystem::path& file, bool set_aside) {
    const auto backed = with_bar("restore", [&](const ArchiveProgress& progress) {
        return app::restore(settings, file, set_aside ? Existing::set_aside : Existing::refuse, progress);
    });
    if (!backed.ok()) return complain(backed.error());
    std::printf("%s is back: the database and %llu files, every checksum right.\n", settings.data.c_str(),
                static_cast<unsigned long long>(backed->files));
    if (!backed->remark.empty()) std::printf("%s\n", backed->remark.c_str());
    return kOk;
}

namespace {

std::string_view word(Health health) {
    return health == Health::ok ? "ok" : health == Health::warn ? "warn" : "fail";
}
std::string_view word(Verdict verdict) {
    return verdict == Verdict::pass ? "pass" : verdict == Verdict::fail ? "fail" : "not judged";
}

// A line with its word in colour, and what to do below it.
void print(std::string_view word, const char* colour, const std::string& head, const std::string& advice) {
    const bool coloured = isatty(STDOUT_FILENO) == 1;
    std::printf("%s%-10s%s  %s\n", coloured ? colour : "", std::string(word).c_str(),
                coloured ? "\x1b[0m" : "", head.c_str());
    if (!advice.empty()) std::printf("            %s\n", advice.c_str());
}

void print(const std::vector<Finding>& findings, const std::vector<Judgement>& judgements) {
    constexpr const char *kGreen = "\x1b[32m", *kYellow = "\x1b[33m", *kRed = "\x1b[1;31m";
    for (const Finding& one : findings)
        print(word(one.health),
              one.health == Health::ok     ? kGreen
              : one.health == Health::warn ? kYellow
                                           : kRed,
              one.subject + ": " + one.found, one.advice);
    std::printf("\nOWASP ASVS 4.0.3, level 2\n");
    for (const Judgement& one : judgements)
        print(word(one.verdict),
              one.verdict == Verdict::pass   ? kGreen
              : one.verdict == Verdict::fail ? kRed
                                             : kYellow,
              one.items + " " + one.asks + ": " + one.found, one.advice);
}

void print_json(const std::vector<Finding>& findings, const std::vector<Judgement>& judgements) {
    boost::json::array found;
    for (const Finding& one : findings)
        found.push_back({{"health", word(one.health)},
                         {"subject", one.subject},
                         {"found", one.found},
                         {"advice", one.advice}});
    boost::json::array judged;
    for (const Judgement& one : judgements)
        judged.push_back({{"items", one.items},
                          {"asks", one.asks},
                          {"verdict", word(one.verdict)},
                          {"accepted", one.accepted && one.verdict == Verdict::fail},
                          {"found", one.found},
                          {"advice", one.advice}});
    std::printf("%s\n",
                boost::json::serialize(
                    boost::json::object{{"findings", found},
                                        {"asvs", {{"version", "4.0.3"}, {"level", 2}, {"items", judged}}}})
                    .c_str());
}

}  // namespace

int doctor(const Settings& settings, const Doctor& wish) {
    const auto findings = examine(settings);
    const auto judgements = judge(settings, gather(settings, wish.config, wish.backups));
    if (wish.json)
        print_json(findings, judgements);
    else
        print(findings, judgements);
    const auto failures = std::ranges::count(findings, Health::fail, &Finding::health);
    const auto warnings = std::ranges::count(findings, Health::warn, &Finding::health);
    const auto failed = std::ranges::count(judgements, Verdict::fail, &Judgement::verdict);
    const auto accepted = std::ranges::count_if(
        judgements, [](const Judgement& one) { return one.verdict == Verdict::fail && one.accepted; });
    // Trying it out is not a site: what it lacks is said, and does not count.
    const auto counted = settings.development ? 0 : failed - accepted;
    if (!wish.json) {
        std::printf("\n%ld to mend, %ld to look at; of ASVS %ld fail, %ld of them accepted.%s\n",
                    failures + counted, warnings, failed, accepted,
                    settings.development ? " In development mode ASVS does not count." : "");
        if (failures + warnings + counted == 0) std::printf("All is well.\n");
    }
    return failures + counted == 0 ? kOk : kFailed;
}

int list_jobs(const Settings& settings, bool parked) {
    Program program(settings);
    require_migrated(program);
    if (!parked) {
        const auto lag = jobs::Runner::lag(program.database(), program.clock());
        std::printf("%lld waiting, the oldest for %lld s; %lld parked\n", static_cast<long long>(lag.waiting),
                    static_cast<long long>(lag.oldest.count() / 1'000'000),
                    static_cast<long long>(lag.parked));
        return kOk;
    }
    for (const jobs::ParkedJob& job : jobs::Runner::parked(program.database(), 1000)) {
        std::printf("%s  %s  %s  after %d attempts\n    %s\n", job.id.text().c_str(),
                    to_rfc3339(job.parked_at).c_str(), job.kind.c_str(), job.attempts,
                    job.last_error.c_str());
    }
    return kOk;
}

int retry_job(const Settings& settings, const std::string& id) {
    const auto job = parse_job(id);
    if (!job) return kUsage;
    Program program(settings);
    require_migrated(program);
    const bool found = jobs::Runner::retry(program.database(), *job, program.clock());
    std::printf(found ? "It will run again.\n" : "There is no such parked job.\n");
    return found ? kOk : kFailed;
}

int drop_job(const Settings& settings, const std::string& id) {
    const auto job = parse_job(id);
    if (!job) return kUsage;
    Program program(settings);
    require_migrated(program);
    const bool found = jobs::Runner::drop(program.database(), *job);
    std::printf(found ? "It is gone.\n" : "There is no such parked job.\n");
    return found ? kOk : kFailed;
}

int recount(const Settings& settings) {
    Program program(settings);
    require_migrated(program);
    program.modules().feedback().rebuild_counts();
    std::printf("Comments and kudos are counted anew.\n");
    return kOk;
}

int rebuild_search(const Settings& settings) {
    Program program(settings);
    require_migrated(program);
    std::int64_t works = 0;
    {
        Progress progress("Indexing works");
        program.modules().search_index().rebuild([&](std::int64_t done, std::int64_t total) {
            works = done;
            progress.at(static_cast<std::size_t>(done), static_cast<std::size_t>(total));
        });
    }
    std::printf("The search index is made anew: %lld works.\n", static_cast<long long>(works));
    return kOk;
}

}  // namespace braid::app::commands
