// Home: what is new in the topics somebody cares about.
#pragma once

#include "interests/discovery/views.h"

namespace braid::discovery {

// Of the actor's own interests alone; works as lists would show them to her.
TopicNews topic_news(sql::Session& session, const works::Actor& actor, std::string_view language,
                     const topics::Interests& interests, const works::Library& library,
                     const accounts::People& people);

}  // namespace braid::discovery
