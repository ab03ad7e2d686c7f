// What may be done in a circle, and by whom.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "access/policy.h"
#include "identity/circles/model.h"

namespace braid::circles {

using access::Actor;
using access::Decision;
using access::Needs;
using access::Scope;

// The circle as the actor finds it.
struct CircleFacts {
    std::vector<Face> together;  // who would be in it: for asking somebody, everybody asked as well
    std::optional<Place> place;  // the actor's
    bool open = true;
    bool away = false;   // the actor cannot come
    bool ground = true;  // what it is for holds: a match in force, a draft that is still there
};

struct BeginCircle {
    static constexpr std::string_view kName = "circles.begin";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::write;
    using Facts = CircleFacts;
};
struct InviteToCircle {
    static constexpr std::string_view kName = "circles.invite";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::write;
    using Facts = CircleFacts;
};
// For herself. Nobody accepts for somebody else, neither a guardian nor staff: there is no such action.
struct AcceptPlace {
    static constexpr std::string_view kName = "circles.accept";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::write;
    using Facts = CircleFacts;
};
// Going, and saying no to an invitation: always, also after it has closed.
struct LeaveCircle {
    static constexpr std::string_view kName = "circles.leave";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::write;
    static constexpr auto kWhileQuiet = access::WhileQuiet::allowed;
    using Facts = CircleFacts;
};
// Saying something there: the store of whoever keeps what is said takes a Present (api.h), which needs this.
struct SpeakInCircle {
    static constexpr std::string_view kName = "circles.speak";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::write;
    using Facts = CircleFacts;
};
struct ReadCircle {
    static constexpr std::string_view kName = "circles.read";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::read;
    using Facts = CircleFacts;
};

Decision decide(const BeginCircle&, const Actor& actor, const CircleFacts& facts);
Decision decide(const InviteToCircle&, const Actor& actor, const CircleFacts& facts);
Decision decide(const AcceptPlace&, const Actor& actor, const CircleFacts& facts);
Decision decide(const LeaveCircle&, const Actor& actor, const CircleFacts& facts);
Decision decide(const SpeakInCircle&, const Actor& actor, const CircleFacts& facts);
Decision decide(const ReadCircle&, const Actor& actor, const CircleFacts& facts);

void add_policies(access::PolicyBook& book);

}  // namespace braid::circles
