// Facts about consent, in the outbox. Ids are their text form; nobody's address is in them.
#pragma once

#include <string>
#include <string_view>

#include "platform/events/json.h"

namespace braid::guardians {

struct ConsentGiven {
    static constexpr std::string_view kType = "guardians.consent_given.v1";
    std::string child_id, guardian_id, recorded_by, method;  // guardian_id, recorded_by: "" when nobody here
    template <class F>
    void fields(F& f) {
        f("child_id", child_id);
        f("guardian_id", guardian_id);
        f("recorded_by", recorded_by);
        f("method", method);
    }
};

// Choices, withdrawal, return, an end: what holds for the child is another now.
struct GuardianDecided {
    static constexpr std::string_view kType = "guardians.guardian_decided.v1";
    std::string child_id, by, what;  // by: "" for somebody without an account
    bool paused = false;
    template <class F>
    void fields(F& f) {
        f("child_id", child_id);
        f("by", by);
        f("what", what);
        f("paused", paused);
    }
};

// She passed the age of consent, or came of age.
struct CameOfAge {
    static constexpr std::string_view kType = "guardians.came_of_age.v1";
    std::string child_id, stage;
    template <class F>
    void fields(F& f) {
        f("child_id", child_id);
        f("stage", stage);
    }
};

}  // namespace braid::guardians

namespace braid::events {

template <class Event>
struct Codec;
template <>
struct Codec<braid::guardians::ConsentGiven> : JsonCodec<braid::guardians::ConsentGiven> {};
template <>
struct Codec<braid::guardians::GuardianDecided> : JsonCodec<braid::guardians::GuardianDecided> {};
template <>
struct Codec<braid::guardians::CameOfAge> : JsonCodec<braid::guardians::CameOfAge> {};

}  // namespace braid::events
