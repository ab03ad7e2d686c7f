#include "identity/roles/service.h"

#include <chrono>

#include "access/found.h"
#include "base/text.h"
#include "platform/i18n/i18n.h"

namespace braid::roles {

std::optional<Timestamp> end_of_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = parse_integer(text.substr(0, 4));
    const auto month = parse_integer(text.substr(5, 2));
    const auto day = parse_integer(text.substr(8, 2));
    if (!year || !month || !day || *year < 1970 || *month < 1 || *day < 1) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    const auto after = std::chrono::sys_days(date) + std::chrono::days(1);
    return Timestamp{std::chrono::duration_cast<Duration>(after.time_since_epoch()).count()};
}

std::string last_day(Timestamp until) {
    return to_rfc3339(until - Duration(1)).substr(0, 10);
}

Result<std::vector<PersonFound>> Service::find(const Actor& actor, std::string_view words,
                                               std::optional<Role> role) {
    return accounts_.find_people(actor, words, role);
}

Result<PersonFound> Service::person(const Actor& actor, std::string_view handle) {
    TRY(access::permit<accounts::SeePeople>(actor, {}));
    return database_.read([&](sql::Reader& reader) -> Result<PersonFound> {
        auto card = accounts_.by_handle(reader, handle);
        if (!card) return not_found("no such handle");
        auto grants = accounts_.grants(reader, card->id);
        return PersonFound{std::move(*card), std::move(grants)};
    });
}

Proof Service::proof(const sessions::Current& current) const {
    if (current.session && current.proved_at.micros != 0 &&
        clock_.now() - current.proved_at < sessions::kFreshProof)
        return Proof::fresh;
    const bool none = staff_factor_ == sessions::StaffFactor::not_asked &&
                      current.assurance == sessions::Assurance::password;
    return none ? Proof::none_asked : Proof::stale;
}

Result<Service::Checked> Service::checked(const Actor& actor, const sessions::Current& current,
                                          const Wish& wish) {
    const std::string_view day = trim(wish.until);
    const auto until = end_of_day(day);
    if (!day.empty() && !until) return invalid("until", _msg("roles.until_no_day"));
    const auto role = accounts::parse_role(wish.role);
    if (!role) return invalid("role", _msg("roles.role_unknown"));
    const auto scope = wish.scope.empty() ? std::optional(RoleScope{}) : RoleScope::parse(trim(wish.scope));
    if (!scope) return invalid("scope", _msg("roles.scope_unknown"));
    const Weight weight = accounts::is_grave(*role, *scope) ? Weight::grave : Weight::light;
    TRY(access::permit<ChangeRoles>(actor, {weight, proof(current)}));
    return Checked{*role, *scope, until};
}

accounts::PersonId Service::named(std::string_view handle) {
    const auto card =
        database_.read([&](sql::Reader& reader) { return accounts_.by_handle(reader, handle); });
    return access::id_of(card, &accounts::PersonCard::id);
}

Result<void> Service::grant(const Actor& actor, const sessions::Current& current, std::string_view handle,
                            const Wish& wish) {
    const Checked what = TRY(checked(actor, current, wish));
    return accounts_.grant(actor, named(handle), what.role, what.scope, what.until);
}

Result<void> Service::revoke(const Actor& actor, const sessions::Current& current, std::string_view handle,
                             std::string_view role, std::string_view scope) {
    const Checked what = TRY(checked(actor, current, {std::string(role), std::string(scope), {}}));
    return accounts_.revoke(actor, named(handle), what.role, what.scope);
}

}  // namespace braid::roles
