#include "interests/feedback/subscribers.h"

#include "interests/feedback/store.h"
#include "interests/works/events.h"

namespace braid::feedback {

void add_subscribers(events::Subscribers& subscribers) {
    subscribers.on<works::ChapterDeleted>(
        "feedback.forget_chapter",
        [](sql::Tx& tx, const works::ChapterDeleted& event, const events::Envelope&) -> Result<void> {
            if (const auto chapter = ChapterId::parse(event.chapter)) store::forget_chapter(tx, *chapter);
            return success();
        });
    subscribers.on<works::WorkDeleted>(
        "feedback.forget_work",
        [](sql::Tx& tx, const works::WorkDeleted& event, const events::Envelope&) -> Result<void> {
            if (const auto work = WorkId::parse(event.work)) store::forget_work(tx, *work);
            return success();
        });
}

}  // namespace braid::feedback
