// What people are trusted with in schools and classes.
#include <algorithm>

#include "identity/roster/run.h"

namespace braid::roster {

namespace {

constexpr int kPage = 500;

bool same(const store::Given& given, Role role, const std::string& scope) {
    return given.role == role && given.scope == scope;
}

}  // namespace

Result<void> Run::take(sql::Tx& tx, const store::Given& given) {
    store::delete_given(tx, right_, options_.source, given);
    // Another row may give the same.
    if (store::givers(tx, given.person, given.role, given.scope) > 0) return {};
    const auto scope = accounts::RoleScope::parse(given.scope);
    if (!scope || given.person.value == 0) return {};
    const auto taken = importer_.accounts_.revoke_in(tx, by_, given.person, given.role, *scope);
    // Whoever is erased holds nothing any more.
    if (!taken.ok() && taken.error().code != ErrorCode::not_found) return taken.error();
    return {};
}

Result<bool> Run::give(sql::Tx& tx, std::string_view file, std::string_view sourced_id, PersonId person,
                       const std::vector<Wanted>& wanted) {
    bool changed = false;
    const auto before = store::given(tx, options_.source, file, sourced_id);
    for (const store::Given& given : before) {
        const bool stays = given.person == person && std::ranges::any_of(wanted, [&](const Wanted& one) {
                               return same(given, one.role, one.scope.text());
                           });
        if (stays) continue;
        TRY(take(tx, given));
        changed = true;
    }
    for (const Wanted& one : wanted) {
        const std::string scope = one.scope.text();
        const Timestamp ends = one.until.value_or(Timestamp{});
        const auto there = std::ranges::find_if(before, [&](const store::Given& given) {
            return given.person == person && same(given, one.role, scope);
        });
        if (there != before.end() && there->ends_at == ends) continue;
        // What somebody holds from others is theirs to end.
        const bool holds = importer_.accounts_.holds(tx, person, one.role, one.scope);
        if (there == before.end() && holds && store::givers(tx, person, one.role, scope) == 0) continue;
        if (!holds || there != before.end())
            TRY(importer_.accounts_.grant_in(tx, by_, person, one.role, one.scope, one.until));
        store::put_given(tx, right_, options_.source,
                         {std::string(file), std::string(sourced_id), person, one.role, scope, ends});
        changed = true;
    }
    return changed;
}

std::optional<Run::Who> Run::who(std::string_view sourced_id) {
    const std::int64_t key = checksum({sourced_id});
    if (const auto known = who_.find(key); known != who_.end()) return known->second;
    const auto row = importer_.database_.read(
        [&](sql::Reader& reader) { return store::person(reader, options_.source, sourced_id); });
    if (row) return Who{row->left_at.micros == 0 ? row->person : std::nullopt};
    if (users_.contains(key) && !refused_.contains(key)) return Who{};
    return std::nullopt;
}

// A row of roles.csv or enrollments.csv: nothing wanted means that what it gave is taken back.
Became Run::one_role(const csv::Table& table, std::string_view file, const std::optional<Wanted>& wanted) {
    const std::string_view id = table.at("sourcedId");
    const auto about = who(table.at("userSourcedId"));
    if (!about)
        return refuse(table, "userSourcedId", "the sourcedId of somebody in users.csv whose line was taken");
    const bool nobody = !about->person || about->person->value == 0;
    if (nobody && wanted) {
        // Guardians have no account made by this, and who waits for one is not here yet.
        const auto standing = guardian_emails_.contains(checksum({table.at("userSourcedId")}));
        return standing ? Became::unchanged : Became::waiting;
    }
    if (about->fresh && options_.dry_run) return wanted ? Became::added : Became::unchanged;
    const bool known = importer_.database_.read(
        [&](sql::Reader& reader) { return !store::given(reader, options_.source, file, id).empty(); });
    if (!known && !wanted) return Became::unchanged;
    const auto became = carry_out([&](sql::Tx& tx) -> Result<Became> {
        std::vector<Wanted> all;
        if (wanted) all.push_back(*wanted);
        const bool changed = TRY(give(tx, file, id, about->person.value_or(PersonId{}), all));
        if (!changed) return Became::unchanged;
        return !wanted ? Became::left : known ? Became::updated : Became::added;
    });
    return became.ok() ? *became : refuse(table, became.error());
}

void Run::roles() {
    if (package_.version() == Version::v1_1) return;
    read("roles", [&](const csv::Table& table) { return role_line(table); });
    end_missing_rows("roles");
}

Became Run::role_line(const csv::Table& table) {
    const auto status = parse_status(table.at("status"));
    if (!status) return refuse(table, "status", "one of: " + std::string(kStatusWords));
    if (*status == Status::gone) return one_role(table, "roles", std::nullopt);
    const auto part = part_of(table.at("role"));
    if (!part) return refuse(table, "role", "one of: " + std::string(kRoleWords));
    const auto school = organisation(table.at("orgSourcedId"));
    if (!school) return refuse(table, "orgSourcedId", "the sourcedId of an organisation in orgs.csv");
    const auto ends = parse_day(table.at("endDate"));
    if (!table.at("endDate").empty() && !ends) return refuse(table, "endDate", "a day as YYYY-MM-DD");
    const auto role = role_of(*part);
    if (!role) {
        if (!who(table.at("userSourcedId")))
            return refuse(table, "userSourcedId", "the sourcedId of somebody in users.csv");
        return Became::unchanged;
    }
    if (ends && end_of(*ends) <= importer_.clock_.now()) return one_role(table, "roles", std::nullopt);
    Wanted wanted{*role, {accounts::ScopeKind::organisation, school->id}, {}};
    if (ends) wanted.until = end_of(*ends);
    return one_role(table, "roles", wanted);
}

void Run::enrollments() {
    read("enrollments", [&](const csv::Table& table) { return enrollment_line(table); });
    end_missing_rows("enrollments");
}

Became Run::enrollment_line(const csv::Table& table) {
    const auto status = parse_status(table.at("status"));
    if (!status) return refuse(table, "status", "one of: " + std::string(kStatusWords));
    if (*status == Status::gone) return one_role(table, "enrollments", std::nullopt);
    const auto part = enrolled_as(table.at("role"));
    if (!part) return refuse(table, "role", "one of: " + std::string(kEnrolledWords));
    const auto place = class_of(table.at("classSourcedId"));
    if (!place) return refuse(table, "classSourcedId", "the sourcedId of a class in classes.csv");
    if (const auto school = table.at("schoolSourcedId"); !school.empty() && !organisation(school))
        return refuse(table, "schoolSourcedId", "the sourcedId of an organisation in orgs.csv");
    if (const auto primary = table.at("primary"); !primary.empty() && !parse_bool(primary))
        return refuse(table, "primary", "true or false");
    for (const std::string_view column : {"beginDate", "endDate"})
        if (!table.at(column).empty() && !parse_day(table.at(column)))
            return refuse(table, column, "a day as YYYY-MM-DD");
    const auto ends = parse_day(table.at("endDate"));
    const auto role = role_of(*part);
    const bool over = ends && end_of(*ends) <= importer_.clock_.now();
    if (!role || over) return one_role(table, "enrollments", std::nullopt);
    // A class is where people do things together: what a space is here.
    Wanted wanted{*role, {accounts::ScopeKind::space, place->id}, {}};
    if (ends) wanted.until = end_of(*ends);
    return one_role(table, "enrollments", wanted);
}

void Run::end_missing_rows(std::string_view file) {
    if (!may_end(file)) {
        if (unreadable_.contains(std::string(file))) report_.not_ended.emplace_back(file);
        return;
    }
    std::string after;
    while (true) {
        const auto page = importer_.database_.read(
            [&](sql::Reader& reader) { return store::rows_of(reader, options_.source, file, after, kPage); });
        for (const std::string& id : page) {
            if (!missing(file, id)) continue;
            const auto done = carry_out([&](sql::Tx& tx) -> Result<Became> {
                for (const store::Given& given : store::given(tx, options_.source, file, id))
                    TRY(take(tx, given));
                return Became::left;
            });
            if (done.ok()) count(file, *done);
        }
        if (page.size() < static_cast<std::size_t>(kPage)) return;
        after = page.back();
    }
}

}  // namespace braid::roster
