#include "interests/topics/module.h"

#include "interests/feedback/events.h"
#include "interests/reading/events.h"
#include "interests/topics/api_v1.h"
#include "interests/topics/policy.h"
#include "interests/works/events.h"

namespace braid::topics {

std::span<const sql::Migration> migrations();

namespace {

constexpr int kWorksAtOnce = 2000;

template <class Event>
void follow(events::Subscribers& subscribers, std::string_view name, Service& service) {
    subscribers.on<Event>(
        name, [&service](sql::Tx& tx, const Event& event, const events::Envelope&) -> Result<void> {
            if (const auto work = works::WorkId::parse(event.work)) service.sort_work(tx, *work);
            return success();
        });
}

// What somebody did with a work, for how strong her interests are.
template <class Event>
void note(events::Subscribers& subscribers, std::string_view name, Act act, std::string Event::*who) {
    subscribers.on<Event>(
        name, [act, who](sql::Tx& tx, const Event& event, const events::Envelope&) -> Result<void> {
            const auto work = works::WorkId::parse(event.work);
            const auto person = access::PersonId::parse(event.*who);
            if (work && person) store::put_act(tx, *person, *work, act);
            return success();
        });
}

// What she took back counts no longer.
template <class Event>
void take_back(events::Subscribers& subscribers, std::string_view name, Act act) {
    subscribers.on<Event>(name,
                          [act](sql::Tx& tx, const Event& event, const events::Envelope&) -> Result<void> {
                              const auto work = works::WorkId::parse(event.work);
                              const auto person = access::PersonId::parse(event.person);
                              if (work && person) store::take_act(tx, *person, *work, act);
                              return success();
                          });
}

using access::OnErasure;
using access::Personal;

std::vector<access::Table> tables() {
    return {
        {"topics",
         "Topics of the vocabulary and what they were merged into",
         OnErasure::keep,
         {{"id", Personal::no},
          {"uri", Personal::no},
          {"merged_into", Personal::no},
          {"created_at", Personal::no}}},
        {"topic_labels",
         "What topics are called, in every language",
         OnErasure::keep,
         {{"topic", Personal::no},
          {"language", Personal::no},
          {"kind", Personal::no},
          {"label", Personal::no},
          {"folded", Personal::no},
          {"origin", Personal::no}}},
        {"topic_relations",
         "Which topics are broader than others, or related to them",
         OnErasure::keep,
         {{"topic", Personal::no},
          {"kind", Personal::no},
          {"other", Personal::no},
          {"origin", Personal::no}}},
        {"topic_notes",
         "Explanations of topics",
         OnErasure::keep,
         {{"topic", Personal::no}, {"language", Personal::no}, {"note", Personal::no}}},
        {"topic_state",
         "How often the vocabulary has changed",
         OnErasure::keep,
         {{"id", Personal::no}, {"version", Personal::no}}},
        {"topic_tags",
         "What moderators say tags mean",
         OnErasure::keep,
         {{"tag", Personal::no}, {"topic", Personal::no}}},
        {"topic_works",
         "Which works belong to which topics; made anew from their tags and gone with them",
         OnErasure::keep,
         {{"topic", Personal::no},
          {"work", Personal::no},
          {"updated_at", Personal::no},
          {"direct", Personal::no}}},
        {"topic_work_marks",
         "For which state of a work its topics were found",
         OnErasure::keep,
         {{"work", Personal::no},
          {"version", Personal::no},
          {"updated_at", Personal::no},
          {"tags", Personal::no}}},
        {"topic_open_tags",
         "Tags of published works that no topic answers to",
         OnErasure::keep,
         {{"tag", Personal::no}, {"work", Personal::no}, {"label", Personal::no}}},
        {"interests",
         "What a person cares about, in her words, and who may see it",
         OnErasure::erase_row,
         {{"id", Personal::no},
          {"person", Personal::subject},
          {"folded", Personal::data},
          {"typed", Personal::data},
          {"topic", Personal::data},
          {"shown", Personal::data},
          {"origin", Personal::data},
          {"made_at", Personal::data},
          {"strength", Personal::data}}},
        {"interest_acts",
         "Works a person wrote, read, saved, gave kudos to or commented on, for how strong her interests are",
         OnErasure::erase_row,
         {{"person", Personal::subject}, {"work", Personal::data}, {"kind", Personal::data}}},
        {"topic_changes",
         "What moderators changed in the vocabulary, and when",
         OnErasure::keep,
         {{"id", Personal::no},
          {"at", Personal::no},
          {"actor", Personal::other, "0"},
          {"kind", Personal::no},
          {"topic", Personal::no},
          {"other", Personal::no},
          {"tag", Personal::no},
          {"before", Personal::no},
          {"undone_at", Personal::no}}},
    };
}

}  // namespace

void add_subscribers(events::Subscribers& subscribers, Service& service) {
    follow<works::WorkPublished>(subscribers, "topics.work_published", service);
    follow<works::WorkChanged>(subscribers, "topics.work_changed", service);
    follow<works::WorkDeleted>(subscribers, "topics.work_deleted", service);
    follow<works::ChapterPublished>(subscribers, "topics.chapter_published", service);
    follow<works::ChapterUnpublished>(subscribers, "topics.chapter_unpublished", service);
    follow<works::ChapterDeleted>(subscribers, "topics.chapter_deleted", service);
    note(subscribers, "topics.note_published", Act::wrote, &works::ChapterPublished::author);
    note(subscribers, "topics.note_work", Act::wrote, &works::WorkPublished::author);
    note(subscribers, "topics.note_kudos", Act::liked, &feedback::KudosGiven::person);
    note(subscribers, "topics.note_comment", Act::answered, &feedback::CommentPosted::author);
    note(subscribers, "topics.note_bookmark", Act::saved, &feedback::BookmarkAdded::person);
    note(subscribers, "topics.note_chapter_read", Act::read, &reading::ChapterFinished::person);
    note(subscribers, "topics.note_work_read", Act::finished, &reading::WorkFinished::person);
    take_back<feedback::KudosWithdrawn>(subscribers, "topics.take_back_kudos", Act::liked);
    take_back<feedback::BookmarkRemoved>(subscribers, "topics.take_back_bookmark", Act::saved);
    subscribers.on<works::WorkDeleted>(
        "topics.forget_acts",
        [](sql::Tx& tx, const works::WorkDeleted& event, const events::Envelope&) -> Result<void> {
            if (const auto work = works::WorkId::parse(event.work)) store::forget_acts(tx, *work);
            return success();
        });
}

access::Module TopicsModule::describe() {
    return {
        .name = "topics",
        .migrations = migrations(),
        .tables = tables(),
        .policies = [](access::PolicyBook& book) { add_policies(book); },
        .routes = [this](http::Router& router) { pages_.add_routes(router); },
        .background =
            [this](events::Subscribers& subscribers, jobs::Runner& runner) {
                add_subscribers(subscribers, service_);
                // Every node holds the vocabulary and looks for itself whether another changed it.
                runner.every_here("topics.refresh", std::chrono::seconds(2), [this]() -> Result<void> {
                    vocabularies_.refresh();
                    return success();
                });
                // After the vocabulary changed, and for what an event did not tell.
                runner.every("topics.catch_up", std::chrono::seconds(10), [this]() -> Result<void> {
                    service_.catch_up(kWorksAtOnce);
                    return success();
                });
            },
        .api =
            [this](api::Api& api) {
                declare_api(api, database_, vocabularies_, service_, library_);
                declare_wrangling(api, database_, vocabularies_, wrangling_);
            },
    };
}

}  // namespace braid::topics
