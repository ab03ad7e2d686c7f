// The use cases of answering, one function each.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "access/guard.h"
#include "base/id.h"
#include "base/time.h"
#include "interests/feedback/api.h"
#include "interests/feedback/store.h"
#include "interests/works/api.h"
#include "platform/events/events.h"
#include "platform/sql/sql.h"

namespace braid::feedback {

// Tells open pages of this node and others; called after the commit, never blocks. Channel "chapter:ID",
// event "comments", data
// {"paragraph":"KEY","count":4}: the comments everybody sees there now ("" is the chapter as a whole). Who is
// apart from somebody counts otherwise: on channel "chapter:ID:look" the count is left out, and her page
// asks.
using PublishLive =
    std::function<void(std::string_view channel, std::string_view event, std::string_view data)>;

// What the actor's open page of a chapter listens to.
std::string live_channel(const Actor& actor, ChapterId chapter);

struct NewCommentForm {
    WorkId work;
    ChapterId chapter;
    std::string paragraph;              // key, "" for the chapter as a whole; not looked at for a reply
    std::optional<CommentId> reply_to;  // any comment of a conversation
    std::string text;
    std::string token;  // "" when there is none: then twice is twice
};

// A comment after something was done with it, with where it stands.
struct Answered {
    CommentRow comment;
    works::CommentsPolicy policy = works::CommentsPolicy::open;
    bool again = false;  // the same form was sent before; this is what it made then
};

class Service final : public Answers, public Oversight {
  public:
    // All references must outlive the service. Thread-safe.
    Service(sql::Database& database, const Clock& clock, IdMaker& ids, events::Outbox& outbox,
            const works::Library& library, const access::Guard& guard, PublishLive publish,
            works::Screen screen = {});

    // not_found when the chapter or the comment answered is not to be seen; invalid on "text" or "paragraph";
    // forbidden when the work takes no new comments or her guardians keep them from her.
    Result<Answered> post_comment(const Actor& actor, const NewCommentForm& form);
    Result<Answered> edit_comment(const Actor& actor, CommentId id, std::string_view text);
    Result<Answered> delete_comment(const Actor& actor, CommentId id);
    Result<Answered> hide_comment(const Actor& actor, CommentId id);
    Result<Answered> show_comment(const Actor& actor, CommentId id);

    // The comment with the right to edit it now, for the form.
    Result<Answered> comment_to_edit(sql::Session& session, const Actor& actor, CommentId id) const;
    // A comment the actor may see.
    Result<Answered> comment(sql::Session& session, const Actor& actor, CommentId id) const;

    // Doing either twice is doing it once. They return the kudos of the work.
    Result<WorkCounts> give_kudos(const Actor& actor, WorkId work);
    Result<WorkCounts> withdraw_kudos(const Actor& actor, WorkId work);
    Result<void> add_bookmark(const Actor& actor, WorkId work);
    // Also of a work that is no longer to be seen.
    Result<void> remove_bookmark(const Actor& actor, WorkId work);

    // A conversation with the replies the actor sees. `begin` may be hidden from her or deleted: then its
    // words must not be shown.
    struct Conversation {
        CommentRow begin;
        std::vector<CommentRow> replies;
        bool more_replies = false;
    };
    struct Page {
        std::vector<Conversation> conversations;
        std::optional<CommentId> next;  // `from` of the next page
    };
    // `chapter` is one whose comments the actor may see (ViewComments).
    Page on_paragraph(sql::Session& session, const Actor& actor, const works::ChapterFacts& chapter,
                      std::string_view paragraph, std::optional<CommentId> from, int limit) const;
    Page on_chapter(sql::Session& session, const Actor& actor, const works::ChapterFacts& chapter,
                    std::optional<CommentId> from, int limit) const;
    // One conversation; its replies after `after`.
    Result<Conversation> conversation(sql::Session& session, const Actor& actor,
                                      const works::ChapterFacts& chapter, CommentId thread,
                                      std::optional<CommentId> after, int limit) const;

    // Makes the derived numbers anew, in small transactions. Safe while the site runs.
    void rebuild_counts();
    // Renders again what an older sanitiser made, at most `limit`; returns how many.
    int render_stale(int limit);

    Result<LookedComment> seen(sql::Session& session, const Actor& actor, CommentId id) const override;
    Result<LookedComment> look(sql::Session& session, const Actor& by, CommentId id) const override;
    Result<void> hold(sql::Tx& tx, const Actor& by, CommentId id, works::Hold hold) override;
    std::vector<CommentId> all_of(sql::Session& session, const Actor& by, PersonId author, CommentId after,
                                  int limit) const override;

    ChapterCounts counts(sql::Session& session, const Actor& actor,
                         const works::ChapterFacts& chapter) const override;
    WorkCounts work_counts(sql::Session& session, const Actor& actor, WorkId work) const override;
    std::vector<RecentComment> for_author(sql::Session& session, const Actor& author,
                                          int limit) const override;
    std::vector<WorkId> bookmarks(sql::Session& session, const Actor& actor,
                                  std::optional<works::Cursor> after, int limit,
                                  std::optional<works::Cursor>& next) const override;

    [[nodiscard]] const works::Library& library() const { return library_; }
    [[nodiscard]] Timestamp now() const { return clock_.now(); }
    // What the policies look at for a comment.
    CommentFacts facts(sql::Session& session, const Actor& actor, const CommentRow& comment) const;

  private:
    // Both are asked for, whether there is a comment or not, so that one that is hidden takes as long as
    // none.
    struct Found {
        CommentRow row;
        CommentFacts facts;
    };
    Result<Found> found(sql::Session& session, const Actor& actor, CommentId id) const;
    Result<Answered> change_state(const Actor& actor, CommentId id, State to);
    void tell(const CommentRow& comment, works::CommentsPolicy policy, int shown) const;
    void append_posted(sql::Tx& tx, const CommentRow& comment, PersonId thread_author);
    void append_change(sql::Tx& tx, const CommentRow& comment, std::string_view what, const Actor& actor);

    // Whether a minor wrote the comment, or it is to one: author of the work, or of the conversation.
    bool concerns_minor(sql::Session& session, const CommentRow& comment) const;
    void append_contact(sql::Tx& tx, const CommentRow& comment);
    // The numbers after a comment was held (`step` -1) or let go (1); the paragraph's comments that everybody
    // sees.
    static int count_hold(sql::Tx& tx, const CommentRow& comment, int step);

    sql::Database& database_;
    const Clock& clock_;
    IdMaker& ids_;
    events::Outbox& outbox_;
    const works::Library& library_;
    const access::Guard& guard_;
    PublishLive publish_;
    works::Screen screen_;
};

}  // namespace braid::feedback
