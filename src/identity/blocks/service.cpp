#include "identity/blocks/service.h"

#include "identity/blocks/store.h"
#include "platform/i18n/i18n.h"

namespace braid::blocks {

void Service::tell(const Actor& actor, PersonId other) const {
    if (!end_streams_) return;
    end_streams_(*actor.person);
    end_streams_(other);
}

Result<void> Service::keep_apart(const Actor& actor, PersonId other, Kind kind) {
    auto done = database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto permit = TRY(access::permit<KeepApart>(actor, {other}));
        const PersonId person = *actor.person;
        if (!store::tie(tx, person, other) && store::count(tx, person) >= kMostTies)
            return conflict(_msg("blocks.too_many"), "the list is full");
        store::put(tx, permit, other, kind, clock_.now());
        return success();
    });
    if (done.ok()) tell(actor, other);
    return done;
}

Result<void> Service::take_back(const Actor& actor, PersonId other) {
    auto done = database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto permit = TRY(access::permit<KeepApart>(actor, {other}));
        if (!store::remove(tx, permit, other)) return not_found("nothing is set for that person");
        return success();
    });
    if (done.ok()) tell(actor, other);
    return done;
}

Result<std::vector<Tie>> Service::own(const Actor& actor) const {
    TRY(access::permit<ListBlocks>(actor, {}));
    return database_.read([&](sql::Reader& reader) { return store::ties(reader, *actor.person, kMostTies); });
}

std::optional<Tie> Service::own(const Actor& actor, PersonId other) const {
    if (!actor.signed_in()) return std::nullopt;
    return database_.read([&](sql::Reader& reader) { return store::tie(reader, *actor.person, other); });
}

void Service::forget(sql::Tx& tx, PersonId person) {
    store::forget(tx, person);
}

}  // namespace braid::blocks
