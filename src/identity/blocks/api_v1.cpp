#include "identity/blocks/api_v1.h"

#include "identity/blocks/people.h"

namespace braid::blocks {

struct BlockIn {
    Kind kind = Kind::mute;
};
BOOST_DESCRIBE_STRUCT(BlockIn, (), (kind))
constexpr auto api_fields(const BlockIn*) {
    return std::to_array<api::Field>(
        {{.name = "kind",
          .says = "mute: I see nothing of the person; block: that, and the person sees nothing of me."}});
}

struct BlockOut {
    PersonId person;
    std::string handle, display_name;
    Kind kind = Kind::mute;
    Timestamp since;
};
BOOST_DESCRIBE_STRUCT(BlockOut, (), (person, handle, display_name, kind, since))

void declare_api(api::Api& api, sql::Database& database, Service& service, const Directory& directory) {
    const std::string mine = "/api/v1/me/blocks", one = mine + "/{handle:text}";

    api.get(mine, access::action<ListBlocks>(), "listBlocks", "Whom you block or mute")
        .says("Nobody else sees this list.")
        .returns<api::Page<BlockOut>>(200, "All of them, the newest first; at most 1,000")
        .handle([&](const http::Request& request) -> Result<api::Page<BlockOut>> {
            api::Page<BlockOut> page;
            for (Line& line : TRY(lines_of(database, service, directory, access::actor_of(request)))) {
                page.items.push_back({line.face.id, std::move(line.face.handle), std::move(line.face.name),
                                      line.kind, line.since});
            }
            return page;
        });

    api.put(one, access::action<KeepApart>(), "putBlock", "Block or mute somebody")
        .path("handle", "Without the @.")
        .says("In place of what was set before. Nobody is told.")
        .body<BlockIn>()
        .returns<void>(204, "It holds from now on")
        .errors({409})
        .per_minute(60)
        .handle([&](const http::Request& request, const BlockIn& in) -> Result<void> {
            const Actor& actor = access::actor_of(request);
            const Face face = TRY(find(database, service, directory, actor, request.path_text("handle")));
            return service.keep_apart(actor, face.id, in.kind);
        });

    api.del(one, access::action<KeepApart>(), "deleteBlock", "Take a block or a mute back")
        .path("handle", "Without the @.")
        .returns<void>(204, "What the other may have set stays")
        .per_minute(60)
        .handle([&](const http::Request& request) -> Result<void> {
            const Actor& actor = access::actor_of(request);
            const Face face = TRY(find(database, service, directory, actor, request.path_text("handle")));
            return service.take_back(actor, face.id);
        });
}

}  // namespace braid::blocks
