// Answers to works: comments on paragraphs and chapters, kudos, bookmarks. What other modules may ask.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "access/actor.h"
#include "interests/works/api.h"
#include "platform/sql/sql.h"

namespace braid::feedback {

using access::Actor;
using access::PersonId;
using works::ChapterId;
using works::WorkId;
using CommentId = Id<struct CommentTag>;

// What a chapter page shows in its margin and at its foot, in as few queries as can be.
struct ChapterCounts {
    std::unordered_map<std::string, int> by_paragraph;  // visible comments per paragraph key
    int on_chapter = 0;                                  // visible comments on the chapter as a whole
    int kudos = 0;                                       // of the work
    bool gave_kudos = false, bookmarked = false;         // by the actor
};

struct RecentComment {  // "For your works" on the author's home page
    CommentId id;
    WorkId work;
    ChapterId chapter;
    PersonId author;
    std::string work_title, chapter_title, quote, text_html;
    Timestamp at;
};

class Answers {
  public:
    virtual ~Answers() = default;
    virtual ChapterCounts counts(sql::Session& session, const Actor& actor, WorkId work, ChapterId chapter) const = 0;
    // Newest comments by others on the person's works.
    virtual std::vector<RecentComment> for_author(sql::Session& session, const Actor& author, int limit) const = 0;
    // The actor's bookmarked works, newest first.
    virtual std::vector<WorkId> bookmarks(sql::Session& session, const Actor& actor, std::optional<works::Cursor> after,
                                          int limit, std::optional<works::Cursor>& next) const = 0;
};

}  // namespace braid::feedback
