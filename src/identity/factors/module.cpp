#include "identity/factors/module.h"

#include "identity/factors/api_v1.h"
#include "identity/factors/pages.h"

namespace braid::factors {

namespace {

using access::OnErasure;
using access::Personal;
using access::Table;

std::vector<Table> tables() {
    return {
        Table{"code_apps",
              "since when an app makes codes for you, and its secret, encrypted",
              OnErasure::erase_row,
              {{"person", Personal::subject},
               {"confirmed", Personal::no},
               {"secret", Personal::secret},
               {"last_step", Personal::no},
               {"created_at", Personal::data}}},
        Table{"recovery_codes",
              "hashes of your recovery codes, and when each was used",
              OnErasure::erase_row,
              {{"person", Personal::subject},
               {"code_hash", Personal::secret},
               {"created_at", Personal::data},
               {"used_at", Personal::data}}},
        Table{"passkeys",
              "your passkeys: their public keys, the names you gave them, when you made and last used each",
              OnErasure::erase_row,
              {{"id", Personal::no},
               {"person", Personal::subject},
               {"credential", Personal::secret},
               {"cose_key", Personal::secret},
               {"sign_count", Personal::no},
               {"name", Personal::data},
               {"created_at", Personal::data},
               {"last_used_at", Personal::data}}},
        Table{"used_challenges",
              "random numbers that passkeys have signed, for ten minutes; nobody is named",
              OnErasure::keep,
              {{"challenge_hash", Personal::no}, {"expires_at", Personal::no}}},
    };
}

}  // namespace

FactorsModule::FactorsModule(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random,
                             events::Outbox& outbox, accounts::Accounts& accounts, sessions::Doors& doors,
                             const Settings& settings)
    : doors_(doors),
      service_(database, clock, random, outbox, accounts, doors, settings),
      passkeys_(database, clock, ids, random, accounts, doors, service_, settings) {}

access::Module FactorsModule::describe() {
    access::Module module;
    module.name = "factors";
    module.migrations = migrations();
    module.tables = tables();
    module.policies = add_policies;
    module.routes = [this](http::Router& router) { add_pages(router, service_, passkeys_, doors_); };
    module.api = [this](api::Api& api) { declare_api(api, service_); };
    module.background = [this](events::Subscribers&, jobs::Runner& runner) {
        runner.every("factors.sweep", std::chrono::hours(1), [this]() -> Result<void> {
            service_.sweep();
            passkeys_.sweep();
            return {};
        });
    };
    return module;
}

}  // namespace braid::factors
