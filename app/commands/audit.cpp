// audit verify, export, checkpoint.
#include <cstdio>
#include <system_error>

#include "app/cli.h"
#include "app/commands/commands.h"
#include "app/commands/words.h"
#include "app/data_folder.h"
#include "app/program.h"
#include "app/progress.h"
#include "audit/service.h"
#include "audit/store.h"
#include "platform/sql/maintenance.h"

namespace braid::app::commands {

namespace {

void require_migrated(Program& program) {
    if (!sql::pending(program.database(), program.migrations()).empty())
        throw std::runtime_error("the database is not up to date: run `braid migrate`");
}

}  // namespace

int verify_audit(const Settings& settings, const std::filesystem::path& checkpoint) {
    Program program(settings);
    require_migrated(program);
    std::optional<audit::Checkpoint> seen;
    if (!checkpoint.empty()) {
        const auto text = read_file(checkpoint);
        if (!text) {
            std::fprintf(stderr, "braid: %s cannot be read\n", checkpoint.c_str());
            return kFailed;
        }
        auto read = audit::read_checkpoint(*text, program.secret());
        if (!read.ok()) return complain(read.error());
        seen = std::move(*read);
    }
    Progress progress("audit verify");
    const audit::Verdict verdict = audit::verify(
        program.database(), seen, [&](std::uint64_t done, std::uint64_t total) { progress.at(done, total); });
    for (const audit::Fault& fault : verdict.faults)
        std::printf("%s\n", fault.says.c_str());
    if (!verdict.good()) {
        std::printf("The audit log does not add up: %zu found in %lld rows.\n", verdict.faults.size(),
                    static_cast<long long>(verdict.rows));
        return kFailed;
    }
    std::printf("%lld rows, each as it was written; the chain ends at %s.\n",
                static_cast<long long>(verdict.rows), verdict.head.hash.c_str());
    return kOk;
}

int export_audit(const Settings& settings, const std::filesystem::path& file) {
    Program program(settings);
    require_migrated(program);
    Progress progress("audit export");
    const auto rows = audit::export_lines(
        program.database(), file, [&](std::uint64_t done, std::uint64_t total) { progress.at(done, total); });
    std::printf("%s: %lld rows.\n", file.c_str(), static_cast<long long>(rows));
    return kOk;
}

int checkpoint_audit(const Settings& settings, const std::filesystem::path& file) {
    Program program(settings);
    require_migrated(program);
    const audit::Head head =
        program.database().read([](sql::Reader& reader) { return audit::store::head(reader); });
    if (!write_file(file, audit::write_checkpoint(head, program.clock().now(), program.secret()), 0644,
                    false)) {
        std::fprintf(stderr, "braid: %s is there already\n", file.c_str());
        return kFailed;
    }
    std::printf("%s: row %lld. Keep it where nobody who can write to the database can write.\n", file.c_str(),
                static_cast<long long>(head.seq));
    return kOk;
}

}  // namespace braid::app::commands
