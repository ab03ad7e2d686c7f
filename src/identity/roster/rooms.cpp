// Organisations and classes.
#include "identity/roster/run.h"

namespace braid::roster {

namespace {
constexpr int kPage = 500;
}

std::optional<Run::Place> Run::organisation(std::string_view sourced_id) {
    const std::int64_t key = checksum({sourced_id});
    if (const auto known = organisations_.find(key); known != organisations_.end()) return known->second;
    const auto row = importer_.database_.read(
        [&](sql::Reader& reader) { return store::organisation(reader, options_.source, sourced_id); });
    if (!row || row->left_at.micros != 0) return std::nullopt;
    return organisations_.emplace(key, Place{row->id, row->name}).first->second;
}

std::optional<Run::Place> Run::class_of(std::string_view sourced_id) {
    const std::int64_t key = checksum({sourced_id});
    if (const auto known = classes_.find(key); known != classes_.end()) return known->second;
    const auto row = importer_.database_.read(
        [&](sql::Reader& reader) { return store::class_of(reader, options_.source, sourced_id); });
    if (!row || row->left_at.micros != 0) return std::nullopt;
    return classes_.emplace(key, Place{row->id, row->title}).first->second;
}

void Run::organisations() {
    scan("orgs", [&](const csv::Table& table) {
        if (!table.at("sourcedId").empty()) all_organisations_.insert(checksum({table.at("sourcedId")}));
    });
    read("orgs", [&](const csv::Table& table) { return organisation_line(table); });
    if (!may_end("orgs")) {
        if (unreadable_.contains("orgs")) report_.not_ended.emplace_back("orgs");
        return;
    }
    std::string after;
    while (true) {
        const auto page = importer_.database_.read(
            [&](sql::Reader& reader) { return store::organisations(reader, options_.source, after, kPage); });
        for (store::Organisation one : page) {
            if (!missing("orgs", one.sourced_id)) continue;
            one.left_at = importer_.clock_.now();
            const auto done = carry_out([&](sql::Tx& tx) -> Result<Became> {
                store::put_organisation(tx, right_, options_.source, one);
                return Became::left;
            });
            if (done.ok()) count("orgs", *done);
        }
        if (page.size() < static_cast<std::size_t>(kPage)) return;
        after = page.back().sourced_id;
    }
}

Became Run::organisation_line(const csv::Table& table) {
    const auto status = parse_status(table.at("status"));
    if (!status) return refuse(table, "status", "one of: " + std::string(kStatusWords));
    store::Organisation next;
    next.sourced_id = table.at("sourcedId");
    next.name = table.at("name");
    next.kind = table.at("type");
    next.parent = table.at("parentSourcedId");
    const bool gone = *status == Status::gone;
    if (next.name.empty() && !gone) return refuse(table, "name", "the name of the organisation");
    if (!gone && !is_one_of(next.kind, kOrganisationWords))
        return refuse(table, "type", "one of: " + std::string(kOrganisationWords));
    if (!gone && !next.parent.empty() && !all_organisations_.contains(checksum({next.parent})) &&
        !organisation(next.parent))
        return refuse(table, "parentSourcedId", "the sourcedId of an organisation in orgs.csv");
    const auto before = importer_.database_.read(
        [&](sql::Reader& reader) { return store::organisation(reader, options_.source, next.sourced_id); });
    if (gone) {
        if (!before || before->left_at.micros != 0) return Became::unchanged;
        next = *before;
        next.left_at = importer_.clock_.now();
        organisations_.erase(checksum({next.sourced_id}));
    } else {
        next.id = before ? before->id : importer_.ids_.next();
        organisations_[checksum({next.sourced_id})] = {next.id, next.name};
    }
    if (before && *before == next) return Became::unchanged;
    const auto became = carry_out([&](sql::Tx& tx) -> Result<Became> {
        store::put_organisation(tx, right_, options_.source, next);
        return gone ? Became::left : before ? Became::updated : Became::added;
    });
    return became.ok() ? *became : refuse(table, became.error());
}

void Run::classes() {
    read("classes", [&](const csv::Table& table) { return class_line(table); });
    if (!may_end("classes")) {
        if (unreadable_.contains("classes")) report_.not_ended.emplace_back("classes");
        return;
    }
    std::string after;
    while (true) {
        const auto page = importer_.database_.read(
            [&](sql::Reader& reader) { return store::classes(reader, options_.source, after, kPage); });
        for (store::Class one : page) {
            if (!missing("classes", one.sourced_id)) continue;
            one.left_at = importer_.clock_.now();
            const auto done = carry_out([&](sql::Tx& tx) -> Result<Became> {
                store::put_class(tx, right_, options_.source, one);
                return Became::left;
            });
            if (done.ok()) count("classes", *done);
        }
        if (page.size() < static_cast<std::size_t>(kPage)) return;
        after = page.back().sourced_id;
    }
}

Became Run::class_line(const csv::Table& table) {
    const auto status = parse_status(table.at("status"));
    if (!status) return refuse(table, "status", "one of: " + std::string(kStatusWords));
    const bool gone = *status == Status::gone;
    store::Class next;
    next.sourced_id = table.at("sourcedId");
    next.title = table.at("title");
    next.code = table.at("classCode");
    next.kind = table.at("classType");
    if (!gone) {
        if (next.title.empty()) return refuse(table, "title", "the name of the class");
        if (!is_one_of(next.kind, kClassWords))
            return refuse(table, "classType", "one of: " + std::string(kClassWords));
        const auto school = organisation(table.at("schoolSourcedId"));
        if (!school) return refuse(table, "schoolSourcedId", "the sourcedId of an organisation in orgs.csv");
        next.organisation = school->id;
    }
    const auto before = importer_.database_.read(
        [&](sql::Reader& reader) { return store::class_of(reader, options_.source, next.sourced_id); });
    if (gone) {
        if (!before || before->left_at.micros != 0) return Became::unchanged;
        next = *before;
        next.left_at = importer_.clock_.now();
        classes_.erase(checksum({next.sourced_id}));
    } else {
        next.id = before ? before->id : importer_.ids_.next();
        classes_[checksum({next.sourced_id})] = {next.id, next.title};
    }
    if (before && *before == next) return Became::unchanged;
    const auto became = carry_out([&](sql::Tx& tx) -> Result<Became> {
        store::put_class(tx, right_, options_.source, next);
        return gone ? Became::left : before ? Became::updated : Became::added;
    });
    return became.ok() ? *became : refuse(table, became.error());
}

}  // namespace braid::roster
