// The store's questions about works that may be suggested. Each asks for many at once: an answer is a handful
// of queries, whatever the person cares about. What is asked for has a fixed number of places, so that the
// statement stays the same and is prepared once; places that are left over hold what matches nothing.
#include <algorithm>

#include "interests/guidance/ranking.h"
#include "interests/guidance/store.h"

namespace braid::guidance::store {

namespace {

constexpr std::size_t kTopicsAtOnce = 10;
#define BRAID_NEWEST_OF(place, topic, direct)                                                           \
    "SELECT place, work FROM (SELECT " place                                                            \
    " AS place, t.work AS work FROM topic_works t JOIN works w ON w.id = t.work WHERE t.topic = " topic \
    " AND t.direct >= " direct " AND w.author <> $3 AND " BRAID_WORKS_LISTED(                           \
        "$1", "$2", "$3") " ORDER BY t.updated_at DESC, t.work DESC LIMIT $4) of_" place
#define BRAID_AND " UNION ALL "
const sql::Query kNewestIn{
    "guidance.list_newest_in_topics",
    BRAID_NEWEST_OF("0", "$5", "$6") BRAID_AND BRAID_NEWEST_OF("1", "$7", "$8") BRAID_AND BRAID_NEWEST_OF(
        "2", "$9", "$10") BRAID_AND BRAID_NEWEST_OF("3", "$11", "$12")
        BRAID_AND BRAID_NEWEST_OF("4", "$13", "$14") BRAID_AND BRAID_NEWEST_OF("5", "$15", "$16")
            BRAID_AND BRAID_NEWEST_OF("6", "$17", "$18") BRAID_AND BRAID_NEWEST_OF("7", "$19", "$20")
                BRAID_AND BRAID_NEWEST_OF("8", "$21", "$22") BRAID_AND BRAID_NEWEST_OF("9", "$23", "$24")};
#undef BRAID_NEWEST_OF

constexpr std::size_t kLanguagesAtOnce = 3;
#define BRAID_NEWEST_IN(place, language)                                          \
    "SELECT id FROM (SELECT w.id AS id FROM works w WHERE w.language = " language \
    " AND w.author <> $3 AND " BRAID_WORKS_LISTED(                                \
        "$1", "$2", "$3") " ORDER BY w.updated_at DESC, w.id DESC LIMIT $4) of_" place
const sql::Query kNewest{"guidance.list_newest", BRAID_NEWEST_IN("0", "$5") BRAID_AND BRAID_NEWEST_IN(
                                                     "1", "$6") BRAID_AND BRAID_NEWEST_IN("2", "$7")};
#undef BRAID_NEWEST_IN
#undef BRAID_AND

static_assert(kFactsAtOnce == 48);
const sql::Query kFacts{
    "guidance.facts_of_works",
    "SELECT w.id, w.author, w.updated_at, w.title, w.language, "
    "CASE WHEN " BRAID_WORKS_LISTED("$1", "$2", "$3") " THEN 1 ELSE 0 END, "
    "(SELECT COUNT(*) FROM reading_places p WHERE p.person = $3 AND p.work = w.id), "
    "(SELECT COUNT(*) FROM guidance_acts a WHERE a.person = $3 AND a.kind = 'work' AND a.item = w.id), "
    "(SELECT COUNT(*) FROM guidance_declined d WHERE d.person = $3 AND d.kind = 'work' AND d.item = w.id), "
    "(SELECT COUNT(*) FROM (SELECT DISTINCT r.person FROM guidance_acts r WHERE r.kind = 'work' AND "
    "r.item = w.id LIMIT $4) readers) FROM works w WHERE w.id IN ("
    "$5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, "
    "$25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, "
    "$44, $45, $46, $47, $48, $49, $50, $51, $52 "
    ") ORDER BY w.id LIMIT 48"};

// What every query here begins with: who asks.
std::vector<sql::Param> asked_by(const Actor& actor, int limit) {
    return {std::int64_t{works::least_audience(actor)}, static_cast<std::int64_t>(actor.rating_ceiling()),
            actor.person.value_or(PersonId{}).value, std::int64_t{limit}};
}

}  // namespace

std::vector<std::vector<WorkId>> newest_in(sql::Session& session, const Actor& actor,
                                           std::span<const OfTopic> topics, int limit) {
    std::vector<std::vector<WorkId>> lists(topics.size());
    for (std::size_t from = 0; from < topics.size(); from += kTopicsAtOnce) {
        auto params = asked_by(actor, limit);
        for (std::size_t i = from; i < from + kTopicsAtOnce; ++i) {
            const OfTopic one = i < topics.size() ? topics[i] : OfTopic{};
            params.emplace_back(one.topic.value);
            params.emplace_back(std::int64_t{one.below == Below::counts ? 0 : 1});
        }
        session.execute(kNewestIn, params, [&](const sql::Row& row) {
            const auto [place, work] = sql::detail::read_row<std::tuple<std::int64_t, WorkId>>(row);
            lists[from + static_cast<std::size_t>(place)].push_back(work);
        });
    }
    return lists;
}

std::vector<WorkId> newest(sql::Session& session, const Actor& actor, std::span<const std::string> languages,
                           int limit) {
    std::vector<WorkId> list;
    for (std::size_t from = 0; from < languages.size(); from += kLanguagesAtOnce) {
        auto params = asked_by(actor, limit);
        for (std::size_t i = from; i < from + kLanguagesAtOnce; ++i)
            params.emplace_back(i < languages.size() ? std::string_view(languages[i]) : std::string_view());
        session.execute(kNewest, params,
                        [&](const sql::Row& row) { list.push_back(sql::detail::read_row<WorkId>(row)); });
    }
    return list;
}

std::vector<Facts> facts(sql::Session& session, const Actor& actor, std::span<const WorkId> works) {
    std::vector<Facts> list;
    for (std::size_t from = 0; from < works.size(); from += kFactsAtOnce) {
        auto params = asked_by(actor, kMostFew);
        for (std::size_t i = from; i < from + kFactsAtOnce; ++i)
            params.emplace_back(i < works.size() ? works[i].value : std::int64_t{0});
        session.execute(kFacts, params,
                        [&](const sql::Row& row) { list.push_back(sql::detail::read_row<Facts>(row)); });
    }
    return list;
}

}  // namespace braid::guidance::store
