#include "interests/guidance/service.h"

#include <algorithm>
#include <stdexcept>

namespace braid::guidance {

namespace {

constexpr int kMostDeclined = 200;
constexpr int kPeopleAtOnce = 100;

}  // namespace

std::vector<Suggestion> Service::suggestions(sql::Session& session, const Question& question,
                                             std::size_t most) const {
    const auto model = models_.current();
    Answer found = answer(session, question, *model, interests_, most, clock_.now());
    std::vector<works::WorkId> ids;
    for (const Chosen& one : found.chosen)
        ids.push_back(found.looked[one.index].facts.work);
    auto lines =
        reading::with_authors(session, question.actor, people_, library_.works(session, question.actor, ids));
    std::vector<Suggestion> list;
    for (reading::WorkLine& line : lines) {
        const auto chosen = std::ranges::find_if(found.chosen, [&](const Chosen& one) {
            return found.looked[one.index].facts.work == line.card.id;
        });
        Looked& looked = found.looked[chosen->index];
        list.push_back({.line = std::move(line),
                        .reasons = std::move(looked.reasons),
                        .kept_place = chosen->kept_place});
        list.back().score = score_of(list.back().reasons);
    }
    return list;
}

std::vector<Suggestion> Service::for_you(sql::Session& session, const Actor& actor,
                                         i18n::Language language) const {
    if (!access::permit<SeeGuidance>(actor, {}).ok()) return {};
    return suggestions(session, {.actor = actor, .language = language}, kMostForYou);
}

bool Service::knows_nothing(sql::Session& session, const Actor& actor) const {
    if (!actor.person) return true;
    return store::tastes(session, actor, 1).empty() && interests_.topics_of(session, *actor.person).empty();
}

Result<Next> Service::next_after(sql::Session& session, const Actor& actor, works::WorkId work,
                                 works::ChapterId chapter, i18n::Language language) const {
    TRY(access::permit<SeeNext>(actor, {}));
    Next next;
    const works::ChapterView read = TRY(library_.chapter_head(session, actor, work, chapter));
    if (read.draft) return not_found("nothing comes after a draft");
    next.work = TRY(library_.work(session, actor, work));
    next.chapter = read.next;
    next.number = read.number + 1;
    next.suggestions =
        suggestions(session, {.actor = actor, .language = language, .beside = work}, kMostNext);
    return next;
}

Result<void> Service::decline(const Actor& actor, works::WorkId work) {
    const auto permit = TRY(access::permit<Decline>(actor, {}));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        TRY(guard_.confirm(tx, actor));
        TRY(library_.work(tx, actor, work));
        store::decline(tx, permit, work, clock_.now());
        return success();
    });
}

Result<void> Service::take_back(const Actor& actor, works::WorkId work) {
    const auto permit = TRY(access::permit<Decline>(actor, {}));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        TRY(guard_.confirm(tx, actor));
        store::take_back(tx, permit, work);
        return success();
    });
}

std::vector<reading::WorkLine> Service::declined(sql::Session& session, const Actor& actor) const {
    if (!actor.person) return {};
    const auto ids = store::declined(session, *actor.person, kMostDeclined);
    return reading::with_authors(session, actor, people_, library_.works(session, actor, ids));
}

std::string Service::title(sql::Session& session, const Actor& actor, works::WorkId work) const {
    auto card = library_.work(session, actor, work);
    return card.ok() ? std::move(card->title) : std::string();
}

Explanation Service::explain(sql::Session& session, const Actor& actor, works::WorkId work,
                             i18n::Language language) const {
    const auto model = models_.current();
    Answer found = answer(session, {.actor = actor, .language = language, .about = work}, *model, interests_,
                          kMostForYou, clock_.now());
    Explanation explanation{.asked_model = found.asked_model, .model = model->row(), .few = found.few};
    const auto at =
        std::ranges::find_if(found.looked, [&](const Looked& one) { return one.facts.work == work; });
    const auto index = static_cast<std::size_t>(at - found.looked.begin());
    const auto chosen = std::ranges::find(found.chosen, index, &Chosen::index);
    if (chosen != found.chosen.end()) {
        explanation.place = static_cast<std::size_t>(chosen - found.chosen.begin());
        explanation.kept_place = chosen->kept_place;
    }
    explanation.looked = std::move(*at);
    explanation.score = score_of(explanation.looked.reasons);
    return explanation;
}

void Service::rebuild(const std::function<void(std::int64_t, std::int64_t)>& told) {
    const std::int64_t total =
        database_.read([](sql::Reader& reader) { return store::count_people(reader); });
    std::int64_t done = 0;
    PersonId last{INT64_MIN};
    for (bool more = true; more;) {
        const auto made = database_.write([&](sql::Tx& tx) -> Result<PersonId> {
            PersonId at = last;
            for (int i = 0; i < kPeopleAtOnce; ++i) {
                const auto person = store::person_after(tx, at);
                if (!person) break;
                store::sync_person(tx, *person);
                at = *person;
            }
            return at;
        });
        if (!made.ok()) throw std::runtime_error("acts were not made anew: " + made.error().detail);
        more = *made != last;
        last = *made;
        done = std::min(total, done + (more ? kPeopleAtOnce : 0));
        told(more ? done : total, total);
    }
}

void Service::fill() {
    if (database_.read([](sql::Reader& reader) { return store::state(reader); }).filled) return;
    rebuild([](std::int64_t, std::int64_t) {});
    const auto done = database_.write([](sql::Tx& tx) -> Result<void> {
        store::set_filled(tx);
        return success();
    });
    if (!done.ok()) throw std::runtime_error("not noted: " + done.error().detail);
}

}  // namespace braid::guidance
