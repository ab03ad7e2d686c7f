#include "stewardship/moderation/subscribers.h"

#include "interests/feedback/events.h"
#include "interests/works/events.h"
#include "stewardship/moderation/events.h"
#include "stewardship/moderation/listed.h"

namespace braid::moderation {

namespace {

constexpr std::string_view kSettleThings = "moderation.settle_things";

// A case for what `event` says is not shown yet.
template <class Event>
void wait(events::Subscribers& subscribers, std::string_view name, Service& service, std::string_view kind,
          std::string Event::*thing, Origin why) {
    subscribers.on<Event>(
        name, [=, &service](sql::Tx& tx, const Event& event, const events::Envelope&) -> Result<void> {
            if (const auto id = id_from_text(event.*thing)) service.open_waiting(tx, kind, *id, why);
            return success();
        });
}

}  // namespace

void add_background(Service& service, jobs::Queue& queue, events::Subscribers& subscribers,
                    jobs::Runner& runner) {
    wait<works::WorkWaits>(subscribers, "moderation.first_work", service, "work", &works::WorkWaits::work,
                           Origin::first_post);
    wait<feedback::CommentWaits>(subscribers, "moderation.first_comment", service, "comment",
                                 &feedback::CommentWaits::comment, Origin::first_post);
    wait<works::ContactFound>(subscribers, "moderation.contact_in_work", service, "work",
                              &works::ContactFound::work, Origin::contact);
    wait<feedback::ContactFound>(subscribers, "moderation.contact_in_comment", service, "comment",
                                 &feedback::ContactFound::comment, Origin::contact);
    add_word_lists(service, queue, subscribers, runner);
    // An account that is removed, or comes back, takes its works and comments along: many, so a job of its
    // own. The payload is the person's id.
    subscribers.on<DecisionChanged>(
        "moderation.account_changed",
        [&queue](sql::Tx& tx, const DecisionChanged& event, const events::Envelope&) -> Result<void> {
            if (event.measure == "remove_account") queue.enqueue(tx, kSettleThings, event.subject);
            return success();
        });
    runner.handle(kSettleThings, [&service](const jobs::Job& job) -> Result<void> {
        if (const auto person = PersonId::parse(job.payload)) service.settle_things_of(*person);
        return success();
    });
    runner.every("moderation.end_expired", std::chrono::minutes(1), [&service]() -> Result<void> {
        while (service.end_expired(100) == 100) {
        }
        return success();
    });
}

}  // namespace braid::moderation
