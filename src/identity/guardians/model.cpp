#include "identity/guardians/model.h"

namespace braid::guardians {

using access::Choice;

namespace {

constexpr int kOfAge = 18;
constexpr Choices kEducation = Choices{}.with(Choice::publish).with(Choice::comment);
constexpr Choices kMentors = Choices{}.with(Choice::mentors);

constexpr MethodRules kMethods[] = {
    {Method::email_plus, Purpose::everything, Choices::all()},
    {Method::account, Purpose::everything, Choices::all(), false, true},
    {Method::signed_form, Purpose::everything, Choices::all(), true},
    {Method::school, Purpose::education, kEducation, true},
    {Method::accepted, Purpose::everything, Choices::all(), false, true},
};

}  // namespace

Stage stage_at(accounts::BirthMonth birth, int consent_age, Timestamp now) {
    const int age = accounts::certain_age(birth, now);
    if (age >= kOfAge) return Stage::none;
    return age < consent_age ? Stage::consent : Stage::company;
}

Timestamp next_stage_at(accounts::BirthMonth birth, int consent_age, Timestamp now) {
    switch (stage_at(birth, consent_age, now)) {
        case Stage::consent:
            return accounts::reaches_age(birth, consent_age);
        case Stage::company:
            return accounts::reaches_age(birth, kOfAge);
        case Stage::none:
            return Timestamp{};
    }
    return Timestamp{};
}

Verdict verdict_of(Stage stage, std::span<const Say> says) {
    if (stage == Stage::none) return {Choices::all(), false};
    Choices all = Choices::all();
    bool withdrawn = says.empty();
    for (const Say& say : says) {
        all = all & tidy(say.choices);
        withdrawn = withdrawn || say.withdrawn;
    }
    if (stage == Stage::consent) return {all, withdrawn};
    const bool mentors = says.empty() || all.has(Choice::mentors);
    return {mentors ? Choices::all() : Choices::all() & kMentors.others(), false};
}

Choices tidy(Choices choices) {
    choices = choices & Choices::all();
    return choices.has(Choice::publish) ? choices : choices.without(Choice::publish_openly);
}

Choices narrow_choices() {
    return kEducation;
}

std::span<const MethodRules> methods() {
    return kMethods;
}

const MethodRules& rules_of(Method method) {
    return kMethods[static_cast<std::size_t>(method)];
}

}  // namespace braid::guardians
