#include "app/holdings.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "stewardship/privacy/words.h"

namespace braid::app {

namespace {

// A query made from a declaration. Queries link themselves into a list that lives as long as the program, so
// each is made once and never freed.
struct Counting {
    std::string name, text;
    sql::Query query;
    Counting(std::string_view table, std::string_view subject)
        : name("holdings.count_" + std::string(table)),
          text("SELECT COUNT(*) FROM " + std::string(table) + " WHERE " + std::string(subject) + " = $1"),
          query(name, text) {}
};

const sql::Query& counting(std::string_view table, std::string_view subject) {
    static std::mutex mutex;
    static auto* made = new std::map<std::string, std::unique_ptr<Counting>, std::less<>>;
    const std::lock_guard lock(mutex);
    auto& one = (*made)[std::string(table)];
    if (!one) one = std::make_unique<Counting>(table, subject);
    return one->query;
}

}  // namespace

std::function<std::vector<guardians::Holding>(sql::Session&, access::PersonId)> holdings_by(
    const std::vector<access::Module>& modules) {
    struct Kind {
        std::string_view table, holds;
        const sql::Query* query;
    };
    std::vector<Kind> kinds;
    for (const access::Module& module : modules) {
        for (const access::Table& table : module.tables) {
            if (table.hers_alone) continue;
            for (const access::Column& column : table.columns) {
                if (column.personal != access::Personal::subject) continue;
                // Its message, where there is one: the page says it in the reader's language.
                const std::string_view key = privacy::kind_key(table.name);
                kinds.push_back(
                    {table.name, key.empty() ? table.holds : key, &counting(table.name, column.name)});
                break;  // a row that names two people is counted once
            }
        }
    }
    return [kinds](sql::Session& session, access::PersonId person) {
        std::vector<guardians::Holding> holdings;
        for (const Kind& kind : kinds) {
            const auto count = session.one<std::int64_t>(*kind.query, person);
            if (count > 0) holdings.push_back({kind.table, kind.holds, count});
        }
        return holdings;
    };
}

}  // namespace braid::app
