// What happens to people's interests, for whoever listens. Ids are the text form. Interests are private: who
// listens keeps them so.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace braid::events {
template <class Event>
struct Codec;
}

namespace braid::topics {

// An interest of hers is tied to the topic: followed, picked, typed, or understood later.
struct TopicFollowed {
    static constexpr std::string_view kType = "topics.topic_followed.v1";
    std::string topic, person;
    template <class F>
    void fields(F& f) {
        f("topic", topic);
        f("person", person);
    }
};

// One of her interests that were tied to it is gone.
struct TopicUnfollowed {
    static constexpr std::string_view kType = "topics.topic_unfollowed.v1";
    std::string topic, person;
    template <class F>
    void fields(F& f) {
        f("topic", topic);
        f("person", person);
    }
};

}  // namespace braid::topics

template <>
struct braid::events::Codec<braid::topics::TopicFollowed> {
    static std::string to_json(const topics::TopicFollowed& event);
    static Result<topics::TopicFollowed> from_json(std::string_view json);
};
template <>
struct braid::events::Codec<braid::topics::TopicUnfollowed> {
    static std::string to_json(const topics::TopicUnfollowed& event);
    static Result<topics::TopicUnfollowed> from_json(std::string_view json);
};
