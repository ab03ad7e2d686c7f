#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "platform/sql/dialect.h"
#include "platform/sql/engine.h"

namespace braid::sql {

namespace {

constexpr std::string_view kTable =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    " module TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at "
    "BIGINT NOT NULL,"
    " PRIMARY KEY (module, number)) /* clustered */";

const Query kApplied{
    "sql.list_migrations",
    "SELECT module, number, name, checksum FROM schema_migrations ORDER BY module, number LIMIT 100000"};
// First of its transaction: of two nodes that start together, one waits here and then finds nothing to do.
const Query kRecord{"sql.record_migration",
                    "INSERT INTO schema_migrations (module, number, name, checksum, applied_at)"
                    " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (module, number) DO NOTHING"};

struct Applied {
    std::string module;
    int number;
    std::string name;
    std::string checksum;
};

// FNV-1a, 64 bits: it is to notice an edit, not an attack.
std::string checksum(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    std::array<char, 17> hex{};
    std::snprintf(hex.data(), hex.size(), "%016llx", static_cast<unsigned long long>(hash));
    return hex.data();
}

std::string label(std::string_view module, int number, std::string_view name) {
    return "migration " + std::string(module) + " " + std::to_string(number) + " (" + std::string(name) + ")";
}

[[noreturn]] void refuse(const std::string& what) {
    throw Failure(FailureKind::statement, what);
}

}  // namespace

int Migrator::migrate(std::span<const Migration> migrations) {
    const std::scoped_lock lock(mutex_);
    const bool sqlite = database_.engine() == Engine::sqlite;
    const auto script = [&](Tx& tx, std::string_view text) {
        static_cast<EngineTx&>(tx).run_script(sqlite ? for_sqlite(text) : std::string(text));
    };

    std::map<std::pair<std::string, int>, const Migration*> steps;
    std::map<std::string, int> last;
    for (const Migration& step : migrations) {
        const std::string module(step.module);
        if (!steps.emplace(std::pair(module, step.number), &step).second) {
            refuse(label(module, step.number, step.name) + " is there twice");
        }
        if (step.number <= std::exchange(last[module], step.number)) {
            refuse(label(module, step.number, step.name) + " comes after a higher number");
        }
        known_.emplace(module, step.number);
    }

    database_.with_tx([&](Tx& tx) {
        script(tx, kTable);
        return true;
    });
    const auto applied = database_.read([](Reader& reader) { return reader.all<Applied>(kApplied); });

    std::map<std::string, int> highest;
    for (const Applied& row : applied) {
        highest[row.module] = std::max(highest[row.module], row.number);
        const auto step = steps.find({row.module, row.number});
        if (step == steps.end()) {
            if (known_.contains({row.module, row.number})) continue;
            refuse(label(row.module, row.number, row.name) +
                   " was applied to this database but is unknown to this program: the database is newer, or "
                   "a file was removed");
        }
        if (checksum(step->second->text) != row.checksum) {
            refuse(label(row.module, row.number, step->second->name) +
                   " was changed after it was applied (as " + row.name + ", checksum " + row.checksum +
                   ", now " + checksum(step->second->text) + "): add a new step instead");
        }
        steps.erase(step);
    }

    int count = 0;
    for (const Migration& step : migrations) {
        const std::string module(step.module);
        if (!steps.contains({module, step.number})) continue;
        if (step.number < highest[module]) {
            refuse(label(module, step.number, step.name) + " is new but step " +
                   std::to_string(highest[module]) + " of its module was applied already");
        }
        const Timestamp now = SystemClock().now();
        bool mine = false;
        try {
            database_.with_tx([&](Tx& tx) {
                mine = tx.run(kRecord, step.module, step.number, step.name, checksum(step.text), now) == 1;
                if (mine) script(tx, step.text);
                return true;
            });
        } catch (const Failure& failure) {
            throw Failure(failure.kind(), label(module, step.number, step.name) + ": " + failure.what());
        }
        if (mine) ++count;
    }
    return count;
}

}  // namespace braid::sql
