// Facts about circles, in the outbox. Ids are their text form; who listens tells people.
#pragma once

#include <string>
#include <string_view>

#include "platform/events/json.h"

namespace braid::circles {

// Somebody is asked; she is not in it before she accepts.
struct PersonInvited {
    static constexpr std::string_view kType = "circles.person_invited.v1";
    std::string circle, kind, subject, person, by;
    template <class F>
    void fields(F& f) {
        f("circle", circle);
        f("kind", kind);
        f("subject", subject);
        f("person", person);
        f("by", by);
    }
};

// It does not open again. what: "alone" (an adult and a minor would be), "left" (nobody stays), "over" (by
// the feature).
struct CircleClosed {
    static constexpr std::string_view kType = "circles.circle_closed.v1";
    std::string circle, kind, subject, why;
    template <class F>
    void fields(F& f) {
        f("circle", circle);
        f("kind", kind);
        f("subject", subject);
        f("why", why);
    }
};

}  // namespace braid::circles

namespace braid::events {

template <class Event>
struct Codec;
template <>
struct Codec<braid::circles::PersonInvited> : JsonCodec<braid::circles::PersonInvited> {};
template <>
struct Codec<braid::circles::CircleClosed> : JsonCodec<braid::circles::CircleClosed> {};

}  // namespace braid::events
