// The rules of consent that need no storage. Pure.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "identity/accounts/api.h"
#include "identity/guardians/api.h"

namespace braid::guardians {

// What her age leaves a guardian to do.
enum class Stage {
    consent,  // below the age of consent: guardians decide
    company,  // she decides; a guardian she keeps sees the page and is asked about mentors
    none,     // of age: no ties
};
Stage stage_at(accounts::BirthMonth birth, int consent_age, Timestamp now);
// When the stage next changes; 0 when it will not.
Timestamp next_stage_at(accounts::BirthMonth birth, int consent_age, Timestamp now);

// One guardian's say.
struct Say {
    Choices choices;
    bool withdrawn = false;
};
// What all of them together come to. The narrower choice holds: each guardian can narrow, and none can widen
// what another keeps narrow. With nobody's consent, or with one taken back, the account is paused. In company
// only their word on mentors counts.
Verdict verdict_of(Stage stage, std::span<const Say> says);

// Publishing to everyone includes publishing.
Choices tidy(Choices choices);
// What a consent begins with, until the guardian chooses: the narrow ones.
Choices narrow_choices();

// Ways to consent. Another one is a row here with the use case that proves it.
struct MethodRules {
    Method method;
    Purpose purpose;
    Choices widest;        // more cannot be allowed by it
    bool staff = false;    // recorded by staff
    bool account = false;  // the guardian is a person here
};
std::span<const MethodRules> methods();
const MethodRules& rules_of(Method method);

}  // namespace braid::guardians
