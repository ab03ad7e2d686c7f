#include "platform/sql/sqlite_connection.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>

#include "platform/sql/dialect.h"

namespace braid::sql {

namespace {

// Without the allocator's statistics there is no mutex that every allocation of every thread takes.
void configure_library() {
    static std::once_flag once;
    std::call_once(once, [] {
        sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        sqlite3_initialize();
    });
}

FailureKind kind_of(int code, int system_error) {
    switch (code & 0xff) {
        case SQLITE_FULL:
            return FailureKind::full;
        case SQLITE_IOERR:
            // SQLite says "full" for ENOSPC alone; quotas and limits are the same to us, and by now errno may
            // have been overwritten. Whatever kept a write from the disk: nothing was written, and reads go
            // on.
            if (code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_SHMSIZE || code == SQLITE_IOERR_TRUNCATE)
                return FailureKind::full;
            return system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG
                       ? FailureKind::full
                       : FailureKind::lost;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return FailureKind::busy;
        case SQLITE_CONSTRAINT:
            return FailureKind::constraint;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return FailureKind::corrupt;
        case SQLITE_CANTOPEN:
        case SQLITE_NOMEM:
        case SQLITE_PROTOCOL:
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return FailureKind::lost;
        default:
            return FailureKind::statement;
    }
}

class SqliteRow final : public Row {
  public:
    explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
    [[nodiscard]] bool is_null(int column) const override {
        return sqlite3_column_type(statement_, column) == SQLITE_NULL;
    }
    [[nodiscard]] std::int64_t integer(int column) const override {
        return sqlite3_column_int64(statement_, column);
    }
    [[nodiscard]] double real(int column) const override { return sqlite3_column_double(statement_, column); }
    [[nodiscard]] std::string_view text(int column) const override {
        const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
        return {data,
                data == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
    }
    [[nodiscard]] std::span<const std::byte> bytes(int column) const override {
        const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
        return {data,
                data == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
    }

  private:
    sqlite3_stmt* statement_;
};

// The views outlive the step, so nothing is copied.
int bind(sqlite3_stmt* statement, int index, const Param& param) {
    if (const auto* integer = std::get_if<std::int64_t>(&param))
        return sqlite3_bind_int64(statement, index, *integer);
    if (const auto* text = std::get_if<std::string_view>(&param)) {
        // A null pointer would bind NULL.
        return sqlite3_bind_text64(statement, index, text->data() == nullptr ? "" : text->data(),
                                   text->size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    if (const auto* real = std::get_if<double>(&param)) return sqlite3_bind_double(statement, index, *real);
    if (const auto* bytes = std::get_if<std::span<const std::byte>>(&param)) {
        if (bytes->empty()) return sqlite3_bind_zeroblob(statement, index, 0);
        return sqlite3_bind_blob64(statement, index, bytes->data(), bytes->size(), SQLITE_STATIC);
    }
    return sqlite3_bind_null(statement, index);
}

}  // namespace

SqliteConnection::SqliteConnection(const std::string& file, Use use, std::chrono::milliseconds busy_timeout,
                                   int cache_kib)
    : busy_timeout_(busy_timeout) {
    configure_library();
    if (use == Use::writing) {
        // What people write is nobody else's on this machine; the log and its index take the file's mode.
        const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (descriptor >= 0) ::close(descriptor);
    }
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(file.c_str(), &handle_, flags, nullptr);
    if (code != SQLITE_OK) {
        const std::string why = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
        sqlite3_close(handle_);
        throw Failure(kind_of(code, 0), "cannot open " + file + ": " + why);
    }
    try {
        sqlite3_busy_timeout(handle_, static_cast<int>(busy_timeout.count()));
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);  // "x" is a name, never a string
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, nullptr);
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
        script("PRAGMA cache_size = -" + std::to_string(cache_kib));
        script("PRAGMA temp_store = MEMORY");  // sorting needs no disk, so reads go on when it is full
        script("PRAGMA mmap_size = 0");        // mapped pages would count against us once per connection
        if (use == Use::writing) {
            script("PRAGMA journal_mode = WAL");
            script("PRAGMA synchronous = FULL");
            script("PRAGMA foreign_keys = ON");
            script("PRAGMA secure_delete = FAST");  // overwrites what is deleted where that needs no further
                                                    // write
            script("PRAGMA journal_size_limit = 67108864");
            sqlite3_wal_autocheckpoint(handle_, 0);  // the writer does it between groups
            sqlite3_wal_hook(
                handle_,
                [](void* self, sqlite3*, const char*, int pages) {
                    auto& connection = *static_cast<SqliteConnection*>(self);
                    connection.log_pages_ = pages;
                    if (pages < connection.copied_pages_) connection.copied_pages_ = 0;  // the log began anew
                    return SQLITE_OK;
                },
                this);
        } else {
            script("PRAGMA query_only = ON");
            sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        }
    } catch (...) {
        sqlite3_close(handle_);
        throw;
    }
}

SqliteConnection::~SqliteConnection() {
    for (const Statement& statement : statements_)
        sqlite3_finalize(statement.handle);
    for (sqlite3_stmt* statement : controls_)
        sqlite3_finalize(statement);
    sqlite3_close(handle_);
}

void SqliteConnection::fail(std::string_view doing) {
    const int code = sqlite3_extended_errcode(handle_);
    throw Failure(
        kind_of(code, sqlite3_system_errno(handle_)),
        std::string(doing) + ": " + sqlite3_errmsg(handle_) + " (SQLite " + std::to_string(code) + ")");
}

sqlite3_stmt* SqliteConnection::compile(std::string_view text, bool keep, std::string_view name) {
    sqlite3_stmt* statement = nullptr;
    const char* rest = nullptr;
    const int code = sqlite3_prepare_v3(handle_, text.data(), static_cast<int>(text.size()),
                                        keep ? SQLITE_PREPARE_PERSISTENT : 0, &statement, &rest);
    if (code != SQLITE_OK) fail(name);
    if (statement == nullptr) throw Failure(FailureKind::statement, std::string(name) + ": no statement");
    for (; rest != text.data() + text.size(); ++rest) {
        if (*rest == ';' || *rest == ' ' || *rest == '\n' || *rest == '\t') continue;
        sqlite3_finalize(statement);
        throw Failure(FailureKind::statement, std::string(name) + ": more than one statement");
    }
    return statement;
}

SqliteConnection::Statement& SqliteConnection::statement(const Query& query) {
    if (query.index() >= statements_.size()) statements_.resize(query.index() + 16);
    Statement& statement = statements_[query.index()];
    if (statement.handle == nullptr) {
        statement.handle = compile(for_sqlite(query.text(Engine::sqlite)), true, query.name());
        statement.writes = sqlite3_stmt_readonly(statement.handle) == 0;
    }
    return statement;
}

std::int64_t SqliteConnection::execute(const Query& query, std::span<const Param> params,
                                       const RowCallback& on_row) {
    Statement& cached = statement(query);
    if (!cached.running) return step(query, cached, params, on_row);
    // The same query inside its own callback.
    Statement second{compile(for_sqlite(query.text(Engine::sqlite)), false, query.name()), false,
                     cached.writes};
    struct Finalize {
        sqlite3_stmt* handle;
        ~Finalize() { sqlite3_finalize(handle); }
    } const finalize{second.handle};
    return step(query, second, params, on_row);
}

std::int64_t SqliteConnection::step(const Query& query, Statement& statement, std::span<const Param> params,
                                    const RowCallback& on_row) {
    sqlite3_stmt* handle =
        statement.handle;  // the cache may grow, and `statement` move, while a callback runs
    const bool writes = statement.writes;
    if (sqlite3_bind_parameter_count(handle) != static_cast<int>(params.size())) {
        throw Failure(FailureKind::statement, std::string(query.name()) + ": " +
                                                  std::to_string(sqlite3_bind_parameter_count(handle)) +
                                                  " parameters wanted, " + std::to_string(params.size()) +
                                                  " given");
    }
    for (std::size_t i = 0; i < params.size(); ++i) {
        const auto* text = std::get_if<std::string_view>(&params[i]);
        if (text != nullptr && text->find('\0') != std::string_view::npos) {
            throw Failure(FailureKind::statement, std::string(query.name()) + ": a text holds NUL");
        }
        if (bind(handle, static_cast<int>(i) + 1, params[i]) != SQLITE_OK) fail(query.name());
    }
    struct Reset {
        SqliteConnection& connection;
        std::size_t index;
        sqlite3_stmt* handle;
        void mark(bool running) const {
            if (connection.statements_[index].handle == handle)
                connection.statements_[index].running = running;
        }
        ~Reset() {
            sqlite3_reset(handle);  // the parameters are bound anew at the next use
            mark(false);
        }
    } const reset{*this, query.index(), handle};
    reset.mark(true);
    for (;;) {
        const int code = sqlite3_step(handle);
        if (code == SQLITE_DONE) return writes ? sqlite3_changes64(handle_) : 0;
        if (code != SQLITE_ROW) fail(query.name());
        if (on_row) on_row(SqliteRow(handle));
    }
}

void SqliteConnection::control(Control what) {
    static constexpr std::array<std::string_view, static_cast<std::size_t>(Control::count)> kTexts{
        "BEGIN", "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK", "SAVEPOINT one", "RELEASE one", "ROLLBACK TO one"};
    const auto index = static_cast<std::size_t>(what);
    sqlite3_stmt*& statement = controls_[index];
    if (statement == nullptr) statement = compile(kTexts[index], true, kTexts[index]);
    const int code = sqlite3_step(statement);
    if (code != SQLITE_DONE) {
        // The message is the handle's: take it before the reset.
        try {
            fail(kTexts[index]);
        } catch (...) {
            sqlite3_reset(statement);
            throw;
        }
    }
    sqlite3_reset(statement);
}

void SqliteConnection::script(std::string_view text) {
    const std::string copy(text);
    const char* rest = copy.c_str();
    while (*rest != '\0') {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(handle_, rest, -1, &statement, &rest) != SQLITE_OK) fail("script");
        if (statement == nullptr) continue;  // white space or a comment
        int code = SQLITE_ROW;
        while (code == SQLITE_ROW)
            code = sqlite3_step(statement);
        if (code != SQLITE_DONE) {
            const std::string shown(sqlite3_sql(statement));
            try {
                fail("script, at \"" + shown.substr(0, 80) + '"');
            } catch (...) {
                sqlite3_finalize(statement);
                throw;
            }
        }
        sqlite3_finalize(statement);
    }
}

void SqliteConnection::prepare(const Query& query) {
    statement(query);
}

std::int64_t SqliteConnection::integer(const char* pragma) {
    sqlite3_stmt* statement = compile(pragma, false, pragma);
    const std::int64_t value = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return value;
}

bool SqliteConnection::in_transaction() const {
    return sqlite3_get_autocommit(handle_) == 0;
}

void SqliteConnection::rollback_quietly() noexcept {
    if (in_transaction()) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

void SqliteConnection::checkpoint(bool restart) noexcept {
    int in_log = 0;
    int copied = 0;
    if (restart) sqlite3_busy_timeout(handle_, 20);
    sqlite3_wal_checkpoint_v2(
        handle_, "main", restart ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE, &in_log, &copied);
    if (restart) sqlite3_busy_timeout(handle_, static_cast<int>(busy_timeout_.count()));
    // Also when it failed or was cut short by a reader: the next try comes after as much again, not after
    // every commit.
    copied_pages_ = log_pages_;
}

}  // namespace braid::sql
