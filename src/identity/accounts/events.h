// Facts about people, in the outbox. Ids are their text form (base/id.h).
#pragma once

#include <string>
#include <string_view>

#include "platform/events/json.h"

namespace braid::accounts {

// Somebody has an account now. No name: what a subscriber needs it asks for, and what is erased later must
// not live on in events.
struct PersonJoined {
    static constexpr std::string_view kType = "accounts.person_joined.v1";
    std::string person_id;
    bool by_herself = true;  // false: made by an operator or an import
    template <class F>
    void fields(F& f) {
        f("person_id", person_id);
        f("by_herself", by_herself);
    }
};

// Moderators suspended her, asked her to pause, or changed how her profile is shown; or took that back.
struct StandingChanged {
    static constexpr std::string_view kType = "accounts.standing_changed.v1";
    std::string person_id;
    bool suspended = false;
    std::string face;  // shown, hidden, removed
    template <class F>
    void fields(F& f) {
        f("person_id", person_id);
        f("suspended", suspended);
        f("face", face);
    }
};

struct ProfileChanged {
    static constexpr std::string_view kType = "accounts.profile_changed.v1";
    std::string person_id;
    template <class F>
    void fields(F& f) {
        f("person_id", person_id);
    }
};

struct RolesChanged {
    static constexpr std::string_view kType = "accounts.roles_changed.v1";
    std::string person_id;
    std::string role;
    bool granted = true;
    template <class F>
    void fields(F& f) {
        f("person_id", person_id);
        f("role", role);
        f("granted", granted);
    }
};

// A role of the site, of an organisation or of a space was given or taken, or has ended.
struct ScopedRoleChanged {
    static constexpr std::string_view kType = "accounts.scoped_role_changed.v1";
    std::string person_id;
    std::string role;
    std::string scope;  // "site", "organisation:ID", "space:ID"
    bool granted = true;
    template <class F>
    void fields(F& f) {
        f("person_id", person_id);
        f("role", role);
        f("scope", scope);
        f("granted", granted);
    }
};

struct PasswordChanged {
    static constexpr std::string_view kType = "accounts.password_changed.v1";
    std::string person_id;
    bool by_reset = false;
    template <class F>
    void fields(F& f) {
        f("person_id", person_id);
        f("by_reset", by_reset);
    }
};

}  // namespace braid::accounts

namespace braid::events {

template <class Event>
struct Codec;
template <>
struct Codec<braid::accounts::PersonJoined> : JsonCodec<braid::accounts::PersonJoined> {};
template <>
struct Codec<braid::accounts::StandingChanged> : JsonCodec<braid::accounts::StandingChanged> {};
template <>
struct Codec<braid::accounts::ProfileChanged> : JsonCodec<braid::accounts::ProfileChanged> {};
template <>
struct Codec<braid::accounts::RolesChanged> : JsonCodec<braid::accounts::RolesChanged> {};
template <>
struct Codec<braid::accounts::ScopedRoleChanged> : JsonCodec<braid::accounts::ScopedRoleChanged> {};
template <>
struct Codec<braid::accounts::PasswordChanged> : JsonCodec<braid::accounts::PasswordChanged> {};

}  // namespace braid::events
