// Facts about works, in the outbox. Ids are their text form (base/id.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace braid::events {
template <class Event>
struct Codec;
}  // namespace braid::events

namespace braid::works {

// The first chapter of a work was published: readers may find it, if `visibility` lets them.
struct WorkPublished {
    static constexpr std::string_view kType = "works.work_published.v1";
    std::string work, author, title, visibility;
    int rating = 0;
};

// A chapter is published for the first time, or again after it was taken back (`again`).
struct ChapterPublished {
    static constexpr std::string_view kType = "works.chapter_published.v1";
    std::string work, chapter, author, title;
    int number = 0;
    bool again = false;
};

// A published chapter has a new text.
struct ChapterRevised {
    static constexpr std::string_view kType = "works.chapter_revised.v1";
    std::string work, chapter, author;
    int revision = 0;
    std::vector<std::string> gone;  // keys that no paragraph carries any more
};

struct ChapterUnpublished {
    static constexpr std::string_view kType = "works.chapter_unpublished.v1";
    std::string work, chapter, author;
};

// The chapter and everything on it is gone for good.
struct ChapterDeleted {
    static constexpr std::string_view kType = "works.chapter_deleted.v1";
    std::string work, chapter, author;
};

// The work with all its chapters is gone for good; no ChapterDeleted for each.
struct WorkDeleted {
    static constexpr std::string_view kType = "works.work_deleted.v1";
    std::string work, author;
};

// The first publication of a work by a newcomer: nobody finds it until a moderator has looked at it.
struct WorkWaits {
    static constexpr std::string_view kType = "works.work_waits.v1";
    std::string work, author;
};

// A minor's work was to show contact details: nobody finds it until a moderator has looked at it.
struct ContactFound {
    static constexpr std::string_view kType = "works.contact_found.v1";
    std::string work, author;
};

// Title, rating, visibility, comments or licence changed: whoever keeps a copy looks again.
struct WorkChanged {
    static constexpr std::string_view kType = "works.work_changed.v1";
    std::string work, author;
};

}  // namespace braid::works

// JSON forms, in events.cpp. from_json fails (invalid) on text that is not such an event.
#define BRAID_WORKS_CODEC(Event)                                 \
    template <>                                                  \
    struct braid::events::Codec<braid::works::Event> {           \
        static std::string to_json(const works::Event&);         \
        static Result<works::Event> from_json(std::string_view); \
    }
BRAID_WORKS_CODEC(WorkPublished);
BRAID_WORKS_CODEC(ChapterPublished);
BRAID_WORKS_CODEC(ChapterRevised);
BRAID_WORKS_CODEC(ChapterUnpublished);
BRAID_WORKS_CODEC(ChapterDeleted);
BRAID_WORKS_CODEC(WorkDeleted);
BRAID_WORKS_CODEC(WorkChanged);
BRAID_WORKS_CODEC(WorkWaits);
BRAID_WORKS_CODEC(ContactFound);
#undef BRAID_WORKS_CODEC
