#include "stewardship/moderation/subscribers.h"

#include "interests/feedback/events.h"
#include "interests/works/events.h"
#include "stewardship/moderation/events.h"

namespace braid::moderation {

namespace {

constexpr std::string_view kSettleThings = "moderation.settle_things";

}  // namespace

void add_background(Service& service, jobs::Queue& queue, events::Subscribers& subscribers,
                    jobs::Runner& runner) {
    subscribers.on<works::WorkWaits>(
        "moderation.first_work",
        [&service](sql::Tx& tx, const works::WorkWaits& event, const events::Envelope&) -> Result<void> {
            if (const auto id = works::WorkId::parse(event.work))
                service.open_first_post(tx, "work", id->value);
            return success();
        });
    subscribers.on<feedback::CommentWaits>("moderation.first_comment",
                                           [&service](sql::Tx& tx, const feedback::CommentWaits& event,
                                                      const events::Envelope&) -> Result<void> {
                                               if (const auto id = feedback::CommentId::parse(event.comment))
                                                   service.open_first_post(tx, "comment", id->value);
                                               return success();
                                           });
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
