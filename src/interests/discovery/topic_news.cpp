#include "interests/discovery/topic_news.h"

#include <algorithm>

namespace braid::discovery {

namespace {
constexpr std::size_t kNews = 4, kTopicsShown = 8;
}

TopicNews topic_news(sql::Session& session, const works::Actor& actor, std::string_view language,
                     const topics::Interests& interests, const works::Library& library,
                     const accounts::People& people) {
    TopicNews news;
    if (!actor.person) return news;
    for (topics::ShownInterest& one : interests.shown_to(session, actor, *actor.person, language)) {
        news.any = true;
        if (one.topic && news.mine.size() < kTopicsShown) news.mine.push_back(std::move(one));
    }
    const auto fresh = interests.news(session, actor, language, kNews);
    std::vector<works::WorkId> ids;
    for (const topics::NewInTopic& one : fresh)
        ids.push_back(works::WorkId{one.work});
    for (reading::WorkLine& line :
         reading::with_authors(session, actor, people, library.works(session, actor, ids))) {
        const auto found = std::ranges::find(fresh, line.card.id.value, &topics::NewInTopic::work);
        if (found == fresh.end()) continue;
        news.works.push_back(
            {std::move(line), "/topics/" + found->topic.text(), found->label, found->language});
    }
    return news;
}

}  // namespace braid::discovery
