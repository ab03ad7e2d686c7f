#include "interests/topics/service.h"

#include <algorithm>

#include "base/text.h"
#include "interests/topics/events.h"
#include "interests/topics/folding.h"
#include "platform/i18n/i18n.h"

namespace braid::topics {

namespace {

constexpr int kSortedAtOnce = 100;

constexpr std::int64_t kOften = 3, kVeryOften = 8;
constexpr std::size_t kTopicsLookedAt = 20;

std::string follow_key(TopicId topic) {
    return "topic:" + topic.text();
}

}  // namespace

std::vector<Interest> Service::mine(sql::Session& session, const Actor& actor,
                                    std::string_view language) const {
    std::vector<Interest> list;
    if (!actor.person) return list;
    const auto vocabulary = vocabularies_.current();
    const auto acts = store::acts(session, *actor.person);
    for (store::InterestRow& row : store::interests(session, *actor.person)) {
        const auto topic = vocabulary->current(row.topic).value_or(TopicId{});
        Interest one{
            .id = row.id, .typed = row.typed, .topic = topic, .shown = row.shown, .made_at = row.made_at};
        const auto done = std::ranges::find(acts, topic, &store::ActCount::topic);
        one.acts = topic && done != acts.end() ? static_cast<int>(done->acts) : 0;
        one.said = row.strength;
        one.strength = row.strength != 0 ? row.strength : grown_strength(one.acts);
        one.label = topic ? vocabulary->label(topic, language) : row.typed;
        one.language = topic ? vocabulary->language_of(topic, language) : std::string(language);
        list.push_back(std::move(one));
    }
    return list;
}

int grown_strength(std::int64_t acts) {
    return acts >= kVeryOften ? 3 : acts >= kOften ? 2 : 1;
}

Result<void> Service::set_strength(const Actor& actor, InterestId id, int strength) {
    if (strength < 0 || strength > 3) return invalid("strength", _msg("topics.no_such_strength"));
    const auto permit = TRY(access::permit<KeepInterests>(actor, {}));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        if (!store::interest(tx, *actor.person, id)) return not_found("no such interest of hers");
        store::set_strength(tx, permit, id, strength);
        return success();
    });
}

std::vector<NewInTopic> Service::news(sql::Session& session, const Actor& actor, std::string_view language,
                                      std::size_t limit) const {
    std::vector<NewInTopic> found;
    if (!actor.person) return found;
    auto interests = mine(session, actor, language);
    std::erase_if(interests, [](const Interest& one) { return !one.topic; });
    std::ranges::stable_sort(interests, std::ranges::greater{}, &Interest::strength);
    if (interests.size() > kTopicsLookedAt) interests.resize(kTopicsLookedAt);
    struct Line {
        store::HubLine hub;
        const Interest* interest = nullptr;
    };
    std::vector<Line> lines;
    for (const Interest& one : interests)
        for (const auto& hub : store::hub_of_others(session, actor, one.topic, static_cast<int>(limit)))
            if (std::ranges::none_of(lines, [&](const Line& line) { return line.hub.work == hub.work; }))
                lines.push_back({hub, &one});
    std::ranges::stable_sort(
        lines, [](const Line& a, const Line& b) { return a.hub.updated_at > b.hub.updated_at; });
    for (const Line& line : lines) {
        if (found.size() == limit) break;
        found.push_back(
            {line.hub.work.value, line.interest->topic, line.interest->label, line.interest->language});
    }
    return found;
}

Result<Added> Service::add(const Actor& actor, std::string_view typed, std::string_view language,
                           std::optional<TopicId> chosen) {
    typed = trim(typed);
    if (typed.empty() || !is_valid_utf8(typed)) return invalid("typed", _msg("topics.type_something"));
    if (count_code_points(typed) > kLongestInterest) return invalid("typed", _msg("topics.too_long"));
    const std::string folded = fold(typed);
    const auto vocabulary = vocabularies_.current();
    const auto permit = TRY(access::permit<KeepInterests>(actor, {}));
    Added added;
    return database_.write([&](sql::Tx& tx) -> Result<Added> {
        const auto there = store::interest_typed(tx, *actor.person, folded);
        if (!there && store::count_interests(tx, *actor.person) >= kMostInterests)
            return conflict(_msg("topics.too_many"));
        added = {};
        TopicId topic = there ? there->topic : TopicId{};
        if (chosen) {
            const auto current = vocabulary->current(*chosen);
            if (*chosen && !current) return not_found("no such topic");
            topic = current.value_or(TopicId{});
            added.outcome = topic ? Outcome::resolved : Outcome::unknown;
        } else if (!topic) {
            std::vector<TopicId> beside;
            for (const store::InterestRow& row : store::interests(tx, *actor.person))
                if (row.topic) beside.push_back(row.topic);
            Resolution found = vocabulary->resolve(typed, language, beside);
            added.outcome = found.outcome;
            added.candidates = std::move(found.candidates);
            if (found.outcome == Outcome::ambiguous) return added;
            topic = found.topic;
        } else {
            added.outcome = Outcome::resolved;
        }
        store::InterestRow row{.id = there ? there->id : ids_.make<InterestId>(),
                               .typed = std::string(typed),
                               .folded = folded,
                               .topic = topic,
                               .made_at = clock_.now()};
        store::put_interest(tx, permit, row);
        if (topic && (!there || there->topic != topic))
            outbox_.append(tx, TopicFollowed{.topic = topic.text(), .person = actor.person->text()});
        added.interest = row.id;
        return added;
    });
}

Result<void> Service::follow(const Actor& actor, TopicId topic, How how) {
    const auto vocabulary = vocabularies_.current();
    const auto current = vocabulary->current(topic);
    if (!current) return not_found("no such topic");
    const auto permit = TRY(access::permit<KeepInterests>(actor, {}));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        if (follows(tx, actor, *current)) return success();
        if (store::count_interests(tx, *actor.person) >= kMostInterests)
            return conflict(_msg("topics.too_many"));
        store::put_interest(tx, permit,
                            {.id = ids_.make<InterestId>(),
                             .typed = vocabulary->label(*current, "en"),
                             .folded = follow_key(*current),
                             .topic = *current,
                             .how = how,
                             .made_at = clock_.now()});
        outbox_.append(tx, TopicFollowed{.topic = current->text(), .person = actor.person->text()});
        return success();
    });
}

void Service::drop(sql::Tx& tx, const access::Permit<KeepInterests>& permit, const store::InterestRow& row) {
    store::delete_interest(tx, permit, row.id);
    if (row.topic)
        outbox_.append(tx,
                       TopicUnfollowed{.topic = row.topic.text(), .person = permit.actor().person->text()});
}

Result<void> Service::unfollow(const Actor& actor, TopicId topic) {
    const auto vocabulary = vocabularies_.current();
    const auto current = vocabulary->current(topic);
    if (!current) return not_found("no such topic");
    const auto permit = TRY(access::permit<KeepInterests>(actor, {}));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        for (const store::InterestRow& row : store::interests(tx, *actor.person))
            if (vocabulary->current(row.topic) == current) drop(tx, permit, row);
        return success();
    });
}

Result<void> Service::remove(const Actor& actor, InterestId id) {
    const auto permit = TRY(access::permit<KeepInterests>(actor, {}));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto row = store::interest(tx, *actor.person, id);
        if (!row) return not_found("no such interest of hers");
        drop(tx, permit, *row);
        return success();
    });
}

Result<void> Service::show(const Actor& actor, InterestId id, Shown shown) {
    const auto permit = TRY(access::permit<KeepInterests>(actor, {}));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        if (!store::interest(tx, *actor.person, id)) return not_found("no such interest of hers");
        store::show_interests(tx, permit, id, shown);
        return success();
    });
}

bool Service::follows(sql::Session& session, const Actor& actor, TopicId topic) const {
    if (!actor.person) return false;
    const auto vocabulary = vocabularies_.current();
    const auto current = vocabulary->current(topic);
    if (!current) return false;
    return std::ranges::any_of(store::interests(session, *actor.person), [&](const store::InterestRow& row) {
        return row.topic && vocabulary->current(row.topic) == current;
    });
}

std::vector<TopicId> Service::topics_of(sql::Session& session, access::PersonId person) const {
    const auto vocabulary = vocabularies_.current();
    std::vector<TopicId> list;
    for (const store::InterestRow& row : store::interests(session, person)) {
        const auto topic = vocabulary->current(row.topic);
        if (topic && std::ranges::find(list, *topic) == list.end()) list.push_back(*topic);
    }
    return list;
}

std::vector<ShownInterest> Service::shown_to(sql::Session& session, const Actor& actor,
                                             access::PersonId person, std::string_view language) const {
    const auto vocabulary = vocabularies_.current();
    std::vector<ShownInterest> list;
    for (store::InterestRow& row : store::interests(session, person)) {
        const bool visible = actor.is(person) || (row.shown == Shown::signed_in && actor.signed_in());
        if (!visible) continue;
        const auto topic = vocabulary->current(row.topic).value_or(TopicId{});
        if (topic && std::ranges::find(list, topic, &ShownInterest::topic) != list.end()) continue;
        list.push_back({topic, topic ? vocabulary->label(topic, language) : std::move(row.typed)});
    }
    return list;
}

std::string Service::label(TopicId topic, std::string_view language) const {
    const auto vocabulary = vocabularies_.current();
    const auto current = vocabulary->current(topic);
    return current ? vocabulary->label(*current, language) : std::string();
}

std::vector<TopicId> Service::meant(sql::Session& session, const works::Tag& tag,
                                    std::string_view spoken) const {
    return meant(tag, spoken, store::tag_meanings(session, {&tag, 1}));
}

std::vector<TopicId> Service::meant(const works::Tag& tag, std::string_view spoken,
                                    std::span<const store::TagMeaning> said) const {
    const auto vocabulary = vocabularies_.current();
    std::vector<TopicId> topics;
    bool any = false;
    for (const store::TagMeaning& one : said) {
        if (one.tag != tag.key) continue;
        any = true;
        if (const auto topic = vocabulary->current(one.topic)) topics.push_back(*topic);
    }
    if (any) return topics;
    const Resolution found = vocabulary->resolve(tag.label, spoken);
    if (found.outcome == Outcome::resolved) topics.push_back(found.topic);
    return topics;
}

std::vector<MeantTopic> Service::meaning_of(sql::Session& session, const Actor& actor, const works::Tag& tag,
                                            std::string_view spoken, std::string_view language) const {
    const auto vocabulary = vocabularies_.current();
    std::vector<MeantTopic> list;
    for (const TopicId topic : meant(session, tag, spoken))
        list.push_back({topic, vocabulary->label(topic, language), vocabulary->language_of(topic, language),
                        follows(session, actor, topic)});
    return list;
}

std::vector<std::string> Service::hubs_of(sql::Session& session, std::span<const works::Tag> tags,
                                          std::string_view spoken) const {
    const auto said = store::tag_meanings(session, tags);
    std::vector<std::string> hubs;
    for (const works::Tag& tag : tags) {
        const auto topics = meant(tag, spoken, said);
        hubs.push_back(topics.size() == 1 ? "/topics/" + topics.front().text() : std::string());
    }
    return hubs;
}

void Service::sort_work(sql::Tx& tx, works::WorkId id) {
    store::forget_work(tx, id);
    const auto work = store::work(tx, id);
    if (!work) return;
    const auto vocabulary = vocabularies_.current();
    std::vector<TopicId> topics;
    std::vector<works::Tag> unsure, open;
    for (works::Tag& tag : works::unpack_tags(work->tags)) {
        if (const auto said = store::tag_meaning(tx, tag.key); !said.empty()) {
            for (const TopicId one : said)
                if (const auto topic = vocabulary->current(one)) topics.push_back(*topic);
            continue;
        }
        const Resolution found = vocabulary->resolve(tag.label, work->language);
        if (found.outcome == Outcome::resolved) {
            topics.push_back(found.topic);
        } else {
            (found.outcome == Outcome::ambiguous ? unsure : open).push_back(std::move(tag));
        }
    }
    // What means two things is told by what stands beside it.
    const std::vector<TopicId> beside = topics;
    for (works::Tag& tag : unsure) {
        const Resolution found = vocabulary->resolve(tag.label, work->language, beside);
        if (found.outcome == Outcome::resolved) {
            topics.push_back(found.topic);
        } else {
            open.push_back(std::move(tag));
        }
    }
    std::vector<store::WorkTopic> rows;
    for (const TopicId topic : topics) {
        for (const TopicId up : vocabulary->with_broader(topic)) {
            const auto there = std::ranges::find(rows, up, &store::WorkTopic::topic);
            if (there == rows.end()) {
                rows.push_back({up, up == topic});
            } else if (up == topic) {
                there->direct = true;
            }
        }
    }
    store::put_work(tx, *work, vocabulary->version(), rows, open);
}

void Service::sort_tag(std::string_view tag) {
    const auto ids = database_.read(
        [&](sql::Reader& reader) { return store::works_with_tag(reader, tag, 2 * kSortedAtOnce); });
    for (const works::WorkId id : ids) {
        const auto done = database_.write([&](sql::Tx& tx) -> Result<void> {
            sort_work(tx, id);
            return success();
        });
        if (!done.ok()) return;
    }
}

int Service::catch_up(int limit) {
    vocabularies_.refresh();
    const auto version = vocabularies_.current()->version();
    if (tied_for_.exchange(version) != version) tie_waiting();
    int sorted = 0;
    while (sorted < limit) {
        const auto ids = database_.read([&](sql::Reader& reader) {
            return store::out_of_date(reader, version, std::min(kSortedAtOnce, limit - sorted));
        });
        if (ids.empty()) break;
        const auto done = database_.write([&](sql::Tx& tx) -> Result<void> {
            for (const works::WorkId id : ids)
                sort_work(tx, id);
            return success();
        });
        if (!done.ok()) break;
        sorted += static_cast<int>(ids.size());
        if (vocabularies_.current()->version() != version) break;
    }
    return sorted;
}

void Service::tie_waiting() {
    const auto vocabulary = vocabularies_.current();
    InterestId last{0};
    for (;;) {
        const auto waiting =
            database_.read([&](sql::Reader& reader) { return store::open_interests(reader, last, 500); });
        if (waiting.empty()) return;
        last = waiting.back().id;
        struct Found {
            store::OpenInterest interest;
            TopicId topic;
        };
        std::vector<Found> found;
        for (const store::OpenInterest& one : waiting) {
            const Resolution resolution = vocabulary->resolve(one.typed, "en");
            if (resolution.outcome == Outcome::resolved) found.push_back({one, resolution.topic});
        }
        if (found.empty()) continue;
        const auto done = database_.write([&](sql::Tx& tx) -> Result<void> {
            for (const Found& one : found) {
                if (store::set_topic(tx, one.interest.id, one.topic))
                    outbox_.append(
                        tx, TopicFollowed{.topic = one.topic.text(), .person = one.interest.person.text()});
            }
            return success();
        });
        if (!done.ok()) return;
    }
}

}  // namespace braid::topics
