#include "interests/discovery/module.h"

#include "interests/discovery/policy.h"

namespace braid::discovery {

access::Module DiscoveryModule::describe() {
    return {
        .name = "discovery",
        .migrations = {},
        .tables = {},
        .policies = [](access::PolicyBook& book) { add_policies(book); },
        .routes = [this](http::Router& router) { pages_.add_routes(router); },
        .background = {},
    };
}

}  // namespace braid::discovery
