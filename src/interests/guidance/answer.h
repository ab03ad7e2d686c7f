// One answer: what a person cares about, the works that could be suggested for it, what speaks for each, and
// which filter stops what.
#pragma once

#include <string_view>
#include <vector>

#include "interests/guidance/ranking.h"
#include "interests/guidance/site_model.h"
#include "interests/guidance/store.h"

namespace braid::guidance {

// What is asked for.
struct Question {
    Actor actor;
    i18n::Language language = i18n::Language::en;
    std::optional<works::WorkId> beside;  // the work she is in: her list is that work alone
    std::optional<works::WorkId> about;   // to be looked at whatever else is, for explain
};

// Why a work is not shown, the first that holds; in the order they are asked in.
enum class Filter {
    passed,
    missing,  // there is no such work
    hidden,   // works' rule of lists: visibility, rating, blocks
    own,
    begun,     // she is in it or has read it
    taken_up,  // she did something else with it: kudos, bookmark
    declined,  // "not for me"
    beside,    // it is the one she is in
    language,  // she reads no such language, and only topics speak for it
};
std::string_view name(Filter filter);

// A work that was looked at.
struct Looked {
    store::Facts facts;
    Filter filter = Filter::passed;
    std::vector<Reason> reasons;  // the strongest first; empty unless passed, or asked about
    bool fits = false;            // something but its newness speaks for it
    bool candidate = true;        // false: nothing leads to it
    bool considered = true;       // false: only looked at because it was asked about
};

struct Answer {
    std::vector<Looked> looked;
    std::vector<Chosen> chosen;  // indexes in `looked`
    bool asked_model = false;    // there is one, and it knows of every erasure
    int few = 0;
};

// Reads in `session` alone, in seven to twelve queries. The work of the guidance itself grows with the
// model's weights from her items, not with people; candidates are the model's best 100, the newest 40 of each
// of her topics (at most 12 that she follows and 8 of works she did something with), and the newest 20 of
// each language she reads. In the order of what speaks for them they are looked at until 24 pass the filters;
// of those with few readers, and of the new ones, until 8 more do.
Answer answer(sql::Session& session, const Question& question, const SiteModel& model,
              const topics::Interests& interests, std::size_t most, Timestamp now);

}  // namespace braid::guidance
