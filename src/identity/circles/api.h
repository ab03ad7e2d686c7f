// Circles: the one way to let people talk where others do not hear. What features use.
//
//   struct Thread { … };                                            // a feature's own table, with the circle
//   circles.declare(Kind::gathering("conversations.thread", …));    // once, before the server starts
//   CircleId circle = TRY(circles.begin(tx, actor, {"conversations.thread", thread.value, scope}, asked));
//   Present present = TRY(circles.present(tx, actor, circle));      // in the transaction that writes the
//   words store.say(tx, present, words);                                  // takes the proof; there is no
//   other way
//
// A table of words said in a circle, or of people who meet, is declared `.talk_of("circle")`
// (access/module.h).
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/policy.h"
#include "identity/accounts/api.h"
#include "identity/blocks/api.h"
#include "identity/circles/policy.h"
#include "platform/sql/sql.h"

namespace braid::circles {

using CircleId = Id<struct CircleTag>;

// Proof that in this transaction the circle is open, whole and in force, and that the actor is in it. Only
// Circles makes one; it is not for keeping.
class Present {
  public:
    [[nodiscard]] CircleId circle() const { return circle_; }
    [[nodiscard]] PersonId person() const { return person_; }

  private:
    Present(const access::Permit<SpeakInCircle>& permit, CircleId circle)
        : circle_(circle), person_(permit.actor().person.value_or(PersonId{})) {}
    friend class Service;
    CircleId circle_;
    PersonId person_;
};

// Why people come together. `ground` is asked at every use and says whether that still holds; a circle whose
// ground does not hold rests, and goes on by itself when it does again.
class Kind {
  public:
    using Ground = std::function<bool(sql::Session&, std::int64_t subject)>;
    using Match = std::function<std::optional<MatchInForce>(sql::Session&, std::int64_t subject)>;
    // People around something of theirs: a thread of a space, the comments on a draft, a meeting.
    static Kind gathering(std::string name, Ground ground);
    // A mentor and a learner: the ground is a match that holds.
    static Kind pairing(std::string name, Match match);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] bool holds(sql::Session& session, std::int64_t subject) const {
        return ground_(session, subject);
    }

  private:
    Kind(std::string name, Ground ground) : name_(std::move(name)), ground_(std::move(ground)) {}
    std::string name_;
    Ground ground_;
};

// What a circle is about, once in all: the kind, the id there, and where its coordinators are.
struct About {
    std::string kind;
    std::int64_t subject = 0;
    accounts::RoleScope scope;
};

enum class State { open, resting, closed };  // resting: its ground does not hold, or it is not whole now

class Circles {
  public:
    virtual ~Circles() = default;
    // Before the server starts. Throws std::logic_error for a second kind of that name.
    virtual void declare(Kind kind) = 0;

    // The actor is in it at once; everybody in `asked` when she accepts. `forbidden` (circles.never_alone)
    // when an adult and a minor would be alone even if all came; `conflict` when there is one about it
    // already; `not_found` for somebody of whom the actor is apart (identity/blocks), as for nobody. Throws
    // std::logic_error for a kind that nobody declared.
    virtual Result<CircleId> begin(sql::Tx& tx, const Actor& actor, const About& about,
                                   std::span<const PersonId> asked) = 0;
    virtual Result<void> invite(sql::Tx& tx, const Actor& actor, CircleId circle, PersonId person) = 0;
    // Says where she stands now: joined, or accepted while the circle would not be whole with her.
    virtual Result<Place> accept(sql::Tx& tx, const Actor& actor, CircleId circle) = 0;
    // Also: no to an invitation. The circle closes when those who stay would be alone.
    virtual Result<void> leave(sql::Tx& tx, const Actor& actor, CircleId circle) = 0;
    // What it was for is over. By the feature, whose policy says who may.
    virtual void close(sql::Tx& tx, CircleId circle) = 0;

    // Before saying something, in the transaction that writes it. Everything is asked anew: ages, roles,
    // ties, suspensions, the ground.
    virtual Result<Present> present(sql::Tx& tx, const Actor& actor, CircleId circle) = 0;
    // Before showing what was said.
    [[nodiscard]] virtual Result<void> may_read(sql::Session& session, const Actor& actor,
                                                CircleId circle) const = 0;
    [[nodiscard]] virtual State state(sql::Session& session, CircleId circle) const = 0;
    // Who is in it; for who is in it, without those of whom she is apart. At most kMembers.
    [[nodiscard]] virtual Result<std::vector<PersonId>> members(sql::Session& session, const Actor& actor,
                                                                CircleId circle) const = 0;
    // Circles of that kind that she is in or asked into, newest first; not what somebody asked her into of
    // whom she is apart.
    [[nodiscard]] virtual std::vector<CircleId> of(sql::Session& session, const Actor& actor,
                                                   std::string_view kind, Place place, int limit) const = 0;
};

inline constexpr int kMembers = 500;

}  // namespace braid::circles
