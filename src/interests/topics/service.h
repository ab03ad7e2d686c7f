// Interests of people, and which works belong to which topic.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "interests/reading/api.h"
#include "interests/topics/api.h"
#include "interests/topics/policy.h"
#include "interests/topics/store.h"
#include "interests/topics/vocabularies.h"
#include "interests/works/api.h"
#include "platform/events/events.h"
#include "platform/sql/sql.h"

namespace braid::topics {

inline constexpr std::size_t kLongestInterest = 80;  // code points
inline constexpr int kMostInterests = 200;

// An interest as its owner sees it.
struct Interest {
    InterestId id;
    std::string typed, label, language;  // label: of the topic, as typed when there is none
    TopicId topic;                       // 0: nothing answers to it yet
    Shown shown = Shown::me;
    Timestamp made_at;
    int strength = 1;  // 1 to 3
    int said = 0;      // what she says of it; 0: it grows from what she does
    int acts = 0;      // in so many ways she did something with works of its topic
};
// How strong an interest is by what was done: 3 acts make 2, 8 make 3.
int grown_strength(std::int64_t acts);

// What became of something typed.
struct Added {
    Outcome outcome = Outcome::unknown;
    std::optional<InterestId> interest;  // nothing when it means two things: ask, then add with the choice
    std::vector<Candidate> candidates;   // to choose from
};

class Service : public Interests, public reading::TagHubs {
  public:
    Service(sql::Database& database, const Clock& clock, IdMaker& ids, events::Outbox& outbox,
            Vocabularies& vocabularies)
        : database_(database), clock_(clock), ids_(ids), outbox_(outbox), vocabularies_(vocabularies) {}

    // Interests. All of the actor alone.
    std::vector<Interest> mine(sql::Session& session, const Actor& actor, std::string_view language) const;
    // Kept as typed. What means one topic is tied to it, what means none waits for one; what may mean several
    // is not kept without `chosen`. `chosen` 0: none of them. The same words typed again are the same
    // interest.
    Result<Added> add(const Actor& actor, std::string_view typed, std::string_view language,
                      std::optional<TopicId> chosen = {});
    Result<void> follow(const Actor& actor, TopicId topic, How how);
    // Whatever of hers is tied to the topic. Of what she does not follow: done.
    Result<void> unfollow(const Actor& actor, TopicId topic);
    Result<void> remove(const Actor& actor, InterestId id);
    Result<void> show(const Actor& actor, InterestId id, Shown shown);
    // 1 to 3; 0: as it grows.
    Result<void> set_strength(const Actor& actor, InterestId id, int strength);
    bool follows(sql::Session& session, const Actor& actor, TopicId topic) const;

    std::vector<TopicId> topics_of(sql::Session& session, access::PersonId person) const override;
    std::vector<ShownInterest> shown_to(sql::Session& session, const Actor& actor, access::PersonId person,
                                        std::string_view language) const override;

    std::string label(TopicId topic, std::string_view language) const override;
    // A new work among the topics she cares about, the strongest and newest first.
    std::vector<NewInTopic> news(sql::Session& session, const Actor& actor, std::string_view language,
                                 std::size_t limit) const override;

    std::vector<MeantTopic> meaning_of(sql::Session& session, const Actor& actor, const works::Tag& tag,
                                       std::string_view spoken, std::string_view language) const override;
    std::vector<std::string> hubs_of(sql::Session& session, std::span<const works::Tag> tags,
                                     std::string_view spoken) const override;

    // Makes a work's rows anew; removes them when it is not published. Doing it twice is the same.
    void sort_work(sql::Tx& tx, works::WorkId id);
    void sort_tag(std::string_view tag);
    // Sorts up to `limit` works that are missing or of an older vocabulary, and ties interests that waited to
    // topics that answer to them now; how many works there were.
    int catch_up(int limit);

  private:
    [[nodiscard]] std::vector<TopicId> meant(sql::Session& session, const works::Tag& tag,
                                             std::string_view spoken) const;
    [[nodiscard]] std::vector<TopicId> meant(const works::Tag& tag, std::string_view spoken,
                                             std::span<const store::TagMeaning> said) const;
    void tie_waiting();
    void drop(sql::Tx& tx, const access::Permit<KeepInterests>& permit, const store::InterestRow& row);

    sql::Database& database_;
    const Clock& clock_;
    IdMaker& ids_;
    events::Outbox& outbox_;
    Vocabularies& vocabularies_;
    std::atomic<std::int64_t> tied_for_{0};  // version of the vocabulary
};

}  // namespace braid::topics
