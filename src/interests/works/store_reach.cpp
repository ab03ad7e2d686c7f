// How far guardians let works be seen. The rest of the tables' SQL is in store.cpp.
#include "interests/works/store.h"

namespace braid::works::store {

namespace {

constexpr int kAtOnce = 500;

const sql::Query kElsewhere{
    "works.list_with_other_reach",
    "SELECT id FROM works WHERE author = $1 AND reach <> $2 ORDER BY touched_at, id LIMIT $3"};
const sql::Query kSetReach{"works.set_reach", "UPDATE works SET reach = $2 WHERE id = $1"};
const sql::Query kSettle{
    "works.settle_visibility",
    "UPDATE works SET visibility = CASE WHEN reach = 0 THEN 'me' WHEN reach = 1 AND visibility = 'everyone' "
    "THEN 'signed_in' ELSE visibility END WHERE author = $1 AND reach < 2"};

}  // namespace

void set_reach(sql::Tx& tx, PersonId author, int reach) {
    for (;;) {
        const auto works = tx.all<WorkId>(kElsewhere, author, reach, kAtOnce);
        for (const WorkId work : works) {
            tx.run(kSetReach, work, reach);
            relist(tx, work);
        }
        if (works.size() < kAtOnce) return;
    }
}

void settle_visibility(sql::Tx& tx, PersonId author) {
    tx.run(kSettle, author);
    set_reach(tx, author, kReachAll);
}

}  // namespace braid::works::store
