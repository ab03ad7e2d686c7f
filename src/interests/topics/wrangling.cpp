#include "interests/topics/wrangling.h"

#include <algorithm>

#include "audit/api.h"
#include "interests/topics/folding.h"
#include "platform/i18n/i18n.h"

namespace braid::topics {

namespace {

// The words of a tag as a label that is understood and never shown.
LabelRow hidden_label(TopicId topic, std::string_view tag) {
    return {topic, "en", LabelKind::hidden, std::string(tag), fold(tag), Origin::staff};
}

// What a moderator said of the tag before: the topic's id, "none" for set aside, "" for nothing.
std::string meaning_before(sql::Tx& tx, std::string_view tag) {
    const auto meaning = store::tag_meaning(tx, tag);
    if (!meaning) return {};
    return *meaning ? meaning->text() : "none";
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

Result<void> Wrangling::link(const Actor& actor, std::string_view tag, TopicId topic) {
    const auto current = vocabularies_.current()->current(topic);
    if (!current || tag.empty()) return not_found("no such topic or tag");
    TRY(write(
        actor, {.kind = "link", .topic = *current, .tag = std::string(tag)},
        [&](sql::Tx& tx, store::ChangeRow& row) -> Result<void> {
            row.before = meaning_before(tx, tag);
            store::put_tag_meaning(tx, tag, *current);
            store::put_label(tx, hidden_label(*current, tag));
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
            store::put_tag_meaning(tx, tag, TopicId{});
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

Result<void> Wrangling::undo(const Actor& actor, std::int64_t id) {
    const auto permit = TRY(access::permit<Wrangle>(actor, {}));
    std::string tag;
    TRY(database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto change = store::change(tx, id);
        if (!change) return not_found("no such change");
        if (change->undone_at.micros != 0) return conflict(_msg("topics.already_undone"));
        tag = change->tag;
        if (change->kind == "link" || change->kind == "aside") {
            if (change->before.empty()) {
                store::delete_tag_meaning(tx, tag);
            } else {
                store::put_tag_meaning(tx, tag, TopicId::parse(change->before).value_or(TopicId{}));
            }
        }
        if (change->kind == "link") store::delete_label(tx, hidden_label(change->topic, tag));
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
