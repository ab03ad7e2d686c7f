#include "identity/roles/module.h"

#include "identity/roles/api_v1.h"
#include "identity/roles/pages.h"

namespace braid::roles {

namespace {

using access::OnErasure;
using access::Personal;
using access::Table;

std::vector<Table> tables() {
    return {Table{"invitations",
                  "the invitations you made, whom you noted them for, and who used them",
                  OnErasure::erase_row,
                  {{"id", Personal::no},
                   {"token_hash", Personal::secret},
                   {"role", Personal::data},
                   {"scope_kind", Personal::data},
                   {"scope", Personal::data},
                   {"role_until", Personal::data},
                   {"note", Personal::data},
                   {"invited_by", Personal::subject},
                   {"created_at", Personal::data},
                   {"expires_at", Personal::data},
                   {"used_by", Personal::other, "NULL"},
                   {"used_at", Personal::data}}}};
}

}  // namespace

access::Module RolesModule::describe() {
    access::Module module;
    module.name = "roles";
    module.migrations = migrations();
    module.tables = tables();
    module.policies = add_policies;
    module.routes = [this](http::Router& router) { add_pages(router, service_, invitations_, public_url_); };
    module.api = [this](api::Api& api) { declare_api(api, service_); };
    module.background = [this](events::Subscribers&, jobs::Runner& runner) {
        runner.every("roles.sweep", std::chrono::hours(24), [this]() -> Result<void> {
            invitations_.sweep();
            return {};
        });
    };
    return module;
}

}  // namespace braid::roles
