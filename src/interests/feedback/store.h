// The tables of answering: comments, counts, kudos, bookmarks. The only place with this module's SQL.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/guardians/api.h"
#include "interests/feedback/api.h"
#include "interests/feedback/model.h"
#include "interests/feedback/policy.h"

namespace braid::feedback {

struct CommentRow {
    CommentId id;
    WorkId work;
    ChapterId chapter;
    PersonId work_author;
    std::string paragraph;
    CommentId thread;
    int answers = 0;
    PersonId author;
    State state = State::visible;
    Timestamp created_at, edited_at;
    std::string quote, html, text;
    works::Hold hold = works::Hold::none;
    Withheld withheld = Withheld::no;
    bool apart = false;  // who asked for it sees nothing of its author

    // Whether it stands in the numbers.
    [[nodiscard]] bool counted() const { return hold == works::Hold::none && withheld == Withheld::no; }
    [[nodiscard]] bool begins_thread() const { return id == thread; }
};

struct NewComment {
    CommentId id;
    WorkId work;
    ChapterId chapter;
    PersonId work_author;
    std::string paragraph;
    CommentId thread;
    PersonId author;
    Timestamp at;
    std::string token, quote, html, text;
    works::Hold hold = works::Hold::none;
};

namespace store {

// For what somebody asks for; and for the site's own work and moderators, who are apart from nobody.
std::optional<CommentRow> find(sql::Session& session, const Actor& actor, CommentId id);
std::optional<CommentRow> find(sql::Session& session, CommentId id);
std::optional<CommentRow> find_by_token(sql::Session& session, PersonId author, std::string_view token);

// False when `author` has sent `token` before: nothing was written then.
bool insert(sql::Tx& tx, const access::Permit<PostComment>& permit, const NewComment& comment);
void edit(sql::Tx& tx, const access::Permit<EditComment>& permit, CommentId id, std::string_view text,
          std::string_view html, Timestamp at, std::int64_t version);
// Blanks the words; what was said goes to the versions.
void remove(sql::Tx& tx, const access::Permit<DeleteComment>& permit, CommentId id, Timestamp at,
            std::int64_t version);
void set_state(sql::Tx& tx, const access::Permit<HideComment>& permit, CommentId id, State state);

void set_hold(sql::Tx& tx, const access::Permit<ModerateComment>& permit, CommentId id, works::Hold hold);
void set_hold(sql::Tx& tx, const access::Permit<EditComment>& permit, CommentId id, works::Hold hold);
// All of somebody's that are `from` become `to`, and the numbers of their chapters with them.
void withhold(sql::Tx& tx, PersonId author, Withheld from, Withheld to);
// What somebody wrote and is there, in the order of writing after `after`.
std::vector<CommentId> all_of(sql::Session& session, PersonId author, CommentId after, int limit);

// Of a deleted comment: what it said last.
std::optional<std::string> last_words(sql::Session& session, CommentId id);

// Adds to the derived numbers; returns the comments of the paragraph that everybody sees.
int count(sql::Tx& tx, ChapterId chapter, std::string_view paragraph, int shown, int hidden);
void count_answer(sql::Tx& tx, CommentId thread, int by);

// First comments of conversations on one paragraph ('' for the chapter as a whole), oldest first after
// `after`, and on a chapter with all its paragraphs, newest first below `before`. Those the actor sees, or
// whose replies may be seen by somebody.
std::vector<CommentRow> threads_of_paragraph(sql::Session& session, ChapterId chapter,
                                             std::string_view paragraph, const Actor& actor, CommentId after,
                                             int limit);
std::vector<CommentRow> threads_of_chapter(sql::Session& session, ChapterId chapter, const Actor& actor,
                                           CommentId before, int limit);
// Replies the actor sees, of the conversations from `first` to `last` (of one paragraph when it is given), by
// conversation and time.
std::vector<CommentRow> replies(sql::Session& session, ChapterId chapter,
                                std::optional<std::string_view> paragraph, CommentId first, CommentId last,
                                const Actor& actor, int limit);
// Replies of one conversation after `after`.
std::vector<CommentRow> replies_of(sql::Session& session, ChapterId chapter, CommentId thread,
                                   const Actor& actor, CommentId after, int limit);

ChapterCounts counts(sql::Session& session, const Actor& actor, const works::ChapterFacts& chapter);
WorkCounts work_counts(sql::Session& session, const Actor& actor, WorkId work);
int paragraph_count(sql::Session& session, const Actor& actor, ChapterId chapter, std::string_view paragraph,
                    bool with_hidden);

std::vector<CommentRow> newest_for(sql::Session& session, PersonId work_author, int limit);

std::vector<guardians::Contact> contacts(sql::Session& session, PersonId person);

// All four return whether anything changed.
bool give_kudos(sql::Tx& tx, const access::Permit<GiveKudos>& permit, WorkId work, Timestamp at);
bool withdraw_kudos(sql::Tx& tx, const access::Permit<GiveKudos>& permit, WorkId work);
bool add_bookmark(sql::Tx& tx, const access::Permit<KeepBookmark>& permit, WorkId work, Timestamp at);
bool remove_bookmark(sql::Tx& tx, const access::Permit<KeepBookmark>& permit, WorkId work);

struct BookmarkRow {
    WorkId work;
    Timestamp made_at;
};
std::vector<BookmarkRow> bookmarks(sql::Session& session, PersonId person, std::optional<works::Cursor> after,
                                   int limit);

// Makes every derived number of a chapter or a work anew from the comments and kudos.
void recount_chapter(sql::Tx& tx, ChapterId chapter);
void recount_kudos(sql::Tx& tx, WorkId work);
// Takes the words of everything she commented, and her kudos, out of what is shown and counted.
void forget_person(sql::Tx& tx, PersonId person);
// The next ids of chapters with comments, and of works with kudos, after `after`: for a rebuild in small
// transactions.
std::vector<ChapterId> chapters_after(sql::Session& session, ChapterId after, int limit);
std::vector<WorkId> works_after(sql::Session& session, WorkId after, int limit);

// All answers to what is gone for good.
void forget_chapter(sql::Tx& tx, ChapterId chapter);
void forget_work(sql::Tx& tx, WorkId work);

// What another version of the sanitiser made.
struct Stale {
    CommentId id;
    std::string text;
};
std::vector<Stale> stale(sql::Session& session, int limit);
void set_html(sql::Tx& tx, CommentId id, std::string_view html);

}  // namespace store
}  // namespace braid::feedback
