#include "interests/guidance/module.h"

#include "interests/feedback/events.h"
#include "interests/guidance/api_v1.h"
#include "interests/guidance/policy.h"
#include "interests/reading/events.h"
#include "interests/topics/events.h"
#include "interests/works/events.h"

namespace braid::guidance {

std::span<const sql::Migration> migrations();

namespace {

using access::OnErasure;
using access::Personal;

// Something between a person and a work: what its owner's tables say now is taken over, so that it does not
// matter how often or in which order events come.
template <class Event>
void follow_work(events::Subscribers& subscribers, std::string_view name) {
    subscribers.on<Event>(name, [](sql::Tx& tx, const Event& event, const events::Envelope&) -> Result<void> {
        const auto person = PersonId::parse(event.person);
        const auto work = works::WorkId::parse(event.work);
        if (person && work) store::sync_work(tx, *person, *work);
        return success();
    });
}

template <class Event>
void follow_topics(events::Subscribers& subscribers, std::string_view name) {
    subscribers.on<Event>(name, [](sql::Tx& tx, const Event& event, const events::Envelope&) -> Result<void> {
        if (const auto person = PersonId::parse(event.person)) store::sync_topics(tx, *person);
        return success();
    });
}

std::vector<access::Table> tables() {
    return {
        {"guidance_acts",
         "What a person read, finished, gave kudos to, bookmarked and follows, as guidance looks at it",
         OnErasure::erase_row,
         {{"person", Personal::subject},
          {"kind", Personal::data},
          {"item", Personal::data},
          {"act", Personal::data},
          {"at", Personal::data}}},
        {"guidance_declined",
         "What a person said is not for her",
         OnErasure::erase_row,
         {{"person", Personal::subject},
          {"kind", Personal::data},
          {"item", Personal::data},
          {"at", Personal::data}}},
        {"guidance_state",
         "How often somebody's acts were erased, and whether older acts were taken over",
         OnErasure::keep,
         {{"id", Personal::no}, {"erasures", Personal::no}, {"filled", Personal::no}}},
        access::Table{"guidance_models",
                      "When guidance learnt from how many people, works and acts; not from whom",
                      OnErasure::keep,
                      {{"id", Personal::no},
                       {"version", Personal::no},
                       {"recipe", Personal::no},
                       {"trained_at", Personal::no},
                       {"people", Personal::no},
                       {"items", Personal::no},
                       {"acts", Personal::no},
                       {"weights", Personal::no},
                       {"milliseconds", Personal::no}}}
            .deleted_after("trained_at", std::chrono::hours(24 * 90)),
    };
}

}  // namespace

void add_subscribers(events::Subscribers& subscribers) {
    follow_work<feedback::KudosGiven>(subscribers, "guidance.kudos_given");
    follow_work<feedback::KudosWithdrawn>(subscribers, "guidance.kudos_withdrawn");
    follow_work<feedback::BookmarkAdded>(subscribers, "guidance.bookmark_added");
    follow_work<feedback::BookmarkRemoved>(subscribers, "guidance.bookmark_removed");
    follow_work<reading::ChapterFinished>(subscribers, "guidance.chapter_finished");
    follow_work<reading::WorkFinished>(subscribers, "guidance.work_finished");
    follow_topics<topics::TopicFollowed>(subscribers, "guidance.topic_followed");
    follow_topics<topics::TopicUnfollowed>(subscribers, "guidance.topic_unfollowed");
    subscribers.on<works::WorkDeleted>(
        "guidance.work_deleted",
        [](sql::Tx& tx, const works::WorkDeleted& event, const events::Envelope&) -> Result<void> {
            if (const auto work = works::WorkId::parse(event.work)) store::forget_work(tx, *work);
            return success();
        });
}

access::Module GuidanceModule::describe() {
    return {
        .name = "guidance",
        .migrations = migrations(),
        .tables = tables(),
        .policies = [](access::PolicyBook& book) { add_policies(book); },
        .routes = [this](http::Router& router) { pages_.add_routes(router); },
        .background =
            [this](events::Subscribers& subscribers, jobs::Runner& runner) {
                add_subscribers(subscribers);
                runner.every("guidance.fill", std::chrono::hours(1), [this]() -> Result<void> {
                    service_.fill();
                    return success();
                });
                // Every node learns for itself, from the same tables.
                runner.every_here("guidance.train", std::chrono::seconds(5), [this]() -> Result<void> {
                    models_.refresh();
                    return success();
                });
            },
        .api = [this](api::Api& api) { declare_api(api, database_, service_); },
        // A model that learnt from her is asked no more from this commit on; the nodes learn anew at once.
        .forget = [](sql::Tx& tx, PersonId) -> Result<void> {
            store::count_erasure(tx);
            return success();
        },
    };
}

}  // namespace braid::guidance
