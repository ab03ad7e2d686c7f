#include "identity/circles/policy.h"

#include "platform/i18n/i18n.h"

namespace braid::circles {

namespace {

Decision never_alone() {
    return Decision::refuse(_msg("circles.never_alone"), "a minor would be alone with an adult");
}
Decision closed() {
    return Decision::refuse(_msg("circles.closed"), "closed, or no longer whole");
}
Decision ground_gone() {
    return Decision::refuse(_msg("circles.paused"), "what it is for does not hold now");
}
Decision stranger() {
    return Decision::hide("not in the circle");
}

bool joined(const CircleFacts& facts) {
    return facts.place == Place::joined && !facts.away;
}

Decision guardian_keeps() {
    return Decision::refuse(_msg("circles.guardian_keeps"), "kept by a guardian");
}

}  // namespace

Decision decide(const BeginCircle&, const Actor& actor, const CircleFacts& facts) {
    if (!facts.ground) return ground_gone();
    if (!actor.may(access::Choice::comment)) return guardian_keeps();
    return whole(facts.together) ? Decision::allow() : never_alone();
}

Decision decide(const InviteToCircle&, const Actor&, const CircleFacts& facts) {
    if (!joined(facts)) return stranger();
    if (!facts.open) return closed();
    if (!facts.ground) return ground_gone();
    return whole(facts.together) ? Decision::allow() : never_alone();
}

Decision decide(const AcceptPlace&, const Actor& actor, const CircleFacts& facts) {
    if (!facts.place || *facts.place == Place::left) return stranger();
    if (!facts.open) return closed();
    if (!facts.ground) return ground_gone();
    return actor.may(access::Choice::comment) ? Decision::allow() : guardian_keeps();
}

Decision decide(const LeaveCircle&, const Actor&, const CircleFacts& facts) {
    return facts.place && *facts.place != Place::left ? Decision::allow() : stranger();
}

Decision decide(const SpeakInCircle&, const Actor& actor, const CircleFacts& facts) {
    if (!joined(facts)) return stranger();
    if (!facts.open || !whole(facts.together)) return closed();
    if (!facts.ground) return ground_gone();
    return actor.may(access::Choice::comment) ? Decision::allow() : guardian_keeps();
}

Decision decide(const ReadCircle&, const Actor&, const CircleFacts& facts) {
    return joined(facts) ? Decision::allow() : stranger();
}

namespace {

constexpr PersonId kAdult{990'000'001}, kTeen{990'000'002}, kCoordinator{990'000'003}, kGuardian{990'000'004};

Face herself(const Actor& actor) {
    return {.person = actor.person.value_or(PersonId{1}), .band = actor.band};
}
Face adult() {
    return {.person = kAdult, .band = AgeBand::adult};
}
Face teen() {
    return {.person = kTeen, .band = AgeBand::teen};
}
Face coordinator() {
    return {.person = kCoordinator, .band = AgeBand::adult, .coordinates = true};
}
Face guardian_of(PersonId minor) {
    return {.person = kGuardian, .band = AgeBand::adult, .guards = {minor}};
}

using Samples = std::vector<std::pair<std::string, std::function<CircleFacts(const Actor&)>>>;

CircleFacts facts(std::vector<Face> together, std::optional<Place> place) {
    return {.together = std::move(together), .place = place};
}

// The same companies for every action that asks for one.
Samples companies(std::optional<Place> place) {
    return {
        {"with one adult",
         [=](const Actor& a) {
             return facts({herself(a), adult()}, place);
         }},
        {"with one teen",
         [=](const Actor& a) {
             return facts({herself(a), teen()}, place);
         }},
        {"with one adult and a coordinator there",
         [=](const Actor& a) {
             return facts({herself(a), adult(), coordinator()}, place);
         }},
        {"with one teen and a coordinator there",
         [=](const Actor& a) {
             return facts({herself(a), teen(), coordinator()}, place);
         }},
        {"with one coordinator there",
         [=](const Actor& a) {
             return facts({herself(a), coordinator()}, place);
         }},
        {"with one teen and the teen's guardian",
         [=](const Actor& a) {
             return facts({herself(a), teen(), guardian_of(kTeen)}, place);
         }},
        {"with one adult and her own guardian",
         [=](const Actor& a) {
             return facts({herself(a), adult(), guardian_of(a.person.value_or(PersonId{1}))}, place);
         }},
        {"with one adult and a coordinator there who is suspended",
         [=](const Actor& a) {
             Face gone = coordinator();
             gone.away = true;
             return facts({herself(a), adult(), gone}, place);
         }},
    };
}

CircleFacts alone(const Actor& actor, std::optional<Place> place) {
    return facts({herself(actor)}, place);
}

}  // namespace

void add_policies(access::PolicyBook& book) {
    const auto placed = [](std::optional<Place> place) {
        return [place](const Actor& actor) { return alone(actor, place); };
    };
    const auto over = [](std::optional<Place> place) {
        return [place](const Actor& actor) {
            CircleFacts facts = alone(actor, place);
            facts.open = false;
            return facts;
        };
    };
    const auto groundless = [](std::optional<Place> place) {
        return [place](const Actor& actor) {
            CircleFacts facts = alone(actor, place);
            facts.ground = false;
            return facts;
        };
    };
    Samples beginning = companies(std::nullopt);
    beginning.emplace_back("while what it is for does not hold", groundless(std::nullopt));
    book.add<BeginCircle>(beginning);
    Samples inviting = companies(Place::joined);
    inviting.emplace_back("being asked herself", placed(Place::invited));
    inviting.emplace_back("a stranger to it", placed(std::nullopt));
    inviting.emplace_back("closed", over(Place::joined));
    book.add<InviteToCircle>(inviting);
    book.add<AcceptPlace>({{"being asked", placed(Place::invited)},
                           {"not being asked", placed(std::nullopt)},
                           {"having left", placed(Place::left)},
                           {"closed", over(Place::invited)},
                           {"while what it is for does not hold", groundless(Place::invited)}});
    book.add<LeaveCircle>({{"being in it", placed(Place::joined)},
                           {"being asked", placed(Place::invited)},
                           {"closed", over(Place::joined)},
                           {"a stranger to it", placed(std::nullopt)}});
    Samples speaking = companies(Place::joined);
    speaking.emplace_back("being asked", placed(Place::invited));
    speaking.emplace_back("having accepted, while it would not be whole with her", placed(Place::accepted));
    speaking.emplace_back("a stranger to it", placed(std::nullopt));
    speaking.emplace_back("closed", over(Place::joined));
    speaking.emplace_back("while what it is for does not hold", groundless(Place::joined));
    book.add<SpeakInCircle>(speaking);
    book.also<SpeakInCircle>(
        "in her circle, and her guardian keeps writing from her",
        [](Actor& actor) { actor.denied = actor.denied.with(access::Choice::comment); },
        placed(Place::joined));
    book.add<ReadCircle>({{"being in it", placed(Place::joined)},
                          {"closed, having been there to the end", over(Place::joined)},
                          {"having left", placed(Place::left)},
                          {"being asked", placed(Place::invited)},
                          {"a stranger to it", placed(std::nullopt)}});
}

}  // namespace braid::circles
