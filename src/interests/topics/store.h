// The only place with this module's SQL.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interests/topics/api.h"
#include "interests/topics/formats.h"
#include "interests/topics/policy.h"
#include "interests/topics/vocabulary.h"
#include "interests/works/api.h"
#include "platform/sql/sql.h"

namespace braid::topics::store {

using access::Permit;
using access::PersonId;

// The vocabulary.
std::int64_t version(sql::Session& session);
void grow_version(sql::Tx& tx);
std::vector<TopicRow> topics(sql::Session& session);
std::vector<LabelRow> labels(sql::Session& session);
std::vector<RelationRow> relations(sql::Session& session);
std::vector<NoteRow> notes(sql::Session& session);
std::vector<NoteRow> notes_of(sql::Session& session, TopicId topic);
// Every label and relation of one topic, its own only.
std::vector<LabelRow> labels_of(sql::Session& session, TopicId topic);
std::vector<RelationRow> relations_of(sql::Session& session, TopicId topic);

// What imports and moderators write; who may is theirs to have asked (Service).
void insert_topic(sql::Tx& tx, const TopicRow& topic, Timestamp at);
void set_merged(sql::Tx& tx, TopicId topic, TopicId into);
void put_label(sql::Tx& tx, const LabelRow& label);
void delete_label(sql::Tx& tx, const LabelRow& label);
void put_relation(sql::Tx& tx, const RelationRow& relation);
void delete_relation(sql::Tx& tx, const RelationRow& relation);
void put_note(sql::Tx& tx, TopicId topic, std::string_view language, std::string_view note);

// What moderators said of tags.
struct TagMeaning {
    std::string tag;
    TopicId topic;
};
// Of those tags of which moderators said something.
std::vector<TagMeaning> tag_meanings(sql::Session& session, std::span<const works::Tag> tags);
std::vector<TagMeaning> tag_meanings(sql::Session& session);
// Empty: nobody said anything; one topic 0: nothing that is to be found by.
std::vector<TopicId> tag_meaning(sql::Session& session, std::string_view tag);
// In place of what was said; empty: nothing is.
void set_tag_meaning(sql::Tx& tx, std::string_view tag, std::span<const TopicId> topics);

// Works and their topics.
struct TaggedWork {
    works::WorkId id;
    std::string language;
    std::int64_t updated_at = 0;
    std::string tags;  // as works keeps them for cards: key TAB label LF …
};
std::optional<TaggedWork> work(sql::Session& session, works::WorkId id);
struct WorkTopic {
    TopicId topic;
    bool direct = false;
};
void forget_work(sql::Tx& tx, works::WorkId id);
void put_work(sql::Tx& tx, const TaggedWork& work, std::int64_t version, const std::vector<WorkTopic>& topics,
              const std::vector<works::Tag>& open);
// Works whose rows are missing, old, or of another vocabulary, and works that are gone.
std::vector<works::WorkId> out_of_date(sql::Session& session, std::int64_t version, int limit);
std::vector<works::WorkId> works_with_tag(sql::Session& session, std::string_view tag, int limit);
void touch_work(sql::Tx& tx, works::WorkId id);

// Newest first, by works' rule for lists.
struct HubLine {
    works::WorkId work;
    std::int64_t updated_at = 0;
};
std::vector<HubLine> hub(sql::Session& session, const Actor& actor, TopicId topic, works::Cursor after,
                         int limit);
// The same without the actor's own, from the newest on.
std::vector<HubLine> hub_of_others(sql::Session& session, const Actor& actor, TopicId topic, int limit);
// How many works, counted up to `most`.
std::int64_t count_hub(sql::Session& session, const Actor& actor, TopicId topic, int most);

struct OpenTag {
    std::string tag, label;
    std::int64_t works = 0;
};
// Of works the actor may see, what most carry first.
std::vector<OpenTag> open_tags(sql::Session& session, const Actor& actor, int limit);

// Interests.
struct InterestRow {
    InterestId id;
    std::string typed, folded;
    TopicId topic;
    Shown shown = Shown::me;
    How how = How::typed;
    Timestamp made_at;
    int strength = 0;  // 1 to 3 as she says; 0: as it grows
};
std::vector<InterestRow> interests(sql::Session& session, PersonId person);
std::optional<InterestRow> interest(sql::Session& session, PersonId person, InterestId id);
std::optional<InterestRow> interest_typed(sql::Session& session, PersonId person, std::string_view folded);
std::int64_t count_interests(sql::Session& session, PersonId person);
void put_interest(sql::Tx& tx, const Permit<KeepInterests>& permit, const InterestRow& row);
void delete_interest(sql::Tx& tx, const Permit<KeepInterests>& permit, InterestId id);
void show_interests(sql::Tx& tx, const Permit<KeepInterests>& permit, InterestId id, Shown shown);
void set_strength(sql::Tx& tx, const Permit<KeepInterests>& permit, InterestId id, int strength);
// What somebody did with a work. The same again changes nothing.
void put_act(sql::Tx& tx, PersonId person, works::WorkId work, Act act);
void take_act(sql::Tx& tx, PersonId person, works::WorkId work, Act act);
void forget_acts(sql::Tx& tx, works::WorkId work);
// In how many works of each topic, and of all narrower ones, she did something: each kind of act counts once
// for a work.
struct ActCount {
    TopicId topic;
    std::int64_t acts = 0;
};
std::vector<ActCount> acts(sql::Session& session, PersonId person);
// People who show members that they care about one of the topics, as far as the actor may find them: minors
// find minors, adults find adults, visitors nobody. The latest first, each once.
struct HubPerson {
    PersonId person;
    std::string handle, name;
};
std::vector<HubPerson> people(sql::Session& session, const Actor& actor, Timestamp now,
                              std::span<const TopicId> topics, std::size_t limit);
// Interests nothing answered to, by their words: for when something does now.
struct OpenInterest {
    InterestId id;
    PersonId person;
    std::string typed;
};
std::vector<OpenInterest> open_interests(sql::Session& session, InterestId after, int limit);
// Whether nothing answered to it until now.
bool set_topic(sql::Tx& tx, InterestId id, TopicId topic);

// History of wrangling, newest first.
struct ChangeRow {
    std::int64_t id = 0;
    Timestamp at;
    PersonId actor;
    std::string kind;
    TopicId topic, other;
    std::string tag, before;
    Timestamp undone_at;
};
std::vector<ChangeRow> changes(sql::Session& session, int limit);
// Splits that were not undone, the oldest first.
std::vector<ChangeRow> splits(sql::Session& session);
std::optional<ChangeRow> change(sql::Session& session, std::int64_t id);
void insert_change(sql::Tx& tx, const Permit<Wrangle>& permit, const ChangeRow& row);
void set_undone(sql::Tx& tx, const Permit<Wrangle>& permit, std::int64_t id, Timestamp at);

}  // namespace braid::topics::store
