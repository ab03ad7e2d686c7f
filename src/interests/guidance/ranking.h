// From what speaks for works to a short list: amounts, order, one work an author, and the place that is kept
// for works with few readers. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/time.h"
#include "interests/guidance/api.h"

namespace braid::guidance {

// A score is at most 1: what people like her did, what she cares about, and how new it is.
inline constexpr double kModelShare = 0.60;
inline constexpr double kTopicShare = 0.35;
inline constexpr double kFreshShare = 0.05;
inline constexpr Duration kFreshHalfLife = std::chrono::hours(24 * 28);

// How much a topic speaks for its works: one she follows, and one of works she did something with, where
// `weight` is the sum of act_weight() over those works.
inline constexpr double kFollowed = 0.6;
double strength_through(double weight);
double act_weight(Act act);

// A topic that speaks for a candidate.
struct TopicTaste {
    topics::TopicId topic;
    double strength = 0;
    works::WorkId through;  // 0: she follows it
    std::string title;      // of `through`
};
// Something in her list that speaks for a candidate, by the model.
struct ModelPart {
    Reason reason;  // act, topic or reading
    double weight = 0;
};

// Amounts, the largest first; they add up to the score. `model`: the candidate's score over the best
// candidate's, 0 to 1, shared among `parts` by their weights. `matched`: 1 − Π (1 − strength) is shared by
// strength. A topic she follows that speaks in both ways is one reason.
std::vector<Reason> reasons_of(double model, std::span<const ModelPart> parts,
                               std::span<const TopicTaste> matched, Timestamp updated_at, Timestamp now);
double score_of(std::span<const Reason> reasons);

// From 0 to 1, by person, work and day: lets works take turns.
double turn(std::int64_t person, works::WorkId work, Timestamp now);

struct Candidate {
    works::WorkId work;
    PersonId author;
    double score = 0;
    bool fits = false;   // something but its newness speaks for it
    bool quiet = false;  // it has few readers
};

// The place that goes to a work with few readers, of a list that long or longer (from 0).
inline constexpr std::size_t kKeptPlace = 2;

// Which candidates are shown, in order, as indexes. One work an author. The kKeptPlace goes to a work with
// few readers: the one with the highest score × (0.6 + 0.4 u), u from 0 to 1 by person, work and day, so that
// such works share the readers there are; those that fit before those that are only new. When there is none,
// the place goes by score as the others do. What fits nothing she cares about is in no other place.
struct Chosen {
    std::size_t index = 0;
    bool kept_place = false;
};
std::vector<Chosen> choose(std::span<const Candidate> candidates, std::size_t most, std::int64_t person,
                           Timestamp now);

// "Few": fewer than this, where half of the works have fewer than `median` readers. Between 5 and 20: on a
// small site nearly every work is quiet, on a large one a work with 20 readers has found some.
int few_readers(int median);
inline constexpr int kMostFew = 20;

}  // namespace braid::guidance
