#include "identity/factors/api_v1.h"

namespace braid::factors {

struct SecondStepOut {
    bool app = false;
    std::int64_t passkeys = 0;
    std::int64_t recovery_codes_left = 0;
    bool required = false;
};
BOOST_DESCRIBE_STRUCT(SecondStepOut, (), (app, passkeys, recovery_codes_left, required))
constexpr auto api_fields(const SecondStepOut*) {
    return std::to_array<api::Field>({
        {.name = "app", .says = "Whether an app that makes codes is set up."},
        {.name = "required", .says = "Whether the site asks accounts like this one for a second step."},
    });
}

void declare_api(api::Api& api, Service& service) {
    api.get("/api/v1/second-step", access::action<SeeFactors>(), "getSecondStep",
            "What I show besides my password")
        .returns<SecondStepOut>(200, "What is set up")
        .cost(http::Cost::reads)
        .handle([&](const http::Request& request) -> Result<SecondStepOut> {
            const Overview have = TRY(service.overview(access::actor_of(request)));
            return SecondStepOut{have.app_since.has_value(), have.passkeys, have.codes_left, have.required};
        });
}

}  // namespace braid::factors
