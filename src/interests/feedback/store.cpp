#include "interests/feedback/store.h"

#include "platform/html/richtext.h"

namespace braid::feedback::store {

namespace {

// `apart` is SQL: 1 where who asks sees nothing of who wrote it.
#define BRAID_COMMENT_COLUMNS(apart)                                                                     \
    "id, work, chapter, work_author, paragraph, thread, answers, author, state, created_at, edited_at, " \
    "quote, html, text, hold, withheld, " apart
#define BRAID_APART_FOR(me) "CASE WHEN " BRAID_NOT_APART(me, "comments.author") " THEN 0 ELSE 1 END"

// Who sees a comment of state s, written by a, on work of w: everybody the visible ones, its two authors the
// hidden ones; of what moderators hold, its author alone what is not removed, and of what guardians withhold;
// nobody of whom she is apart from. The C++ of the rule is may_see.
#define BRAID_SEEN_BY(me)                                                                     \
    "((state = 'visible' OR (state = 'hidden' AND (author = " me " OR work_author = " me      \
    "))) AND (hold = "                                                                        \
    "'none' OR (hold <> 'removed' AND author = " me ")) AND (withheld = 'no' OR author = " me \
    ") AND " BRAID_NOT_APART(me, "comments.author") ")"

const sql::Query kFind{"feedback.find_comment",
                       "SELECT " BRAID_COMMENT_COLUMNS(BRAID_APART_FOR("$2")) " FROM comments WHERE id = $1"};
const sql::Query kFindByToken{
    "feedback.find_comment_by_token",
    "SELECT " BRAID_COMMENT_COLUMNS("0") " FROM comments WHERE author = $1 AND token = $2"};
const sql::Query kInsert{
    "feedback.insert_comment",
    "INSERT INTO comments (id, work, chapter, work_author, paragraph, thread, answers, "
    "author, state, created_at, edited_at, "
    "token, sanitiser, quote, html, text, hold) "
    "VALUES ($1, $2, $3, $4, $5, $6, 0, $7, 'visible', $8, 0, $9, $10, $11, $12, $13, $14) "
    "ON CONFLICT (author, token) DO NOTHING"};
const sql::Query kKeepVersion{
    "feedback.keep_version",
    "INSERT INTO comment_versions (id, comment, replaced_at, text) "
    "SELECT CAST($2 AS BIGINT), id, CAST($3 AS BIGINT), text FROM comments WHERE id = $1"};
const sql::Query kEdit{
    "feedback.edit_comment",
    "UPDATE comments SET text = $2, html = $3, sanitiser = $4, edited_at = $5 WHERE id = $1"};
const sql::Query kDelete{"feedback.delete_comment",
                         "UPDATE comments SET state = 'deleted', text = '', html = '' WHERE id = $1"};
const sql::Query kSetState{"feedback.set_state", "UPDATE comments SET state = $2 WHERE id = $1"};
const sql::Query kSetHold{"feedback.set_hold", "UPDATE comments SET hold = $2 WHERE id = $1"};
const sql::Query kAllOf{"feedback.all_of",
                        "SELECT id FROM comments WHERE author = $1 AND state <> 'deleted' AND hold <> "
                        "'removed' AND id > $2 ORDER BY id LIMIT $3"};
const sql::Query kLastWords{"feedback.last_words",
                            "SELECT text FROM comment_versions WHERE comment = $1 ORDER BY id DESC LIMIT 1"};
const sql::Query kCount{
    "feedback.count_paragraph",
    "INSERT INTO chapter_paragraph_counts (chapter, paragraph, shown, hidden) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (chapter, paragraph) DO UPDATE SET shown = chapter_paragraph_counts.shown + excluded.shown, "
    "hidden = chapter_paragraph_counts.hidden + excluded.hidden RETURNING shown"};
const sql::Query kCountAnswer{"feedback.count_answer",
                              "UPDATE comments SET answers = answers + $2 WHERE id = $1"};

const sql::Query kThreadsOfParagraph{
    "feedback.threads_of_paragraph",
    "SELECT " BRAID_COMMENT_COLUMNS(BRAID_APART_FOR("$3"))
    " FROM comments WHERE chapter = $1 AND paragraph = $2 AND thread > $4 AND id = thread "
    "AND (" BRAID_SEEN_BY("$3") " OR answers > 0) ORDER BY thread LIMIT $5"};
const sql::Query kThreadsOfChapter{"feedback.threads_of_chapter",
                                   "SELECT " BRAID_COMMENT_COLUMNS(BRAID_APART_FOR("$2"))
                                   " FROM comments WHERE chapter = $1 AND id < $3 AND id = thread "
                                   "AND (" BRAID_SEEN_BY("$2") " OR answers > 0) ORDER BY id DESC LIMIT $4"};
const sql::Query kRepliesOfParagraph{
    "feedback.replies_of_paragraph",
    "SELECT " BRAID_COMMENT_COLUMNS("0")
    " FROM comments WHERE chapter = $1 AND paragraph = $2 AND thread >= $4 AND thread <= $5 "
    "AND id <> thread AND " BRAID_SEEN_BY("$3") " ORDER BY thread, id LIMIT $6"};
const sql::Query kReplies{"feedback.replies",
                          "SELECT " BRAID_COMMENT_COLUMNS("0")
                          " FROM comments WHERE chapter = $1 AND thread >= $3 AND thread <= $4 "
                          "AND id <> thread AND " BRAID_SEEN_BY("$2") " ORDER BY thread, id LIMIT $5"};
const sql::Query kRepliesOf{"feedback.replies_of",
                            "SELECT " BRAID_COMMENT_COLUMNS("0")
                            " FROM comments WHERE chapter = $1 AND thread = $3 AND id > $4 "
                            "AND id <> thread AND " BRAID_SEEN_BY("$2") " ORDER BY id LIMIT $5"};

// Everything the margin and the foot of a chapter need, in one answer. kind 0: a paragraph with its numbers;
// 1: kudos of the work; 2: the actor gave kudos; 3: the actor keeps a bookmark.
const sql::Query kCounts{
    "feedback.counts",
    "SELECT 0 AS kind, paragraph, shown, hidden FROM chapter_paragraph_counts WHERE chapter = $1 "
    "UNION ALL SELECT 1, '', kudos, 0 FROM work_kudos WHERE work = $2 "
    "UNION ALL SELECT 2, '', 1, 0 FROM kudos WHERE work = $2 AND person = $3 "
    "UNION ALL SELECT 3, '', 1, 0 FROM bookmarks WHERE person = $3 AND work = $2 LIMIT 20000"};
const sql::Query kWorkCounts{"feedback.work_counts",
                             "SELECT 1 AS kind, kudos FROM work_kudos WHERE work = $1 "
                             "UNION ALL SELECT 2, 1 FROM kudos WHERE work = $1 AND person = $2 "
                             "UNION ALL SELECT 3, 1 FROM bookmarks WHERE person = $2 AND work = $1 LIMIT 3"};
const sql::Query kParagraphCount{
    "feedback.paragraph_count",
    "SELECT shown, hidden FROM chapter_paragraph_counts WHERE chapter = $1 AND paragraph = $2"};

// What of the numbers above a viewer does not see, because she is apart from who gave them. kind 0: of a
// paragraph; 1: kudos.
const sql::Query kCountsApart{
    "feedback.counts_apart",
    "SELECT 0 AS kind, paragraph, SUM(CASE WHEN state = 'visible' THEN 1 ELSE 0 END), SUM(CASE WHEN state = "
    "'hidden' THEN 1 ELSE 0 END) FROM comments WHERE chapter = $1 AND hold = 'none' AND withheld = 'no' AND author IN "
    BRAID_APART_FROM("$3") " GROUP BY paragraph UNION ALL SELECT 1, '', COUNT(*), 0 FROM kudos WHERE work = $2 "
    "AND person IN " BRAID_APART_FROM("$3") " LIMIT 20000"};
const sql::Query kKudosApart{
    "feedback.kudos_apart",
    "SELECT COUNT(*) FROM kudos WHERE work = $1 AND person IN " BRAID_APART_FROM("$2")};
const sql::Query kParagraphApart{
    "feedback.paragraph_apart",
    "SELECT COALESCE(SUM(CASE WHEN state = 'visible' THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN state = "
    "'hidden' THEN 1 ELSE 0 END), 0) FROM comments WHERE chapter = $1 AND paragraph = $2 AND hold = 'none' "
    "AND withheld = 'no' "
    "AND "
    "author IN " BRAID_APART_FROM("$3")};

// The quote is the one of the conversation it belongs to.
const sql::Query kNewestFor{
    "feedback.newest_for_author",
    "SELECT c.id, c.work, c.chapter, c.work_author, c.paragraph, c.thread, c.answers, c.author, c.state, "
    "c.created_at, c.edited_at, "
    "t.quote, c.html, c.text, c.hold, c.withheld, 0 FROM comments c JOIN comments t ON t.id = c.thread "
    "WHERE c.work_author = $1 AND c.author <> $1 AND c.state = 'visible' AND c.hold = 'none' "
    "AND c.withheld = 'no' AND " BRAID_NOT_APART("$1", "c.author") " ORDER BY c.id DESC LIMIT $2"};

const sql::Query kContacts{
    "feedback.contacts",
    "SELECT other, COUNT(*) AS times FROM (SELECT author AS other FROM comments WHERE work_author = $1 AND "
    "author <> $1 AND state = 'visible' UNION ALL SELECT work_author FROM comments WHERE author = $1 AND "
    "work_author <> $1 AND state <> 'deleted') met GROUP BY other ORDER BY times DESC, other LIMIT 100"};

const sql::Query kGiveKudos{
    "feedback.give_kudos",
    "INSERT INTO kudos (work, person, given_at) VALUES ($1, $2, $3) ON CONFLICT (work, person) DO NOTHING"};
const sql::Query kWithdrawKudos{"feedback.withdraw_kudos",
                                "DELETE FROM kudos WHERE work = $1 AND person = $2"};
const sql::Query kCountKudos{"feedback.count_kudos",
                             "INSERT INTO work_kudos (work, kudos) VALUES ($1, $2) "
                             "ON CONFLICT (work) DO UPDATE SET kudos = work_kudos.kudos + excluded.kudos"};
const sql::Query kAddBookmark{"feedback.add_bookmark",
                              "INSERT INTO bookmarks (person, work, made_at) VALUES ($1, $2, $3) ON CONFLICT "
                              "(person, work) DO NOTHING"};
const sql::Query kRemoveBookmark{"feedback.remove_bookmark",
                                 "DELETE FROM bookmarks WHERE person = $1 AND work = $2"};
const sql::Query kBookmarks{
    "feedback.bookmarks",
    "SELECT work, made_at FROM bookmarks WHERE person = $1 "
    "AND (made_at < $2 OR (made_at = $2 AND work < $3)) ORDER BY made_at DESC, work DESC LIMIT $4"};

const sql::Query kClearCounts{"feedback.clear_counts",
                              "DELETE FROM chapter_paragraph_counts WHERE chapter = $1"};
const sql::Query kRecount{"feedback.recount_chapter",
                          "INSERT INTO chapter_paragraph_counts (chapter, paragraph, shown, hidden) "
                          "SELECT chapter, paragraph, SUM(CASE WHEN state = 'visible' THEN 1 ELSE 0 END), "
                          "SUM(CASE WHEN state = 'hidden' THEN 1 ELSE 0 END) FROM comments WHERE chapter = "
                          "$1 AND hold = 'none' AND withheld = 'no' GROUP BY chapter, paragraph"};
const sql::Query kRecountAnswers{
    "feedback.recount_answers",
    "UPDATE comments SET answers = (SELECT COUNT(*) FROM comments r WHERE r.chapter = comments.chapter "
    "AND r.thread = comments.id AND r.id <> r.thread AND r.state <> 'deleted' AND r.hold = 'none' AND "
    "r.withheld = 'no') WHERE "
    "chapter = $1 AND id = "
    "thread"};
const sql::Query kClearKudos{"feedback.clear_kudos_count", "DELETE FROM work_kudos WHERE work = $1"};
const sql::Query kRecountKudos{
    "feedback.recount_kudos",
    "INSERT INTO work_kudos (work, kudos) SELECT work, COUNT(*) FROM kudos WHERE work = $1 GROUP BY work"};
const sql::Query kChaptersAfter{
    "feedback.chapters_after",
    "SELECT DISTINCT chapter FROM comments WHERE chapter > $1 ORDER BY chapter LIMIT $2"};
const sql::Query kWorksAfter{"feedback.works_after",
                             "SELECT DISTINCT work FROM kudos WHERE work > $1 ORDER BY work LIMIT $2"};

const sql::Query kChaptersCommented{
    "feedback.chapters_commented",
    "SELECT DISTINCT chapter FROM comments WHERE author = $1 AND state <> 'deleted' ORDER BY chapter"};
const sql::Query kWithhold{"feedback.withhold",
                           "UPDATE comments SET withheld = $3 WHERE author = $1 AND withheld = $2"};
const sql::Query kWorksApplauded{"feedback.works_applauded",
                                 "SELECT work FROM kudos WHERE person = $1 ORDER BY work"};
const sql::Query kSilence{"feedback.silence_person",
                          "UPDATE comments SET state = 'deleted', text = '', html = '' WHERE author = $1"};
const sql::Query kForgetKudosOf{"feedback.forget_kudos_of", "DELETE FROM kudos WHERE person = $1"};

const sql::Query kForgetVersionsOfChapter{
    "feedback.forget_versions_of_chapter",
    "DELETE FROM comment_versions WHERE comment IN (SELECT id FROM comments WHERE chapter = $1)"};
const sql::Query kForgetChapter{"feedback.forget_chapter", "DELETE FROM comments WHERE chapter = $1"};
const sql::Query kForgetVersionsOfWork{
    "feedback.forget_versions_of_work",
    "DELETE FROM comment_versions WHERE comment IN (SELECT id FROM comments WHERE work = $1)"};
const sql::Query kForgetCountsOfWork{
    "feedback.forget_counts_of_work",
    "DELETE FROM chapter_paragraph_counts WHERE chapter IN (SELECT chapter FROM comments WHERE work = $1)"};
const sql::Query kForgetWork{"feedback.forget_work", "DELETE FROM comments WHERE work = $1"};
const sql::Query kForgetKudos{"feedback.forget_kudos", "DELETE FROM kudos WHERE work = $1"};
const sql::Query kForgetBookmarks{"feedback.forget_bookmarks", "DELETE FROM bookmarks WHERE work = $1"};

const sql::Query kStale{"feedback.stale_comments",
                        "SELECT id, text FROM comments WHERE sanitiser < $1 ORDER BY sanitiser, id LIMIT $2"};
const sql::Query kSetHtml{"feedback.set_html", "UPDATE comments SET html = $2, sanitiser = $3 WHERE id = $1"};

PersonId me(const Actor& actor) {
    return actor.person.value_or(PersonId{});
}

}  // namespace

std::optional<CommentRow> find(sql::Session& session, const Actor& actor, CommentId id) {
    return session.maybe<CommentRow>(kFind, id, me(actor));
}
std::optional<CommentRow> find(sql::Session& session, CommentId id) {
    return find(session, Actor{}, id);
}

std::optional<CommentRow> find_by_token(sql::Session& session, PersonId author, std::string_view token) {
    return session.maybe<CommentRow>(kFindByToken, author, token);
}

bool insert(sql::Tx& tx, const access::Permit<PostComment>&, const NewComment& c) {
    return tx.run(kInsert, c.id, c.work, c.chapter, c.work_author, c.paragraph, c.thread, c.author, c.at,
                  c.token, html::kSanitiserVersion, c.quote, c.html, c.text, c.hold) == 1;
}

void edit(sql::Tx& tx, const access::Permit<EditComment>&, CommentId id, std::string_view text,
          std::string_view html, Timestamp at, std::int64_t version) {
    tx.run(kKeepVersion, id, version, at);
    tx.run(kEdit, id, text, html, html::kSanitiserVersion, at);
}

void remove(sql::Tx& tx, const access::Permit<DeleteComment>&, CommentId id, Timestamp at,
            std::int64_t version) {
    tx.run(kKeepVersion, id, version, at);
    tx.run(kDelete, id);
}

void set_state(sql::Tx& tx, const access::Permit<HideComment>&, CommentId id, State state) {
    tx.run(kSetState, id, state);
}

void set_hold(sql::Tx& tx, const access::Permit<ModerateComment>&, CommentId id, works::Hold hold) {
    tx.run(kSetHold, id, hold);
}
void set_hold(sql::Tx& tx, const access::Permit<EditComment>&, CommentId id, works::Hold hold) {
    tx.run(kSetHold, id, hold);
}

void withhold(sql::Tx& tx, PersonId author, Withheld from, Withheld to) {
    if (tx.run(kWithhold, author, from, to) == 0) return;
    if (from != Withheld::no && to != Withheld::no) return;  // in no number before nor after
    for (const ChapterId chapter : tx.all<ChapterId>(kChaptersCommented, author))
        recount_chapter(tx, chapter);
}

std::vector<CommentId> all_of(sql::Session& session, PersonId author, CommentId after, int limit) {
    return session.all<CommentId>(kAllOf, author, after, limit);
}

std::optional<std::string> last_words(sql::Session& session, CommentId id) {
    return session.maybe<std::string>(kLastWords, id);
}

int count(sql::Tx& tx, ChapterId chapter, std::string_view paragraph, int shown, int hidden) {
    return tx.one<int>(kCount, chapter, paragraph, shown, hidden);
}

void count_answer(sql::Tx& tx, CommentId thread, int by) {
    tx.run(kCountAnswer, thread, by);
}

std::vector<CommentRow> threads_of_paragraph(sql::Session& session, ChapterId chapter,
                                             std::string_view paragraph, const Actor& actor, CommentId after,
                                             int limit) {
    return session.all<CommentRow>(kThreadsOfParagraph, chapter, paragraph, me(actor), after, limit);
}

std::vector<CommentRow> threads_of_chapter(sql::Session& session, ChapterId chapter, const Actor& actor,
                                           CommentId before, int limit) {
    return session.all<CommentRow>(kThreadsOfChapter, chapter, me(actor), before, limit);
}

std::vector<CommentRow> replies(sql::Session& session, ChapterId chapter,
                                std::optional<std::string_view> paragraph, CommentId first, CommentId last,
                                const Actor& actor, int limit) {
    if (paragraph)
        return session.all<CommentRow>(kRepliesOfParagraph, chapter, *paragraph, me(actor), first, last,
                                       limit);
    return session.all<CommentRow>(kReplies, chapter, me(actor), first, last, limit);
}

std::vector<CommentRow> replies_of(sql::Session& session, ChapterId chapter, CommentId thread,
                                   const Actor& actor, CommentId after, int limit) {
    return session.all<CommentRow>(kRepliesOf, chapter, me(actor), thread, after, limit);
}

namespace {

// Takes off what the actor is apart from.
void take_off(sql::Session& session, const Actor& actor, const works::ChapterFacts& chapter, bool hers,
              ChapterCounts& counts) {
    session.each(
        kCountsApart,
        [&](const sql::Row& row) {
            const auto value = static_cast<int>(row.integer(2));
            if (row.integer(0) == 1) {
                counts.kudos -= value;
                return;
            }
            const int unseen = value + (hers ? static_cast<int>(row.integer(3)) : 0);
            const std::string_view paragraph = row.text(1);
            if (paragraph.empty()) {
                if (counts.on_chapter > 0) counts.on_chapter -= unseen;
                return;
            }
            const auto found = counts.by_paragraph.find(std::string(paragraph));
            if (found != counts.by_paragraph.end() && (found->second -= unseen) <= 0)
                counts.by_paragraph.erase(found);
        },
        chapter.chapter, chapter.work, me(actor));
}

}  // namespace

ChapterCounts counts(sql::Session& session, const Actor& actor, const works::ChapterFacts& chapter) {
    ChapterCounts counts;
    const bool hers = actor.is(chapter.author);
    const bool closed = chapter.comments == works::CommentsPolicy::closed && !hers;
    session.each(
        kCounts,
        [&](const sql::Row& row) {
            const auto value = static_cast<int>(row.integer(2));
            switch (row.integer(0)) {
                case 0: {
                    const int visible = value + (hers ? static_cast<int>(row.integer(3)) : 0);
                    if (closed || visible == 0) break;
                    const std::string_view paragraph = row.text(1);
                    if (paragraph.empty()) {
                        counts.on_chapter = visible;
                    } else {
                        counts.by_paragraph.emplace(paragraph, visible);
                    }
                    break;
                }
                case 1:
                    counts.kudos = value;
                    break;
                case 2:
                    counts.gave_kudos = true;
                    break;
                default:
                    counts.bookmarked = true;
                    break;
            }
        },
        chapter.chapter, chapter.work, me(actor));
    if (actor.signed_in() && actor.may_be_apart) take_off(session, actor, chapter, hers, counts);
    return counts;
}

WorkCounts work_counts(sql::Session& session, const Actor& actor, WorkId work) {
    WorkCounts counts;
    session.each(
        kWorkCounts,
        [&](const sql::Row& row) {
            switch (row.integer(0)) {
                case 1:
                    counts.kudos = static_cast<int>(row.integer(1));
                    break;
                case 2:
                    counts.gave_kudos = true;
                    break;
                default:
                    counts.bookmarked = true;
                    break;
            }
        },
        work, me(actor));
    if (actor.signed_in() && actor.may_be_apart && counts.kudos > 0)
        counts.kudos -= session.one<int>(kKudosApart, work, me(actor));
    return counts;
}

int paragraph_count(sql::Session& session, const Actor& actor, ChapterId chapter, std::string_view paragraph,
                    bool with_hidden) {
    using Numbers = std::tuple<int, int>;
    const auto row = session.maybe<Numbers>(kParagraphCount, chapter, paragraph);
    if (!row) return 0;
    const auto [unseen, unseen_hidden] =
        actor.signed_in() && actor.may_be_apart
            ? session.one<Numbers>(kParagraphApart, chapter, paragraph, me(actor))
            : Numbers{};
    return std::get<0>(*row) - unseen + (with_hidden ? std::get<1>(*row) - unseen_hidden : 0);
}

std::vector<CommentRow> newest_for(sql::Session& session, PersonId work_author, int limit) {
    return session.all<CommentRow>(kNewestFor, work_author, limit);
}

std::vector<guardians::Contact> contacts(sql::Session& session, PersonId person) {
    return session.all<guardians::Contact>(kContacts, person);
}

bool give_kudos(sql::Tx& tx, const access::Permit<GiveKudos>& permit, WorkId work, Timestamp at) {
    if (tx.run(kGiveKudos, work, me(permit.actor()), at) == 0) return false;
    tx.run(kCountKudos, work, 1);
    return true;
}

bool withdraw_kudos(sql::Tx& tx, const access::Permit<GiveKudos>& permit, WorkId work) {
    if (tx.run(kWithdrawKudos, work, me(permit.actor())) == 0) return false;
    tx.run(kCountKudos, work, -1);
    return true;
}

bool add_bookmark(sql::Tx& tx, const access::Permit<KeepBookmark>& permit, WorkId work, Timestamp at) {
    return tx.run(kAddBookmark, me(permit.actor()), work, at) > 0;
}

bool remove_bookmark(sql::Tx& tx, const access::Permit<KeepBookmark>& permit, WorkId work) {
    return tx.run(kRemoveBookmark, me(permit.actor()), work) > 0;
}

std::vector<BookmarkRow> bookmarks(sql::Session& session, PersonId person, std::optional<works::Cursor> after,
                                   int limit) {
    const works::Cursor from = after.value_or(works::Cursor{INT64_MAX, INT64_MAX});
    return session.all<BookmarkRow>(kBookmarks, person, from.micros, from.id, limit);
}

void recount_chapter(sql::Tx& tx, ChapterId chapter) {
    tx.run(kClearCounts, chapter);
    tx.run(kRecount, chapter);
    tx.run(kRecountAnswers, chapter);
}

void forget_person(sql::Tx& tx, PersonId person) {
    const auto chapters = tx.all<ChapterId>(kChaptersCommented, person);
    const auto works = tx.all<WorkId>(kWorksApplauded, person);
    tx.run(kSilence, person);
    tx.run(kForgetKudosOf, person);
    for (const ChapterId chapter : chapters)
        recount_chapter(tx, chapter);
    for (const WorkId work : works)
        recount_kudos(tx, work);
}

void recount_kudos(sql::Tx& tx, WorkId work) {
    tx.run(kClearKudos, work);
    tx.run(kRecountKudos, work);
}

std::vector<ChapterId> chapters_after(sql::Session& session, ChapterId after, int limit) {
    return session.all<ChapterId>(kChaptersAfter, after, limit);
}

std::vector<WorkId> works_after(sql::Session& session, WorkId after, int limit) {
    return session.all<WorkId>(kWorksAfter, after, limit);
}

void forget_chapter(sql::Tx& tx, ChapterId chapter) {
    tx.run(kForgetVersionsOfChapter, chapter);
    tx.run(kForgetChapter, chapter);
    tx.run(kClearCounts, chapter);
}

void forget_work(sql::Tx& tx, WorkId work) {
    tx.run(kForgetVersionsOfWork, work);
    tx.run(kForgetCountsOfWork, work);
    tx.run(kForgetWork, work);
    tx.run(kForgetKudos, work);
    tx.run(kClearKudos, work);
    tx.run(kForgetBookmarks, work);
}

std::vector<Stale> stale(sql::Session& session, int limit) {
    return session.all<Stale>(kStale, html::kSanitiserVersion, limit);
}

void set_html(sql::Tx& tx, CommentId id, std::string_view html) {
    tx.run(kSetHtml, id, html, html::kSanitiserVersion);
}

}  // namespace braid::feedback::store
