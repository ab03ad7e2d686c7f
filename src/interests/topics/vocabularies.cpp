#include "interests/topics/vocabularies.h"

#include "interests/topics/store.h"

namespace braid::topics {

Vocabulary read_vocabulary(sql::Session& session) {
    return {store::version(session), store::topics(session), store::labels(session),
            store::relations(session)};
}

std::shared_ptr<const Vocabulary> Vocabularies::current() {
    auto held = current_.load();
    if (held != nullptr) return held;
    refresh();
    return current_.load();
}

bool Vocabularies::refresh() {
    const std::lock_guard lock(reading_);
    const auto held = current_.load();
    return database_.read([&](sql::Reader& reader) {
        if (held != nullptr && held->version() == store::version(reader)) return false;
        current_.store(std::make_shared<const Vocabulary>(read_vocabulary(reader)));
        return true;
    });
}

Exported exported(sql::Session& session, std::string site) {
    return {.site = std::move(site),
            .topics = store::topics(session),
            .labels = store::labels(session),
            .relations = store::relations(session),
            .notes = store::notes(session)};
}

Exported exported(sql::Session& session, std::string site, const Vocabulary& vocabulary, TopicId topic) {
    Exported one{.site = std::move(site)};
    const auto current = vocabulary.current(topic);
    if (!current) return one;
    if (*current != topic) {
        one.topics.push_back({topic, {}, *current});
        return one;
    }
    one.topics.push_back({topic, std::string(vocabulary.uri(topic)), TopicId{}});
    one.labels = store::labels_of(session, topic);
    for (const TopicId other : vocabulary.broader(topic))
        one.relations.push_back({topic, Relation::broader, other});
    for (const TopicId other : vocabulary.related(topic))
        one.relations.push_back({topic, Relation::related, other});
    one.notes = store::notes_of(session, topic);
    return one;
}

}  // namespace braid::topics
