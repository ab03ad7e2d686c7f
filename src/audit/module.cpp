#include "audit/module.h"

#include "audit/pages.h"
#include "audit/policy.h"

namespace braid::audit {

std::span<const sql::Migration> migrations();

access::Module AuditModule::describe() {
    using access::OnErasure;
    using access::Personal;
    return {
        .name = "audit",
        .migrations = migrations(),
        .tables =
            {
                access::Table{
                    "audit_log",
                    "What staff looked at and did, with their reasons; kept so that nobody can act unseen",
                    OnErasure::keep,
                    {{"seq", Personal::no},
                     {"at", Personal::data},
                     {"actor", Personal::other},
                     {"roles", Personal::no},
                     {"kind", Personal::no},
                     {"action", Personal::data},
                     {"object_kind", Personal::no},
                     {"object", Personal::no},
                     {"subject", Personal::subject},
                     {"reason", Personal::secret},
                     {"previous", Personal::no},
                     {"hash", Personal::no}}}
                    .because("nobody may act unseen, and no row can be taken out of the chain; people are "
                             "numbers in it, which name nobody once an account is erased"),
                {"audit_head",
                 "Where the log ends",
                 OnErasure::keep,
                 {{"id", Personal::no}, {"seq", Personal::no}, {"hash", Personal::no}}},
            },
        .policies = add_policies,
        .routes = [this](http::Router& router) { add_pages(router, database_, names_); },
        .background = {}};
}

}  // namespace braid::audit
