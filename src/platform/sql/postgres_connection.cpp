#include "platform/sql/postgres_connection.h"

#include <libpq-fe.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <list>
#include <utility>

namespace braid::sql {

namespace {

FailureKind kind_of(std::string_view state) {
    const std::string_view group = state.substr(0, 2);
    if (state == "08P01") return FailureKind::statement;  // another number of parameters
    if (state.empty() || group == "08" || state == "57P01" || state == "57P02" || state == "57P03" ||
        state == "58030") {
        return FailureKind::lost;
    }
    if (state == "53100") return FailureKind::full;
    if (group == "53" || group == "40" || state == "55P03" || state == "57014" || state == "25P03")
        return FailureKind::busy;
    if (group == "23") return FailureKind::constraint;
    if (state == "XX001" || state == "XX002") return FailureKind::corrupt;
    return FailureKind::statement;
}

std::string state_of(const pg_result* result) {
    const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return state == nullptr ? "" : state;
}

int hex_digit(char c) {
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

class PostgresRow final : public Row {
  public:
    explicit PostgresRow(const pg_result* result) : result_(result) {}
    void move_to(int row) {
        row_ = row;
        decoded_.clear();
    }
    [[nodiscard]] bool is_null(int column) const override { return PQgetisnull(result_, row_, column) != 0; }
    [[nodiscard]] std::string_view text(int column) const override {
        return {PQgetvalue(result_, row_, column),
                static_cast<std::size_t>(PQgetlength(result_, row_, column))};
    }
    [[nodiscard]] std::int64_t integer(int column) const override {
        const std::string_view value = text(column);
        if (value == "t") return 1;
        if (value == "f" || value.empty()) return 0;
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
        if (error == std::errc{} && end == value.data() + value.size()) return number;
        return static_cast<std::int64_t>(std::strtod(value.data(), nullptr));  // a NUMERIC with decimals
    }
    [[nodiscard]] double real(int column) const override {
        return std::strtod(PQgetvalue(result_, row_, column), nullptr);
    }
    [[nodiscard]] std::span<const std::byte> bytes(int column) const override {
        const std::string_view value = text(column);
        if (!value.starts_with("\\x")) return std::as_bytes(std::span(value.data(), value.size()));
        Bytes& bytes = decoded_.emplace_back();
        bytes.reserve(value.size() / 2 - 1);
        for (std::size_t i = 2; i + 1 < value.size(); i += 2) {
            bytes.push_back(static_cast<std::byte>(hex_digit(value[i]) << 4 | hex_digit(value[i + 1])));
        }
        return bytes;
    }

  private:
    const pg_result* result_;
    int row_ = 0;
    mutable std::list<Bytes> decoded_;
};

// Parameters as the text protocol wants them: zero-terminated, with their text kept here.
class TextParams {
  public:
    TextParams(const Query& query, std::span<const Param> params) {
        values_.reserve(params.size());
        for (const Param& param : params)
            values_.push_back(value(query, param));
    }
    [[nodiscard]] int count() const { return static_cast<int>(values_.size()); }
    [[nodiscard]] const char* const* values() const { return values_.data(); }

  private:
    const char* value(const Query& query, const Param& param) {
        if (std::holds_alternative<std::monostate>(param)) return nullptr;
        std::string& text = texts_.emplace_back();
        if (const auto* integer = std::get_if<std::int64_t>(&param)) {
            text = std::to_string(*integer);
        } else if (const auto* real = std::get_if<double>(&param)) {
            text = real_text(*real);
        } else if (const auto* view = std::get_if<std::string_view>(&param)) {
            if (view->find('\0') != std::string_view::npos) {
                throw Failure(FailureKind::statement, std::string(query.name()) + ": a text holds NUL");
            }
            text = *view;
        } else {
            static constexpr std::string_view kDigits = "0123456789abcdef";
            const auto bytes = std::get<std::span<const std::byte>>(param);
            text.reserve(2 + 2 * bytes.size());
            text = "\\x";
            for (const std::byte b : bytes) {
                text += kDigits[std::to_integer<unsigned>(b) >> 4U];
                text += kDigits[std::to_integer<unsigned>(b) & 15U];
            }
        }
        return text.c_str();
    }
    static std::string real_text(double value) {
        if (std::isnan(value)) return "NaN";
        if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
        std::array<char, 32> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value)
                             .ptr;  // shortest that reads back
        return {digits.data(), end};
    }

    std::list<std::string> texts_;  // a list: the pointers stay
    std::vector<const char*> values_;
};

std::string statement_name(const Query& query) {
    return "q" + std::to_string(query.index());
}

}  // namespace

void PostgresResultDelete::operator()(pg_result* result) const noexcept {
    PQclear(result);
}

PostgresConnection::PostgresConnection(const Options& options) {
    // What the url says comes later and so wins.
    const std::array<const char*, 6> names{"connect_timeout", "fallback_application_name",
                                           "keepalives_idle", "client_encoding",
                                           "dbname",          nullptr};
    const std::array<const char*, 6> values{"5", "braid", "30", "UTF8", options.url.c_str(), nullptr};
    handle_ = PQconnectdbParams(names.data(), values.data(), 1);
    try {
        if (PQstatus(handle_) != CONNECTION_OK) {
            throw PostgresFailure(FailureKind::lost, "",
                                  std::string("PostgreSQL: ") + PQerrorMessage(handle_));
        }
        PQsetNoticeProcessor(
            handle_, [](void*, const char*) {}, nullptr);
        command(
            "SET bytea_output = hex; SET standard_conforming_strings = on; SET extra_float_digits = 1; SET "
            "TimeZone = 'UTC';"
            " SET idle_in_transaction_session_timeout = 60000; SET statement_timeout = " +
            std::to_string(options.statement_timeout.count()) +
            "; SET lock_timeout = " + std::to_string(options.busy_timeout.count()));
    } catch (...) {
        PQfinish(handle_);
        throw;
    }
}

PostgresConnection::~PostgresConnection() {
    PQfinish(handle_);
}

bool PostgresConnection::broken() const {
    return PQstatus(handle_) != CONNECTION_OK;
}

void PostgresConnection::fail(std::string_view doing, const pg_result* result) {
    std::string state = state_of(result);
    const char* message = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (state == "0A000" || state == "26000")
        stale_ = true;  // "cached plan must not change result type", unknown statement
    std::string what(doing);
    what += ": ";
    what += message != nullptr ? message : PQerrorMessage(handle_);
    if (!state.empty()) what += " (PostgreSQL " + state + ")";
    const FailureKind kind = broken() ? FailureKind::lost : kind_of(state);
    throw PostgresFailure(kind, std::move(state), what);
}

PostgresResult PostgresConnection::checked(PostgresResult result, std::string_view doing) {
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail(doing, result.get());
    return result;
}

void PostgresConnection::drain() noexcept {
    if (!forgotten_) return;
    forgotten_ = false;
    while (PGresult* result = PQgetResult(handle_))
        PQclear(result);
}

void PostgresConnection::send_and_forget(const char* text) noexcept {
    drain();
    forgotten_ = PQsendQuery(handle_, text) == 1;
}

PostgresResult PostgresConnection::command(const std::string& text) {
    drain();
    return checked(PostgresResult(PQexec(handle_, text.c_str())), text.substr(0, 60));
}

void PostgresConnection::prepare(const Query& query) {
    drain();
    const std::string text(query.text(Engine::postgres));
    checked(PostgresResult(PQprepare(handle_, "", text.c_str(), 0, nullptr)), query.name());
}

PostgresResult PostgresConnection::run(const Query& query, std::span<const Param> params, const char* begin) {
    drain();
    const TextParams text(query, params);
    if (query.index() >= prepared_.size()) prepared_.resize(query.index() + 16);
    if (begin != nullptr || !prepared_[query.index()])
        return run_pipeline(query, begin, text.count(), text.values());
    PostgresResult result(PQexecPrepared(handle_, statement_name(query).c_str(), text.count(), text.values(),
                                         nullptr, nullptr, 0));
    return checked(std::move(result), query.name());
}

// Begin, prepare and execute in one round trip; after a failing step the server passes over the rest.
PostgresResult PostgresConnection::run_pipeline(const Query& query, const char* begin, int count,
                                                const char* const* values) {
    const std::string name = statement_name(query);
    const bool prepare = !prepared_[query.index()];
    bool sent = PQenterPipelineMode(handle_) == 1;
    if (begin != nullptr)
        sent = sent && PQsendQueryParams(handle_, begin, 0, nullptr, nullptr, nullptr, nullptr, 0) == 1;
    if (prepare) {
        const std::string text(query.text(Engine::postgres));
        sent = sent && PQsendPrepare(handle_, name.c_str(), text.c_str(), 0, nullptr) == 1;
    }
    sent = sent && PQsendQueryPrepared(handle_, name.c_str(), count, values, nullptr, nullptr, 0) == 1;
    sent = sent && PQpipelineSync(handle_) == 1;
    const bool was_stale = std::exchange(stale_, true);  // until the pipeline is left in order
    if (!sent) fail(query.name(), nullptr);

    const int steps = 1 + (begin != nullptr ? 1 : 0) + (prepare ? 1 : 0);
    PostgresResult answer;
    bool failed = false;
    for (int step = 0; step < steps; ++step) {
        PostgresResult result(PQgetResult(handle_));
        if (!result) fail(query.name(), nullptr);
        while (PGresult* more = PQgetResult(handle_))
            PQclear(more);  // the empty one that ends a step
        const auto status = PQresultStatus(result.get());
        const bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
        if (!failed) answer = std::move(result);  // the first that failed, or the last
        failed = failed || !ok;
        if (ok && prepare && step == steps - 2) prepared_[query.index()] = true;
        if (broken()) fail(query.name(), answer.get());
    }
    PostgresResult sync(PQgetResult(handle_));
    if (PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC || PQexitPipelineMode(handle_) != 1)
        fail(query.name(), sync.get());
    stale_ = was_stale;
    return checked(std::move(answer), query.name());
}

std::string_view PostgresConnection::tag(const PostgresResult& result) {
    return PQcmdStatus(result.get());
}

std::int64_t PostgresConnection::deliver(const PostgresResult& result, const RowCallback& on_row) {
    if (on_row) {
        PostgresRow row(result.get());
        const int rows = PQntuples(result.get());
        for (int i = 0; i < rows; ++i) {
            row.move_to(i);
            on_row(row);
        }
    }
    if (tag(result).starts_with("SELECT")) return 0;
    std::int64_t changed = 0;
    const std::string_view count = PQcmdTuples(result.get());
    std::from_chars(count.data(), count.data() + count.size(), changed);
    return changed;
}

}  // namespace braid::sql
