// Guidance: what somebody may like next, and why. What other modules may ask.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "interests/reading/api.h"
#include "interests/topics/api.h"
#include "interests/works/api.h"
#include "platform/html/html.h"
#include "platform/sql/sql.h"
#include "shell/shell.h"

namespace braid::guidance {

using access::Actor;
using access::PersonId;

// What people do something with. A new kind is a name here, its acts below, its statement in store::sync and,
// when it is to be suggested, its candidates and its filters (service.h). Kinds that are people must pass
// decide(SuggestPerson) (policy.h).
enum class Kind { work, topic };
// From the weakest to the strongest thing somebody can say by doing it. `follow` is of topics.
enum class Act { read, bookmark, kudos, finished, follow };

// Why something is suggested: one of the amounts that make its score up.
struct Reason {
    enum class Source {
        act,            // she did something with `work`, and people who did so did so with this too
        topic,          // she follows `topic`
        topic_of_work,  // it has `topic`, as has `work`, which she did something with
        reading,        // it is beside `work`, where she is now
        fresh,          // it is new
        few_readers,    // it has few readers, and the place that is kept for such works
    };
    Source source = Source::act;
    works::WorkId work;  // one the reader may see now
    Act act = Act::read;
    topics::TopicId topic;
    std::string title;  // of the work
    std::string label;  // of the topic, in the reader's language
    double amount = 0;  // of the score
};

// "finished <The Salt Road>": one reason as a clause, to be read after "Because …".
std::string clause(const Reason& reason, i18n::Language language);
// "Because you finished The Salt Road and you follow Ghost stories": of reasons by amount, the strongest two
// that say something different. Of works newer than the person's tastes alone: "Because …".
std::string sentence(const std::vector<Reason>& reasons, i18n::Language language);

struct Suggestion {
    reading::WorkLine line;
    std::vector<Reason> reasons;  // the strongest first; never empty
    double score = 0;
    bool kept_place = false;  // the place for works with few readers
};

inline constexpr std::size_t kMostForYou = 6;
inline constexpr std::size_t kMostNext = 3;

// Every answer obeys, at the moment it is asked for: works' rule of lists (visibility, rating, blocks), and
// leaves out what is the actor's own, begun, taken up or not for her. A reason names only what she may see.
class Guide {
  public:
    virtual ~Guide() = default;
    // At most kMostForYou; nothing for a visitor, and for who has done nothing and follows nothing.
    virtual std::vector<Suggestion> for_you(sql::Session& session, const Actor& actor,
                                            i18n::Language language) const = 0;
};

// The cards of a list, each with its reason and, for who is signed in, "not for me". `back` is where the
// plain form returns to.
void suggestion_cards(html::Out& out, const shell::PageContext& context,
                      const std::vector<Suggestion>& suggestions, std::string_view back);

}  // namespace braid::guidance

template <>
struct braid::sql::EnumNames<braid::guidance::Kind> {
    static constexpr std::array<std::string_view, 2> names{"work", "topic"};
};
template <>
struct braid::sql::EnumNames<braid::guidance::Act> {
    static constexpr std::array<std::string_view, 5> names{"read", "bookmark", "kudos", "finished", "follow"};
};
