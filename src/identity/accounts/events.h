// Facts about people. Includes only base and the codec's declaration; ids as text.
#pragma once

#include <string>
#include <string_view>

#include "platform/events/events.h"

namespace braid::accounts {

// Somebody has an account now. No name: what a subscriber needs it asks for, and what is erased later must
// not live on in events.
struct PersonJoined {
    static constexpr std::string_view kType = "accounts.person_joined.v1";
    std::string person_id;
    bool by_herself = true;  // false: made by an operator or an import
};

struct ProfileChanged {
    static constexpr std::string_view kType = "accounts.profile_changed.v1";
    std::string person_id;
};

struct RolesChanged {
    static constexpr std::string_view kType = "accounts.roles_changed.v1";
    std::string person_id;
    std::string role;
    bool granted = true;
};

struct PasswordChanged {
    static constexpr std::string_view kType = "accounts.password_changed.v1";
    std::string person_id;
    bool by_reset = false;
};

}  // namespace braid::accounts

template <>
struct braid::events::Codec<braid::accounts::PersonJoined> {
    static std::string to_json(const braid::accounts::PersonJoined& event);
    static Result<braid::accounts::PersonJoined> from_json(std::string_view json);
};
template <>
struct braid::events::Codec<braid::accounts::ProfileChanged> {
    static std::string to_json(const braid::accounts::ProfileChanged& event);
    static Result<braid::accounts::ProfileChanged> from_json(std::string_view json);
};
template <>
struct braid::events::Codec<braid::accounts::RolesChanged> {
    static std::string to_json(const braid::accounts::RolesChanged& event);
    static Result<braid::accounts::RolesChanged> from_json(std::string_view json);
};
template <>
struct braid::events::Codec<braid::accounts::PasswordChanged> {
    static std::string to_json(const braid::accounts::PasswordChanged& event);
    static Result<braid::accounts::PasswordChanged> from_json(std::string_view json);
};
