// Keeping the place a person is at.
#pragma once

#include <string_view>
#include <vector>

#include "access/guard.h"
#include "base/time.h"
#include "identity/accounts/api.h"
#include "interests/reading/api.h"
#include "interests/reading/store.h"
#include "interests/works/api.h"
#include "platform/events/events.h"

namespace braid::reading {

// From here on a chapter counts as finished: few scroll to the very end.
inline constexpr int kFinishedPercent = 95;

class Service final : public Progress {
  public:
    // All references must outlive the service. Thread-safe.
    Service(sql::Database& database, const Clock& clock, events::Outbox& outbox,
            const works::Library& library, const accounts::People& people, const access::Guard& guard)
        : database_(database),
          clock_(clock),
          outbox_(outbox),
          library_(library),
          people_(people),
          guard_(guard) {}

    // The actor has come to `percent` (0 to 100, clamped) of the chapter, at `paragraph` (a key it has, or
    // ""). The furthest is kept. Being in a chapter finishes the one before when that is where she was.
    // Nothing is kept for a visitor, nor for a draft. What is finished thereby is told (events.h).
    Result<void> record_progress(const Actor& actor, WorkId work, ChapterId chapter,
                                 std::string_view paragraph, int percent);

    std::vector<OpenWork> keep_reading(sql::Session& session, const Actor& actor, int limit) const override;
    std::vector<works::WorkCard> finished(sql::Session& session, const Actor& actor,
                                          std::optional<works::Cursor> after, int limit,
                                          std::optional<works::Cursor>& next) const override;

    // Where to begin or go on in a work the actor was shown.
    struct Start {
        ChapterId chapter;
        int number = 0;
        std::string paragraph;
        bool begun = false;     // she has been here before
        bool all_read = false;  // nothing is left; `chapter` is the first
        int minutes_left = 0;   // of the chapter
        int percent = 0;        // of the work
        Timestamp published_at;
    };
    // Nothing when there is no published chapter.
    static std::optional<Start> start(const std::vector<works::ChapterLine>& contents,
                                      const std::optional<Place>& place,
                                      const std::vector<ChapterMark>& marks);

    [[nodiscard]] const works::Library& library() const { return library_; }

  private:
    void finish(sql::Tx& tx, const access::Permit<KeepPlace>& permit, WorkId work, const ChapterMark& mark);

    sql::Database& database_;
    const Clock& clock_;
    events::Outbox& outbox_;
    const works::Library& library_;
    const accounts::People& people_;
    const access::Guard& guard_;
};

}  // namespace braid::reading
