// The database, for code that does not care which engine it is.
//
//   inline const sql::Query kTitle{"works.title", "SELECT title FROM works WHERE id = $1"};
//   auto title = reader.maybe<std::string>(kTitle, work_id);            // std::optional<std::string>
//   auto rows  = reader.all<WorkRow>(kNewest, ceiling, limit);          // std::vector<WorkRow>, an aggregate
//   read field by
//                                                                       // field in the order of the columns
//   tx.run(kInsert, id, title);                                         // number of rows changed
//
// Failures of the engine (gone, full, corrupt, a wrong query) are exceptions of type sql::Failure. Expected
// conflicts are handled in SQL: ON CONFLICT … DO NOTHING and the number of rows, or RETURNING.
//
// One SQL text serves both engines: $1 … $n parameters (a parameter may be used twice), explicit columns,
// BIGINT for ids, microseconds and flags (0/1), TEXT, BYTEA, DOUBLE PRECISION; RETURNING and ON CONFLICT;
// always a LIMIT and a stable order in lists. A migration may hold what one engine alone has, such as
// triggers:
// "/* sqlite only: … */" and "/* postgres only */ … /* end */". The rewriting for SQLite (BYTEA to BLOB,
// "BIGINT PRIMARY KEY" to the rowid, the marker /* clustered */ after a table's closing parenthesis to
// WITHOUT ROWID) is done in this folder alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <boost/pfr/core.hpp>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"

namespace braid::sql {

enum class Engine { sqlite, postgres };

// A query with a name, known to the test run, which prepares every one on both engines. Define only at
// namespace scope, with static storage: instances link themselves into a list that lives as long as the
// program.
class Query {
  public:
    // `name`: module.verb_noun, unique. `text`: one statement, for both engines.
    Query(std::string_view name, std::string_view text) : Query(name, text, text) {}
    // For platform code only: a text per engine.
    Query(std::string_view name, std::string_view sqlite, std::string_view postgres);
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    [[nodiscard]] std::string_view name() const { return name_; }
    [[nodiscard]] std::string_view text(Engine engine) const {
        return engine == Engine::sqlite ? sqlite_ : postgres_;
    }
    // Dense index of this query in this process, for statement caches.
    [[nodiscard]] std::size_t index() const { return index_; }
    // Every query of the program, in no particular order.
    static std::vector<const Query*> all();

  private:
    std::string_view name_, sqlite_, postgres_;
    std::size_t index_;
    const Query* next_;
};

// Why the engine failed.
enum class FailureKind {
    lost,        // connection gone, file unreadable: may come back
    full,        // disk or quota full: reads go on
    busy,        // could not get a lock, a connection or a place in the queue in time
    constraint,  // a rule of the schema was broken that the query did not foresee: a bug
    statement,   // wrong SQL or wrong types: a bug
    corrupt,
};
class Failure : public std::runtime_error {
  public:
    Failure(FailureKind kind, const std::string& what) : std::runtime_error(what), kind_(kind) {}
    [[nodiscard]] FailureKind kind() const { return kind_; }

  private:
    FailureKind kind_;
};

using Bytes = std::vector<std::byte>;
// What a parameter or a column can be. Text must be valid UTF-8 without NUL: the boundary has checked it.
using Param =
    std::variant<std::monostate, std::int64_t, double, std::string_view, std::span<const std::byte>>;

// The current row, valid until the callback it was passed to returns. Columns count from 0.
class Row {
  public:
    virtual ~Row() = default;
    [[nodiscard]] virtual bool is_null(int column) const = 0;
    [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
    [[nodiscard]] virtual double real(int column) const = 0;
    [[nodiscard]] virtual std::string_view text(int column) const = 0;
    [[nodiscard]] virtual std::span<const std::byte> bytes(int column) const = 0;
};

// Specialise for an enum stored as text: `static constexpr std::array<std::string_view, N> names` in the
// enum's order. A text that is no name is a Failure{corrupt}.
template <class Enum>
struct EnumNames;

namespace detail {

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
template <class T>
struct is_id : std::false_type {};
template <class Tag>
struct is_id<Id<Tag>> : std::true_type {};
template <class T>
struct is_tuple : std::false_type {};
template <class... T>
struct is_tuple<std::tuple<T...>> : std::true_type {};

template <class T>
inline constexpr bool is_scalar =
    std::is_arithmetic_v<T> || std::is_enum_v<T> || is_optional<T>::value || is_id<T>::value ||
    std::is_same_v<T, std::string> || std::is_same_v<T, Bytes> || std::is_same_v<T, Timestamp>;

[[noreturn]] void bad_enum(std::string_view text);

template <class Enum>
std::string_view enum_name(Enum value) {
    return EnumNames<Enum>::names[static_cast<std::size_t>(value)];
}

template <class T>
T read(const Row& row, int column) {
    if constexpr (is_optional<T>::value) {
        if (row.is_null(column)) return std::nullopt;
        return read<typename T::value_type>(row, column);
    } else if constexpr (is_id<T>::value) {
        return T{row.integer(column)};
    } else if constexpr (std::is_same_v<T, Timestamp>) {
        return Timestamp{row.integer(column)};
    } else if constexpr (std::is_enum_v<T>) {
        const std::string_view text = row.text(column);
        const auto& names = EnumNames<T>::names;
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (names[i] == text) return static_cast<T>(i);
        }
        bad_enum(text);
    } else if constexpr (std::is_same_v<T, bool>) {
        return row.integer(column) != 0;
    } else if constexpr (std::is_floating_point_v<T>) {
        return static_cast<T>(row.real(column));
    } else if constexpr (std::is_integral_v<T>) {
        return static_cast<T>(row.integer(column));
    } else if constexpr (std::is_same_v<T, Bytes>) {
        const auto bytes = row.bytes(column);
        return Bytes(bytes.begin(), bytes.end());
    } else {
        return T(row.text(column));
    }
}

template <class T>
T read_row(const Row& row) {
    if constexpr (is_scalar<T>) {
        return read<T>(row, 0);
    } else if constexpr (is_tuple<T>::value) {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return T{read<std::tuple_element_t<I, T>>(row, static_cast<int>(I))...};
        }
        (std::make_index_sequence<std::tuple_size_v<T>>{});
    } else {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return T{read<boost::pfr::tuple_element_t<I, T>>(row, static_cast<int>(I))...};
        }
        (std::make_index_sequence<boost::pfr::tuple_size_v<T>>{});
    }
}

template <class T>
Param param(const T& value) {
    if constexpr (is_optional<T>::value) {
        return value ? param(*value) : Param{};
    } else if constexpr (is_id<T>::value) {
        return Param{value.value};
    } else if constexpr (std::is_same_v<T, Timestamp>) {
        return Param{value.micros};
    } else if constexpr (std::is_enum_v<T>) {
        return Param{enum_name(value)};
    } else if constexpr (std::is_integral_v<T>) {
        return Param{static_cast<std::int64_t>(value)};
    } else if constexpr (std::is_floating_point_v<T>) {
        return Param{static_cast<double>(value)};
    } else if constexpr (std::is_same_v<T, Bytes>) {
        return Param{std::span<const std::byte>(value)};
    } else {
        return Param{std::string_view(value)};
    }
}

}  // namespace detail

using RowCallback = std::function<void(const Row&)>;

// Something queries can be run on: a Reader or a Tx. Used by one thread at a time.
class Session {
  public:
    virtual ~Session() = default;
    [[nodiscard]] virtual Engine engine() const = 0;
    // Runs `query`, calls `on_row` for each row, and returns the number of rows changed (0 for SELECT).
    // Throws Failure.
    virtual std::int64_t execute(const Query& query, std::span<const Param> params,
                                 const RowCallback& on_row) = 0;

    // Every row. T: a scalar, a std::tuple, or an aggregate whose fields are the columns in order.
    template <class T, class... Args>
    std::vector<T> all(const Query& query, const Args&... args) {
        std::vector<T> rows;
        bind_and_execute(
            query, [&](const Row& row) { rows.push_back(detail::read_row<T>(row)); }, args...);
        return rows;
    }
    // The first row, or nothing.
    template <class T, class... Args>
    std::optional<T> maybe(const Query& query, const Args&... args) {
        std::optional<T> first;
        bind_and_execute(
            query,
            [&](const Row& row) {
                if (!first) first.emplace(detail::read_row<T>(row));
            },
            args...);
        return first;
    }
    // The first row of a query that always has one (an aggregate). Throws Failure{statement} when there is
    // none.
    template <class T, class... Args>
    T one(const Query& query, const Args&... args) {
        auto row = maybe<T>(query, args...);
        if (!row) throw Failure(FailureKind::statement, std::string(query.name()) + ": no row");
        return std::move(*row);
    }
    template <class... Args>
    void each(const Query& query, const RowCallback& on_row, const Args&... args) {
        bind_and_execute(query, on_row, args...);
    }

  protected:
    template <class... Args>
    std::int64_t bind_and_execute(const Query& query, const RowCallback& on_row, const Args&... args) {
        if constexpr (sizeof...(args) == 0) {
            return execute(query, {}, on_row);
        } else {
            const Param params[] = {detail::param(args)...};
            return execute(query, params, on_row);
        }
    }
};

// A consistent snapshot for reading.
class Reader : public Session {};

// Who hears a notice: the listeners of this process, or those of every node on this database.
enum class Reach { node, everywhere };

// A write transaction; it may read too and sees its own writes.
class Tx : public Session {
  public:
    // After the commit, and only then, every listener (Database::listen) is told. Best effort: a notice hints
    // at what the tables say, it is not the only copy of anything. Equal notices may be told once. `payload`:
    // at most 4000 bytes of text.
    virtual void notify(std::string_view channel, std::string_view payload = {},
                        Reach reach = Reach::everywhere) = 0;
    // Number of rows changed.
    template <class... Args>
    std::int64_t run(const Query& query, const Args&... args) {
        return bind_and_execute(query, nullptr, args...);
    }
};

// One step of a module's schema, embedded from <module>/migrations/NNNN_name.sql. Append-only: the text of an
// applied step is checked against its stored checksum at every start.
struct Migration {
    std::string_view module;
    int number;
    std::string_view name;
    std::string_view text;
};

struct Options {
    std::string url;  // sqlite:FILE (relative to the working directory) or postgres://…
    int readers = 4;  // PostgreSQL: connections for reading and writing; SQLite: opened per reading thread
    int write_queue = 1024;  // SQLite: write transactions waiting at most; beyond it Failure{busy}
    int max_group = 128;     // SQLite: write transactions in one commit at most
    std::chrono::milliseconds busy_timeout{5000};        // for a lock, or a connection of the pool
    std::chrono::milliseconds statement_timeout{30000};  // PostgreSQL
    int reader_cache_kib = 4096;                         // SQLite: pages each reading thread may hold
    int max_attempts = 40;  // PostgreSQL: runs of a write body at most, then Failure{busy}
};

struct Notice {
    std::string channel;  // empty: the link to the other nodes was down, notices may have been missed
    std::string payload;
};
using Listener = std::function<void(const Notice&)>;

// Ends the listening when destroyed, after waiting for a running call of the listener.
class [[nodiscard]] Listening {
  public:
    Listening() = default;
    explicit Listening(std::function<void()> end) : end_(std::move(end)) {}
    Listening(Listening&& other) noexcept : end_(std::exchange(other.end_, nullptr)) {}
    Listening& operator=(Listening&& other) noexcept {
        std::swap(end_, other.end_);
        return *this;
    }
    ~Listening() {
        if (end_) end_();
    }

  private:
    std::function<void()> end_;
};

// How a write transaction is kept apart from others; SQLite runs them one after the other whatever is asked.
enum class Isolation {
    serializable,    // as if one after the other
    read_committed,  // for queues alone, whose transactions lock the rows they take: never run again, never
                     // in others' way
};

struct WriterStats {
    std::uint64_t commits = 0, transactions = 0;  // their ratio is the mean group size
    std::size_t queued = 0;
    std::uint64_t retries = 0;  // PostgreSQL: bodies run again after a serialization failure
};

// Thread-safe. Destroyed last: nothing may be inside read() or write() any more.
class Database {
  public:
    virtual ~Database() = default;
    // Throws Failure when the database cannot be opened.
    static std::unique_ptr<Database> open(const Options& options);

    [[nodiscard]] virtual Engine engine() const = 0;
    // Runs `body` on a snapshot. On SQLite: on the calling thread, microseconds a query. On PostgreSQL it
    // waits. Inside another read() or a write() body on the same thread it uses that one's session: it sees
    // what that one sees.
    virtual void with_reader(const std::function<void(Reader&)>& body) = 0;
    // Runs `body` in a write transaction and returns once it is durable. `body` returns whether to keep it;
    // an exception undoes it and is rethrown to the caller. On SQLite the body runs on the writer's thread,
    // in a savepoint of a group that shares one commit and one sync; on PostgreSQL it runs on the calling
    // thread, serializable, and is run again on a serialization failure. So: the body may run more than once,
    // must be short, and must do no network or file work. Never inside read() or write(): Failure{statement}.
    virtual void with_tx(const std::function<bool(Tx&)>& body,
                         Isolation isolation = Isolation::serializable) = 0;
    // Applies what is missing, in the order given, each in its own transaction. Throws Failure naming module,
    // number and the difference when an applied step's text has changed or is unknown to this program.
    // Returns how many were applied.
    virtual int migrate(std::span<const Migration> migrations) = 0;
    [[nodiscard]] virtual WriterStats writer_stats() const = 0;
    // Prepares `query` without running it. Throws Failure{statement} naming it when the engine refuses its
    // text.
    virtual void prepare(const Query& query) = 0;

    // Calls `listener` on a thread of the database for every notice of a committed Tx::notify, here or on
    // another node. The listener must be quick and must not throw. It may read() and write(). End it before
    // the database.
    virtual Listening listen(Listener listener) = 0;
    void notify(Tx& tx, std::string_view channel, std::string_view payload = {}) {
        tx.notify(channel, payload);
    }

    template <class Body>
    auto read(Body&& body) -> decltype(body(std::declval<Reader&>())) {
        using R = decltype(body(std::declval<Reader&>()));
        if constexpr (std::is_void_v<R>) {
            with_reader([&](Reader& reader) { body(reader); });
        } else {
            std::optional<R> result;
            with_reader([&](Reader& reader) { result.emplace(body(reader)); });
            return std::move(*result);
        }
    }
    // `body` returns Result<T>: an error undoes the transaction.
    template <class Body>
    auto write(Body&& body, Isolation isolation = Isolation::serializable)
        -> decltype(body(std::declval<Tx&>())) {
        using R = decltype(body(std::declval<Tx&>()));
        std::optional<R> result;
        with_tx(
            [&](Tx& tx) {
                result.emplace(body(tx));
                return result->ok();
            },
            isolation);
        return std::move(*result);
    }
};

}  // namespace braid::sql
