// Who is asking, as the policies see it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/id.h"
#include "base/time.h"
#include "platform/sql/sql.h"

namespace braid::access {

using PersonId = Id<struct PersonTag>;

enum class AgeBand { child, teen, adult };  // < 13, 13–17, 18+
enum class Role { learner, mentor, educator, coordinator, guardian, moderator, administrator };
enum class Rating { everyone, teen, mature };

// From which band on somebody may hold a role. Whoever answers for others is of age; a mentor may be an older
// peer, who then gets no place that only an adult may fill.
constexpr AgeBand least_band(Role role) {
    return role == Role::learner ? AgeBand::child : role == Role::mentor ? AgeBand::teen : AgeBand::adult;
}
// Bit per Role that somebody of that band may hold.
constexpr std::uint32_t roles_open_to(AgeBand band) {
    std::uint32_t bits = 0;
    for (const Role role : {Role::learner, Role::mentor, Role::educator, Role::coordinator, Role::guardian,
                            Role::moderator, Role::administrator}) {
        if (least_band(role) <= band) bits |= 1U << static_cast<unsigned>(role);
    }
    return bits;
}

// What the credentials of this request allow: everything for a person at a page, less for an API token.
enum class Scope : std::uint8_t { read = 1, write = 2, account = 4 };

// Whether the account may be used for all it can do. `factor_missing`: it is trusted with others (see
// Actor::trusted), the site asks such accounts for a second factor, and this request did not come through
// one.
enum class Standing : std::uint8_t { complete, factor_missing };

// What the guardians of a minor decide for her.
enum class Choice {
    publish,         // show works to people who are signed in
    publish_openly,  // show works to everyone
    comment,         // write comments
    be_listed,       // be found by visitors: profile, lists of people
    mentors,         // be written to by mentors
};
inline constexpr std::size_t kChoices = 5;

// A set of choices: those that are allowed, or those that are denied.
struct Choices {
    std::uint32_t bits = 0;
    static constexpr Choices all() { return {(1U << kChoices) - 1}; }
    [[nodiscard]] constexpr bool has(Choice choice) const {
        return (bits >> static_cast<unsigned>(choice) & 1U) != 0;
    }
    [[nodiscard]] constexpr Choices with(Choice choice) const {
        return {bits | 1U << static_cast<unsigned>(choice)};
    }
    [[nodiscard]] constexpr Choices without(Choice choice) const {
        return {bits & ~(1U << static_cast<unsigned>(choice))};
    }
    [[nodiscard]] constexpr Choices others() const { return {~bits & all().bits}; }
    friend constexpr Choices operator&(Choices a, Choices b) { return {a.bits & b.bits}; }
    friend constexpr bool operator==(Choices, Choices) = default;
};

struct Actor {
    std::optional<PersonId> person;  // nothing: a visitor
    AgeBand band =
        AgeBand::child;       // a visitor's age is not known, so a visitor counts as a child for ratings
    std::uint32_t roles = 0;  // bit per Role
    std::uint8_t scopes = 7;
    Standing standing = Standing::complete;
    // Asked by moderators to pause: nothing that others would read until then. Nothing: no pause runs now.
    std::optional<Timestamp> quiet_until = {};
    Choices denied = {};  // what her guardians keep from her
    // Whether there may be people of whom she sees nothing (identity/blocks). False spares looking.
    bool may_be_apart = true;

    // Whether her guardians leave it to her; whether anything else forbids it is the policy's to say.
    [[nodiscard]] bool may(Choice choice) const { return !denied.has(choice); }
    [[nodiscard]] bool signed_in() const { return person.has_value(); }
    [[nodiscard]] bool is(PersonId id) const { return person == id; }
    [[nodiscard]] bool has(Role role) const { return (roles >> static_cast<unsigned>(role) & 1U) != 0; }
    [[nodiscard]] bool staff() const { return has(Role::moderator) || has(Role::administrator); }
    // Whether the account opens what belongs to others: whose loss would hurt more than its owner.
    [[nodiscard]] bool trusted() const { return staff() || has(Role::coordinator); }
    [[nodiscard]] bool allows(Scope scope) const { return (scopes & static_cast<std::uint8_t>(scope)) != 0; }
    [[nodiscard]] bool minor() const { return band != AgeBand::adult; }
    // The highest rating that may appear for this actor anywhere: lists, counts, search. As a number for SQL:
    // rating <= ceiling.
    [[nodiscard]] Rating rating_ceiling() const {
        return !signed_in() || band == AgeBand::child ? Rating::everyone
               : band == AgeBand::teen                ? Rating::teen
                                                      : Rating::mature;
    }
};

std::string_view name(AgeBand band);
std::string_view name(Role role);

}  // namespace braid::access

template <>
struct braid::sql::EnumNames<braid::access::AgeBand> {
    static constexpr std::array<std::string_view, 3> names{"child", "teen", "adult"};
};
template <>
struct braid::sql::EnumNames<braid::access::Choice> {
    static constexpr std::array<std::string_view, braid::access::kChoices> names{
        "publish", "publish_openly", "comment", "be_listed", "mentors"};
};
template <>
struct braid::sql::EnumNames<braid::access::Role> {
    static constexpr std::array<std::string_view, 7> names{
        "learner", "mentor", "educator", "coordinator", "guardian", "moderator", "administrator"};
};
