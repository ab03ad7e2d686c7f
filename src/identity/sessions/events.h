// Facts about coming in and going out. None of them says where from.
#pragma once

#include <string>
#include <string_view>

#include "platform/events/events.h"

namespace braid::sessions {

// Somebody signed in, by password or by having just joined.
struct SignedIn {
    static constexpr std::string_view kType = "sessions.signed_in.v1";
    std::string person_id;
    std::string session_id;
};

}  // namespace braid::sessions

template <>
struct braid::events::Codec<braid::sessions::SignedIn> {
    static std::string to_json(const braid::sessions::SignedIn& event);
    static Result<braid::sessions::SignedIn> from_json(std::string_view json);
};
