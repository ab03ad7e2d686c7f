#include "identity/documents/service.h"

#include "audit/api.h"
#include "base/text.h"
#include "identity/documents/store.h"

namespace braid::documents {

std::optional<Kind> parse_kind(std::string_view text) {
    for (const Kind kind : kKinds)
        if (name(kind) == text) return kind;
    return std::nullopt;
}

std::string_view name(Kind kind) {
    return sql::detail::enum_name(kind);
}

std::string_view title_key(Kind kind) {
    switch (kind) {
        case Kind::privacy:
            return _msg("documents.privacy");
        case Kind::guidelines:
            return _msg("documents.guidelines");
        case Kind::terms:
            break;
    }
    return _msg("documents.terms");
}

Version Service::current(sql::Session& session, Kind kind) const {
    auto stored = store::newest(session, kind);
    return stored ? std::move(*stored) : built_in(kind);
}

Result<Version> Service::read(Kind kind, std::optional<int> number) const {
    return database_.read([&](sql::Reader& reader) -> Result<Version> {
        if (!number) return current(reader, kind);
        if (*number == 1) return built_in(kind);
        auto stored = store::version(reader, kind, *number);
        if (!stored) return not_found("no such version");
        return std::move(*stored);
    });
}

std::vector<VersionLine> Service::history(Kind kind) const {
    auto lines = database_.read([&](sql::Reader& reader) { return store::history(reader, kind, 99); });
    lines.push_back({});
    return lines;
}

Result<void> Service::check(const Version& version) {
    Error wrong = invalid("", "error.invalid");
    wrong.fields.clear();
    const auto field = [&](const char* at, const std::string& text, std::size_t most, bool needed) {
        if (!is_valid_utf8(text) || count_code_points(text) > most)
            wrong.fields.push_back({at, _msg("documents.too_long"), {{"most", std::to_string(most)}}});
        else if (needed && trim(text).empty())
            wrong.fields.push_back({at, _msg("documents.missing"), {}});
    };
    field("text_en", version.en.text, kTextMax, true);
    field("text_es", version.es.text, kTextMax, true);
    field("short_en", version.en.brief, kShortMax, true);
    field("short_es", version.es.brief, kShortMax, true);
    field("changed_en", version.en.changed, kShortMax, version.important);
    field("changed_es", version.es.changed, kShortMax, version.important);
    if (wrong.fields.empty()) return {};
    return wrong;
}

Result<int> Service::publish(const Actor& actor, Kind kind, const Version& next, int based_on) {
    const auto permit = TRY(access::permit<PublishDocument>(actor, {}));
    TRY(check(next));
    return database_.write([&](sql::Tx& tx) -> Result<int> {
        const Timestamp now = clock_.now();
        const int number = current(tx, kind).number;
        if (number != based_on) return conflict(_msg("documents.changed_meanwhile"), "somebody was quicker");
        if (!store::insert(tx, permit, kind, number + 1, next, now, *actor.person))
            return conflict(_msg("documents.changed_meanwhile"), "somebody was quicker");
        store::accept(tx, *actor.person, kind, number + 1, now);
        const std::string reason = std::string(name(kind)) + " " + std::to_string(number + 1) +
                                   (next.important ? ", important" : "");
        audit::record(tx, now, permit, {"document", number + 1}, std::nullopt, reason);
        return number + 1;
    });
}

std::vector<Kind> Service::pending(PersonId person) const {
    return database_.read([&](sql::Reader& reader) { return store::pending(reader, person); });
}

Result<void> Service::accept(const Actor& actor) {
    TRY(access::permit<AcceptDocument>(actor, {}));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        accepted_by_joining(tx, *actor.person);
        return {};
    });
}

void Service::accepted_by_joining(sql::Tx& tx, PersonId person) {
    for (const Kind kind : kKinds)
        store::accept(tx, person, kind, current(tx, kind).number, clock_.now());
}

bool Service::anything_important() const {
    return database_.read([](sql::Reader& reader) { return store::anything_important(reader); });
}

}  // namespace braid::documents
