// Topics: the vocabulary of interests. What other modules may ask.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/id.h"
#include "platform/sql/sql.h"

namespace braid::topics {

using TopicId = Id<struct TopicTag>;
using InterestId = Id<struct InterestTag>;

enum class LabelKind { pref, alt, hidden };  // SKOS: shown; also known as; understood, never shown
enum class Relation { broader, related };
enum class Origin { file, staff };
// Who sees that somebody has an interest. Her choice; `me` until she makes one.
enum class Shown { me, signed_in };
enum class How { typed, picked, followed };

// An interest as somebody else may see it.
struct ShownInterest {
    TopicId topic;  // 0: as typed, no topic answers to it
    std::string label;
};

class Interests {
  public:
    virtual ~Interests() = default;
    // Topics a person cares about, whoever asks: for what is computed for herself. Newest first.
    virtual std::vector<TopicId> topics_of(sql::Session& session, access::PersonId person) const = 0;
    // What `person` lets `actor` see, in the language given; all of her own.
    virtual std::vector<ShownInterest> shown_to(sql::Session& session, const access::Actor& actor,
                                                access::PersonId person, std::string_view language) const = 0;
    // What a topic is called; "" when there is none.
    virtual std::string label(TopicId topic, std::string_view language) const = 0;
};

}  // namespace braid::topics

template <>
struct braid::sql::EnumNames<braid::topics::LabelKind> {
    static constexpr std::array<std::string_view, 3> names{"pref", "alt", "hidden"};
};
template <>
struct braid::sql::EnumNames<braid::topics::Relation> {
    static constexpr std::array<std::string_view, 2> names{"broader", "related"};
};
template <>
struct braid::sql::EnumNames<braid::topics::Origin> {
    static constexpr std::array<std::string_view, 2> names{"file", "staff"};
};
template <>
struct braid::sql::EnumNames<braid::topics::Shown> {
    static constexpr std::array<std::string_view, 2> names{"me", "signed_in"};
};
template <>
struct braid::sql::EnumNames<braid::topics::How> {
    static constexpr std::array<std::string_view, 3> names{"typed", "picked", "followed"};
};
