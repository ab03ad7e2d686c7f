#include "interests/feedback/reach.h"

#include "interests/feedback/store.h"

namespace braid::feedback {

void CommentReach::follow(sql::Tx& tx, access::PersonId child, const guardians::Verdict& verdict) {
    if (verdict.paused) {
        store::withhold(tx, child, Withheld::no, Withheld::while_paused);
    } else {
        store::withhold(tx, child, Withheld::while_paused, Withheld::no);
    }
}

void CommentReach::settle(sql::Tx& tx, access::PersonId child) {
    store::withhold(tx, child, Withheld::while_paused, Withheld::hers_alone);
}

}  // namespace braid::feedback
