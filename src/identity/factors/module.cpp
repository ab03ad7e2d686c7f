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
               {"secret", Personal::no},
               {"last_step", Personal::no},
               {"created_at", Personal::data}}},
        Table{"recovery_codes",
              "hashes of your recovery codes, and when each was used",
              OnErasure::erase_row,
              {{"person", Personal::subject},
               {"code_hash", Personal::no},
               {"created_at", Personal::data},
               {"used_at", Personal::data}}},
    };
}

}  // namespace

FactorsModule::FactorsModule(sql::Database& database, const Clock& clock, Random& random,
                             events::Outbox& outbox, accounts::Accounts& accounts, sessions::Doors& doors,
                             sessions::StaffFactor staff_factor, std::string_view site_secret)
    : doors_(doors),
      service_(database, clock, random, outbox, accounts, doors, staff_factor, site_secret) {}

access::Module FactorsModule::describe() {
    access::Module module;
    module.name = "factors";
    module.migrations = migrations();
    module.tables = tables();
    module.policies = add_policies;
    module.routes = [this](http::Router& router) { add_pages(router, service_, doors_); };
    module.api = [this](api::Api& api) { declare_api(api, service_); };
    module.background = [this](events::Subscribers&, jobs::Runner& runner) {
        runner.every("factors.sweep", std::chrono::hours(1), [this]() -> Result<void> {
            service_.sweep();
            return {};
        });
    };
    return module;
}

}  // namespace braid::factors
