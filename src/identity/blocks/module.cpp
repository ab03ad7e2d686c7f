#include "identity/blocks/module.h"

#include "identity/blocks/api_v1.h"
#include "identity/blocks/pages.h"
#include "identity/blocks/policy.h"

namespace braid::blocks {

using access::OnErasure;
using access::Personal;

access::Module BlocksModule::describe() {
    access::Module module;
    module.name = "blocks";
    module.migrations = migrations();
    module.tables = {
        access::Table{"blocks",
                      "whom you blocked or muted",
                      OnErasure::erase_row,
                      {{"person", Personal::subject},
                       {"other", Personal::data},
                       {"kind", Personal::data},
                       {"since", Personal::data}}}
            .kept_from_guardians(),
        // Made from blocks, of both sides: who was blocked must not read it in her own file, nor count it in
        // what is held of her. So it names no subject.
        access::Table{"apart",
                      "of whom you see nothing, and who sees nothing of you, because one of you asked for it",
                      OnErasure::erase_row,
                      {{"viewer", Personal::secret}, {"person", Personal::secret}}}
            .belongs_to("viewer", "persons"),
    };
    module.policies = add_policies;
    module.routes = [this](http::Router& router) { add_pages(router, database_, service_, directory_); };
    module.api = [this](api::Api& api) { declare_api(api, database_, service_, directory_); };
    module.forget = [](sql::Tx& tx, PersonId person) -> Result<void> {
        Service::forget(tx, person);
        return success();
    };
    return module;
}

}  // namespace braid::blocks
