#include "interests/reading/subscribers.h"

#include "interests/reading/store.h"
#include "interests/works/events.h"

namespace braid::reading {

void add_subscribers(events::Subscribers& subscribers) {
    subscribers.on<works::ChapterDeleted>(
        "reading.forget_chapter",
        [](sql::Tx& tx, const works::ChapterDeleted& event, const events::Envelope&) -> Result<void> {
            const auto work = WorkId::parse(event.work);
            const auto chapter = ChapterId::parse(event.chapter);
            if (work && chapter) store::forget_chapter(tx, *work, *chapter);
            return success();
        });
    subscribers.on<works::WorkDeleted>(
        "reading.forget_work",
        [](sql::Tx& tx, const works::WorkDeleted& event, const events::Envelope&) -> Result<void> {
            if (const auto work = WorkId::parse(event.work)) store::forget_work(tx, *work);
            return success();
        });
}

}  // namespace braid::reading
