#include "support/subscribers.h"

#include <libpq-fe.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <stdexcept>

namespace braid::testing {

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows sqlite_rows(const std::string& file, const std::string& sql) {
    sqlite3* connection = nullptr;
    sqlite3_open_v2(file.c_str(), &connection, SQLITE_OPEN_READONLY, nullptr);
    Rows rows;
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(connection, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
        throw std::runtime_error(sql + ": " + sqlite3_errmsg(connection));
    }
    while (sqlite3_step(statement) == SQLITE_ROW) {
        auto& row = rows.emplace_back();
        for (int i = 0; i < sqlite3_column_count(statement); ++i) {
            const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
            row.push_back(text == nullptr ? "NULL" : "'" + std::string(text) + "'");
        }
    }
    sqlite3_finalize(statement);
    sqlite3_close(connection);
    return rows;
}

Rows postgres_rows(const std::string& url, const std::string& sql) {
    PGconn* connection = PQconnectdb(url.c_str());
    PGresult* result = PQexec(connection, sql.c_str());
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        throw std::runtime_error(sql + ": " + PQerrorMessage(connection));
    Rows rows;
    for (int r = 0; r < PQntuples(result); ++r) {
        auto& row = rows.emplace_back();
        for (int i = 0; i < PQnfields(result); ++i) {
            row.push_back(PQgetisnull(result, r, i) != 0 ? "NULL"
                                                         : "'" + std::string(PQgetvalue(result, r, i)) + "'");
        }
    }
    PQclear(result);
    PQfinish(connection);
    return rows;
}

std::string unquoted(const std::string& text) {
    return text.substr(1, text.size() - 2);
}

Rows rows_of(TestDatabase& database, const std::string& sql) {
    return database->engine() == sql::Engine::sqlite ? sqlite_rows(database.file().string(), sql)
                                                     : postgres_rows(database.url(), sql);
}

std::vector<events::Envelope> outbox(TestDatabase& database) {
    std::vector<events::Envelope> events;
    for (const auto& row : rows_of(database, "SELECT id, type, body, at FROM event_outbox ORDER BY id")) {
        events.push_back({events::EventId{std::stoll(unquoted(row[0]))}, unquoted(row[1]), unquoted(row[2]),
                          Timestamp{std::stoll(unquoted(row[3]))}});
    }
    return events;
}

}  // namespace

std::string dump(TestDatabase& database) {
    static const std::set<std::string> kMachinery{"event_outbox", "jobs", "timers", "schema_migrations"};
    const bool sqlite = database->engine() == sql::Engine::sqlite;
    const Rows tables = rows_of(
        database, sqlite ? "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
                         : "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename");
    std::string text;
    for (const auto& table : tables) {
        const std::string name = unquoted(table[0]);
        if (kMachinery.contains(name) || name.starts_with("sqlite_")) continue;
        Rows rows = rows_of(database, "SELECT * FROM \"" + name + "\"");
        std::sort(rows.begin(), rows.end());
        text += name + "\n";
        for (const auto& row : rows) {
            for (const auto& cell : row)
                text += "  " + cell;
            text += "\n";
        }
    }
    return text;
}

std::vector<std::string> run_subscribers_twice(TestDatabase& database,
                                               const events::Subscribers& subscribers) {
    std::vector<std::string> problems;
    std::set<std::int64_t> delivered;
    const auto deliver = [&](const events::Subscribers::Entry& entry, const events::Envelope& event) {
        const Result<void> result = database->write([&](sql::Tx& tx) { return entry.handler(tx, event); });
        if (!result.ok())
            problems.push_back(entry.name + " failed on " + event.type + ": " + result.error().detail);
        return result.ok();
    };
    constexpr int kMostRounds = 100;  // subscribers that answer one another for ever would never end
    for (int round = 0; round < kMostRounds; ++round) {
        bool any = false;
        for (const events::Envelope& event : outbox(database)) {
            if (!delivered.insert(event.id.value).second) continue;
            any = true;
            for (const auto& entry : subscribers.entries()) {
                if (entry.type != event.type || !deliver(entry, event)) continue;
                const std::string once = dump(database);
                const std::size_t events_once = outbox(database).size();
                if (!deliver(entry, event)) continue;
                if (dump(database) != once)
                    problems.push_back(entry.name + " is not idempotent on " + event.type);
                if (outbox(database).size() != events_once) {
                    problems.push_back(entry.name + " appends its events again on " + event.type);
                }
            }
        }
        if (!any) return problems;
    }
    problems.push_back("events without end");
    return problems;
}

}  // namespace braid::testing
