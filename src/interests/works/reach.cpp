#include "interests/works/reach.h"

#include "interests/works/model.h"
#include "interests/works/store.h"

namespace braid::works {

void AuthorReach::follow(sql::Tx& tx, access::PersonId child, const guardians::Verdict& verdict) {
    store::set_reach(tx, child, verdict.paused ? 0 : reach_of(verdict.allowed));
}

void AuthorReach::settle(sql::Tx& tx, access::PersonId child) {
    store::settle_visibility(tx, child);
}

}  // namespace braid::works
