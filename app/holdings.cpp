#include "app/holdings.h"

#include "stewardship/privacy/engine.h"
#include "stewardship/privacy/words.h"

namespace braid::app {

std::function<std::vector<guardians::Holding>(sql::Session&, access::PersonId)> holdings_by(
    const privacy::Engine& engine) {
    return [&engine](sql::Session& session, access::PersonId person) {
        std::vector<guardians::Holding> holdings;
        for (const privacy::Count& count : engine.counts(session, person, privacy::ReadBy::guardian)) {
            // Its message, where there is one: the page says it in the reader's language.
            const std::string_view key = privacy::kind_key(count.table);
            holdings.push_back({count.table, key.empty() ? count.holds : key, count.rows});
        }
        return holdings;
    };
}

}  // namespace braid::app
