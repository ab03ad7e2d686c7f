#include "support/statements.h"

#include <utility>

namespace braid::testing {
namespace {

// Sessions that say what they run.
class HeardReader final : public sql::Reader {
  public:
    HeardReader(sql::Reader& inner, Statements& heard) : inner_(inner), heard_(heard) {}
    [[nodiscard]] sql::Engine engine() const override { return inner_.engine(); }
    std::int64_t execute(const sql::Query& query, std::span<const sql::Param> params,
                         const sql::RowCallback& on_row) override {
        heard_.note(query.name());
        return inner_.execute(query, params, on_row);
    }

  private:
    sql::Reader& inner_;
    Statements& heard_;
};

class HeardTx final : public sql::Tx {
  public:
    HeardTx(sql::Tx& inner, Statements& heard) : inner_(inner), heard_(heard) {}
    [[nodiscard]] sql::Engine engine() const override { return inner_.engine(); }
    std::int64_t execute(const sql::Query& query, std::span<const sql::Param> params,
                         const sql::RowCallback& on_row) override {
        heard_.note(query.name());
        return inner_.execute(query, params, on_row);
    }
    void notify(std::string_view channel, std::string_view payload, sql::Reach reach) override {
        inner_.notify(channel, payload, reach);
    }

  private:
    sql::Tx& inner_;
    Statements& heard_;
};

class HeardDatabase final : public sql::Database {
  public:
    HeardDatabase(std::unique_ptr<sql::Database> inner, Statements& heard)
        : inner_(std::move(inner)), heard_(heard) {}

    [[nodiscard]] sql::Engine engine() const override { return inner_->engine(); }
    void with_reader(const std::function<void(sql::Reader&)>& body) override {
        inner_->with_reader([&](sql::Reader& reader) {
            HeardReader heard(reader, heard_);
            body(heard);
        });
    }
    void with_tx(const std::function<bool(sql::Tx&)>& body, sql::Isolation isolation) override {
        const std::size_t mark = heard_.mark();
        bool kept = false;
        inner_->with_tx(
            [&](sql::Tx& tx) {
                heard_.back_to(mark);
                heard_.note("write");
                HeardTx heard(tx, heard_);
                kept = body(heard);
                return kept;
            },
            isolation);
        heard_.note(kept ? "kept" : "undone");
    }
    int migrate(std::span<const sql::Migration> migrations) override { return inner_->migrate(migrations); }
    [[nodiscard]] sql::WriterStats writer_stats() const override { return inner_->writer_stats(); }
    void prepare(const sql::Query& query) override { inner_->prepare(query); }
    sql::Listening listen(sql::Listener listener) override { return inner_->listen(std::move(listener)); }

  private:
    std::unique_ptr<sql::Database> inner_;
    Statements& heard_;
};

}  // namespace

std::unique_ptr<sql::Database> Statements::hear(std::unique_ptr<sql::Database> database) {
    return std::make_unique<HeardDatabase>(std::move(database), *this);
}

void Statements::begin() {
    const std::scoped_lock lock(mutex_);
    kept_.clear();
    keeps_ = true;
}

std::vector<std::string> Statements::take() {
    const std::scoped_lock lock(mutex_);
    keeps_ = false;
    return std::exchange(kept_, {});
}

void Statements::note(std::string_view what) {
    const std::scoped_lock lock(mutex_);
    if (keeps_) kept_.emplace_back(what);
}

std::size_t Statements::mark() {
    const std::scoped_lock lock(mutex_);
    return kept_.size();
}

void Statements::back_to(std::size_t mark) {
    const std::scoped_lock lock(mutex_);
    if (kept_.size() > mark) kept_.resize(mark);
}

}  // namespace braid::testing
