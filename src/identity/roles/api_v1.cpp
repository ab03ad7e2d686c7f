#include "identity/roles/api_v1.h"

namespace braid::roles {

struct GrantOut {
    Role role = Role::learner;
    std::string scope;
    Timestamp granted_at;
    std::optional<std::string> last_day;
};
BOOST_DESCRIBE_STRUCT(GrantOut, (), (role, scope, granted_at, last_day))
constexpr auto api_fields(const GrantOut*) {
    return std::to_array<api::Field>({
        {.name = "scope", .says = "site, organisation:ID or space:ID."},
        {.name = "last_day", .says = "The last day on which it holds; null: for ever."},
    });
}

struct GrantIn {
    Role role = Role::learner;
    std::optional<std::string> scope, last_day;
};
BOOST_DESCRIBE_STRUCT(GrantIn, (), (role, scope, last_day))
constexpr auto api_fields(const GrantIn*) {
    return std::to_array<api::Field>({
        {.name = "scope", .says = "site (when left out), organisation:ID or space:ID.", .max = 40},
        {.name = "last_day", .says = "Such as 2027-01-31; left out: for ever.", .max = 10},
    });
}

namespace {

sessions::Current current_of(const http::Request& request) {
    const auto* current = request.attached<sessions::Current>();
    return current != nullptr ? *current : sessions::Current{};
}

Error with_pointers(Error error) {
    for (FieldError& field : error.fields)
        field.field = field.field == "until" ? "/last_day" : "/" + field.field;
    return error;
}

Result<api::Page<GrantOut>> list(Service& service, const http::Request& request) {
    const auto person = TRY(service.person(access::actor_of(request), request.path_text("handle")));
    api::Page<GrantOut> page;
    for (const accounts::Grant& grant : person.grants) {
        page.items.push_back({grant.role, grant.scope.text(), grant.granted_at,
                              grant.until ? std::optional(last_day(*grant.until)) : std::nullopt});
    }
    return page;
}

}  // namespace

void declare_api(api::Api& api, Service& service) {
    api.get("/api/v1/people/{handle:text}/roles", access::action<accounts::SeePeople>(), "listRoles",
            "What a person is trusted with")
        .path("handle", "Without the @.")
        .returns<api::Page<GrantOut>>(200, "Those in force; at most 500")
        .cost(http::Cost::reads)
        .handle([&](const http::Request& request) { return list(service, request); });

    api.post("/api/v1/people/{handle:text}/roles", access::action<ChangeRoles>(), "grantRole", "Give a role")
        .path("handle", "Without the @.")
        .says(
            "In place of the same role held there. Coordinators and educators give what is theirs to give; "
            "moderator, "
            "administrator and coordinator of the site are given at a page, where a second step can be asked "
            "for.")
        .body<GrantIn>()
        .returns<void>(204, "It is given")
        .per_minute(60)
        .handle([&](const http::Request& request, const GrantIn& in) -> Result<void> {
            const Wish wish{std::string(access::name(in.role)), in.scope.value_or(""),
                            in.last_day.value_or("")};
            auto done = service.grant(access::actor_of(request), current_of(request),
                                      request.path_text("handle"), wish);
            if (!done.ok()) return with_pointers(done.error());
            return {};
        });

    api.del("/api/v1/people/{handle:text}/roles/{role:text}", access::action<ChangeRoles>(), "revokeRole",
            "Take a role")
        .path("handle", "Without the @.")
        .path("role", "Its name.")
        .query({.name = "scope", .says = "site (when left out), organisation:ID or space:ID.", .max = 40})
        .returns<void>(204, "It is not held there")
        .handle([&](const http::Request& request) -> Result<void> {
            // A role that is none is a path that leads nowhere.
            if (!accounts::parse_role(request.path_text("role"))) return not_found("no such role");
            return service.revoke(access::actor_of(request), current_of(request), request.path_text("handle"),
                                  request.path_text("role"), request.query.get("scope"));
        });
}

}  // namespace braid::roles
