#include "interests/feedback/api_v1.h"

#include <algorithm>

#include "interests/feedback/policy.h"
#include "platform/i18n/i18n.h"

namespace braid::feedback {

using access::action;
using access::actor_of;
using http::Request;

// ---- What is sent and answered

struct CommentIn {
    std::string text;
    std::optional<std::string> paragraph;
    std::optional<CommentId> reply_to;
    std::optional<std::string> token;
};
BOOST_DESCRIBE_STRUCT(CommentIn, (), (text, paragraph, reply_to, token))
constexpr auto api_fields(const CommentIn*) {
    return std::to_array<api::Field>({
        {.name = "text", .says = "Markdown.", .min = 1, .max = kMaxCodePoints},
        {.name = "paragraph",
         .says = "Key of a paragraph of the chapter; left out for the chapter as a whole.",
         .max = 12},
        {.name = "reply_to", .says = "A comment to answer; the paragraph is then that comment's."},
        {.name = "token",
         .says = "Chosen by the sender: the same comment sent twice with it is one comment.",
         .max = 64},
    });
}

struct CommentEditIn {
    std::string text;
};
BOOST_DESCRIBE_STRUCT(CommentEditIn, (), (text))
constexpr auto api_fields(const CommentEditIn*) {
    return std::to_array<api::Field>(
        {{.name = "text", .says = "Markdown.", .min = 1, .max = kMaxCodePoints}});
}

struct CommentOut {
    CommentId id, thread;
    WorkId work;
    ChapterId chapter;
    std::optional<std::string> paragraph;
    std::optional<PersonId> author;
    std::optional<std::string> author_name;
    State state = State::visible;
    std::string text, html, quote;
    Timestamp created_at;
    std::optional<Timestamp> edited_at;
};
BOOST_DESCRIBE_STRUCT(CommentOut, (),
                      (id, thread, work, chapter, paragraph, author, author_name, state, text, html, quote,
                       created_at, edited_at))
constexpr auto api_fields(const CommentOut*) {
    return std::to_array<api::Field>({
        {.name = "thread", .says = "The first comment of the conversation; its own id when it is the first."},
        {.name = "paragraph", .says = "Key; null for the chapter as a whole."},
        {.name = "author", .says = "Null when its words are not to be seen."},
        {.name = "state",
         .says = "hidden: by the work's author; deleted: by who wrote it. Without words a comment only holds "
                 "the place of its replies."},
        {.name = "text", .says = "As written."},
        {.name = "html", .says = "Sanitised."},
        {.name = "quote", .says = "The paragraph's words when the conversation began; of its first comment."},
    });
}

struct ConversationOut {
    CommentOut begin;
    std::vector<CommentOut> replies;
    bool more_replies = false;
};
BOOST_DESCRIBE_STRUCT(ConversationOut, (), (begin, replies, more_replies))

struct KudosOut {
    std::int64_t kudos = 0;
    bool given = false;
};
BOOST_DESCRIBE_STRUCT(KudosOut, (), (kudos, given))
constexpr auto api_fields(const KudosOut*) {
    return std::to_array<api::Field>({{.name = "given", .says = "By you."}});
}

struct BookmarkOut {
    WorkId work;
    std::string title;
    PersonId author;
};
BOOST_DESCRIBE_STRUCT(BookmarkOut, (), (work, title, author))

namespace {

constexpr int kUsual = 20;

// Fields of the body as JSON pointers.
Error pointed(Error error) {
    for (FieldError& field : error.fields) {
        if (!field.field.starts_with('/')) field.field.insert(0, 1, '/');
    }
    return error;
}

template <class T>
Result<T> pointed(Result<T> result) {
    if (!result.ok()) return pointed(std::move(result).error());
    return result;
}

class Names {
  public:
    Names(sql::Session& session, const accounts::People& people, std::vector<PersonId> ids) {
        std::ranges::sort(ids);
        const auto repeated = std::unique(ids.begin(), ids.end());
        ids.erase(repeated, ids.end());
        if (!ids.empty()) cards_ = people.cards(session, ids);
    }
    [[nodiscard]] std::optional<std::string> of(PersonId id) const {
        const auto found = std::ranges::find(cards_, id, &accounts::PersonCard::id);
        return found == cards_.end() ? std::nullopt : std::optional(found->display_name);
    }

  private:
    std::vector<accounts::PersonCard> cards_;
};

CommentOut out_of(const CommentRow& row, works::CommentsPolicy policy, const Actor& actor,
                  const Names& names) {
    CommentOut out{.id = row.id,
                   .thread = row.thread,
                   .work = row.work,
                   .chapter = row.chapter,
                   .state = row.state,
                   .created_at = row.created_at};
    if (!row.paragraph.empty()) out.paragraph = row.paragraph;
    const CommentFacts facts{.author = row.author,
                             .work_author = row.work_author,
                             .state = row.state,
                             .comments = policy,
                             .hold = row.hold,
                             .withheld = row.withheld != Withheld::no,
                             .apart = row.apart};
    if (!may_see(actor, facts)) return out;
    out.author = row.author;
    out.author_name = names.of(row.author);
    out.text = row.text;
    out.html = row.html;
    out.quote = row.quote;
    if (row.edited_at.micros != 0) out.edited_at = row.edited_at;
    return out;
}

// The comment as its author, or the work's, sees it after having done something with it.
CommentOut out_of(sql::Database& database, const accounts::People& people, const Answered& answered,
                  const Actor& actor) {
    const CommentRow& row = answered.comment;
    return database.read([&](sql::Reader& reader) {
        const Names names(reader, people, {row.author});
        return out_of(row, answered.policy, actor, names);
    });
}

}  // namespace

void declare_api(api::Api& api, sql::Database& database, Service& service, const accounts::People& people) {
    const std::string comments = "/api/v1/works/{work:id}/chapters/{chapter:id}/comments";
    const std::string comment = "/api/v1/comments/{comment:id}";

    api.get(comments, action<ViewComments>(), "listComments", "Conversations about a chapter")
        .says("On one paragraph, or on the chapter as a whole, oldest first; of all together, newest first.")
        .query({.name = "paragraph", .says = "Only on this paragraph.", .max = 12})
        .query({.name = "on", .says = "`chapter`: only on the chapter as a whole.", .one_of = {"chapter"}})
        .returns_page<ConversationOut>("Conversations with their replies", 50)
        .handle([&](const Request& request) -> Result<api::Page<ConversationOut>> {
            const Actor& actor = actor_of(request);
            const auto [after, limit] = api::page_of(request, kUsual);
            std::optional<CommentId> from;
            if (!after.empty()) {
                from = CommentId::parse(after);
                if (!from) return api::bad_cursor();
            }
            std::optional<std::string> paragraph;
            if (const auto key = request.query.find("paragraph")) {
                if (!is_paragraph_key(*key)) return not_found("malformed paragraph key");
                paragraph = std::string(*key);
            } else if (request.query.has("on")) {
                paragraph = "";
            }
            return database.read([&](sql::Reader& reader) -> Result<api::Page<ConversationOut>> {
                const works::ChapterFacts chapter = TRY(
                    service.library().chapter_facts(reader, actor, request.path_id<ChapterId>("chapter")));
                if (chapter.work != request.path_id<WorkId>("work"))
                    return not_found("the chapter is of another work");
                TRY(access::permit<ViewComments>(actor, chapter));
                const Service::Page found =
                    paragraph ? service.on_paragraph(reader, actor, chapter, *paragraph, from, limit)
                              : service.on_chapter(reader, actor, chapter, from, limit);
                std::vector<PersonId> ids;
                for (const auto& conversation : found.conversations) {
                    ids.push_back(conversation.begin.author);
                    for (const auto& reply : conversation.replies)
                        ids.push_back(reply.author);
                }
                const Names names(reader, people, std::move(ids));
                api::Page<ConversationOut> page;
                for (const auto& conversation : found.conversations) {
                    ConversationOut out{.begin = out_of(conversation.begin, chapter.comments, actor, names),
                                        .more_replies = conversation.more_replies};
                    for (const auto& reply : conversation.replies) {
                        out.replies.push_back(out_of(reply, chapter.comments, actor, names));
                    }
                    page.items.push_back(std::move(out));
                }
                if (found.next) page.next = found.next->text();
                return page;
            });
        });

    api.post(comments, action<PostComment>(), "postComment", "Comment on a paragraph or a chapter, or reply")
        .body<CommentIn>()
        .returns<CommentOut>(201, "The comment")
        .also_returns(200, "The same comment was sent before with this token")
        .per_minute(20)
        .handle([&](const Request& request, const CommentIn& in) -> Result<api::Reply<CommentOut>> {
            const Answered answered = TRY(pointed(
                service.post_comment(actor_of(request), {.work = request.path_id<WorkId>("work"),
                                                         .chapter = request.path_id<ChapterId>("chapter"),
                                                         .paragraph = in.paragraph.value_or(""),
                                                         .reply_to = in.reply_to,
                                                         .text = in.text,
                                                         .token = in.token.value_or("")})));
            return api::Reply<CommentOut>{
                .value = out_of(database, people, answered, actor_of(request)),
                .status = answered.again ? 200 : 201,
                .headers = {{"Location", "/api/v1/comments/" + answered.comment.id.text()}}};
        });

    api.get(comment, action<ViewComments>(), "getComment", "A comment")
        .returns<CommentOut>(200, "The comment")
        .handle([&](const Request& request) -> Result<CommentOut> {
            const Actor& actor = actor_of(request);
            return database.read([&](sql::Reader& reader) -> Result<CommentOut> {
                const Answered answered =
                    TRY(service.comment(reader, actor, request.path_id<CommentId>("comment")));
                const Names names(reader, people, {answered.comment.author});
                return out_of(answered.comment, answered.policy, actor, names);
            });
        });

    api.patch(comment, action<EditComment>(), "editComment", "Change your comment within a day")
        .body<CommentEditIn>()
        .returns<CommentOut>(200, "The comment")
        .per_minute(20)
        .handle([&](const Request& request, const CommentEditIn& in) -> Result<CommentOut> {
            const Actor& actor = actor_of(request);
            const Answered answered =
                TRY(pointed(service.edit_comment(actor, request.path_id<CommentId>("comment"), in.text)));
            return out_of(database, people, answered, actor);
        });

    api.del(comment, action<DeleteComment>(), "deleteComment", "Delete your comment")
        .returns<void>(204, "Its words are gone")
        .handle([&](const Request& request) -> Result<void> {
            TRY(service.delete_comment(actor_of(request), request.path_id<CommentId>("comment")));
            return success();
        });

    api.put(comment + "/hidden", action<HideComment>(), "hideComment", "Hide a comment on your work")
        .returns<void>(204, "Only its author and you see it")
        .handle([&](const Request& request) -> Result<void> {
            TRY(service.hide_comment(actor_of(request), request.path_id<CommentId>("comment")));
            return success();
        });
    api.del(comment + "/hidden", action<HideComment>(), "showComment", "Show a hidden comment again")
        .returns<void>(204, "Everybody who sees the chapter sees it")
        .handle([&](const Request& request) -> Result<void> {
            TRY(service.show_comment(actor_of(request), request.path_id<CommentId>("comment")));
            return success();
        });

    const std::string kudos = "/api/v1/works/{work:id}/kudos";
    api.put(kudos, action<GiveKudos>(), "giveKudos", "Give kudos to a work")
        .returns<KudosOut>(200, "The kudos of the work")
        .per_minute(60)
        .handle([&](const Request& request) -> Result<KudosOut> {
            const WorkCounts counts =
                TRY(service.give_kudos(actor_of(request), request.path_id<WorkId>("work")));
            return KudosOut{counts.kudos, counts.gave_kudos};
        });
    api.del(kudos, action<GiveKudos>(), "withdrawKudos", "Take your kudos back")
        .returns<KudosOut>(200, "The kudos of the work")
        .per_minute(60)
        .handle([&](const Request& request) -> Result<KudosOut> {
            const WorkCounts counts =
                TRY(service.withdraw_kudos(actor_of(request), request.path_id<WorkId>("work")));
            return KudosOut{counts.kudos, counts.gave_kudos};
        });

    const std::string bookmark = "/api/v1/works/{work:id}/bookmark";
    api.put(bookmark, action<KeepBookmark>(), "addBookmark", "Keep a bookmark on a work")
        .returns<void>(204, "It is kept")
        .per_minute(60)
        .handle([&](const Request& request) -> Result<void> {
            return service.add_bookmark(actor_of(request), request.path_id<WorkId>("work"));
        });
    api.del(bookmark, action<KeepBookmark>(), "removeBookmark", "Remove your bookmark")
        .returns<void>(204, "It is gone")
        .per_minute(60)
        .handle([&](const Request& request) -> Result<void> {
            return service.remove_bookmark(actor_of(request), request.path_id<WorkId>("work"));
        });
    api.get("/api/v1/me/bookmarks", action<ListBookmarks>(), "listBookmarks", "Works you keep a bookmark on")
        .returns_page<BookmarkOut>("Newest first")
        .handle([&](const Request& request) -> Result<api::Page<BookmarkOut>> {
            const Actor& actor = actor_of(request);
            const auto [text, limit] = api::page_of(request, kUsual);
            std::optional<works::Cursor> after, next;
            if (!text.empty()) {
                after = works::Cursor::parse(text);
                if (!after) return api::bad_cursor();
            }
            api::Page<BookmarkOut> page;
            database.read([&](sql::Reader& reader) {
                const auto ids = service.bookmarks(reader, actor, after, limit, next);
                for (const auto& card : service.library().works(reader, actor, ids)) {
                    page.items.push_back({card.id, card.title, card.author});
                }
            });
            if (next) page.next = next->text();
            return page;
        });
}

}  // namespace braid::feedback
