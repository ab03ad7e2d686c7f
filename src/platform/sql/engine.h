// What the two engines and the migrator share. For this folder alone.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "platform/sql/sql.h"

namespace braid::sql {

// A transaction that can also run a script of several statements, for migrations, and prepare without
// running.
class EngineTx : public Tx {
  public:
    virtual void run_script(std::string_view text) = 0;
    virtual void prepare(const Query& query) = 0;
};

// Lets a write transaction be seen as a reader, for a read() inside a write().
class TxReader final : public Reader {
  public:
    explicit TxReader(Tx& tx) : tx_(tx) {}
    [[nodiscard]] Engine engine() const override { return tx_.engine(); }
    std::int64_t execute(const Query& query, std::span<const Param> params,
                         const RowCallback& on_row) override {
        return tx_.execute(query, params, on_row);
    }

  private:
    Tx& tx_;
};

// Applies migrations (Database::migrate) through the database's own write transactions.
class Migrator {
  public:
    explicit Migrator(Database& database) : database_(database) {}
    int migrate(std::span<const Migration> migrations);

  private:
    Database& database_;
    std::mutex mutex_;
    std::set<std::pair<std::string, int>> known_;  // steps of earlier calls on this database
};

std::unique_ptr<Database> open_sqlite(const std::string& file, const Options& options);
std::unique_ptr<Database> open_postgres(const Options& options);

}  // namespace braid::sql
