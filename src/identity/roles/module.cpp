#include "identity/roles/module.h"

#include "identity/roles/api_v1.h"
#include "identity/roles/pages.h"

namespace braid::roles {

access::Module RolesModule::describe() {
    access::Module module;
    module.name = "roles";
    module.policies = add_policies;
    module.routes = [this](http::Router& router) { add_pages(router, service_); };
    module.api = [this](api::Api& api) { declare_api(api, service_); };
    return module;
}

}  // namespace braid::roles
