// One connection to a PostgreSQL server with its prepared statements. For this folder alone.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/sql/sql.h"

struct pg_conn;
struct pg_result;

namespace braid::sql {

struct PostgresResultDelete {
    void operator()(pg_result* result) const noexcept;
};
using PostgresResult = std::unique_ptr<pg_result, PostgresResultDelete>;

// A Failure with the server's five characters (appendix A of its manual); "" when it could not answer.
class PostgresFailure : public Failure {
  public:
    PostgresFailure(FailureKind kind, std::string state, const std::string& what)
        : Failure(kind, what), state_(std::move(state)) {}
    [[nodiscard]] const std::string& state() const { return state_; }
    // Serialization failure or deadlock: the same transaction may succeed when run again.
    [[nodiscard]] bool again() const { return state_ == "40001" || state_ == "40P01"; }

  private:
    std::string state_;
};

// Used by one thread at a time; may move between threads in between.
class PostgresConnection {
  public:
    // Throws Failure{lost} when the server cannot be reached.
    explicit PostgresConnection(const Options& options);
    ~PostgresConnection();
    PostgresConnection(const PostgresConnection&) = delete;
    PostgresConnection& operator=(const PostgresConnection&) = delete;

    // Runs `query`, prepared at its first use. `begin`, when given, is a statement that opens a transaction
    // and travels ahead in the same round trip.
    PostgresResult run(const Query& query, std::span<const Param> params, const char* begin);
    // The rows of `result` into `on_row`; the number of rows changed (0 for SELECT).
    static std::int64_t deliver(const PostgresResult& result, const RowCallback& on_row);
    // What the statement did: "COMMIT", "INSERT 0 1" …
    static std::string_view tag(const PostgresResult& result);
    // One or more statements without parameters.
    PostgresResult command(const std::string& text);
    // Sends `text` and does not wait; its answer is read before the next use, and is of no interest.
    void send_and_forget(const char* text) noexcept;
    void prepare(const Query& query);

    // The connection is lost: it only can be thrown away.
    [[nodiscard]] bool broken() const;
    // A prepared statement no longer fits the schema: better begin anew.
    [[nodiscard]] bool stale() const { return stale_; }
    [[nodiscard]] pg_conn* handle() { return handle_; }

  private:
    void drain() noexcept;
    [[noreturn]] void fail(std::string_view doing, const pg_result* result);
    PostgresResult checked(PostgresResult result, std::string_view doing);
    PostgresResult run_pipeline(const Query& query, const char* begin, int count, const char* const* values);

    pg_conn* handle_ = nullptr;
    std::vector<bool> prepared_;  // by Query::index()
    bool forgotten_ = false;      // an answer is still to be read
    bool stale_ = false;
};

}  // namespace braid::sql
