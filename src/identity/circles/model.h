// Who may be together where nobody else listens. Pure.
//
// A circle is the people of one such place: a conversation, the comments on a private draft, a critique, a
// letter, a meeting. It is whole while no minor in it is alone with an adult: where there is an adult and a
// minor, there are two adults at least, and one of them answers for that minor, as a coordinator of the
// place or as her guardian. Everything else here follows from that sentence.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/time.h"
#include "platform/sql/sql.h"

namespace braid::circles {

using access::AgeBand;
using access::PersonId;

// Where somebody stands. `invited`: others want her there, which is nothing yet. `accepted`: she said yes and
// waits, because the circle would not be whole with her; nothing is shown to her. `joined`: she is in it.
enum class Place { invited, accepted, joined, left };

// What counts of a person here and now.
struct Face {
    PersonId person;
    AgeBand band = AgeBand::child;
    bool away = false;  // suspended, or paused by a guardian: she cannot come, so she watches over nobody
    bool coordinates = false;      // an adult who is coordinator of the place or of the site
    std::vector<PersonId> guards;  // minors whose guardian she is
};

// Whether no minor among them is alone with an adult. Who is away is still there as somebody to be protected
// or to be protected from, and not there as somebody who watches.
bool whole(std::span<const Face> together);

// What became of a change.
enum class Change { done, nothing, refused };

// One circle: who stands where. Whatever is done to it in whatever order, `joined` people of an open circle
// are whole by the faces of the last `settle`; may_speak asks again by the faces of now.
class Circle {
  public:
    struct Member {
        Place place = Place::invited;
        PersonId invited_by;
        friend bool operator==(const Member&, const Member&) = default;
    };
    using Faces = std::span<const Face>;

    Circle() = default;
    Circle(std::map<PersonId, Member> members, bool open) : members_(std::move(members)), open_(open) {}

    // Begun by somebody who is in it at once, with others asked. Nothing when it would never be whole, not
    // even when all of them came.
    static std::optional<Circle> begun(PersonId by, std::span<const PersonId> asked, Faces faces);

    // By somebody who is in it. Refused when it would not be whole if everybody asked came, by strangers, and
    // when it is closed. Whoever left can be asked again.
    Change invite(PersonId by, PersonId person, Faces faces);
    // By herself; nobody can do it for her. She joins as soon as the circle is whole with her.
    Change accept(PersonId herself, Faces faces);
    // By herself, or because she is gone. When those who stay are not whole, it closes.
    Change leave(PersonId herself, Faces faces);
    // Time and others have changed who people are: closes what is no longer whole, and lets in who waited.
    Change settle(Faces faces);
    // Because what it was for has ended.
    void close() { open_ = false; }

    [[nodiscard]] bool open() const { return open_; }
    [[nodiscard]] const std::map<PersonId, Member>& members() const { return members_; }
    [[nodiscard]] std::optional<Place> place_of(PersonId person) const;
    [[nodiscard]] std::vector<PersonId> standing(Place place) const;
    // Open, she is in it and not away, and it is whole by these faces: now, not when it was last looked
    // after.
    [[nodiscard]] bool may_speak(PersonId person, Faces faces) const;
    // She is in it and not away. What was said stays readable when it has closed, for who was there to the
    // end.
    [[nodiscard]] bool may_read(PersonId person, Faces faces) const;

  private:
    void let_in(Faces faces);

    std::map<PersonId, Member> members_;
    bool open_ = true;
};

// --- mentors

// What a mentor has shown, each until when it counts; nothing: not shown. What does not run out is given
// kForGood.
inline constexpr Timestamp kForGood{253'370'764'800'000'000};  // 9999-01-01
enum class Step { application, interview, references, clearance, training };
inline constexpr std::size_t kSteps = 5;
using Screening = std::array<std::optional<Timestamp>, kSteps>;

// Everything that a match between a mentor and a learner stands on.
struct MatchFacts {
    Screening screening{};
    bool mentor_role = false;  // holds the role now
    bool mentor_away = false;  // suspended
    AgeBand mentor = AgeBand::child;
    AgeBand learner = AgeBand::child;
    bool guardian_approves = false;  // access::Choice::mentors; for an adult learner it is not asked
    bool learner_agrees = false;
};
// Why a match is not, or no longer: the first that is missing.
enum class Missing {
    nothing,
    application,
    interview,
    references,
    clearance,
    training,
    mentor_role,
    mentor_away,
    mentor_adult,
    learner_agrees,
    guardian_approves
};
// An adult mentor of a minor passes every step. A peer (a minor herself, "older peer" of PRODUCT's words)
// needs application, references and training, and neither the adults' clearance nor an interview alone with
// staff; being no adult, she gets no place that only an adult may fill. A child is nobody's mentor.
Missing missing(const MatchFacts& facts, Timestamp now);
// The moment from which `missing` says otherwise by itself; only for facts with nothing missing at `now`.
Timestamp holds_until(const MatchFacts& facts);

// Proof that a match holds at a moment. Only in_force makes one, and a kind of circle that pairs a mentor
// with a learner cannot be declared without giving it (Kind::pairing).
class MatchInForce;
std::optional<MatchInForce> in_force(const MatchFacts& facts, Timestamp now);
class MatchInForce {
  public:
    [[nodiscard]] Timestamp until() const { return until_; }

  private:
    explicit MatchInForce(Timestamp until) : until_(until) {}
    friend std::optional<MatchInForce> in_force(const MatchFacts&, Timestamp);
    Timestamp until_;
};

}  // namespace braid::circles

template <>
struct braid::sql::EnumNames<braid::circles::Place> {
    static constexpr std::array<std::string_view, 4> names{"invited", "accepted", "joined", "left"};
};
