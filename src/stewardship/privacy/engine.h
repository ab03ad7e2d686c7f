// Export, erasure and retention of everything the modules declare (access/module.h), by queries made from the
// declarations alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/module.h"

namespace braid::privacy {

using access::PersonId;

// What one table holds about a person. Moments (columns called at, since, …_at, …_until) are RFC 3339.
struct Held {
    std::string_view table, holds;
    std::vector<std::string_view> columns;
    std::vector<std::vector<std::optional<std::string>>> rows;  // a text a column; nothing: empty there
};

// How much of it there is.
struct Count {
    std::string_view table, holds;
    std::int64_t rows = 0;
};

// Rows that an erasure leaves for now.
struct Kept {
    std::string_view table, holds, because;
    std::int64_t rows = 0;
};

// Whether a column holds a moment, by its name.
[[nodiscard]] bool is_moment(std::string_view column);

// What is wrong with the declarations, each with what to write instead; empty when nothing is.
[[nodiscard]] std::vector<std::string> faults_of(const std::vector<access::Table>& tables);

// Who reads what is held of a person: she herself, or a guardian, from whom some of it is kept
// (access::Table::kept_from_guardians).
enum class ReadBy { herself, guardian };

// Thread-safe. Throws std::logic_error when the declarations have faults.
class Engine {
  public:
    explicit Engine(const std::vector<access::Module>& modules);

    // Every declared column that is handed out, of every row about her; tables without rows are left out.
    [[nodiscard]] std::vector<Held> everything(sql::Session& session, PersonId person,
                                               ReadBy by = ReadBy::herself) const;
    // As many rows as everything() would return, without reading them.
    [[nodiscard]] std::vector<Count> counts(sql::Session& session, PersonId person,
                                            ReadBy by = ReadBy::herself) const;
    // Erases what the declarations say, in the order that references allow. May run again. What is held stays
    // and is returned; run it again when the hold has ended.
    Result<std::vector<Kept>> erase(sql::Tx& tx, PersonId person) const;
    // What erase() would leave if it ran now.
    [[nodiscard]] std::vector<Kept> kept(sql::Session& session, PersonId person,
                                         ReadBy by = ReadBy::herself) const;
    // Deletes what is older than its table's period; how many rows.
    std::int64_t retire(sql::Tx& tx, Timestamp now) const;

    [[nodiscard]] const std::vector<access::Table>& tables() const { return tables_; }

  private:
    struct Plan {
        const access::Table* table = nullptr;
        std::vector<std::string_view> columns;  // handed out
        const sql::Query* read = nullptr;       // all may be null
        const sql::Query* count = nullptr;
        const sql::Query* erase = nullptr;
        const sql::Query* count_kept = nullptr;
        const sql::Query* retire = nullptr;
        std::vector<const sql::Query*> disconnect;
    };
    [[nodiscard]] Plan plan(const access::Table& table) const;
    [[nodiscard]] std::string hers(const access::Table& table) const;
    [[nodiscard]] const access::Table* find(std::string_view name) const;

    std::vector<access::Table> tables_;
    std::vector<Plan> plans_;  // as declared: a table after those it refers to
    std::vector<std::function<Result<void>(sql::Tx&, PersonId)>> forget_;
};

}  // namespace braid::privacy
