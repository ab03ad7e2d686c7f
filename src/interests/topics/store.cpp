#include "interests/topics/store.h"

#include <algorithm>

#include "identity/accounts/api.h"

namespace braid::topics::store {

namespace {

#define BRAID_INTEREST "id, typed, folded, topic, shown, origin, made_at, strength"
#define BRAID_CHANGE "id, at, actor, kind, topic, other, tag, before, undone_at"

const sql::Query kVersion{"topics.find_version", "SELECT version FROM topic_state WHERE id = 1"};
const sql::Query kGrow{"topics.grow_version", "UPDATE topic_state SET version = version + 1 WHERE id = 1"};
const sql::Query kTopics{"topics.list_topics",
                         "SELECT id, uri, merged_into FROM topics ORDER BY id LIMIT 1000000"};
const sql::Query kLabels{
    "topics.list_labels",
    "SELECT topic, language, kind, label, folded, origin FROM topic_labels ORDER BY topic, "
    "language, kind, label LIMIT 5000000"};
const sql::Query kRelations{
    "topics.list_relations",
    "SELECT topic, kind, other, origin FROM topic_relations ORDER BY topic, kind, other "
    "LIMIT 5000000"};
const sql::Query kNotes{
    "topics.list_notes",
    "SELECT topic, language, note FROM topic_notes ORDER BY topic, language LIMIT 1000000"};
const sql::Query kNotesOf{
    "topics.list_notes_of",
    "SELECT topic, language, note FROM topic_notes WHERE topic = $1 ORDER BY language LIMIT 100"};
const sql::Query kLabelsOf{
    "topics.list_labels_of",
    "SELECT topic, language, kind, label, folded, origin FROM topic_labels WHERE topic = $1 "
    "ORDER BY language, kind, label LIMIT 1000"};
const sql::Query kRelationsOf{
    "topics.list_relations_of",
    "SELECT topic, kind, other, origin FROM topic_relations WHERE topic = $1 ORDER BY "
    "kind, other LIMIT 10000"};
const sql::Query kInsertTopic{
    "topics.insert_topic", "INSERT INTO topics (id, uri, merged_into, created_at) VALUES ($1, $2, $3, $4)"};
const sql::Query kSetMerged{"topics.set_merged", "UPDATE topics SET merged_into = $2 WHERE id = $1"};
const sql::Query kPutLabel{
    "topics.put_label",
    "INSERT INTO topic_labels (topic, language, kind, label, folded, origin) VALUES ($1, "
    "$2, $3, $4, $5, $6) ON CONFLICT (topic, language, kind, label) DO NOTHING"};
const sql::Query kDeleteLabel{
    "topics.delete_label",
    "DELETE FROM topic_labels WHERE topic = $1 AND language = $2 AND kind = $3 AND label = $4"};
const sql::Query kPutRelation{
    "topics.put_relation",
    "INSERT INTO topic_relations (topic, kind, other, origin) VALUES ($1, $2, $3, $4) ON "
    "CONFLICT (topic, kind, other) DO UPDATE SET origin = excluded.origin"};
const sql::Query kDeleteRelation{"topics.delete_relation",
                                 "DELETE FROM topic_relations WHERE topic = $1 AND kind = $2 AND other = $3"};
const sql::Query kPutNote{
    "topics.put_note",
    "INSERT INTO topic_notes (topic, language, note) VALUES ($1, $2, $3) ON CONFLICT (topic, "
    "language) DO UPDATE SET note = excluded.note"};

const sql::Query kMeanings{"topics.list_tag_meanings",
                           "SELECT tag, topic FROM topic_tags ORDER BY tag, topic LIMIT 1000000"};
constexpr std::size_t kTagsAtOnce = 8;
const sql::Query kMeaningsOf{
    "topics.list_meanings_of_tags",
    "SELECT tag, topic FROM topic_tags WHERE tag IN ($1, $2, $3, $4, $5, $6, $7, $8) "
    "ORDER BY tag, topic LIMIT 800"};
const sql::Query kMeaning{"topics.find_tag_meaning",
                          "SELECT topic FROM topic_tags WHERE tag = $1 ORDER BY topic LIMIT 100"};
const sql::Query kPutMeaning{
    "topics.put_tag_meaning",
    "INSERT INTO topic_tags (tag, topic) VALUES ($1, $2) ON CONFLICT (tag, topic) DO NOTHING"};
const sql::Query kDeleteMeaning{"topics.delete_tag_meaning", "DELETE FROM topic_tags WHERE tag = $1"};

const sql::Query kWork{"topics.find_work",
                       "SELECT id, language, updated_at, tags FROM works WHERE id = $1 AND chapters > 0"};
const sql::Query kForgetTopics{"topics.forget_topics_of_work", "DELETE FROM topic_works WHERE work = $1"};
const sql::Query kForgetOpen{"topics.forget_open_tags_of_work",
                             "DELETE FROM topic_open_tags WHERE work = $1"};
const sql::Query kForgetMark{"topics.forget_mark_of_work", "DELETE FROM topic_work_marks WHERE work = $1"};
// Two jobs may sort a work at once on PostgreSQL: the rows are then the later one's.
const sql::Query kPutTopic{
    "topics.put_topic_of_work",
    "INSERT INTO topic_works (topic, work, updated_at, direct) VALUES ($1, $2, $3, $4) ON "
    "CONFLICT (topic, work) DO UPDATE SET updated_at = excluded.updated_at, direct = "
    "excluded.direct"};
const sql::Query kPutOpen{
    "topics.put_open_tag",
    "INSERT INTO topic_open_tags (tag, work, label) VALUES ($1, $2, $3) ON CONFLICT (tag, "
    "work) DO NOTHING"};
const sql::Query kPutMark{
    "topics.put_mark",
    "INSERT INTO topic_work_marks (work, version, updated_at, tags) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (work) DO UPDATE SET version = excluded.version, updated_at = "
    "excluded.updated_at, tags = excluded.tags"};
const sql::Query kOutOfDate{
    "topics.list_out_of_date",
    "SELECT w.id FROM works w WHERE w.chapters > 0 AND NOT EXISTS (SELECT 1 FROM topic_work_marks m WHERE "
    "m.work "
    "= w.id AND m.version = $1 AND m.updated_at = w.updated_at AND m.tags = w.tags) ORDER BY w.id LIMIT $2"};
const sql::Query kGone{
    "topics.list_gone",
    "SELECT m.work FROM topic_work_marks m WHERE NOT EXISTS (SELECT 1 FROM works w WHERE w.id = "
    "m.work AND w.chapters > 0) ORDER BY m.work LIMIT $1"};
const sql::Query kWithTag{"topics.list_works_with_tag",
                          "SELECT work FROM work_tags WHERE tag = $1 ORDER BY work LIMIT $2"};
const sql::Query kTouch{"topics.touch_mark", "UPDATE topic_work_marks SET version = 0 WHERE work = $1"};

// A work keeps its place by the date its row here was made with; whoever sees it is asked of works.
const sql::Query kHub{
    "topics.list_hub",
    "SELECT t.work, t.updated_at FROM topic_works t JOIN works w ON w.id = t.work WHERE t.topic = "
    "$1 AND (t.updated_at, t.work) < ($4, $5) AND " BRAID_WORKS_LISTED(
        "$2", "$3", "$7") " ORDER BY t.updated_at DESC, t.work DESC LIMIT $6"};
const sql::Query kHubOfOthers{
    "topics.list_hub_of_others",
    "SELECT t.work, t.updated_at FROM topic_works t JOIN works w ON w.id = t.work WHERE t.topic = $1 AND "
    "w.author <> $4 AND " BRAID_WORKS_LISTED("$2", "$3",
                                             "$4") " ORDER BY t.updated_at DESC, t.work DESC LIMIT $5"};
const sql::Query kCountHub{
    "topics.count_hub",
    "SELECT COUNT(*) FROM (SELECT t.work FROM topic_works t JOIN works w ON w.id = t.work WHERE t.topic = $1 "
    "AND " BRAID_WORKS_LISTED("$2", "$3", "$5") " ORDER BY t.updated_at DESC, t.work DESC LIMIT $4) counted"};
// Of works the wrangler may see: a tag of a private one is nobody's business.
const sql::Query kOpenTags{
    "topics.list_open_tags",
    "SELECT o.tag, MIN(o.label), COUNT(*) FROM topic_open_tags o JOIN works w ON w.id = o.work "
    "WHERE " BRAID_WORKS_LISTED("$1", "$2", "$4") " GROUP BY o.tag ORDER BY COUNT(*) DESC, o.tag LIMIT $3"};

const sql::Query kInterests{"topics.list_interests",
                            "SELECT " BRAID_INTEREST
                            " FROM interests WHERE person = $1 ORDER BY made_at DESC, id DESC LIMIT 500"};
const sql::Query kInterest{"topics.find_interest",
                           "SELECT " BRAID_INTEREST " FROM interests WHERE person = $1 AND id = $2"};
const sql::Query kInterestTyped{"topics.find_interest_typed",
                                "SELECT " BRAID_INTEREST " FROM interests WHERE person = $1 AND folded = $2"};
const sql::Query kCountInterests{"topics.count_interests",
                                 "SELECT COUNT(*) FROM interests WHERE person = $1"};
const sql::Query kPutInterest{
    "topics.put_interest",
    "INSERT INTO interests (id, person, folded, typed, topic, shown, origin, made_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (person, folded) DO UPDATE SET "
    "typed = excluded.typed, topic = excluded.topic"};
const sql::Query kDeleteInterest{"topics.delete_interest",
                                 "DELETE FROM interests WHERE id = $1 AND person = $2"};
const sql::Query kShow{"topics.show_interest",
                       "UPDATE interests SET shown = $3 WHERE id = $1 AND person = $2"};
const sql::Query kSetStrength{"topics.set_strength",
                              "UPDATE interests SET strength = $3 WHERE id = $1 AND person = $2"};
const sql::Query kPutAct{"topics.put_act",
                         "INSERT INTO interest_acts (person, work, kind) VALUES ($1, $2, $3) ON CONFLICT "
                         "(person, work, kind) DO NOTHING"};
const sql::Query kTakeAct{"topics.take_act",
                          "DELETE FROM interest_acts WHERE person = $1 AND work = $2 AND kind = $3"};
const sql::Query kForgetActs{"topics.forget_acts", "DELETE FROM interest_acts WHERE work = $1"};
const sql::Query kActs{"topics.count_acts",
                       "SELECT t.topic, COUNT(*) FROM interest_acts a JOIN topic_works t ON t.work = a.work "
                       "WHERE a.person = $1 GROUP BY t.topic ORDER BY t.topic LIMIT 10000"};
const sql::Query kPeople{
    "topics.list_people",
    "SELECT p.id, p.handle, p.display_name FROM interests i JOIN persons p ON p.id = i.person WHERE (i.topic "
    "= "
    "$1 OR i.topic IN (SELECT m.id FROM topics m WHERE m.merged_into = $1)) AND i.shown = 'signed_in' AND "
    "p.id <> $5 AND " BRAID_NOT_APART("$5", "p.id") " AND " BRAID_ACCOUNTS_FOUND("$2", "$3", "$4")
    // Nobody of the other side of eighteen is shown here, whoever looks.
    " AND (p.birth_year * 12 + p.birth_month > $3) = ($4 = 1) ORDER BY i.made_at DESC, i.id DESC LIMIT $6"};
const sql::Query kOpenInterests{
    "topics.list_open_interests",
    "SELECT id, person, typed FROM interests WHERE topic = 0 AND id > $1 ORDER BY id LIMIT $2"};
const sql::Query kSetTopic{"topics.set_topic_of_interest",
                           "UPDATE interests SET topic = $2 WHERE id = $1 AND topic = 0"};

const sql::Query kChanges{"topics.list_changes",
                          "SELECT " BRAID_CHANGE " FROM topic_changes ORDER BY id DESC LIMIT $1"};
const sql::Query kSplits{
    "topics.list_splits",
    "SELECT " BRAID_CHANGE
    " FROM topic_changes WHERE kind = 'split' AND undone_at = 0 ORDER BY id LIMIT 100000"};
const sql::Query kChange{"topics.find_change", "SELECT " BRAID_CHANGE " FROM topic_changes WHERE id = $1"};
const sql::Query kInsertChange{"topics.insert_change", "INSERT INTO topic_changes (" BRAID_CHANGE
                                                       ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)"};
const sql::Query kSetUndone{"topics.set_undone", "UPDATE topic_changes SET undone_at = $2 WHERE id = $1"};

int ceiling_of(const Actor& actor) {
    return static_cast<int>(actor.rating_ceiling());
}

}  // namespace

std::int64_t version(sql::Session& session) {
    return session.one<std::int64_t>(kVersion);
}
void grow_version(sql::Tx& tx) {
    tx.run(kGrow);
}
std::vector<TopicRow> topics(sql::Session& session) {
    return session.all<TopicRow>(kTopics);
}
std::vector<LabelRow> labels(sql::Session& session) {
    return session.all<LabelRow>(kLabels);
}
std::vector<RelationRow> relations(sql::Session& session) {
    return session.all<RelationRow>(kRelations);
}
std::vector<NoteRow> notes(sql::Session& session) {
    return session.all<NoteRow>(kNotes);
}
std::vector<NoteRow> notes_of(sql::Session& session, TopicId topic) {
    return session.all<NoteRow>(kNotesOf, topic);
}
std::vector<LabelRow> labels_of(sql::Session& session, TopicId topic) {
    return session.all<LabelRow>(kLabelsOf, topic);
}
std::vector<RelationRow> relations_of(sql::Session& session, TopicId topic) {
    return session.all<RelationRow>(kRelationsOf, topic);
}

void insert_topic(sql::Tx& tx, const TopicRow& topic, Timestamp at) {
    tx.run(kInsertTopic, topic.id, topic.uri, topic.merged_into, at);
}
void set_merged(sql::Tx& tx, TopicId topic, TopicId into) {
    tx.run(kSetMerged, topic, into);
}
void put_label(sql::Tx& tx, const LabelRow& label) {
    tx.run(kPutLabel, label.topic, label.language, label.kind, label.label, label.folded, label.origin);
}
void delete_label(sql::Tx& tx, const LabelRow& label) {
    tx.run(kDeleteLabel, label.topic, label.language, label.kind, label.label);
}
void put_relation(sql::Tx& tx, const RelationRow& relation) {
    tx.run(kPutRelation, relation.topic, relation.kind, relation.other, relation.origin);
}
void delete_relation(sql::Tx& tx, const RelationRow& relation) {
    tx.run(kDeleteRelation, relation.topic, relation.kind, relation.other);
}
void put_note(sql::Tx& tx, TopicId topic, std::string_view language, std::string_view note) {
    tx.run(kPutNote, topic, language, note);
}

std::vector<TagMeaning> tag_meanings(sql::Session& session) {
    return session.all<TagMeaning>(kMeanings);
}
std::vector<TagMeaning> tag_meanings(sql::Session& session, std::span<const works::Tag> tags) {
    std::vector<TagMeaning> list;
    for (std::size_t from = 0; from < tags.size(); from += kTagsAtOnce) {
        std::vector<sql::Param> params;
        for (std::size_t i = from; i < from + kTagsAtOnce; ++i)
            params.emplace_back(i < tags.size() ? std::string_view(tags[i].key) : std::string_view());
        session.execute(kMeaningsOf, params,
                        [&](const sql::Row& row) { list.push_back(sql::detail::read_row<TagMeaning>(row)); });
    }
    return list;
}
std::vector<TopicId> tag_meaning(sql::Session& session, std::string_view tag) {
    return session.all<TopicId>(kMeaning, tag);
}
void set_tag_meaning(sql::Tx& tx, std::string_view tag, std::span<const TopicId> topics) {
    tx.run(kDeleteMeaning, tag);
    for (const TopicId topic : topics)
        tx.run(kPutMeaning, tag, topic);
}

std::optional<TaggedWork> work(sql::Session& session, works::WorkId id) {
    return session.maybe<TaggedWork>(kWork, id);
}
void forget_work(sql::Tx& tx, works::WorkId id) {
    tx.run(kForgetTopics, id);
    tx.run(kForgetOpen, id);
    tx.run(kForgetMark, id);
}
void put_work(sql::Tx& tx, const TaggedWork& work, std::int64_t version, const std::vector<WorkTopic>& topics,
              const std::vector<works::Tag>& open) {
    for (const WorkTopic& one : topics)
        tx.run(kPutTopic, one.topic, work.id, work.updated_at, one.direct ? 1 : 0);
    for (const works::Tag& tag : open)
        tx.run(kPutOpen, tag.key, work.id, tag.label);
    tx.run(kPutMark, work.id, version, work.updated_at, work.tags);
}
std::vector<works::WorkId> out_of_date(sql::Session& session, std::int64_t version, int limit) {
    auto ids = session.all<works::WorkId>(kOutOfDate, version, limit);
    for (const auto id : session.all<works::WorkId>(kGone, limit))
        ids.push_back(id);
    return ids;
}
std::vector<works::WorkId> works_with_tag(sql::Session& session, std::string_view tag, int limit) {
    return session.all<works::WorkId>(kWithTag, tag, limit);
}
void touch_work(sql::Tx& tx, works::WorkId id) {
    tx.run(kTouch, id);
}

std::vector<HubLine> hub(sql::Session& session, const Actor& actor, TopicId topic, works::Cursor after,
                         int limit) {
    return session.all<HubLine>(kHub, topic, works::least_audience(actor), ceiling_of(actor), after.micros,
                                after.id, limit, blocks::viewer_of(actor));
}
std::vector<HubLine> hub_of_others(sql::Session& session, const Actor& actor, TopicId topic, int limit) {
    return session.all<HubLine>(kHubOfOthers, topic, works::least_audience(actor), ceiling_of(actor),
                                actor.person.value_or(PersonId{}), limit);
}
std::int64_t count_hub(sql::Session& session, const Actor& actor, TopicId topic, int most) {
    return session.one<std::int64_t>(kCountHub, topic, works::least_audience(actor), ceiling_of(actor), most,
                                     blocks::viewer_of(actor));
}
std::vector<OpenTag> open_tags(sql::Session& session, const Actor& actor, int limit) {
    return session.all<OpenTag>(kOpenTags, works::least_audience(actor), ceiling_of(actor), limit,
                                blocks::viewer_of(actor));
}

std::vector<InterestRow> interests(sql::Session& session, PersonId person) {
    return session.all<InterestRow>(kInterests, person);
}
std::optional<InterestRow> interest(sql::Session& session, PersonId person, InterestId id) {
    return session.maybe<InterestRow>(kInterest, person, id);
}
std::optional<InterestRow> interest_typed(sql::Session& session, PersonId person, std::string_view folded) {
    return session.maybe<InterestRow>(kInterestTyped, person, folded);
}
std::int64_t count_interests(sql::Session& session, PersonId person) {
    return session.one<std::int64_t>(kCountInterests, person);
}
void put_interest(sql::Tx& tx, const Permit<KeepInterests>& permit, const InterestRow& row) {
    tx.run(kPutInterest, row.id, *permit.actor().person, row.folded, row.typed, row.topic, row.shown, row.how,
           row.made_at);
}
void delete_interest(sql::Tx& tx, const Permit<KeepInterests>& permit, InterestId id) {
    tx.run(kDeleteInterest, id, *permit.actor().person);
}
void show_interests(sql::Tx& tx, const Permit<KeepInterests>& permit, InterestId id, Shown shown) {
    tx.run(kShow, id, *permit.actor().person, shown);
}
void set_strength(sql::Tx& tx, const Permit<KeepInterests>& permit, InterestId id, int strength) {
    tx.run(kSetStrength, id, *permit.actor().person, strength);
}
void put_act(sql::Tx& tx, PersonId person, works::WorkId work, Act act) {
    tx.run(kPutAct, person, work, act);
}
void take_act(sql::Tx& tx, PersonId person, works::WorkId work, Act act) {
    tx.run(kTakeAct, person, work, act);
}
void forget_acts(sql::Tx& tx, works::WorkId work) {
    tx.run(kForgetActs, work);
}
std::vector<ActCount> acts(sql::Session& session, PersonId person) {
    return session.all<ActCount>(kActs, person);
}
std::vector<HubPerson> people(sql::Session& session, const Actor& actor, Timestamp now,
                              std::span<const TopicId> topics, std::size_t limit) {
    std::vector<HubPerson> found;
    if (!actor.person) return found;
    for (const TopicId topic : topics) {
        if (found.size() >= limit) break;
        for (HubPerson& one : session.all<HubPerson>(kPeople, topic, now, accounts::last_adult_month(now),
                                                     accounts::finds_minors(actor) ? 1 : 0, *actor.person,
                                                     static_cast<int>(limit)))
            if (found.size() < limit &&
                std::ranges::find(found, one.person, &HubPerson::person) == found.end())
                found.push_back(std::move(one));
    }
    return found;
}
std::vector<OpenInterest> open_interests(sql::Session& session, InterestId after, int limit) {
    return session.all<OpenInterest>(kOpenInterests, after, limit);
}
bool set_topic(sql::Tx& tx, InterestId id, TopicId topic) {
    return tx.run(kSetTopic, id, topic) > 0;
}

std::vector<ChangeRow> splits(sql::Session& session) {
    return session.all<ChangeRow>(kSplits);
}
std::vector<ChangeRow> changes(sql::Session& session, int limit) {
    return session.all<ChangeRow>(kChanges, limit);
}
std::optional<ChangeRow> change(sql::Session& session, std::int64_t id) {
    return session.maybe<ChangeRow>(kChange, id);
}
void insert_change(sql::Tx& tx, const Permit<Wrangle>& permit, const ChangeRow& row) {
    tx.run(kInsertChange, row.id, row.at, *permit.actor().person, row.kind, row.topic, row.other, row.tag,
           row.before);
}
void set_undone(sql::Tx& tx, const Permit<Wrangle>&, std::int64_t id, Timestamp at) {
    tx.run(kSetUndone, id, at);
}

}  // namespace braid::topics::store
