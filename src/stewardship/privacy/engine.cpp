#include "stewardship/privacy/engine.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>

namespace braid::privacy {

namespace {

using access::Column;
using access::OnErasure;
using access::Personal;
using access::Table;

// A query made from a declaration. Queries link themselves into a list that lives as long as the program, so
// each is made once and never freed.
struct Made {
    std::string name, text;
    sql::Query query;
    Made(std::string called, std::string sql)
        : name(std::move(called)), text(std::move(sql)), query(name, text) {}
};

const sql::Query* made(std::string_view what, std::string_view table, std::string text) {
    static std::mutex mutex;
    static auto* all = new std::map<std::string, std::unique_ptr<Made>>;
    const std::lock_guard lock(mutex);
    auto& one = (*all)[text];
    if (!one) one = std::make_unique<Made>("privacy." + std::string(what) + "_" + std::string(table), text);
    return &one->query;
}

bool has(const Table& table, Personal personal) {
    return std::ranges::any_of(table.columns, [&](const Column& c) { return c.personal == personal; });
}
bool has_column(const Table& table, std::string_view name) {
    return std::ranges::any_of(table.columns, [&](const Column& c) { return c.name == name; });
}
bool about_somebody(const Table& table) {
    return has(table, Personal::subject) || !table.belonging.table.empty();
}
bool personal(const Table& table) {
    return has(table, Personal::subject) || has(table, Personal::data) || has(table, Personal::secret);
}
// What a column of a row that is blanked becomes; nothing: it stays.
std::string blanked(const Column& column) {
    const std::string name(column.name);
    if (column.personal == Personal::subject) {
        const std::string none(column.blank.empty() ? "0" : column.blank);
        return name + " = CASE WHEN " + name + " = $1 THEN " + none + " ELSE " + name + " END";
    }
    const bool hers = column.personal == Personal::data || column.personal == Personal::secret;
    return hers ? name + " = " + std::string(column.blank) : std::string();
}

std::string quoted(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

void faults_of_blank(const Table& table, std::vector<std::string>& faults) {
    for (const Column& column : table.columns) {
        const bool hers = column.personal == Personal::data || column.personal == Personal::secret;
        if (hers && column.blank.empty())
            faults.push_back(std::string(table.name) + ": its rows are blanked, so say what " +
                             std::string(column.name) + " becomes, as SQL: {" + quoted(column.name) +
                             ", Personal::data, \"''\"}");
    }
}

void faults_of_table(const Table& table, const std::vector<Table>& tables, std::vector<std::string>& faults) {
    const std::string name(table.name);
    if (table.on_erasure != OnErasure::keep && !about_somebody(table))
        faults.push_back(
            name +
            ": its rows are to be erased, but whose are they? Mark the column with the person's id "
            "as Personal::subject, or write .belongs_to(\"column\", \"table\")");
    if (table.on_erasure == OnErasure::keep && personal(table) && table.kept_because.empty())
        faults.push_back(name +
                         ": it keeps what is about people, so say why: .because(\"…\"); or use "
                         "OnErasure::erase_row");
    if (table.on_erasure == OnErasure::blank) faults_of_blank(table, faults);
    if (!table.hold.condition.empty() && table.hold.because.empty())
        faults.push_back(name + ": .held_while(condition, because) needs words for the person");
    if (!table.retention.column.empty() && !has_column(table, table.retention.column))
        faults.push_back(name + ": .deleted_after names the column " + std::string(table.retention.column) +
                         ", which is not declared");
    if (table.belonging.table.empty()) return;
    if (!has_column(table, table.belonging.column))
        faults.push_back(name + ": .belongs_to names the column " + std::string(table.belonging.column) +
                         ", which is not declared");
    const auto parent = std::ranges::find(tables, table.belonging.table, &Table::name);
    if (parent == tables.end() || parent >= tables.begin() + (&table - tables.data()))
        faults.push_back(name + ": it belongs to " + std::string(table.belonging.table) +
                         ", which must be declared before it");
    else if (!about_somebody(*parent))
        faults.push_back(name + ": it belongs to " + std::string(table.belonging.table) +
                         ", which is nobody's");
}

std::optional<std::string> value_of(const sql::Row& row, int column, bool moment) {
    if (row.is_null(column)) return std::nullopt;
    if (!moment) return std::string(row.text(column));
    const std::int64_t micros = row.integer(column);
    if (micros == 0) return std::nullopt;
    return to_rfc3339(Timestamp{micros});
}

}  // namespace

bool is_moment(std::string_view column) {
    return column == "at" || column == "since" || column.ends_with("_at") || column.ends_with("_until");
}

std::vector<std::string> faults_of(const std::vector<Table>& tables) {
    std::vector<std::string> faults;
    for (const Table& table : tables)
        faults_of_table(table, tables, faults);
    return faults;
}

Engine::Engine(const std::vector<access::Module>& modules) {
    for (const access::Module& module : modules) {
        tables_.insert(tables_.end(), module.tables.begin(), module.tables.end());
        if (module.forget) forget_.push_back(module.forget);
    }
    std::string wrong;
    for (const std::string& fault : faults_of(tables_))
        wrong += "\n  " + fault;
    if (!wrong.empty()) throw std::logic_error("personal data, as declared in module.cpp:" + wrong);
    plans_.reserve(tables_.size());
    for (const Table& table : tables_)
        plans_.push_back(plan(table));
}

const Table* Engine::find(std::string_view name) const {
    const auto found = std::ranges::find(tables_, name, &Table::name);
    return found == tables_.end() ? nullptr : &*found;
}

// The rows of a table that are about the person $1.
std::string Engine::hers(const Table& table) const {
    std::string condition;
    const auto either = [&](const std::string& one) { condition += (condition.empty() ? "" : " OR ") + one; };
    for (const Column& column : table.columns) {
        if (column.personal == Personal::subject) either(std::string(column.name) + " = $1");
    }
    if (const Table* parent = find(table.belonging.table); parent != nullptr) {
        either(std::string(table.belonging.column) + " IN (SELECT " + std::string(table.belonging.key) +
               " FROM " + std::string(parent->name) + " WHERE " + hers(*parent) + ")");
    }
    return condition;
}

Engine::Plan Engine::plan(const Table& table) const {
    Plan plan;
    plan.table = &table;
    const std::string name(table.name);
    const std::string mine = hers(table);

    std::string listed, order;
    for (const Column& column : table.columns) {
        if (column.personal != Personal::data) continue;
        plan.columns.push_back(column.name);
        listed += (listed.empty() ? "" : ", ") + std::string(column.name);
    }
    if (!mine.empty() && !listed.empty()) {
        // A row with a person of its own is that person's to read, even where it belongs to somebody else's.
        std::string readable = mine;
        if (has(table, Personal::subject)) {
            Table alone = table;
            alone.belonging = {};
            readable = hers(alone);
        }
        plan.read = made("read", name,
                         "SELECT " + listed + " FROM " + name + " WHERE " + readable + " ORDER BY " +
                             std::string(table.columns.front().name) + ", " + listed);
        plan.count = made("count", name, "SELECT COUNT(*) FROM " + name + " WHERE " + readable);
    }

    const std::string free = table.hold.condition.empty()
                                 ? mine
                                 : "(" + mine + ") AND NOT (" + std::string(table.hold.condition) + ")";
    if (table.on_erasure == OnErasure::erase_row)
        plan.erase = made("erase", name, "DELETE FROM " + name + " WHERE " + free);
    if (table.on_erasure == OnErasure::blank) {
        std::string set;
        for (const Column& column : table.columns) {
            if (const std::string one = blanked(column); !one.empty()) set += (set.empty() ? "" : ", ") + one;
        }
        plan.erase = made("blank", name, "UPDATE " + name + " SET " + set + " WHERE " + free);
    }
    if (!table.hold.condition.empty()) {
        plan.count_kept = made("kept", name,
                               "SELECT COUNT(*) FROM " + name + " WHERE (" + mine + ") AND (" +
                                   std::string(table.hold.condition) + ")");
    }
    for (const Column& column : table.columns) {
        if (column.personal != Personal::other || column.blank.empty()) continue;
        const std::string one(column.name);
        plan.disconnect.push_back(made("disconnect", name + "_" + one,
                                       "UPDATE " + name + " SET " + one + " = " + std::string(column.blank) +
                                           " WHERE " + one + " = $1"));
    }
    if (const std::string when(table.retention.column); !when.empty())
        plan.retire =
            made("retire", name, "DELETE FROM " + name + " WHERE " + when + " > 0 AND " + when + " < $1");
    return plan;
}

std::vector<Held> Engine::everything(sql::Session& session, PersonId person, ReadBy by) const {
    std::vector<Held> all;
    for (const Plan& plan : plans_) {
        if (plan.read == nullptr || (by == ReadBy::guardian && plan.table->hers_alone)) continue;
        Held held{plan.table->name, plan.table->holds, plan.columns, {}};
        session.each(
            *plan.read,
            [&](const sql::Row& row) {
                auto& values = held.rows.emplace_back();
                for (std::size_t i = 0; i < plan.columns.size(); ++i)
                    values.push_back(value_of(row, static_cast<int>(i), is_moment(plan.columns[i])));
            },
            person);
        if (!held.rows.empty()) all.push_back(std::move(held));
    }
    return all;
}

std::vector<Count> Engine::counts(sql::Session& session, PersonId person, ReadBy by) const {
    std::vector<Count> all;
    for (const Plan& plan : plans_) {
        if (plan.count == nullptr || (by == ReadBy::guardian && plan.table->hers_alone)) continue;
        const auto rows = session.one<std::int64_t>(*plan.count, person);
        if (rows > 0) all.push_back({plan.table->name, plan.table->holds, rows});
    }
    return all;
}

std::vector<Kept> Engine::kept(sql::Session& session, PersonId person, ReadBy by) const {
    std::vector<Kept> all;
    for (const Plan& plan : plans_) {
        if (plan.count_kept == nullptr || (by == ReadBy::guardian && plan.table->hers_alone)) continue;
        const auto rows = session.one<std::int64_t>(*plan.count_kept, person);
        if (rows > 0) all.push_back({plan.table->name, plan.table->holds, plan.table->hold.because, rows});
    }
    return all;
}

Result<std::vector<Kept>> Engine::erase(sql::Tx& tx, PersonId person) const {
    for (const auto& forget : forget_)
        TRY(forget(tx, person));
    auto left = kept(tx, person);
    for (auto plan = plans_.rbegin(); plan != plans_.rend(); ++plan) {
        for (const sql::Query* disconnect : plan->disconnect)
            tx.run(*disconnect, person);
        if (plan->erase != nullptr) tx.run(*plan->erase, person);
    }
    return left;
}

std::int64_t Engine::retire(sql::Tx& tx, Timestamp now) const {
    std::int64_t rows = 0;
    for (auto plan = plans_.rbegin(); plan != plans_.rend(); ++plan) {
        if (plan->retire != nullptr) rows += tx.run(*plan->retire, now - plan->table->retention.after);
    }
    return rows;
}

}  // namespace braid::privacy
