// What the pages of this module show.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "platform/html/html.h"
#include "shell/shell.h"

namespace braid::feedback {

struct CommentView {
    std::string id;          // text form
    std::string name, seed;  // of who wrote it
    std::string profile;     // "" when the viewer may not open it
    bool by_work_author = false;
    bool hidden = false;               // shown to its two authors only, and the viewer is one
    std::string contact;               // of one's own that waits: the kinds of contact detail in it, in words
    bool held = false, waits = false;  // by moderators; the viewer wrote it
    bool withheld = false;             // by her guardians' decision; the viewer wrote it
    bool can_report = false;
    std::string keep_away;  // where the viewer may mute or block who wrote it; "" when she may not
    bool put_away = false;  // hidden from the viewer: a place without words
    bool deleted = false;   // likewise
    bool edited = false;
    Timestamp at;
    html::SafeHtml words;
    bool can_edit = false, can_delete = false, can_hide = false, can_show = false;

    [[nodiscard]] bool empty_place() const { return put_away || deleted; }
};

// A form for a comment or a reply.
struct WriteView {
    std::string action;     // where it posts to
    std::string paragraph;  // key, "" for the chapter
    std::string reply_to;   // id, "" for a new conversation
    std::string token, text;
    std::string from;  // "page" when the answer is a page of comments rather than the chapter
    std::string field_id;
    const Error* error = nullptr;
};

struct ConversationView {
    CommentView begin;
    std::vector<CommentView> replies;
    std::string more_url;   // of replies beyond the page, "" when there are none
    std::string where_url;  // the paragraph in the chapter; "" when it is not to be named
    std::string quote;      // the paragraph's words then
    bool vanished = false;  // the paragraph is no longer in the chapter
    bool on_chapter = false;
    bool can_reply = false;
    bool reply_open = false;  // the form came back with an error
    WriteView reply;
};

struct ThreadsView {
    const shell::PageContext* context = nullptr;
    bool fragment = false;       // beside a paragraph or at the chapter's foot: forms swap it in place
    bool whole_chapter = false;  // the list of all comments: each says where it belongs
    bool on_chapter = false;     // comments on the chapter as a whole
    int count = 0;
    std::vector<ConversationView> conversations;
    std::string next_url;
    bool can_post = false;
    bool signed_in = false;
    std::string why_not;  // message key: why nothing can be added; "" when something can
    std::string sign_in_url;
    WriteView write;
};

struct CommentsPage {
    shell::Frame frame;
    std::string work_title, chapter_title, work_url, chapter_url, all_url;
    int chapter_number = 0;
    html::SafeHtml paragraph;  // as it is now
    std::string earlier;       // as it was, when it is gone
    const Error* error = nullptr;
    ThreadsView threads;
};

struct EditView {
    const shell::PageContext* context = nullptr;
    std::string id, name, seed, text, back;
    bool fragment = false;
    const Error* error = nullptr;
};

inline std::string_view comment_class(const CommentView& comment) {
    return comment.hidden ? "comment hidden" : "comment";
}
inline std::string_view pressed(bool yes) {
    return yes ? "true" : "false";
}
std::string thread_label(const ThreadsView& threads, i18n::Language language);

struct EditPage {
    shell::Frame frame;
    EditView edit;
};

}  // namespace braid::feedback
