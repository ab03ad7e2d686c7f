// Facts about coming in and going out. None of them says where from.
#pragma once

#include <string>
#include <string_view>

#include "platform/events/json.h"

namespace braid::sessions {

// Somebody signed in, by password or by having just joined.
struct SignedIn {
    static constexpr std::string_view kType = "sessions.signed_in.v1";
    std::string person_id;
    std::string session_id;
    template <class F>
    void fields(F& f) {
        f("person_id", person_id);
        f("session_id", session_id);
    }
};

}  // namespace braid::sessions

namespace braid::events {

template <class Event>
struct Codec;
template <>
struct Codec<braid::sessions::SignedIn> : JsonCodec<braid::sessions::SignedIn> {};

}  // namespace braid::events
