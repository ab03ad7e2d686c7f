#include "interests/topics/wrangling.h"

#include <algorithm>

#include "audit/api.h"
#include "base/text.h"
#include "interests/topics/folding.h"
#include "interests/topics/moved_labels.h"
#include "platform/i18n/i18n.h"

namespace braid::topics {

namespace {

// The words of a tag as a label that is understood and never shown.
LabelRow hidden_label(TopicId topic, std::string_view tag) {
    return {topic, "en", LabelKind::hidden, std::string(tag), fold(tag), Origin::staff};
}

// What a moderator said of the tag before: the topics' ids with spaces, "none" for set aside, "" for nothing.
std::string meaning_before(sql::Tx& tx, std::string_view tag) {
    std::string before;
    for (const TopicId topic : store::tag_meaning(tx, tag))
        before += (before.empty() ? "" : " ") + (topic ? topic.text() : std::string("none"));
    return before;
}

std::vector<TopicId> meaning_of(std::string_view before) {
    std::vector<TopicId> topics;
    if (before.empty()) return topics;
    for (const std::string_view one : split(before, ' '))
        topics.push_back(TopicId::parse(one).value_or(TopicId{}));
    return topics;
}

}  // namespace

Result<void> Wrangling::write(const Actor& actor, store::ChangeRow row, const Body& body,
                              std::string_view reason) {
    const auto permit = TRY(access::permit<Wrangle>(actor, {}));
    row.id = ids_.next();
    row.at = clock_.now();
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        row.before.clear();
        TRY(body(tx, row));
        store::grow_version(tx);
        store::insert_change(tx, permit, row);
        audit::record(tx, row.at, permit, {"topic", row.topic.value}, std::nullopt, reason);
        return success();
    });
}

void Wrangling::take_effect(std::string_view tag) {
    vocabularies_.refresh();
    if (!tag.empty()) service_.sort_tag(tag);
}

Result<void> Wrangling::link(const Actor& actor, std::string_view tag, std::span<const TopicId> topics) {
    const auto vocabulary = vocabularies_.current();
    std::vector<TopicId> meant;
    for (const TopicId topic : topics) {
        const auto current = vocabulary->current(topic);
        if (!current) return not_found("no such topic");
        if (std::ranges::find(meant, *current) == meant.end()) meant.push_back(*current);
    }
    if (meant.empty() || tag.empty()) return not_found("no such topic or tag");
    TRY(write(
        actor,
        {.kind = "link",
         .topic = meant.front(),
         .other = meant.size() > 1 ? meant[1] : TopicId{},
         .tag = std::string(tag)},
        [&](sql::Tx& tx, store::ChangeRow& row) -> Result<void> {
            row.before = meaning_before(tx, tag);
            store::set_tag_meaning(tx, tag, meant);
            for (const TopicId topic : meant)
                store::put_label(tx, hidden_label(topic, tag));
            return success();
        },
        "linked the tag " + std::string(tag)));
    take_effect(tag);
    return success();
}

Result<void> Wrangling::set_aside(const Actor& actor, std::string_view tag) {
    if (tag.empty()) return not_found("no tag");
    TRY(write(
        actor, {.kind = "aside", .tag = std::string(tag)},
        [&](sql::Tx& tx, store::ChangeRow& row) -> Result<void> {
            row.before = meaning_before(tx, tag);
            store::set_tag_meaning(tx, tag, std::vector<TopicId>{TopicId{}});
            return success();
        },
        "set the tag " + std::string(tag) + " aside"));
    take_effect(tag);
    return success();
}

Result<void> Wrangling::merge(const Actor& actor, TopicId from, TopicId into) {
    const auto vocabulary = vocabularies_.current();
    const auto source = vocabulary->current(from), target = vocabulary->current(into);
    if (!source || !target) return not_found("no such topic");
    if (*source == *target) return conflict(_msg("topics.same_topic"));
    TRY(write(
        actor, {.kind = "merge", .topic = *source, .other = *target},
        [&](sql::Tx& tx, store::ChangeRow&) -> Result<void> {
            store::set_merged(tx, *source, *target);
            return success();
        },
        "merged into " + vocabulary->label(*target, "en")));
    take_effect({});
    return success();
}

Result<void> Wrangling::put_below(const Actor& actor, TopicId topic, TopicId broader) {
    const auto vocabulary = vocabularies_.current();
    const auto lower = vocabulary->current(topic), upper = vocabulary->current(broader);
    if (!lower || !upper) return not_found("no such topic");
    const auto above = vocabulary->with_broader(*upper);
    if (std::ranges::find(above, *lower) != above.end()) return conflict(_msg("topics.circle"));
    TRY(write(
        actor, {.kind = "broader", .topic = *lower, .other = *upper},
        [&](sql::Tx& tx, store::ChangeRow& row) -> Result<void> {
            for (const RelationRow& there : store::relations_of(tx, *lower)) {
                if (there.kind == Relation::broader && there.other == *upper)
                    row.before = there.origin == Origin::file ? "file" : "staff";
            }
            store::put_relation(tx, {*lower, Relation::broader, *upper, Origin::staff});
            return success();
        },
        "put below " + vocabulary->label(*upper, "en")));
    take_effect({});
    return success();
}

Result<TopicId> Wrangling::split(const Actor& actor, TopicId topic, std::string_view name,
                                 std::string_view language, std::span<const std::string> labels) {
    const auto vocabulary = vocabularies_.current();
    const auto current = vocabulary->current(topic);
    if (!current) return not_found("no such topic");
    name = trim(name);
    if (name.empty() || !is_valid_utf8(name)) return invalid("name", _msg("topics.type_something"));
    if (count_code_points(name) > kLongestInterest) return invalid("name", _msg("topics.too_long"));
    const TopicId fresh = ids_.make<TopicId>();
    const auto move = [&](sql::Tx& tx, store::ChangeRow& row) -> Result<void> {
        store::insert_topic(tx, {fresh, "urn:braid:topic:" + fresh.text(), {}}, row.at);
        store::put_label(tx, {fresh, std::string(language), LabelKind::pref, std::string(name), fold(name),
                              Origin::staff});
        std::vector<LabelRow> moved;
        for (LabelRow& label : store::labels_of(tx, *current)) {
            if (label.kind == LabelKind::pref || std::ranges::find(labels, label.label) == labels.end())
                continue;
            store::delete_label(tx, label);
            LabelRow there = label;
            there.topic = fresh;
            there.origin = Origin::staff;
            store::put_label(tx, there);
            moved.push_back(std::move(label));
        }
        row.before = pack_moved(moved);
        for (const TopicId broader : vocabulary->broader(*current))
            store::put_relation(tx, {fresh, Relation::broader, broader, Origin::staff});
        store::put_relation(tx, {fresh, Relation::related, *current, Origin::staff});
        return success();
    };
    TRY(write(actor, {.kind = "split", .topic = *current, .other = fresh}, move,
              "split off " + std::string(name)));
    take_effect({});
    return fresh;
}

void Wrangling::undo_meaning(sql::Tx& tx, const store::ChangeRow& change) {
    auto meant = store::tag_meaning(tx, change.tag);
    const auto before = meaning_of(change.before);
    store::set_tag_meaning(tx, change.tag, before);
    if (change.kind != "link") return;
    meant.push_back(change.topic);
    meant.push_back(change.other);
    for (const TopicId topic : meant)
        if (topic && std::ranges::find(before, topic) == before.end())
            store::delete_label(tx, hidden_label(topic, change.tag));
}

// The new topic stands for the old one again, and the names that went along are the old one's.
void Wrangling::undo_split(sql::Tx& tx, const store::ChangeRow& change) {
    for (LabelRow& label : moved_labels(change)) {
        store::put_label(tx, label);
        label.topic = change.other;
        store::delete_label(tx, label);
    }
    store::set_merged(tx, change.other, change.topic);
}

Result<void> Wrangling::undo(const Actor& actor, std::int64_t id) {
    const auto permit = TRY(access::permit<Wrangle>(actor, {}));
    std::string tag;
    TRY(database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto change = store::change(tx, id);
        if (!change) return not_found("no such change");
        if (change->undone_at.micros != 0) return conflict(_msg("topics.already_undone"));
        tag = change->tag;
        if (change->kind == "link" || change->kind == "aside") undo_meaning(tx, *change);
        if (change->kind == "split") undo_split(tx, *change);
        if (change->kind == "merge") store::set_merged(tx, change->topic, TopicId{});
        if (change->kind == "broader") {
            const RelationRow relation{change->topic, Relation::broader, change->other,
                                       change->before == "file" ? Origin::file : Origin::staff};
            if (change->before.empty()) {
                store::delete_relation(tx, relation);
            } else {
                store::put_relation(tx, relation);
            }
        }
        store::set_undone(tx, permit, id, clock_.now());
        store::grow_version(tx);
        audit::record(tx, clock_.now(), permit, {"topic", change->topic.value}, std::nullopt,
                      "undid " + change->kind);
        return success();
    }));
    take_effect(tag);
    return success();
}

}  // namespace braid::topics
