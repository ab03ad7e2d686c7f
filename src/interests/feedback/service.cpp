#include "interests/feedback/service.h"

#include <algorithm>

#include <boost/json.hpp>

#include "base/text.h"
#include "interests/feedback/events.h"
#include "platform/html/plain.h"
#include "platform/html/richtext.h"
#include "platform/i18n/i18n.h"

namespace braid::feedback {

namespace {

constexpr std::size_t kQuoteCodePoints = 600;
constexpr int kRepliesPerPage = 500;

Error no_such_comment() {
    return not_found("no such comment, or not for the actor");
}

std::string look_channel(ChapterId chapter) {
    return "chapter:" + chapter.text() + ":look";
}

std::string rendered(std::string_view text) {
    return std::string(html::render(text, html::Dialect::comment).view());
}

}  // namespace

Service::Service(sql::Database& database, const Clock& clock, IdMaker& ids, events::Outbox& outbox,
                 const works::Library& library, const access::Guard& guard, PublishLive publish,
                 works::Screen screen)
    : database_(database),
      clock_(clock),
      ids_(ids),
      outbox_(outbox),
      library_(library),
      guard_(guard),
      publish_(std::move(publish)),
      screen_(std::move(screen)) {}

CommentFacts Service::facts(sql::Session& session, const Actor& actor, const CommentRow& comment) const {
    const auto chapter = library_.chapter_facts(session, actor, comment.chapter);
    return {.author = comment.author,
            .work_author = comment.work_author,
            .state = comment.state,
            .comments = chapter.ok() ? chapter->comments : works::CommentsPolicy::closed,
            .chapter_visible = chapter.ok() && (chapter->published || actor.is(chapter->author)),
            .created_at = comment.created_at,
            .now = clock_.now(),
            .hold = comment.hold,
            .withheld = comment.withheld != Withheld::no,
            .apart = comment.apart};
}

Result<Service::Found> Service::found(sql::Session& session, const Actor& actor, CommentId id) const {
    auto row = store::find(session, actor, id);
    const CommentFacts about = facts(session, actor, row ? *row : CommentRow{});
    if (!row) return no_such_comment();
    return Found{std::move(*row), about};
}

std::string live_channel(const Actor& actor, ChapterId chapter) {
    return actor.signed_in() && actor.may_be_apart ? look_channel(chapter) : "chapter:" + chapter.text();
}

void Service::tell(const CommentRow& comment, works::CommentsPolicy policy, int shown) const {
    if (!publish_ || policy == works::CommentsPolicy::closed) return;
    const boost::json::object data{{"paragraph", comment.paragraph}, {"count", shown}};
    publish_("chapter:" + comment.chapter.text(), "comments", boost::json::serialize(data));
    const boost::json::object where{{"paragraph", comment.paragraph}};
    publish_(look_channel(comment.chapter), "comments", boost::json::serialize(where));
}

void Service::append_posted(sql::Tx& tx, const CommentRow& comment, PersonId thread_author) {
    outbox_.append(tx, CommentPosted{.comment = comment.id.text(),
                                     .work = comment.work.text(),
                                     .chapter = comment.chapter.text(),
                                     .paragraph = comment.paragraph,
                                     .author = comment.author.text(),
                                     .work_author = comment.work_author.text(),
                                     .thread = comment.thread.text(),
                                     .thread_author = thread_author.text()});
}

void Service::append_change(sql::Tx& tx, const CommentRow& comment, std::string_view what,
                            const Actor& actor) {
    outbox_.append(tx, CommentChanged{.comment = comment.id.text(),
                                      .work = comment.work.text(),
                                      .chapter = comment.chapter.text(),
                                      .what = std::string(what),
                                      .by = actor.person.value_or(PersonId{}).text()});
}

namespace {

// Whether the form that made `before` is sent again. The words of a comment that was deleted are gone: its
// token alone tells.
bool is_the_same(const CommentRow& before, const NewCommentForm& form, std::string_view text) {
    if (before.work != form.work || before.chapter != form.chapter) return false;
    if (form.reply_to ? before.begins_thread()
                      : !before.begins_thread() || before.paragraph != form.paragraph)
        return false;
    return before.state == State::deleted || before.text == text;
}

}  // namespace

Result<Answered> Service::post_comment(const Actor& actor, const NewCommentForm& form) {
    const std::string text = TRY(clean_text(form.text));
    const std::string html = rendered(text);
    if (!form.reply_to && !form.paragraph.empty() && !is_paragraph_key(form.paragraph))
        return not_found("malformed paragraph key");
    if (form.token.size() > 64) return invalid("token", _msg("feedback.bad_token"));

    // As it is written and as it is read: Markdown can hide one in the other.
    const bool contact = screen_.minor && (contact::brings_contact(text, "") ||
                                           contact::brings_contact(html::plain_of(html), ""));

    int shown = 0;
    auto answered = database_.write([&](sql::Tx& tx) -> Result<Answered> {
        TRY(guard_.confirm(tx, actor));
        const works::ChapterFacts chapter = TRY(library_.chapter_facts(tx, actor, form.chapter));
        if (chapter.work != form.work) return not_found("the chapter is of another work");
        const auto permit = TRY(access::permit<PostComment>(actor, chapter));
        // The same token with other words, or elsewhere, is a page that was gone back to: a new comment.
        bool token_used = form.token.empty();
        if (!token_used) {
            if (auto before = store::find_by_token(tx, *actor.person, form.token)) {
                if (is_the_same(*before, form, text)) {
                    return Answered{std::move(*before), chapter.comments, true};
                }
                token_used = true;
            }
        }

        NewComment comment{.id = ids_.make<CommentId>(),
                           .work = chapter.work,
                           .chapter = chapter.chapter,
                           .work_author = chapter.author,
                           .paragraph = form.paragraph,
                           .author = *actor.person,
                           .at = clock_.now(),
                           .token = form.token,
                           .html = html,
                           .text = text};
        if (token_used) comment.token = comment.id.text();
        PersonId thread_author = comment.author, answers = comment.author;
        if (form.reply_to) {
            auto answered = store::find(tx, actor, *form.reply_to);
            if (!answered || answered->chapter != chapter.chapter) return no_such_comment();
            CommentFacts seen{.author = answered->author,
                              .work_author = answered->work_author,
                              .state = answered->state,
                              .comments = chapter.comments,
                              .hold = answered->hold,
                              .withheld = answered->withheld != Withheld::no,
                              .apart = answered->apart};
            if (!may_see(actor, seen)) return no_such_comment();
            comment.thread = answered->thread;
            comment.paragraph = answered->paragraph;
            const auto begin = answered->begins_thread() ? answered : store::find(tx, answered->thread);
            thread_author = begin->author;
            answers = answered->author;
        } else {
            comment.thread = comment.id;
            if (!comment.paragraph.empty()) {
                const auto words = library_.paragraph_text(tx, chapter.chapter, comment.paragraph);
                if (!words) return invalid("paragraph", _msg("feedback.paragraph_gone"));
                comment.quote = ellipsis(*words, kQuoteCodePoints);
            }
        }
        const bool others = chapter.visibility != works::Visibility::me;
        const bool first = others && screen_.holds_first(tx, comment.author);
        // On a work that is still the author's alone too: it may be shown later, and its comments with it.
        const bool reaches =
            contact && (screen_.guards(tx, comment.author) || screen_.guards(tx, comment.work_author) ||
                        screen_.guards(tx, answers));
        if (first || reaches) comment.hold = works::Hold::waiting;
        store::insert(tx, permit, comment);
        Answered made{CommentRow{.id = comment.id,
                                 .work = comment.work,
                                 .chapter = comment.chapter,
                                 .work_author = comment.work_author,
                                 .paragraph = comment.paragraph,
                                 .thread = comment.thread,
                                 .author = comment.author,
                                 .created_at = comment.at,
                                 .quote = comment.quote,
                                 .html = comment.html,
                                 .text = comment.text,
                                 .hold = comment.hold},
                      chapter.comments, false};
        if (reaches) {
            append_contact(tx, made.comment);
            return made;
        }
        if (first) {
            outbox_.append(tx, CommentWaits{.comment = comment.id.text(),
                                            .work = comment.work.text(),
                                            .chapter = comment.chapter.text(),
                                            .author = comment.author.text()});
            return made;
        }
        if (form.reply_to) store::count_answer(tx, comment.thread, 1);
        shown = store::count(tx, comment.chapter, comment.paragraph, 1, 0);
        append_posted(tx, made.comment, thread_author);
        return made;
    });
    if (answered.ok() && !answered->again && answered->comment.hold == works::Hold::none)
        tell(answered->comment, answered->policy, shown);
    return answered;
}

Result<Answered> Service::comment(sql::Session& session, const Actor& actor, CommentId id) const {
    auto [row, about] = TRY(found(session, actor, id));
    if (!may_see(actor, about)) return no_such_comment();
    return Answered{std::move(row), about.comments, false};
}

Result<Answered> Service::comment_to_edit(sql::Session& session, const Actor& actor, CommentId id) const {
    auto [row, about] = TRY(found(session, actor, id));
    TRY(access::permit<EditComment>(actor, about));
    return Answered{std::move(row), about.comments, false};
}

bool Service::concerns_minor(sql::Session& session, const CommentRow& comment) const {
    if (screen_.guards(session, comment.author) || screen_.guards(session, comment.work_author)) return true;
    if (comment.begins_thread()) return false;
    const auto begin = store::find(session, comment.thread);
    return begin && screen_.guards(session, begin->author);
}

void Service::append_contact(sql::Tx& tx, const CommentRow& comment) {
    outbox_.append(tx, ContactFound{.comment = comment.id.text(),
                                    .work = comment.work.text(),
                                    .chapter = comment.chapter.text(),
                                    .author = comment.author.text()});
}

int Service::count_hold(sql::Tx& tx, const CommentRow& comment, int step) {
    if (!comment.begins_thread()) store::count_answer(tx, comment.thread, step);
    const bool visible = comment.state == State::visible;
    return store::count(tx, comment.chapter, comment.paragraph, visible ? step : 0, visible ? 0 : step);
}

Result<Answered> Service::edit_comment(const Actor& actor, CommentId id, std::string_view typed) {
    const std::string text = TRY(clean_text(typed));
    const std::string html = rendered(text);
    const std::string plain = html::plain_of(html);
    const bool holds =
        screen_.minor && (contact::brings_contact(text, "") || contact::brings_contact(plain, ""));
    int shown = -1;
    auto answered = database_.write([&](sql::Tx& tx) -> Result<Answered> {
        TRY(guard_.confirm(tx, actor));
        auto [row, about] = TRY(found(tx, actor, id));
        const auto permit = TRY(access::permit<EditComment>(actor, about));
        if (row.text != text) {
            const Timestamp now = clock_.now();
            const std::string had = row.text + "\n\n" + html::plain_of(row.html);
            store::edit(tx, permit, id, text, html, now, ids_.next());
            append_change(tx, row, "edited", actor);
            row.text = text;
            row.html = html;
            row.edited_at = now;
            if (holds && row.hold == works::Hold::none && concerns_minor(tx, row) &&
                (contact::brings_contact(text, had) || contact::brings_contact(plain, had))) {
                store::set_hold(tx, permit, id, works::Hold::waiting);
                row.hold = works::Hold::waiting;
                if (row.withheld == Withheld::no) shown = count_hold(tx, row, -1);
                append_contact(tx, row);
            }
        }
        return Answered{std::move(row), about.comments, false};
    });
    if (answered.ok() && shown >= 0) tell(answered->comment, answered->policy, shown);
    return answered;
}

Result<Answered> Service::delete_comment(const Actor& actor, CommentId id) {
    int shown = 0;
    auto answered = database_.write([&](sql::Tx& tx) -> Result<Answered> {
        TRY(guard_.confirm(tx, actor));
        auto [row, about] = TRY(found(tx, actor, id));
        const auto permit = TRY(access::permit<DeleteComment>(actor, about));
        store::remove(tx, permit, id, clock_.now(), ids_.next());
        // What moderators hold, or guardians withhold, is in no number.
        const int by = row.counted() ? -1 : 0;
        if (!row.begins_thread() && by != 0) store::count_answer(tx, row.thread, by);
        const bool visible = row.state == State::visible;
        shown = store::count(tx, row.chapter, row.paragraph, visible ? by : 0, visible ? 0 : by);
        append_change(tx, row, "deleted", actor);
        row.state = State::deleted;
        row.text.clear();
        row.html.clear();
        return Answered{std::move(row), about.comments, false};
    });
    if (answered.ok()) tell(answered->comment, answered->policy, shown);
    return answered;
}

Result<Answered> Service::hide_comment(const Actor& actor, CommentId id) {
    return change_state(actor, id, State::hidden);
}
Result<Answered> Service::show_comment(const Actor& actor, CommentId id) {
    return change_state(actor, id, State::visible);
}

Result<Answered> Service::change_state(const Actor& actor, CommentId id, State to) {
    int shown = -1;
    auto answered = database_.write([&](sql::Tx& tx) -> Result<Answered> {
        TRY(guard_.confirm(tx, actor));
        auto [row, about] = TRY(found(tx, actor, id));
        const auto permit = TRY(access::permit<HideComment>(actor, about));
        if (row.state != to) {
            store::set_state(tx, permit, id, to);
            const int by = to == State::visible ? 1 : -1;
            shown = store::count(tx, row.chapter, row.paragraph, by, -by);
            append_change(tx, row, to == State::visible ? "shown" : "hidden", actor);
            row.state = to;
        }
        return Answered{std::move(row), about.comments, false};
    });
    if (answered.ok() && shown >= 0) tell(answered->comment, answered->policy, shown);
    return answered;
}

namespace {

LookedComment looked_of(CommentRow row) {
    return {.id = row.id,
            .work = row.work,
            .chapter = row.chapter,
            .thread = row.thread,
            .author = row.author,
            .text = std::move(row.text),
            .quote = std::move(row.quote),
            .hold = row.hold,
            .deleted = row.state == State::deleted,
            .at = row.created_at};
}

}  // namespace

Result<LookedComment> Service::seen(sql::Session& session, const Actor& actor, CommentId id) const {
    return looked_of(TRY(comment(session, actor, id)).comment);
}

Result<LookedComment> Service::look(sql::Session& session, const Actor& by, CommentId id) const {
    TRY(access::permit<ModerateComment>(by, {}));
    auto row = store::find(session, id);
    if (!row) return no_such_comment();
    LookedComment looked = looked_of(std::move(*row));
    if (looked.deleted) looked.text = store::last_words(session, id).value_or("");
    return looked;
}

Result<void> Service::hold(sql::Tx& tx, const Actor& by, CommentId id, works::Hold hold) {
    const auto permit = TRY(access::permit<ModerateComment>(by, {}));
    const auto row = store::find(tx, id);
    if (!row) return no_such_comment();
    if (row->hold == hold) return success();
    store::set_hold(tx, permit, id, hold);
    const bool was = row->hold == works::Hold::none, is = hold == works::Hold::none;
    if (was != is && row->state != State::deleted && row->withheld == Withheld::no)
        count_hold(tx, *row, is ? 1 : -1);
    if (row->hold == works::Hold::waiting && is && row->state != State::deleted &&
        row->withheld == Withheld::no) {
        const auto begin = row->begins_thread() ? row : store::find(tx, row->thread);
        append_posted(tx, *row, begin ? begin->author : row->author);
    } else {
        append_change(tx, *row, is ? "let_go" : "held", by);
    }
    return success();
}

std::vector<CommentId> Service::all_of(sql::Session& session, const Actor& by, PersonId author,
                                       CommentId after, int limit) const {
    if (!access::permit<ModerateComment>(by, {}).ok()) return {};
    return store::all_of(session, author, after, limit);
}

Result<WorkCounts> Service::give_kudos(const Actor& actor, WorkId id) {
    return database_.write([&](sql::Tx& tx) -> Result<WorkCounts> {
        TRY(guard_.confirm(tx, actor));
        const works::WorkCard work = TRY(library_.work(tx, actor, id));
        const auto permit = TRY(access::permit<GiveKudos>(actor, WorkFacts{work.author}));
        if (store::give_kudos(tx, permit, id, clock_.now())) {
            outbox_.append(tx, KudosGiven{.work = id.text(),
                                          .person = actor.person->text(),
                                          .work_author = work.author.text()});
        }
        return store::work_counts(tx, actor, id);
    });
}

Result<WorkCounts> Service::withdraw_kudos(const Actor& actor, WorkId id) {
    return database_.write([&](sql::Tx& tx) -> Result<WorkCounts> {
        TRY(guard_.confirm(tx, actor));
        const works::WorkCard work = TRY(library_.work(tx, actor, id));
        const auto permit = TRY(access::permit<GiveKudos>(actor, WorkFacts{work.author}));
        if (store::withdraw_kudos(tx, permit, id))
            outbox_.append(tx, KudosWithdrawn{.work = id.text(), .person = actor.person->text()});
        return store::work_counts(tx, actor, id);
    });
}

Result<void> Service::add_bookmark(const Actor& actor, WorkId id) {
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        TRY(guard_.confirm(tx, actor));
        TRY(library_.work(tx, actor, id));
        const auto permit = TRY(access::permit<KeepBookmark>(actor, {}));
        if (store::add_bookmark(tx, permit, id, clock_.now()))
            outbox_.append(tx, BookmarkAdded{.work = id.text(), .person = actor.person->text()});
        return success();
    });
}

Result<void> Service::remove_bookmark(const Actor& actor, WorkId id) {
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        TRY(guard_.confirm(tx, actor));
        const auto permit = TRY(access::permit<KeepBookmark>(actor, {}));
        if (store::remove_bookmark(tx, permit, id))
            outbox_.append(tx, BookmarkRemoved{.work = id.text(), .person = actor.person->text()});
        return success();
    });
}

namespace {

// Puts replies (by conversation, then time) to their conversations. A conversation whose beginning the actor
// does not see stays only with replies she does.
std::vector<Service::Conversation> assemble(std::vector<CommentRow> begins, std::vector<CommentRow> replies,
                                            bool clipped, const Actor& actor) {
    std::vector<Service::Conversation> conversations;
    const CommentId clipped_in = clipped && !replies.empty() ? replies.back().thread : CommentId{};
    for (CommentRow& begin : begins) {
        Service::Conversation conversation;
        const auto first = std::ranges::lower_bound(replies, begin.id, {}, &CommentRow::thread);
        const auto last = std::ranges::upper_bound(replies, begin.id, {}, &CommentRow::thread);
        conversation.replies.assign(std::make_move_iterator(first), std::make_move_iterator(last));
        conversation.more_replies = clipped && begin.id >= clipped_in && begin.answers > 0;
        const bool seen = may_see(actor, {.author = begin.author,
                                          .work_author = begin.work_author,
                                          .state = begin.state,
                                          .hold = begin.hold,
                                          .withheld = begin.withheld != Withheld::no,
                                          .apart = begin.apart});
        if (!seen && conversation.replies.empty() && !conversation.more_replies) continue;
        conversation.begin = std::move(begin);
        conversations.push_back(std::move(conversation));
    }
    return conversations;
}

}  // namespace

Service::Page Service::on_paragraph(sql::Session& session, const Actor& actor,
                                    const works::ChapterFacts& chapter, std::string_view paragraph,
                                    std::optional<CommentId> from, int limit) const {
    Page page;
    auto begins = store::threads_of_paragraph(session, chapter.chapter, paragraph, actor,
                                              from.value_or(CommentId{}), limit + 1);
    if (static_cast<int>(begins.size()) > limit) {
        begins.pop_back();
        page.next = begins.back().id;
    }
    if (begins.empty()) return page;
    auto replies = store::replies(session, chapter.chapter, paragraph, begins.front().id, begins.back().id,
                                  actor, kRepliesPerPage);
    const bool clipped = static_cast<int>(replies.size()) == kRepliesPerPage;
    page.conversations = assemble(std::move(begins), std::move(replies), clipped, actor);
    return page;
}

Service::Page Service::on_chapter(sql::Session& session, const Actor& actor,
                                  const works::ChapterFacts& chapter, std::optional<CommentId> from,
                                  int limit) const {
    Page page;
    auto begins = store::threads_of_chapter(session, chapter.chapter, actor,
                                            from.value_or(CommentId{INT64_MAX}), limit + 1);
    if (static_cast<int>(begins.size()) > limit) {
        begins.pop_back();
        page.next = begins.back().id;
    }
    if (begins.empty()) return page;
    auto replies = store::replies(session, chapter.chapter, std::nullopt, begins.back().id, begins.front().id,
                                  actor, kRepliesPerPage);
    const bool clipped = static_cast<int>(replies.size()) == kRepliesPerPage;
    page.conversations = assemble(std::move(begins), std::move(replies), clipped, actor);
    return page;
}

Result<Service::Conversation> Service::conversation(sql::Session& session, const Actor& actor,
                                                    const works::ChapterFacts& chapter, CommentId thread,
                                                    std::optional<CommentId> after, int limit) const {
    auto begin = store::find(session, actor, thread);
    Conversation conversation;
    conversation.replies =
        store::replies_of(session, chapter.chapter, thread, actor, after.value_or(CommentId{}), limit + 1);
    if (static_cast<int>(conversation.replies.size()) > limit) {
        conversation.replies.pop_back();
        conversation.more_replies = true;
    }
    if (!begin || begin->chapter != chapter.chapter || !begin->begins_thread()) return no_such_comment();
    const CommentFacts seen{.author = begin->author,
                            .work_author = begin->work_author,
                            .state = begin->state,
                            .comments = chapter.comments,
                            .hold = begin->hold,
                            .withheld = begin->withheld != Withheld::no,
                            .apart = begin->apart};
    if (!may_see(actor, seen) && conversation.replies.empty()) return no_such_comment();
    conversation.begin = std::move(*begin);
    return conversation;
}

void Service::rebuild_counts() {
    constexpr int kBatch = 50;
    for (ChapterId last{};;) {
        const auto chapters =
            database_.read([&](sql::Reader& reader) { return store::chapters_after(reader, last, kBatch); });
        for (const ChapterId chapter : chapters) {
            database_.with_tx([&](sql::Tx& tx) {
                store::recount_chapter(tx, chapter);
                return true;
            });
        }
        if (chapters.size() < kBatch) break;
        last = chapters.back();
    }
    for (WorkId last{};;) {
        const auto works =
            database_.read([&](sql::Reader& reader) { return store::works_after(reader, last, kBatch); });
        for (const WorkId work : works) {
            database_.with_tx([&](sql::Tx& tx) {
                store::recount_kudos(tx, work);
                return true;
            });
        }
        if (works.size() < kBatch) break;
        last = works.back();
    }
}

int Service::render_stale(int limit) {
    const auto rows = database_.read([&](sql::Reader& reader) { return store::stale(reader, limit); });
    for (const auto& row : rows) {
        const std::string html = rendered(row.text);
        database_.with_tx([&](sql::Tx& tx) {
            store::set_html(tx, row.id, html);
            return true;
        });
    }
    return static_cast<int>(rows.size());
}

ChapterCounts Service::counts(sql::Session& session, const Actor& actor,
                              const works::ChapterFacts& chapter) const {
    return store::counts(session, actor, chapter);
}

WorkCounts Service::work_counts(sql::Session& session, const Actor& actor, WorkId work) const {
    return store::work_counts(session, actor, work);
}

std::vector<RecentComment> Service::for_author(sql::Session& session, const Actor& author, int limit) const {
    std::vector<RecentComment> recent;
    if (!author.signed_in()) return recent;
    auto rows = store::newest_for(session, *author.person, limit);
    std::vector<WorkId> ids;
    for (const auto& row : rows) {
        if (std::ranges::find(ids, row.work) == ids.end()) ids.push_back(row.work);
    }
    const auto works = library_.works(session, author, ids);
    std::unordered_map<WorkId, std::vector<works::ChapterLine>> contents;
    for (auto& row : rows) {
        const auto work = std::ranges::find(works, row.work, &works::WorkCard::id);
        if (work == works.end()) continue;
        auto found = contents.find(row.work);
        if (found == contents.end())
            found = contents.emplace(row.work, library_.contents(session, row.work)).first;
        const auto chapter = std::ranges::find(found->second, row.chapter, &works::ChapterLine::id);
        RecentComment comment{.id = row.id,
                              .work = row.work,
                              .chapter = row.chapter,
                              .author = row.author,
                              .paragraph = std::move(row.paragraph),
                              .thread = row.thread,
                              .work_title = work->title,
                              .quote = std::move(row.quote),
                              .text_html = std::move(row.html),
                              .at = row.created_at};
        if (chapter != found->second.end()) {
            comment.chapter_number = chapter->number;
            comment.chapter_title = chapter->title;
        }
        recent.push_back(std::move(comment));
    }
    return recent;
}

std::vector<WorkId> Service::bookmarks(sql::Session& session, const Actor& actor,
                                       std::optional<works::Cursor> after, int limit,
                                       std::optional<works::Cursor>& next) const {
    next.reset();
    if (!actor.signed_in()) return {};
    auto rows = store::bookmarks(session, *actor.person, after, limit + 1);
    if (static_cast<int>(rows.size()) > limit) {
        rows.pop_back();
        next = works::Cursor{rows.back().made_at.micros, rows.back().work.value};
    }
    std::vector<WorkId> ids;
    ids.reserve(rows.size());
    for (const auto& row : rows)
        ids.push_back(row.work);
    return ids;
}

}  // namespace braid::feedback
