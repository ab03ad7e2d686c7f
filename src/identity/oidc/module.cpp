#include "identity/oidc/module.h"

#include "identity/oidc/api_v1.h"
#include "identity/oidc/pages.h"

namespace braid::oidc {

using access::OnErasure;
using access::Personal;

OidcModule::OidcModule(sql::Database& database, const Clock& clock, Random& random,
                       accounts::Accounts& accounts, sessions::Doors& doors, Settings settings,
                       std::unique_ptr<fetch::Client> client)
    : accounts_(accounts),
      doors_(doors),
      provider_(std::move(settings), std::move(client), clock),
      service_(database, clock, random, accounts, doors, provider_) {}

access::Module OidcModule::describe() {
    access::Module module;
    module.name = "oidc";
    module.migrations = migrations();
    module.tables = {{"provider_identities",
                      "who you are to the school you sign in with, and when you last did",
                      OnErasure::erase_row,
                      {{"issuer", Personal::data},
                       {"subject", Personal::data},
                       {"person", Personal::subject},
                       {"linked_at", Personal::data},
                       {"last_used_at", Personal::data}}}};
    module.policies = add_policies;
    // Without a provider there is nothing to sign in with, and its pages are not there; what was tied stays.
    module.routes = [this](http::Router& router) {
        if (service_.settings().on()) add_pages(router, service_, accounts_, doors_);
    };
    module.api = [this](api::Api& api) { declare_api(api, service_); };
    return module;
}

}  // namespace braid::oidc
