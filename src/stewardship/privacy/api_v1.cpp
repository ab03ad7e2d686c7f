#include "stewardship/privacy/api_v1.h"

#include "stewardship/privacy/pages.h"

namespace braid::privacy {

struct ExportOut {
    ExportId id;
    bool ready = false;
    Timestamp asked_at, expires_at;
    std::int64_t size = 0;
    std::string path;
};
BOOST_DESCRIBE_STRUCT(ExportOut, (), (id, ready, asked_at, expires_at, size, path))
constexpr auto api_fields(const ExportOut*) {
    return std::to_array<api::Field>({
        {.name = "size", .says = "Bytes; 0 while it is being made."},
        {.name = "path", .says = "Of this site, where the ZIP file is fetched once it is ready."},
    });
}

struct ExportAskedOut {
    ExportId id;
};
BOOST_DESCRIBE_STRUCT(ExportAskedOut, (), (id))

struct ErasureIn {
    std::string password;
};
BOOST_DESCRIBE_STRUCT(ErasureIn, (), (password))
constexpr auto api_fields(const ErasureIn*) {
    return std::to_array<api::Field>(
        {{.name = "password", .says = "Of who asks; empty right after a second factor.", .max = 1024}});
}
struct ErasureOut {
    Timestamp due_at;
};
BOOST_DESCRIBE_STRUCT(ErasureOut, (), (due_at))

struct RetentionOut {
    std::string table, holds, on_erasure;
    std::optional<std::int64_t> hours;
    std::optional<std::string> kept_because, held_because;
};
BOOST_DESCRIBE_STRUCT(RetentionOut, (), (table, holds, on_erasure, hours, kept_because, held_because))
constexpr auto api_fields(const RetentionOut*) {
    return std::to_array<api::Field>({
        {.name = "on_erasure", .says = "erase, blank (words and name go, the place stays) or keep."},
        {.name = "hours", .says = "At most; null: until it is deleted, or the account."},
        {.name = "held_because", .says = "While this is so, it stays."},
    });
}

namespace {

using access::action;
using access::actor_of;
using access::OnErasure;

std::optional<std::string> some(std::string_view text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

PersonId whose(const http::Request& request) {
    return request.path_parameters.has("child") ? request.path_id<PersonId>("child")
                                                : *actor_of(request).person;
}

Result<api::Page<ExportOut>> list(const Service& service, const http::Request& request) {
    const DataView view = TRY(service.look(actor_of(request), whose(request)));
    api::Page<ExportOut> page;
    for (const store::Export& file : view.exports)
        page.items.push_back({file.id, file.ready(), file.asked_at, file.expires_at, file.size,
                              "/settings/data/exports/" + file.id.text()});
    return page;
}

api::Page<RetentionOut> retention(const Engine& engine) {
    api::Page<RetentionOut> page;
    for (const access::Table& table : engine.tables()) {
        RetentionOut out;
        out.table = table.name;
        out.holds = table.holds;
        out.on_erasure = table.on_erasure == OnErasure::erase_row ? "erase"
                         : table.on_erasure == OnErasure::blank   ? "blank"
                                                                  : "keep";
        if (table.retention.after.count() > 0)
            out.hours = std::chrono::duration_cast<std::chrono::hours>(table.retention.after).count();
        out.kept_because = some(table.kept_because);
        out.held_because = some(table.hold.because);
        page.items.push_back(std::move(out));
    }
    return page;
}

Error with_pointers(Error error) {
    for (FieldError& field : error.fields)
        field.field = "/" + field.field;
    return error;
}

void declare_for(api::Api& api, Service& service, sessions::Doors& doors, const std::string& base,
                 bool child) {
    const auto named = [&](const char* mine, const char* hers) { return child ? hers : mine; };
    const auto of = [&](auto operation) {
        return child ? std::move(operation).path("child", "Her id.") : std::move(operation);
    };
    of(api.get(base + "/exports", action<TakeData>(), named("listExports", "listChildExports"),
               named("Files with your data", "Files with a child's data, for her guardian")))
        .returns<api::Page<ExportOut>>(200, "Newest first, those that have not expired")
        .handle([&service](const http::Request& request) { return list(service, request); });

    of(api.post(base + "/exports", action<TakeData>(), named("askExport", "askChildExport"),
                named("Ask for a file with all your data", "Ask for a file with all a child's data")))
        .says("Made in a moment; a mail says when it is ready.")
        .returns<ExportAskedOut>(201, "It is being made")
        .errors({409, 429})
        .per_minute(20)
        .handle([&service](const http::Request& request) -> Result<api::Reply<ExportAskedOut>> {
            const auto id = TRY(service.ask_export(actor_of(request), whose(request)));
            return api::Reply<ExportAskedOut>{.value = {id}};
        });

    of(api.post(base + "/erasure", action<EndAccount>(), named("askErasure", "askChildErasure"),
                named("Have your account erased in a week", "Have a child's account erased in a week")))
        .says(
            "With the session's cookie, and the password again. Signing in takes back what she asked for "
            "herself.")
        .body<ErasureIn>()
        .returns<ErasureOut>(201, "When it will be erased")
        .errors({429})
        .per_minute(20)
        .handle([&service, &doors](const http::Request& request,
                                   const ErasureIn& in) -> Result<api::Reply<ErasureOut>> {
            auto asked =
                service.ask_erasure(actor_of(request), whose(request), proof_of(request, doors, in.password));
            if (!asked.ok()) return with_pointers(asked.error());
            return api::Reply<ErasureOut>{.value = {asked->due_at}};
        });

    of(api.del(base + "/erasure", action<TakeData>(), named("cancelErasure", "cancelChildErasure"),
               named("Keep your account", "Keep a child's account")))
        .returns<void>(204, "It stays")
        .errors({404})
        .handle([&service](const http::Request& request) -> Result<void> {
            return service.take_back(actor_of(request), whose(request));
        });
}

}  // namespace

void declare_api(api::Api& api, Service& service, sessions::Doors& doors) {
    declare_for(api, service, doors, "/api/v1/me", false);
    declare_for(api, service, doors, "/api/v1/guardian/children/{child:id}", true);
    api.get("/api/v1/privacy/retention", action<SeeRetention>(), "listRetention",
            "What is kept, and for how long")
        .returns<api::Page<RetentionOut>>(200, "Every table, as the program goes by it")
        .cost(http::Cost::reads)
        .handle([&service](const http::Request&) -> Result<api::Page<RetentionOut>> {
            return retention(service.engine());
        });
}

}  // namespace braid::privacy
