#include "interests/guidance/store.h"

namespace braid::guidance::store {

namespace {

const sql::Query kClearWork{"guidance.clear_work",
                            "DELETE FROM guidance_acts WHERE person = $1 AND kind = 'work' AND item = $2"};
const sql::Query kClearTopics{"guidance.clear_topics",
                              "DELETE FROM guidance_acts WHERE person = $1 AND kind = 'topic'"};
const sql::Query kClearPerson{"guidance.clear_person", "DELETE FROM guidance_acts WHERE person = $1"};

// One statement a source: what its owner's table says. Two jobs may do the same at once on PostgreSQL.
#define BRAID_ACTS "INSERT INTO guidance_acts (person, kind, item, act, at) "
#define BRAID_ONCE " ON CONFLICT (person, kind, item, act) DO UPDATE SET at = excluded.at"
const sql::Query kKudosOf{"guidance.take_kudos", BRAID_ACTS
                          "SELECT person, 'work', work, 'kudos', given_at FROM kudos WHERE person = $1 AND "
                          "(work = $2 OR $2 = 0)" BRAID_ONCE};
const sql::Query kBookmarksOf{"guidance.take_bookmarks", BRAID_ACTS
                              "SELECT person, 'work', work, 'bookmark', made_at FROM bookmarks WHERE person "
                              "= $1 AND (work = $2 OR $2 = 0)" BRAID_ONCE};
const sql::Query kFinishedOf{"guidance.take_finished", BRAID_ACTS
                             "SELECT person, 'work', work, 'finished', finished_at FROM reading_places WHERE "
                             "person = $1 AND (work = $2 OR $2 = 0) AND finished_at > 0" BRAID_ONCE};
const sql::Query kReadOf{
    "guidance.take_read", BRAID_ACTS
    "SELECT person, 'work', work, 'read', MAX(read_at) FROM reading_chapters WHERE "
    "person = $1 AND (work = $2 OR $2 = 0) AND percent = 100 GROUP BY person, work" BRAID_ONCE};
const sql::Query kTopicsOf{"guidance.take_topics", BRAID_ACTS
                           "SELECT person, 'topic', topic, 'follow', MIN(made_at) FROM interests WHERE "
                           "person = $1 AND topic <> 0 GROUP BY person, topic" BRAID_ONCE};
#undef BRAID_ONCE
#undef BRAID_ACTS
const sql::Query kForgetActs{"guidance.forget_acts_of_work",
                             "DELETE FROM guidance_acts WHERE kind = 'work' AND item = $1"};
const sql::Query kForgetDeclined{"guidance.forget_declined_work",
                                 "DELETE FROM guidance_declined WHERE kind = 'work' AND item = $1"};

const sql::Query kPersonAfter{
    "guidance.next_person",
    "SELECT MIN(p) FROM (SELECT MIN(person) AS p FROM kudos WHERE person > $1 UNION ALL SELECT MIN(person) "
    "FROM bookmarks WHERE person > $1 UNION ALL SELECT MIN(person) FROM reading_places WHERE person > $1 "
    "UNION ALL SELECT MIN(person) FROM reading_chapters WHERE person > $1 UNION ALL SELECT MIN(person) FROM "
    "interests WHERE person > $1 UNION ALL SELECT MIN(person) FROM guidance_acts WHERE person > $1) met"};
const sql::Query kCountPeople{
    "guidance.count_people",
    "SELECT COUNT(*) FROM (SELECT person FROM kudos UNION SELECT person FROM bookmarks UNION SELECT person "
    "FROM reading_places UNION SELECT person FROM interests UNION SELECT person FROM guidance_acts) met"};

const sql::Query kState{"guidance.state", "SELECT erasures, filled FROM guidance_state WHERE id = 1"};
const sql::Query kSetFilled{"guidance.set_filled", "UPDATE guidance_state SET filled = 1 WHERE id = 1"};
const sql::Query kErased{"guidance.count_erasure",
                         "UPDATE guidance_state SET erasures = erasures + 1 WHERE id = 1"};
const sql::Query kExtent{"guidance.extent", "SELECT COUNT(*), COALESCE(MAX(at), 0) FROM guidance_acts"};

// Rating 2 and audience 1: whoever may see it, somebody but its author may.
const sql::Query kPairs{
    "guidance.list_pairs",
    "SELECT a.person, a.kind, a.item, MAX(a.at) FROM guidance_acts a WHERE (a.person, a.kind, a.item) > ($1, "
    "$2, $3) AND (a.kind <> 'work' OR EXISTS (SELECT 1 FROM works w WHERE w.id = a.item AND w.author <> "
    "a.person AND " BRAID_WORKS_LISTED("1", "2", "0") ")) GROUP BY a.person, a.kind, a.item "
    "ORDER BY a.person, a.kind, a.item LIMIT $4"};
const sql::Query kCountWorks{"guidance.count_works",
                             "SELECT COUNT(*) FROM works w WHERE " BRAID_WORKS_LISTED("1", "2", "0")};

const sql::Query kTastes{
    "guidance.list_tastes",
    "SELECT a.item, a.act, a.at, w.title, w.language FROM guidance_acts a JOIN works w ON w.id = a.item "
    "WHERE a.person = $1 AND a.kind = 'work' AND w.author <> $1 AND " BRAID_WORKS_LISTED(
        "$2", "$3", "$1") " ORDER BY a.at DESC, a.item DESC, a.act LIMIT $4"};
const sql::Query kTopicsOfTastes{
    "guidance.list_topics_of_tastes",
    "SELECT t.topic, a.item FROM guidance_acts a JOIN topic_works t ON t.work = a.item WHERE a.person = $1 "
    "AND a.kind = 'work' AND t.direct = 1 GROUP BY t.topic, a.item ORDER BY t.topic, a.item LIMIT $2"};
const sql::Query kTopicsOfWork{
    "guidance.list_topics_of_work",
    "SELECT topic FROM topic_works WHERE work = $1 AND direct = 1 ORDER BY topic LIMIT 50"};
const sql::Query kDecline{"guidance.decline",
                          "INSERT INTO guidance_declined (person, kind, item, at) VALUES ($1, 'work', $2, "
                          "$3) ON CONFLICT (person, kind, item) DO NOTHING"};
const sql::Query kTakeBack{"guidance.take_back",
                           "DELETE FROM guidance_declined WHERE person = $1 AND kind = 'work' AND item = $2"};
const sql::Query kDeclined{"guidance.list_declined",
                           "SELECT item FROM guidance_declined WHERE person = $1 AND kind = 'work' ORDER BY "
                           "at DESC, item DESC LIMIT $2"};

#define BRAID_MODEL "id, version, recipe, trained_at, people, items, acts, weights, milliseconds"
const sql::Query kInsertModel{"guidance.insert_model", "INSERT INTO guidance_models (" BRAID_MODEL
                                                       ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};
const sql::Query kNewestModel{"guidance.newest_model",
                              "SELECT " BRAID_MODEL
                              " FROM guidance_models ORDER BY trained_at DESC, id DESC LIMIT 1"};
#undef BRAID_MODEL

constexpr int kPairsAtOnce = 50'000;

int ceiling_of(const Actor& actor) {
    return static_cast<int>(actor.rating_ceiling());
}
PersonId person_of(const Actor& actor) {
    return actor.person.value_or(PersonId{});
}

void take(sql::Tx& tx, PersonId person, WorkId work) {
    for (const sql::Query* source : {&kKudosOf, &kBookmarksOf, &kFinishedOf, &kReadOf})
        tx.run(*source, person, work);
}

}  // namespace

void sync_work(sql::Tx& tx, PersonId person, WorkId work) {
    tx.run(kClearWork, person, work);
    take(tx, person, work);
}
void sync_topics(sql::Tx& tx, PersonId person) {
    tx.run(kClearTopics, person);
    tx.run(kTopicsOf, person);
}
void sync_person(sql::Tx& tx, PersonId person) {
    tx.run(kClearPerson, person);
    take(tx, person, WorkId{});
    tx.run(kTopicsOf, person);
}
void forget_work(sql::Tx& tx, WorkId work) {
    tx.run(kForgetActs, work);
    tx.run(kForgetDeclined, work);
}

std::optional<PersonId> person_after(sql::Session& session, PersonId after) {
    return session.one<std::optional<PersonId>>(kPersonAfter, after);
}
std::int64_t count_people(sql::Session& session) {
    return session.one<std::int64_t>(kCountPeople);
}

State state(sql::Session& session) {
    return session.one<State>(kState);
}
void set_filled(sql::Tx& tx) {
    tx.run(kSetFilled);
}
void count_erasure(sql::Tx& tx) {
    tx.run(kErased);
}
Extent extent(sql::Session& session) {
    return session.one<Extent>(kExtent);
}

void each_pair(sql::Session& session, const std::function<void(const Pair&)>& on_pair) {
    Pair last{.person = PersonId{INT64_MIN}};
    for (;;) {
        const auto pairs = session.all<Pair>(kPairs, last.person, last.kind, last.item, kPairsAtOnce);
        for (const Pair& pair : pairs)
            on_pair(pair);
        if (pairs.size() < kPairsAtOnce) return;
        last = pairs.back();
    }
}
std::int64_t count_works(sql::Session& session) {
    return session.one<std::int64_t>(kCountWorks);
}

std::vector<Taste> tastes(sql::Session& session, const Actor& actor, int limit) {
    return session.all<Taste>(kTastes, person_of(actor), works::least_audience(actor), ceiling_of(actor),
                              limit);
}
std::vector<TasteTopic> topics_of_tastes(sql::Session& session, PersonId person, int limit) {
    return session.all<TasteTopic>(kTopicsOfTastes, person, limit);
}
std::vector<topics::TopicId> topics_of_work(sql::Session& session, WorkId work) {
    return session.all<topics::TopicId>(kTopicsOfWork, work);
}

void decline(sql::Tx& tx, const Permit<Decline>& permit, WorkId work, Timestamp at) {
    tx.run(kDecline, person_of(permit.actor()), work, at);
}
void take_back(sql::Tx& tx, const Permit<Decline>& permit, WorkId work) {
    tx.run(kTakeBack, person_of(permit.actor()), work);
}
std::vector<WorkId> declined(sql::Session& session, PersonId person, int limit) {
    return session.all<WorkId>(kDeclined, person, limit);
}

void insert_model(sql::Tx& tx, const ModelRow& row) {
    tx.run(kInsertModel, row.id, row.version, row.recipe, row.trained_at, row.people, row.items, row.acts,
           row.weights, row.milliseconds);
}
std::optional<ModelRow> newest_model(sql::Session& session) {
    return session.maybe<ModelRow>(kNewestModel);
}

}  // namespace braid::guidance::store
