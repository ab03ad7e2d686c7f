#include "platform/sql/maintenance.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <set>

namespace braid::sql {

namespace {

constexpr int kPagesAtOnce = 256;  // then other connections get a turn

const Query kSteps{"sql.list_steps",
                   "SELECT module, number FROM schema_migrations ORDER BY module, number LIMIT 100000"};
const Query kPing{"sql.ping", "SELECT CAST(1 AS BIGINT)"};

class File {
  public:
    File(const std::filesystem::path& path, int flags) {
        const int code = sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr);
        if (code != SQLITE_OK) {
            const std::string what =
                path.string() + ": " + (handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code));
            sqlite3_close(handle_);
            throw Failure(FailureKind::lost, what);
        }
        sqlite3_busy_timeout(handle_, 5000);
    }
    ~File() { sqlite3_close(handle_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] sqlite3* get() const { return handle_; }

    [[noreturn]] void fail(const std::string& doing) const {
        const int code = sqlite3_errcode(handle_) & 0xFF;
        throw Failure(code == SQLITE_FULL                               ? FailureKind::full
                      : code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? FailureKind::corrupt
                                                                        : FailureKind::lost,
                      doing + ": " + sqlite3_errmsg(handle_));
    }

  private:
    sqlite3* handle_ = nullptr;
};

// First column of every row.
std::vector<std::string> texts(const File& file, const char* statement) {
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(file.get(), statement, -1, &prepared, nullptr) != SQLITE_OK) file.fail(statement);
    std::vector<std::string> rows;
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(prepared)) == SQLITE_ROW) {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(prepared, 0));
        rows.emplace_back(text != nullptr ? text : "");
    }
    sqlite3_finalize(prepared);
    if (code != SQLITE_DONE) file.fail(statement);
    return rows;
}

void sync_file(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0) ::close(descriptor);
    if (!synced) throw Failure(FailureKind::lost, "cannot sync " + path.string());
}

}  // namespace

std::filesystem::path sqlite_file(std::string_view url) {
    constexpr std::string_view kSqlite = "sqlite:";
    return url.starts_with(kSqlite) ? std::filesystem::path(url.substr(kSqlite.size()))
                                    : std::filesystem::path();
}

void copy_sqlite(const std::filesystem::path& from, const std::filesystem::path& to,
                 const std::function<void(int done, int pages)>& progress) {
    if (std::filesystem::exists(to)) throw Failure(FailureKind::statement, to.string() + " is there already");
    {
        const File source(from, SQLITE_OPEN_READWRITE);
        const File target(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
        sqlite3_backup* backup = sqlite3_backup_init(target.get(), "main", source.get(), "main");
        if (backup == nullptr) target.fail("cannot begin a copy to " + to.string());
        // A writer that changes the file between two steps makes the copy begin anew: after a while take the
        // rest at once.
        int restarts = 0;
        int last_remaining = 0;
        int code = SQLITE_OK;
        do {
            code = sqlite3_backup_step(backup, restarts > 3 ? -1 : kPagesAtOnce);
            const int pages = sqlite3_backup_pagecount(backup);
            const int remaining = sqlite3_backup_remaining(backup);
            if (last_remaining != 0 && remaining > last_remaining) ++restarts;
            last_remaining = remaining;
            if (progress) progress(pages - remaining, pages);
            if (code == SQLITE_BUSY || code == SQLITE_LOCKED) sqlite3_sleep(10);
        } while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED);
        sqlite3_backup_finish(backup);
        if (code != SQLITE_DONE) target.fail("copy to " + to.string());
        // The copy says "write-ahead log" in its header; as plain file it needs no neighbours.
        texts(target, "PRAGMA journal_mode = DELETE");
    }
    sync_file(to);
}

std::vector<std::string> check_sqlite(const std::filesystem::path& file) {
    const File opened(file, SQLITE_OPEN_READWRITE);
    std::vector<std::string> problems = texts(opened, "PRAGMA integrity_check(100)");
    if (problems.size() == 1 && problems.front() == "ok") problems.clear();
    for (const std::string& table :
         texts(opened, "SELECT DISTINCT \"table\" FROM pragma_foreign_key_check LIMIT 100")) {
        problems.push_back("table " + table + " refers to rows that are not there");
    }
    return problems;
}

std::vector<std::string> pending(Database& database, std::span<const Migration> migrations) {
    std::set<std::pair<std::string, int>> applied;
    try {
        for (auto& [module, number] :
             database.read([](Reader& reader) { return reader.all<std::tuple<std::string, int>>(kSteps); })) {
            applied.emplace(std::move(module), number);
        }
    } catch (const Failure& failure) {
        if (failure.kind() != FailureKind::statement)
            throw;  // a database without the table: nothing was applied
    }
    std::vector<std::string> missing;
    for (const Migration& step : migrations) {
        if (applied.contains({std::string(step.module), step.number})) continue;
        missing.push_back(std::string(step.module) + " " + std::to_string(step.number) + " (" +
                          std::string(step.name) + ")");
    }
    return missing;
}

void ping(Database& database) {
    database.read([](Reader& reader) { return reader.one<std::int64_t>(kPing); });
}

}  // namespace braid::sql
