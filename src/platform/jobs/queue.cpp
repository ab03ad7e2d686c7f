#include <algorithm>

#include "platform/jobs/jobs.h"
#include "platform/jobs/store.h"

namespace braid::jobs {

JobId Queue::enqueue(sql::Tx& tx, std::string_view kind, std::string_view payload, Timestamp not_before) {
    const auto id = ids_.make<JobId>();
    store::insert(tx, id, kind, payload, std::nullopt, std::max(not_before, clock_.now()));
    tx.notify("jobs", {}, sql::Reach::node);
    return id;
}

}  // namespace braid::jobs
