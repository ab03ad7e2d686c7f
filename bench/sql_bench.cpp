// sql_bench --raw-comments FILE [--seconds N]
//
// The least that posting comments costs: 64 threads insert rows into the comments table (with all its
// indexes) of a copy of the data file FILE, with SQLite alone, one commit with full sync each, one after the
// other. No HTTP, no session, no count, no event. One line of JSON: per_second.
//
// sql_bench [--json FILE] [--folder DIR] [--seconds N]
//
// Durable single-row inserts by 64 threads through the group-commit writer against one commit per request on
// raw SQLite (same schema, same folder, full sync, one connection per thread), and point selects on both
// engines against the drivers alone. Times are means of the whole run; the folder should be on a real disk.
// JSON: a list of {name, ours, theirs, peer, unit, ratio}, ratio above 1 meaning ours is better.
#include <libpq-fe.h>
#include <sqlite3.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "platform/sql/sql.h"
#include "support/postgres_cluster.h"

namespace {

using namespace braid;
using SteadyClock = std::chrono::steady_clock;

constexpr int kWriters = 64;
constexpr int kRows = 10'000;

constexpr sql::Migration kSchema[] = {{"bench", 1, "comments",
                                       "CREATE TABLE comments (id BIGINT PRIMARY KEY, chapter BIGINT NOT "
                                       "NULL, author BIGINT NOT NULL, body TEXT NOT NULL);\n"
                                       "CREATE INDEX comments_chapter ON comments (chapter, id);"}};
constexpr const char* kRawSchema =
    "CREATE TABLE IF NOT EXISTS comments (id INTEGER PRIMARY KEY, chapter BIGINT NOT NULL, author BIGINT NOT "
    "NULL, body TEXT NOT NULL);"
    "CREATE INDEX IF NOT EXISTS comments_chapter ON comments (chapter, id);";
constexpr std::string_view kBody =
    "I counted the stairs too. Going up there are forty-one, going down there are forty.";

const sql::Query kInsert{"bench.insert",
                         "INSERT INTO comments (id, chapter, author, body) VALUES ($1, $2, $3, $4)"};
const sql::Query kFind{"bench.find", "SELECT id, chapter, author, body FROM comments WHERE id = $1"};

struct Comment {
    std::int64_t id, chapter, author;
    std::string body;
};

struct Line {
    std::string name;
    double ours, theirs;
    std::string peer, unit;
    double ratio;
};

// Calls `step(thread, n)` from `threads` threads for a time; calls per second.
double per_second(int threads, double seconds, const std::function<void(int, std::int64_t)>& step) {
    std::atomic<bool> stop{false};
    std::atomic<std::int64_t> total{0};
    std::vector<std::thread> running;
    const auto start = SteadyClock::now();
    for (int t = 0; t < threads; ++t) {
        running.emplace_back([&, t] {
            std::int64_t n = 0;
            while (!stop)
                step(t, n++);
            total += n;
        });
    }
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    stop = true;
    for (auto& thread : running)
        thread.join();
    return static_cast<double>(total) / std::chrono::duration<double>(SteadyClock::now() - start).count();
}

void insert(sql::Tx& tx, std::int64_t id) {
    tx.run(kInsert, id, id % 100, id % 1000, kBody);
}

double our_writes(sql::Database& database, int threads, double seconds) {
    static std::int64_t base = 1'000'000;
    base += 1'000'000'000;
    return per_second(threads, seconds, [&](int t, std::int64_t n) {
        (void)database.write([&](sql::Tx& tx) -> Result<void> {
            insert(tx, base + t * 10'000'000 + n);
            return {};
        });
    });
}

// One commit per request, each thread its connection. A mutex keeps the threads from SQLite's busy handler,
// whose sleeps would make the peer slower than it need be.
double raw_writes(const std::string& file, int threads, double seconds) {
    std::vector<sqlite3*> connections;
    std::vector<sqlite3_stmt*> statements;
    for (int t = 0; t < threads; ++t) {
        sqlite3* connection = nullptr;
        sqlite3_open(file.c_str(), &connection);
        sqlite3_busy_timeout(connection, 60'000);
        sqlite3_exec(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", nullptr, nullptr,
                     nullptr);
        if (t == 0) sqlite3_exec(connection, kRawSchema, nullptr, nullptr, nullptr);
        connections.push_back(connection);
        sqlite3_stmt* statement = nullptr;
        sqlite3_prepare_v3(connection,
                           "INSERT INTO comments (id, chapter, author, body) VALUES (?1, ?2, ?3, ?4)", -1,
                           SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
        statements.push_back(statement);
    }
    std::atomic<std::int64_t> failed{0};
    std::mutex turn;
    const double rate = per_second(threads, seconds, [&](int t, std::int64_t n) {
        const auto index = static_cast<std::size_t>(t);
        sqlite3_stmt* statement = statements[index];
        const std::int64_t id = t * 10'000'000LL + n + 1;
        sqlite3_bind_int64(statement, 1, id);
        sqlite3_bind_int64(statement, 2, id % 100);
        sqlite3_bind_int64(statement, 3, id % 1000);
        sqlite3_bind_text(statement, 4, kBody.data(), static_cast<int>(kBody.size()), SQLITE_STATIC);
        const std::scoped_lock lock(turn);
        if (sqlite3_step(statement) != SQLITE_DONE) ++failed;
        sqlite3_reset(statement);
    });
    for (auto* statement : statements)
        sqlite3_finalize(statement);
    for (auto* connection : connections)
        sqlite3_close(connection);
    if (failed != 0)
        std::fprintf(stderr, "raw SQLite: %lld inserts failed\n", static_cast<long long>(failed));
    return rate;
}

// See the top of the file. The mutex as above.
int raw_comments(const std::string& original, double seconds) {
    const std::string file = original + ".raw-bench";
    std::filesystem::copy_file(original, file, std::filesystem::copy_options::overwrite_existing);
    std::vector<sqlite3*> connections;
    std::vector<sqlite3_stmt*> statements;
    for (int t = 0; t < kWriters; ++t) {
        sqlite3* connection = nullptr;
        sqlite3_open(file.c_str(), &connection);
        sqlite3_exec(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", nullptr, nullptr,
                     nullptr);
        connections.push_back(connection);
        sqlite3_stmt* statement = nullptr;
        // On the newest chapter that has comments, so that it is one place as it is for the posts over HTTP.
        sqlite3_prepare_v3(connection,
                           "INSERT INTO comments (id, work, chapter, work_author, paragraph, thread, "
                           "answers, author, state, created_at, "
                           "edited_at, token, sanitiser, quote, html, text) SELECT ?1, work, chapter, "
                           "work_author, '', ?1, 0, ?2, 'visible', ?1, 0, "
                           "'raw-' || ?1, 1, '', '<p>I read this one out loud</p>', 'I read this one out "
                           "loud' FROM comments "
                           "WHERE id = (SELECT max(id) FROM comments WHERE id < 500000000000000000)",
                           -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
        if (statement == nullptr) {
            std::fprintf(stderr, "raw comments: %s\n", sqlite3_errmsg(connection));
            return 1;
        }
        statements.push_back(statement);
    }
    std::mutex turn;
    std::int64_t next = 500'000'000'000'000'000;
    std::int64_t failed = 0;
    const double rate = per_second(kWriters, seconds, [&](int t, std::int64_t) {
        sqlite3_stmt* statement = statements[static_cast<std::size_t>(t)];
        const std::scoped_lock lock(turn);
        sqlite3_bind_int64(statement, 1, ++next);
        sqlite3_bind_int64(statement, 2, t);
        if (sqlite3_step(statement) != SQLITE_DONE) ++failed;
        sqlite3_reset(statement);
    });
    for (auto* statement : statements)
        sqlite3_finalize(statement);
    for (auto* connection : connections)
        sqlite3_close(connection);
    std::filesystem::remove(file);
    if (failed != 0) {
        std::fprintf(stderr, "raw comments: %lld inserts failed\n", static_cast<long long>(failed));
        return 1;
    }
    std::printf("{\"per_second\": %.1f}\n", rate);
    return 0;
}

void fill(sql::Database& database) {
    database.migrate(kSchema);
    (void)database.write([&](sql::Tx& tx) -> Result<void> {
        for (int id = 1; id <= kRows; ++id)
            insert(tx, id);
        return {};
    });
}

double our_select_micros(sql::Database& database, double seconds) {
    return 1e6 / per_second(1, seconds, [&](int, std::int64_t n) {
               const auto found = database.read(
                   [&](sql::Reader& reader) { return reader.maybe<Comment>(kFind, n * 7919 % kRows + 1); });
               if (!found) std::abort();
           });
}

double raw_sqlite_select_micros(const std::string& file, double seconds) {
    sqlite3* connection = nullptr;
    sqlite3_open_v2(file.c_str(), &connection, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v3(connection, "SELECT id, chapter, author, body FROM comments WHERE id = ?1", -1,
                       SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    const double micros =
        1e6 / per_second(1, seconds, [&](int, std::int64_t n) {
            sqlite3_bind_int64(statement, 1, n * 7919 % kRows + 1);
            if (sqlite3_step(statement) != SQLITE_ROW) std::abort();
            const Comment found{sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1),
                                sqlite3_column_int64(statement, 2),
                                reinterpret_cast<const char*>(sqlite3_column_text(statement, 3))};
            sqlite3_reset(statement);
        });
    sqlite3_finalize(statement);
    sqlite3_close(connection);
    return micros;
}

double raw_postgres_select_micros(const std::string& url, double seconds) {
    PGconn* connection = PQconnectdb(url.c_str());
    PQclear(PQprepare(connection, "q", "SELECT id, chapter, author, body FROM comments WHERE id = $1", 0,
                      nullptr));
    const double micros = 1e6 / per_second(1, seconds, [&](int, std::int64_t n) {
                              const std::string id = std::to_string(n * 7919 % kRows + 1);
                              const char* value = id.c_str();
                              PGresult* result =
                                  PQexecPrepared(connection, "q", 1, &value, nullptr, nullptr, 0);
                              if (PQntuples(result) != 1) std::abort();
                              PQclear(result);
                          });
    PQfinish(connection);
    return micros;
}

void write_json(const std::string& file, const std::vector<Line>& lines) {
    std::ofstream out(file);
    out << "[";
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const Line& line = lines[i];
        out << (i == 0 ? "\n" : ",\n") << "  {\"name\": \"" << line.name << "\", \"ours\": " << line.ours
            << ", \"theirs\": " << line.theirs << ", \"peer\": \"" << line.peer << "\", \"unit\": \""
            << line.unit << "\", \"ratio\": " << line.ratio << "}";
    }
    out << "\n]\n";
}

}  // namespace

int main(int argc, char** argv) {
    std::string json, raw;
    std::filesystem::path parent = ".";
    double seconds = 3;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--raw-comments") == 0) raw = argv[i + 1];
        if (std::strcmp(argv[i], "--json") == 0) json = argv[i + 1];
        if (std::strcmp(argv[i], "--folder") == 0) parent = argv[i + 1];
        if (std::strcmp(argv[i], "--seconds") == 0) seconds = std::atof(argv[i + 1]);
    }
    if (!raw.empty()) return raw_comments(raw, seconds);
    const auto folder = parent / ("sql-bench-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::vector<Line> lines;
    {
        const std::string file = (folder / "ours.db").string();
        sql::Options options;
        options.url = "sqlite:" + file;
        const auto database = sql::Database::open(options);
        fill(*database);
        const double raw = raw_writes((folder / "raw.db").string(), kWriters, seconds);
        const auto before = database->writer_stats();
        const double ours = our_writes(*database, kWriters, seconds);
        const auto after = database->writer_stats();
        lines.push_back({"durable inserts, 64 threads", ours, raw, "raw SQLite, one commit per request",
                         "1/s", ours / raw});
        const double raw_one = raw_writes((folder / "raw.db.1").string(), 1, seconds);
        const double ours_one = our_writes(*database, 1, seconds);
        lines.push_back({"durable inserts, 1 thread", ours_one, raw_one, "raw SQLite, one commit per request",
                         "1/s", ours_one / raw_one});
        std::printf("mean group at 64 threads: %.1f transactions a commit\n",
                    static_cast<double>(after.transactions - before.transactions) /
                        static_cast<double>(after.commits - before.commits));
        const double select = our_select_micros(*database, seconds);
        const double raw_select = raw_sqlite_select_micros(file, seconds);
        lines.push_back({"point select, SQLite", select, raw_select, "SQLite alone, no snapshot", "us",
                         raw_select / select});
    }
    std::string why;
    if (braid::testing::PostgresCluster::available(&why)) {
        const braid::testing::PostgresCluster cluster(true);
        sql::Options options;
        options.url = cluster.url();
        options.readers = 16;
        const auto database = sql::Database::open(options);
        fill(*database);
        const double select = our_select_micros(*database, seconds);
        const double raw_select = raw_postgres_select_micros(options.url, seconds);
        lines.push_back({"point select, PostgreSQL", select, raw_select, "libpq alone, no snapshot", "us",
                         raw_select / select});
        const double writes = our_writes(*database, kWriters, seconds);
        lines.push_back(
            {"durable inserts, PostgreSQL, 64 threads on 16 connections", writes, 0, "none", "1/s", 0});
    } else {
        std::printf("%s\n", why.c_str());
    }
    std::filesystem::remove_all(folder);
    std::printf("%-58s %12s %12s %7s  %s\n", "", "ours", "theirs", "ratio", "against");
    for (const Line& line : lines) {
        std::printf("%-58s %9.1f %-3s %9.1f %-3s %6.2f  %s\n", line.name.c_str(), line.ours,
                    line.unit.c_str(), line.theirs, line.unit.c_str(), line.ratio, line.peer.c_str());
    }
    if (!json.empty()) write_json(json, lines);
}
