// Topics: the vocabulary of interests. What other modules may ask.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/id.h"
#include "interests/works/api.h"
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
// What a person does with a work that makes its topics matter more to her.
enum class Act { wrote, liked, answered, saved, read, finished };

// An interest as somebody else may see it.
struct ShownInterest {
    TopicId topic;  // 0: as typed, no topic answers to it
    std::string label;
};

struct NewInTopic {
    std::int64_t work = 0;  // works: WorkId
    TopicId topic;
    std::string label, language;
};

// What a tag means.
struct MeantTopic {
    TopicId topic;
    std::string label, language;
    bool followed = false;  // by the actor
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
    // Works of the topics the actor cares about that lists would show her, without her own, the newest first;
    // each once, with the topic she cares about most.
    virtual std::vector<NewInTopic> news(sql::Session& session, const access::Actor& actor,
                                         std::string_view language, std::size_t limit) const = 0;
    // What a tag means: what moderators said, else the one topic its words resolve to. `spoken`: the language
    // of the tag, `language`: of the labels.
    virtual std::vector<MeantTopic> meaning_of(sql::Session& session, const access::Actor& actor,
                                               const works::Tag& tag, std::string_view spoken,
                                               std::string_view language) const = 0;
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
struct braid::sql::EnumNames<braid::topics::Act> {
    static constexpr std::array<std::string_view, 6> names{"wrote", "liked", "answered",
                                                           "saved", "read",  "finished"};
};
template <>
struct braid::sql::EnumNames<braid::topics::How> {
    static constexpr std::array<std::string_view, 3> names{"typed", "picked", "followed"};
};
