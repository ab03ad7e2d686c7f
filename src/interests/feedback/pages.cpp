#include "interests/feedback/pages.h"

#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "interests/feedback/buttons.html.h"
#include "interests/feedback/comments.html.h"
#include "platform/html/plain.h"
#include "platform/i18n/i18n.h"

namespace braid::feedback {

using access::action;
using access::actor_of;
using http::Request;
using http::Response;

namespace {

constexpr int kConversations = 20;
constexpr int kReplies = 100;

std::string chapter_url(WorkId work, ChapterId chapter) {
    return "/works/" + work.text() + "/chapters/" + chapter.text();
}
std::string comments_url(WorkId work, ChapterId chapter) {
    return chapter_url(work, chapter) + "/comments";
}
std::string sign_in_url(std::string_view next) {
    return "/sign-in?next=" + percent_encode(next);
}

// The list a comment stands in, with the comment's own place in it.
std::string where(const CommentRow& comment) {
    const std::string url = comments_url(comment.work, comment.chapter);
    const std::string query = comment.paragraph.empty() ? "?on=chapter" : "?paragraph=" + comment.paragraph;
    return url + query + "#c-" + comment.id.text();
}

works::ChapterFacts facts_of(const works::ChapterView& chapter) {
    return {.work = chapter.work,
            .chapter = chapter.chapter,
            .author = chapter.author,
            .visibility = chapter.visibility,
            .rating = chapter.rating,
            .comments = chapter.comments,
            .published = !chapter.draft};
}

const works::Paragraph* paragraph_of(const works::ChapterView& chapter, std::string_view key) {
    const auto found = std::ranges::find(chapter.text.paragraphs, key, &works::Paragraph::key);
    return found == chapter.text.paragraphs.end() ? nullptr : &*found;
}

using Cards = std::unordered_map<PersonId, accounts::PersonCard>;

Cards cards_of(sql::Session& session, const accounts::People& people,
               const std::vector<Service::Conversation>& conversations) {
    std::vector<PersonId> ids;
    for (const auto& conversation : conversations) {
        ids.push_back(conversation.begin.author);
        for (const auto& reply : conversation.replies)
            ids.push_back(reply.author);
    }
    std::ranges::sort(ids);
    const auto repeated = std::unique(ids.begin(), ids.end());
    ids.erase(repeated, ids.end());
    Cards cards;
    if (ids.empty()) return cards;
    for (auto& card : people.cards(session, ids))
        cards.emplace(card.id, std::move(card));
    return cards;
}

// "a telephone number, a link to another site": what a comment holds to reach somebody by, "" for nothing.
std::string kinds_in(i18n::Language language, const CommentRow& row) {
    auto found = contact::find_contact(row.text);
    const auto read = contact::find_contact(html::plain_of(row.html));
    found.insert(found.end(), read.begin(), read.end());
    std::string words;
    for (const contact::Kind kind : contact::kKinds) {
        if (std::ranges::find(found, kind, &contact::Span::kind) == found.end()) continue;
        words += (words.empty() ? "" : ", ") + i18n::format(language, contact::kind_key(kind));
    }
    return words;
}

CommentView view_of(const CommentRow& row, const works::ChapterFacts& chapter, const Actor& actor,
                    Timestamp now, const Cards& cards, i18n::Language language) {
    CommentView view{.id = row.id.text(), .at = row.created_at};
    const CommentFacts facts{.author = row.author,
                             .work_author = row.work_author,
                             .state = row.state,
                             .comments = chapter.comments,
                             .created_at = row.created_at,
                             .now = now,
                             .hold = row.hold,
                             .withheld = row.withheld != Withheld::no,
                             .apart = row.apart};
    if (!may_see(actor, facts)) {
        view.deleted = row.state == State::deleted;
        view.put_away = !view.deleted;
        return view;
    }
    const auto card = cards.find(row.author);
    view.seed = row.author.text();
    if (card != cards.end()) {
        view.name = card->second.display_name;
        if (actor.signed_in() || card->second.listed) view.profile = "/people/" + card->second.handle;
    } else {
        view.name = i18n::format(language, _msg("feedback.somebody"));
    }
    view.by_work_author = row.author == row.work_author;
    view.held = row.hold == works::Hold::hidden;
    view.waits = row.hold == works::Hold::waiting;
    if (view.waits && actor.is(row.author)) view.contact = kinds_in(language, row);
    view.withheld = facts.withheld;
    view.hidden = row.state == State::hidden || view.held || view.waits || view.withheld;
    view.can_report = !actor.is(row.author);
    if (view.can_report && actor.signed_in() && card != cards.end()) {
        view.keep_away = "/settings/blocks/" + card->second.handle;
        // Unless the chapter goes with its author.
        if (!view.by_work_author)
            view.keep_away += "?next=" + percent_encode(chapter_url(row.work, row.chapter));
    }
    view.edited = row.edited_at.micros != 0;
    view.words = html::SafeHtml::trust(row.html);  // rendered by html::render when it was stored
    const auto may = [&](const Decision& decision) { return actor.signed_in() && decision.allowed(); };
    view.can_edit = may(decide(EditComment{}, actor, facts));
    view.can_delete = may(decide(DeleteComment{}, actor, facts));
    const bool can_hide = may(decide(HideComment{}, actor, facts));
    view.can_hide = can_hide && row.state == State::visible && !actor.is(row.author);
    view.can_show = can_hide && row.state == State::hidden;
    return view;
}

}  // namespace

std::string thread_label(const ThreadsView& threads, i18n::Language language) {
    return i18n::format(language, threads.on_chapter ? _msg("feedback.comments_on_chapter")
                                                     : _msg("feedback.comments_on_paragraph"));
}

void kudos_button(html::Out& out, const shell::PageContext& context, WorkId work, const WorkCounts& counts,
                  bool own, std::string_view back) {
    if (own) return kudos_number(out, counts);
    if (!context.viewer) return kudos_for_visitor(out, sign_in_url(back), counts);
    kudos_form(out, context, "/works/" + work.text() + "/kudos", counts, back);
}

void bookmark_button(html::Out& out, const shell::PageContext& context, WorkId work, bool bookmarked,
                     std::string_view back) {
    if (!context.viewer) return bookmark_for_visitor(out, sign_in_url(back));
    bookmark_form(out, context, "/works/" + work.text() + "/bookmark", bookmarked, back);
}

void Pages::add_routes(http::Router& router) {
    const auto bind = [this](Result<Response> (Pages::*handler)(const Request&)) {
        return [this, handler](const Request& request) { return (this->*handler)(request); };
    };
    const auto bind_change = [this](Change what, std::string_view message) {
        return [this, what, message](const Request& request) { return change(request, what, message); };
    };
    constexpr std::string_view kComments = "/works/{work:id}/chapters/{chapter:id}/comments";
    router.get(std::string(kComments), action<ViewComments>(), bind(&Pages::list));
    router.post(std::string(kComments), action<PostComment>(), bind(&Pages::post),
                {.max_body = 64 << 10, .per_minute = 20});
    router.get("/works/{work:id}/chapters/{chapter:id}/live", action<ViewComments>(), bind(&Pages::live));
    router.get("/comments/{comment:id}/edit", action<EditComment>(), bind(&Pages::edit_form));
    router.post("/comments/{comment:id}/edit", action<EditComment>(), bind(&Pages::edit),
                {.max_body = 64 << 10, .per_minute = 20});
    router.post("/comments/{comment:id}/delete", action<DeleteComment>(),
                bind_change(&Service::delete_comment, _msg("feedback.was_deleted")), {.per_minute = 60});
    router.post("/comments/{comment:id}/hide", action<HideComment>(),
                bind_change(&Service::hide_comment, _msg("feedback.was_hidden")), {.per_minute = 60});
    router.post("/comments/{comment:id}/show", action<HideComment>(),
                bind_change(&Service::show_comment, _msg("feedback.was_shown")), {.per_minute = 60});
    router.post("/works/{work:id}/kudos", action<GiveKudos>(), bind(&Pages::kudos), {.per_minute = 60});
    router.post("/works/{work:id}/bookmark", action<KeepBookmark>(), bind(&Pages::bookmark),
                {.per_minute = 60});
}

void Pages::fill(sql::Session& session, const Request& request, const works::ChapterView& chapter,
                 const Which& which, const Refused& refused, CommentsPage& page) {
    const Actor& actor = actor_of(request);
    const works::ChapterFacts facts = facts_of(chapter);
    const std::string base = comments_url(chapter.work, chapter.chapter);
    const std::string back = chapter_url(chapter.work, chapter.chapter);
    ThreadsView& threads = page.threads;

    page.work_title = chapter.work_title;
    page.chapter_title = chapter.chapter_title;
    page.chapter_number = chapter.number;
    page.work_url = "/works/" + chapter.work.text();
    page.chapter_url = back;
    page.all_url = base;

    Service::Page found;
    std::string next_query;
    if (which.conversation) {
        auto one = service_.conversation(session, actor, facts, *which.conversation, which.from, kReplies);
        if (one.ok()) found.conversations.push_back(std::move(*one));
    } else if (which.paragraph) {
        found = service_.on_paragraph(session, actor, facts, *which.paragraph, which.from, kConversations);
        next_query =
            which.paragraph->empty() ? "?on=chapter&from=" : "?paragraph=" + *which.paragraph + "&from=";
    } else {
        found = service_.on_chapter(session, actor, facts, which.from, kConversations);
        next_query = "?from=";
    }
    if (found.next) threads.next_url = base + next_query + found.next->text();

    threads.whole_chapter = !which.paragraph;
    threads.on_chapter = which.paragraph && which.paragraph->empty();
    threads.signed_in = actor.signed_in();
    const Decision may_post = decide(PostComment{}, actor, facts);
    threads.can_post = actor.signed_in() && actor.allows(access::Scope::write) && may_post.allowed();
    if (!may_post.allowed() && may_post.error().code == ErrorCode::forbidden)
        threads.why_not = may_post.error().message_key;
    threads.sign_in_url = sign_in_url(
        which.paragraph ? (which.paragraph->empty() ? back + "#comments" : back + "#p-" + *which.paragraph)
                        : base);
    if (which.paragraph) {
        threads.count = store::paragraph_count(session, actor, chapter.chapter, *which.paragraph,
                                               actor.is(chapter.author));
        const works::Paragraph* now =
            which.paragraph->empty() ? nullptr : paragraph_of(chapter, *which.paragraph);
        if (now != nullptr) {
            page.paragraph =
                html::SafeHtml::trust(now->html);  // rendered by html::render_blocks when it was stored
        } else if (!which.paragraph->empty()) {
            if (!found.conversations.empty()) page.earlier = found.conversations.front().begin.quote;
            if (threads.can_post) {
                threads.can_post = false;  // what is gone takes replies only
                threads.why_not = _msg("feedback.paragraph_gone");
            }
        }
    }

    const std::string token = threads.can_post || !threads.why_not.empty() ? random_.token(9) : std::string();
    const auto form = [&](std::string_view paragraph, std::string_view reply_to, std::size_t n) {
        WriteView write{.action = base,
                        .paragraph = std::string(paragraph),
                        .reply_to = std::string(reply_to),
                        .token = token + "-" + std::to_string(n),
                        .from = threads.fragment        ? ""
                                : threads.whole_chapter ? "all"
                                                        : "page"};
        write.field_id =
            "f-text-" + (reply_to.empty() ? (paragraph.empty() ? "chapter" : std::string(paragraph))
                                          : std::string(reply_to));
        if (refused.error != nullptr && refused.reply_to == reply_to) {
            write.error = refused.error;
            write.text = refused.text;
            if (!refused.token.empty()) write.token = refused.token;
        }
        return write;
    };
    threads.write = form(which.paragraph.value_or(""), "", 0);

    const Cards cards = cards_of(session, people_, found.conversations);
    const Timestamp now = service_.now();
    const i18n::Language language = threads.context->language;
    const bool takes_replies = actor.signed_in() && may_post.allowed();
    for (std::size_t n = 0; n < found.conversations.size(); ++n) {
        const Service::Conversation& conversation = found.conversations[n];
        const CommentRow& begin = conversation.begin;
        ConversationView view{.begin = view_of(begin, facts, actor, now, cards, language)};
        for (const CommentRow& reply : conversation.replies) {
            view.replies.push_back(view_of(reply, facts, actor, now, cards, language));
        }
        if (conversation.more_replies) {
            view.more_url = base + "?thread=" + begin.id.text();
            if (!conversation.replies.empty())
                view.more_url += "&from=" + conversation.replies.back().id.text();
        }
        view.on_chapter = begin.paragraph.empty();
        if (!view.on_chapter && threads.whole_chapter) {
            view.vanished = paragraph_of(chapter, begin.paragraph) == nullptr;
            view.quote = begin.quote;
            view.where_url = back + "#p-" + begin.paragraph;
        }
        // A reply needs a comment to answer: to an empty place it goes to the first reply.
        const CommentView* answered = &view.begin;
        if (answered->empty_place() && !view.replies.empty()) answered = &view.replies.front();
        view.can_reply = takes_replies && !answered->empty_place();
        if (view.can_reply) {
            view.reply = form(begin.paragraph, answered->id, n + 1);
            view.reply_open = view.reply.error != nullptr;
        }
        threads.conversations.push_back(std::move(view));
    }
}

Result<Response> Pages::show(const Request& request, WorkId work, ChapterId chapter, const Which& which,
                             bool fragment, int status, const Refused& refused) {
    const Actor& actor = actor_of(request);
    CommentsPage page;
    page.threads.context = &shell::context_of(request);
    page.threads.fragment = fragment;
    TRY(database_.read([&](sql::Reader& reader) -> Result<void> {
        const works::ChapterView view = TRY(service_.library().chapter(reader, actor, work, chapter));
        TRY(access::permit<ViewComments>(actor, facts_of(view)));
        fill(reader, request, view, which, refused, page);
        const bool nothing = page.threads.conversations.empty();
        if (which.conversation && nothing) return not_found("no such conversation");
        if (which.paragraph && !which.paragraph->empty() && page.paragraph.empty() && nothing) {
            return not_found("neither such a paragraph nor comments on one that was there");
        }
        return success();
    }));
    if (fragment) return shell::fragment(request, status, [&](html::Out& out) { thread(out, page.threads); });
    const std::string_view title = page.threads.whole_chapter ? _msg("feedback.all_comments")
                                   : page.threads.on_chapter  ? _msg("feedback.comments_on_chapter")
                                                              : _msg("feedback.comments_on_paragraph");
    page.frame =
        shell::frame(request, shell::text(request, title) + " · " + page.chapter_title, shell::Place::read);
    return shell::page(request, status, [&](html::Out& out) { comments_page(out, page); });
}

Result<Response> Pages::list(const Request& request) {
    Which which;
    if (const auto paragraph = request.query.find("paragraph")) {
        if (!is_paragraph_key(*paragraph)) return not_found("malformed paragraph key");
        which.paragraph = std::string(*paragraph);
    } else if (request.query.get("on") == "chapter") {
        which.paragraph = "";
    }
    if (const auto thread = request.query.find("thread")) {
        which.conversation = CommentId::parse(*thread);
        if (!which.conversation) return not_found("malformed comment id");
        which.paragraph.reset();
    }
    if (const auto from = request.query.find("from")) {
        which.from = CommentId::parse(*from);
        if (!which.from) return not_found("malformed position");
    }
    const bool fragment = request.wants_fragment() && which.paragraph.has_value();
    auto response = show(request, request.path_id<WorkId>("work"), request.path_id<ChapterId>("chapter"),
                         which, fragment, 200, {});
    if (response.ok()) response->set("Vary", "HX-Request");
    return response;
}

Result<Response> Pages::post(const Request& request) {
    const http::Fields& form = request.form.fields;
    NewCommentForm comment{.work = request.path_id<WorkId>("work"),
                           .chapter = request.path_id<ChapterId>("chapter"),
                           .paragraph = std::string(form.get("paragraph")),
                           .text = std::string(form.get("text")),
                           .token = std::string(form.get("token"))};
    if (const auto reply_to = form.find("reply_to"); reply_to && !reply_to->empty()) {
        comment.reply_to = CommentId::parse(*reply_to);
        if (!comment.reply_to) return not_found("malformed comment id");
    }
    const bool from_all = form.get("from") == "all";
    const auto answered = service_.post_comment(actor_of(request), comment);
    if (!answered.ok()) {
        if (answered.error().code != ErrorCode::invalid) return answered.error();
        Which which;
        if (!from_all) which.paragraph = comment.paragraph;
        const Refused refused{&answered.error(), comment.text, std::string(form.get("reply_to")),
                              comment.token};
        return show(request, comment.work, comment.chapter, which, request.wants_fragment(), 422, refused);
    }
    const CommentRow& row = answered->comment;
    if (request.wants_fragment()) {
        return show(request, row.work, row.chapter, {.paragraph = row.paragraph}, true, 200, {});
    }
    std::string_view message = _msg("feedback.was_posted");
    if (row.hold == works::Hold::waiting) message = _msg("feedback.was_posted_waits");
    if (from_all)
        return shell::redirect_with(request, comments_url(row.work, row.chapter) + "#c-" + row.id.text(),
                                    message);
    return shell::redirect_with(request, where(row), message);  // to see it there
}

Response Pages::edit_view(const Request& request, const Answered& answered, const Error* error,
                          std::string_view text) {
    const CommentRow& row = answered.comment;
    const auto card = database_.read([&](sql::Reader& reader) { return people_.card(reader, row.author); });
    EditView view{.context = &shell::context_of(request),
                  .id = row.id.text(),
                  .name = card ? card->display_name : std::string(),
                  .seed = row.author.text(),
                  .text = std::string(text),
                  .back = where(row),
                  .fragment = request.wants_fragment(),
                  .error = error};
    const int status = error == nullptr ? 200 : 422;
    if (view.fragment)
        return shell::fragment(request, status, [&](html::Out& out) { edit_fragment(out, view); });
    EditPage page{
        shell::frame(request, shell::text(request, _msg("feedback.edit_title")), shell::Place::read),
        std::move(view)};
    return shell::page(request, status, [&](html::Out& out) { edit_page(out, page); });
}

Result<Response> Pages::edit_form(const Request& request) {
    const auto id = request.path_id<CommentId>("comment");
    const Answered answered = TRY(database_.read(
        [&](sql::Reader& reader) { return service_.comment_to_edit(reader, actor_of(request), id); }));
    return edit_view(request, answered, nullptr, answered.comment.text);
}

Result<Response> Pages::edit(const Request& request) {
    const auto id = request.path_id<CommentId>("comment");
    const std::string_view text = request.form.get("text");
    const auto answered = service_.edit_comment(actor_of(request), id, text);
    if (answered.ok()) return after(request, *answered, _msg("feedback.was_edited"));
    if (answered.error().code != ErrorCode::invalid) return answered.error();
    const Answered before = TRY(database_.read(
        [&](sql::Reader& reader) { return service_.comment_to_edit(reader, actor_of(request), id); }));
    return edit_view(request, before, &answered.error(), text);
}

Result<Response> Pages::change(const Request& request, Change what, std::string_view message) {
    const Answered answered = TRY((service_.*what)(actor_of(request), request.path_id<CommentId>("comment")));
    return after(request, answered, message);
}

Result<Response> Pages::after(const Request& request, const Answered& answered, std::string_view message) {
    const CommentRow& row = answered.comment;
    const Which which{.paragraph = row.paragraph};
    auto shown = show(request, row.work, row.chapter, which, true, 200, {});
    if (request.wants_fragment()) {
        if (shown.ok()) return shown;
        // Nothing is left there, or it is no longer to be seen.
        return shell::fragment(request, 200, [&](html::Out& out) {
            ThreadsView none;
            none.context = &shell::context_of(request);
            none.on_chapter = row.paragraph.empty();
            thread(out, none);
        });
    }
    if (!shown.ok()) return shell::redirect_with(request, "/library", message);
    return shell::redirect_with(request, where(row), message);
}

Result<Response> Pages::kudos(const Request& request) {
    const auto work = request.path_id<WorkId>("work");
    const bool undo = request.form.get("undo") == "1";
    const Actor& actor = actor_of(request);
    const WorkCounts counts =
        TRY(undo ? service_.withdraw_kudos(actor, work) : service_.give_kudos(actor, work));
    const std::string back = http::local_path(request.form.get("next"), "/works/" + work.text());
    if (!request.wants_fragment()) return Response::see_other(back);
    return shell::fragment(request, 200, [&](html::Out& out) {
        kudos_button(out, shell::context_of(request), work, counts, false, back);
    });
}

Result<Response> Pages::bookmark(const Request& request) {
    const auto work = request.path_id<WorkId>("work");
    const bool undo = request.form.get("undo") == "1";
    const Actor& actor = actor_of(request);
    TRY(undo ? service_.remove_bookmark(actor, work) : service_.add_bookmark(actor, work));
    const std::string back = http::local_path(request.form.get("next"), "/works/" + work.text());
    if (!request.wants_fragment()) return Response::see_other(back);
    return shell::fragment(request, 200, [&](html::Out& out) {
        bookmark_button(out, shell::context_of(request), work, !undo, back);
    });
}

Result<Response> Pages::live(const Request& request) {
    const auto chapter = request.path_id<ChapterId>("chapter");
    TRY(database_.read([&](sql::Reader& reader) -> Result<void> {
        const works::ChapterFacts facts =
            TRY(service_.library().chapter_facts(reader, actor_of(request), chapter));
        if (facts.work != request.path_id<WorkId>("work")) return not_found("the chapter is of another work");
        TRY(access::permit<ViewComments>(actor_of(request), facts));
        return success();
    }));
    const Actor& actor = actor_of(request);
    std::vector<std::string> channels{live_channel(actor, chapter)};
    if (actor.signed_in()) channels.push_back(blocks::person_channel(*actor.person));
    return Response::live(std::move(channels));
}

}  // namespace braid::feedback
