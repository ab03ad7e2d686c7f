// The only place with guidance's SQL. It reads the live rows of works, topics, feedback and reading beside
// its own, as search does: a copy of who may see what, or of what somebody has begun, would be late.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "interests/guidance/api.h"
#include "interests/guidance/policy.h"
#include "platform/sql/sql.h"

namespace braid::guidance::store {

using access::Permit;
using works::WorkId;

// What the tables of their owners say now about a person and a work, or about a person's topics, in place of
// what was kept. Doing it twice is the same.
void sync_work(sql::Tx& tx, PersonId person, WorkId work);
void sync_topics(sql::Tx& tx, PersonId person);
// Everything of a person.
void sync_person(sql::Tx& tx, PersonId person);
void forget_work(sql::Tx& tx, WorkId work);

// The next person who has done anything anywhere, or of whom an act is kept.
std::optional<PersonId> person_after(sql::Session& session, PersonId after);
std::int64_t count_people(sql::Session& session);

struct State {
    std::int64_t erasures = 0;
    bool filled = false;
};
State state(sql::Session& session);
void set_filled(sql::Tx& tx);
void count_erasure(sql::Tx& tx);

// How much there is to learn from.
struct Extent {
    std::int64_t acts = 0;
    Timestamp newest;
};
Extent extent(sql::Session& session);

// Who did anything with what, by person; of works that others than their author may see, and never an author
// with her own. `on_pair` for each.
struct Pair {
    PersonId person;
    Kind kind = Kind::work;
    std::int64_t item = 0;
    Timestamp at;  // the last act
};
void each_pair(sql::Session& session, const std::function<void(const Pair&)>& on_pair);
// Published works that anybody may see.
std::int64_t count_works(sql::Session& session);

// What the actor did, newest first, of works she may see now that are not hers.
struct Taste {
    WorkId work;
    Act act = Act::read;
    Timestamp at;
    std::string title, language;
};
std::vector<Taste> tastes(sql::Session& session, const Actor& actor, int limit);
// Topics of the tags of works she did something with.
struct TasteTopic {
    topics::TopicId topic;
    WorkId work;
};
std::vector<TasteTopic> topics_of_tastes(sql::Session& session, PersonId person, int limit);
std::vector<topics::TopicId> topics_of_work(sql::Session& session, WorkId work);

// Works of others that lists show the actor, newest first: a list for each topic asked for. Ten topics, or
// three languages, are one query.
enum class Below { counts, does_not };  // whether works of narrower topics are of the topic
struct OfTopic {
    topics::TopicId topic;
    Below below = Below::counts;
};
std::vector<std::vector<WorkId>> newest_in(sql::Session& session, const Actor& actor,
                                           std::span<const OfTopic> topics, int limit);
std::vector<WorkId> newest(sql::Session& session, const Actor& actor, std::span<const std::string> languages,
                           int limit);  // of each

// What the filters ask of a work, now.
struct Facts {
    WorkId work;
    PersonId author;
    Timestamp updated_at;
    std::string title, language;
    bool listed = false;                                     // by works' rule, for the actor
    bool begun = false, taken_up = false, declined = false;  // by her
    int readers = 0;                                         // counted up to kMostFew
};
// Of those works that there are; kFactsAtOnce are one query.
inline constexpr std::size_t kFactsAtOnce = 48;
std::vector<Facts> facts(sql::Session& session, const Actor& actor, std::span<const WorkId> works);

void decline(sql::Tx& tx, const Permit<Decline>& permit, WorkId work, Timestamp at);
void take_back(sql::Tx& tx, const Permit<Decline>& permit, WorkId work);
std::vector<WorkId> declined(sql::Session& session, PersonId person, int limit);

struct ModelRow {
    std::int64_t id = 0;
    std::string version, recipe;
    Timestamp trained_at;
    std::int64_t people = 0, items = 0, acts = 0, weights = 0, milliseconds = 0;
};
void insert_model(sql::Tx& tx, const ModelRow& row);
std::optional<ModelRow> newest_model(sql::Session& session);

}  // namespace braid::guidance::store
