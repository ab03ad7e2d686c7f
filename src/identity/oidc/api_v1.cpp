#include "identity/oidc/api_v1.h"

namespace braid::oidc {

struct ProviderIdentityOut {
    std::string provider;
    bool tied = false;
    std::optional<Timestamp> tied_at, last_used_at;
};
BOOST_DESCRIBE_STRUCT(ProviderIdentityOut, (), (provider, tied, tied_at, last_used_at))
constexpr auto api_fields(const ProviderIdentityOut*) {
    return std::to_array<api::Field>({
        {.name = "provider", .says = "The name of the school or provider one can sign in with; empty: none."},
        {.name = "tied", .says = "Whether my account is tied to one of theirs."},
    });
}

void declare_api(api::Api& api, Service& service) {
    api.get("/api/v1/provider-identity", access::action<ManageIdentity>(), "getProviderIdentity",
            "Who I am to the school I sign in with")
        .returns<ProviderIdentityOut>(200, "What my account is tied to")
        .cost(http::Cost::reads)
        .handle([&](const http::Request& request) -> Result<ProviderIdentityOut> {
            ProviderIdentityOut out{.provider = service.settings().name};
            if (const auto link = TRY(service.link(access::actor_of(request)))) {
                out.tied = true;
                out.tied_at = link->linked_at;
                out.last_used_at = link->last_used_at;
            }
            return out;
        });
}

}  // namespace braid::oidc
