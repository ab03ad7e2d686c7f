// Answers to works: comments on paragraphs and chapters, kudos, bookmarks. What other modules may ask.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "access/actor.h"
#include "interests/works/api.h"
#include "platform/html/html.h"
#include "platform/sql/sql.h"
#include "shell/shell.h"

namespace braid::feedback {

using access::Actor;
using access::PersonId;
using works::ChapterId;
using works::WorkId;
using CommentId = Id<struct CommentTag>;

// What a chapter page shows in its margin and at its foot, in as few queries as can be.
struct ChapterCounts {
    std::unordered_map<std::string, int> by_paragraph;  // visible comments per paragraph key
    int on_chapter = 0;                                 // visible comments on the chapter as a whole
    int kudos = 0;                                      // of the work
    bool gave_kudos = false, bookmarked = false;        // by the actor
};

struct WorkCounts {  // what a work's own page shows
    int kudos = 0;
    bool gave_kudos = false, bookmarked = false;  // by the actor
};

struct RecentComment {  // "For your works" on the author's home page
    CommentId id;
    WorkId work;
    ChapterId chapter;
    int chapter_number = 0;
    PersonId author;
    std::string paragraph;  // key, "" for the chapter as a whole
    CommentId thread;       // the conversation it belongs to; its own id when it began one
    std::string work_title, chapter_title, quote, text_html;
    Timestamp at;
};

class Answers {
  public:
    virtual ~Answers() = default;
    // One query. `chapter` is one the actor was shown: visibility is not asked again. The work's author
    // counts the comments she hid, others do not; with comments closed nobody but her counts any.
    virtual ChapterCounts counts(sql::Session& session, const Actor& actor,
                                 const works::ChapterFacts& chapter) const = 0;
    // One query, for a work the actor was shown.
    virtual WorkCounts work_counts(sql::Session& session, const Actor& actor, WorkId work) const = 0;
    // Newest comments by others on the person's works.
    virtual std::vector<RecentComment> for_author(sql::Session& session, const Actor& author,
                                                  int limit) const = 0;
    // The actor's bookmarked works, newest first.
    virtual std::vector<WorkId> bookmarks(sql::Session& session, const Actor& actor,
                                          std::optional<works::Cursor> after, int limit,
                                          std::optional<works::Cursor>& next) const = 0;
};

// A comment as moderators look at it, whoever may see it.
struct LookedComment {
    CommentId id;
    WorkId work;
    ChapterId chapter;
    CommentId thread;
    PersonId author;
    std::string text, quote;
    works::Hold hold = works::Hold::none;
    bool deleted = false;  // by who wrote it: `text` is what it said last
    Timestamp at;
};

// What moderators do with comments. Each asks the policy ModerateComment; who calls writes the audit log in
// the same transaction. Margins of open pages follow with their next look.
class Oversight {
  public:
    virtual ~Oversight() = default;
    // As the actor sees it: not_found for what she may not see.
    virtual Result<LookedComment> seen(sql::Session& session, const Actor& actor, CommentId id) const = 0;
    virtual Result<LookedComment> look(sql::Session& session, const Actor& by, CommentId id) const = 0;
    // From `waiting` to `none` the comment is told (CommentPosted); otherwise CommentChanged "held" or
    // "shown".
    virtual Result<void> hold(sql::Tx& tx, const Actor& by, CommentId id, works::Hold hold) = 0;
    // What somebody wrote and is not removed, after `after`.
    virtual std::vector<CommentId> all_of(sql::Session& session, const Actor& by, PersonId author,
                                          CommentId after, int limit) const = 0;
};

// Pieces for other modules' pages: forms that work without script and swap themselves with it. `back` is
// where the plain form returns to. A visitor gets a link to sign in; the author of the work the number alone.
void kudos_button(html::Out& out, const shell::PageContext& context, WorkId work, const WorkCounts& counts,
                  bool own, std::string_view back);
void bookmark_button(html::Out& out, const shell::PageContext& context, WorkId work, bool bookmarked,
                     std::string_view back);

}  // namespace braid::feedback
