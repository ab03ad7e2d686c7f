// Facts about moderation, in the outbox. Ids are their text form (base/id.h); no words and no reporter in any
// of them.
#pragma once

#include <string>
#include <string_view>

#include "platform/events/json.h"

namespace braid::moderation {

// A case was opened, by a report or a first post.
struct CaseOpened {
    static constexpr std::string_view kType = "moderation.case_opened.v1";
    std::string case_id, kind, category;
    template <class F>
    void fields(F& f) {
        f("case_id", case_id);
        f("kind", kind);
        f("category", category);
    }
};

// A decision came into force, ended, was lifted or overturned.
struct DecisionChanged {
    static constexpr std::string_view kType = "moderation.decision_changed.v1";
    std::string decision, subject, measure, state;
    template <class F>
    void fields(F& f) {
        f("decision", decision);
        f("subject", subject);
        f("measure", measure);
        f("state", state);
    }
};

}  // namespace braid::moderation

namespace braid::events {

template <class Event>
struct Codec;
template <>
struct Codec<braid::moderation::CaseOpened> : JsonCodec<braid::moderation::CaseOpened> {};
template <>
struct Codec<braid::moderation::DecisionChanged> : JsonCodec<braid::moderation::DecisionChanged> {};

}  // namespace braid::events
