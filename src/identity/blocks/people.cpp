#include "identity/blocks/people.h"

#include <algorithm>

#include "access/found.h"

namespace braid::blocks {

std::optional<Kind> parse_kind(std::string_view word) {
    if (word == "mute") return Kind::mute;
    if (word == "block") return Kind::block;
    return std::nullopt;
}

Result<Face> find(sql::Database& database, const Service& service, const Directory& directory,
                  const Actor& actor, std::string_view handle) {
    TRY(access::permit<ListBlocks>(actor, {}));
    return database.read([&](sql::Reader& reader) -> Result<Face> {
        auto face = directory.by_handle(reader, handle);
        const PersonId id = access::id_of(face, &Face::id);
        const bool away = apart(reader, actor, id);
        const bool known = service.own(actor, id).has_value();
        if (!face || ((away || !face->there) && !known)) return not_found("no such person for the actor");
        return std::move(*face);
    });
}

Result<std::vector<Line>> lines_of(sql::Database& database, const Service& service,
                                   const Directory& directory, const Actor& actor) {
    const std::vector<Tie> ties = TRY(service.own(actor));
    std::vector<PersonId> ids;
    ids.reserve(ties.size());
    for (const Tie& tie : ties)
        ids.push_back(tie.other);
    const auto faces = ids.empty()
                           ? std::vector<Face>{}
                           : database.read([&](sql::Reader& reader) { return directory.of(reader, ids); });
    std::vector<Line> lines;
    for (const Tie& tie : ties) {
        const auto face = std::ranges::find(faces, tie.other, &Face::id);
        if (face != faces.end()) lines.push_back({*face, tie.kind, tie.since});
    }
    return lines;
}

}  // namespace braid::blocks
