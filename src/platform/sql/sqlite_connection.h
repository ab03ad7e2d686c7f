// One connection to a SQLite file with its prepared statements. For this folder alone.
#pragma once

#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "platform/sql/sql.h"

struct sqlite3;
struct sqlite3_stmt;

namespace braid::sql {

// Used by one thread at a time; may move between threads in between.
class SqliteConnection {
  public:
    enum class Use { reading, writing };
    // Statements about transactions, prepared once.
    enum class Control { begin_read, begin_write, commit, rollback, savepoint, release, rollback_to, count };

    // Throws Failure{lost} when the file cannot be opened, Failure{corrupt} when it is no database.
    SqliteConnection(const std::string& file, Use use, std::chrono::milliseconds busy_timeout, int cache_kib);
    ~SqliteConnection();
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;

    std::int64_t execute(const Query& query, std::span<const Param> params, const RowCallback& on_row);
    void control(Control what);
    void script(std::string_view text);
    void prepare(const Query& query);
    [[nodiscard]] std::int64_t integer(const char* pragma);
    // False also when SQLite has undone the transaction by itself, as it may on a full disk.
    [[nodiscard]] bool in_transaction() const;
    void rollback_quietly() noexcept;
    // Copies what the write-ahead log holds into the file, as far as readers permit. `restart`: and waits for
    // them a moment, so that the log begins anew.
    void checkpoint(bool restart) noexcept;
    // Pages in the write-ahead log after the last commit of this connection, and how many of them are not
    // copied yet.
    [[nodiscard]] int log_pages() const { return log_pages_; }
    [[nodiscard]] int uncopied_pages() const { return log_pages_ - copied_pages_; }

  private:
    struct Statement {
        sqlite3_stmt* handle = nullptr;
        bool running = false;
        bool writes = false;
    };
    Statement& statement(const Query& query);
    sqlite3_stmt* compile(std::string_view text, bool keep, std::string_view name);
    std::int64_t step(const Query& query, Statement& statement, std::span<const Param> params,
                      const RowCallback& on_row);
    [[noreturn]] void fail(std::string_view doing);

    sqlite3* handle_ = nullptr;
    std::vector<Statement> statements_;  // by Query::index()
    std::array<sqlite3_stmt*, static_cast<std::size_t>(Control::count)> controls_{};
    int log_pages_ = 0;
    int copied_pages_ = 0;
    std::chrono::milliseconds busy_timeout_;
};

}  // namespace braid::sql
