// What the pages of moderation show.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "shell/pieces.h"
#include "shell/shell.h"
#include "stewardship/moderation/service.h"

namespace braid::moderation {

// ---- For everybody

struct ReportPage {
    shell::Frame frame;
    bool fragment = false;  // in a dialog
    std::string kind, id, kind_label;
    std::string title, words_of;  // what it is about
    std::string category, words, where;
    const Error* error = nullptr;
    bool sent = false;
    bool signed_in = false, grave = false;
};

struct HelpPage {
    shell::Frame frame;
    std::string intro;
    std::vector<Settings::Contact> contacts;
};

struct NoticeView {
    std::string sentence, reason, href;
    Timestamp at;
    bool unread = false;
    std::string appeal_url;    // "" when she cannot
    std::string appeal_state;  // message key; "" when there is none
    std::string answer;        // of who decided the appeal
    bool decided = false;
};

struct NoticesPage {
    shell::Frame frame;
    std::vector<NoticeView> notices;
    std::string next_url, first_url;
};

struct AppealPage {  // the person's form, or what became of it
    shell::Frame frame;
    NoticeView notice;
    std::string action, words;
    bool may_appeal = false, by_link = false;
    const Error* error = nullptr;
};

// Radio buttons for what is wrong, in words for a child, gravest first.
std::vector<shell::Choice> category_choices();
// tel: or https: for how to reach somebody; "" when it is neither a number nor an address.
std::string contact_href(std::string_view reach);

// ---- For moderators

struct Side {
    std::string name, href;
    std::string band;  // message key
    int reports = 0, acted_on = 0;
};

struct QueueLine {
    std::string url, title, words, kind;  // kind: message key
    std::string category;                 // message key
    bool grave = false, overdue = false, proposed = false;
    std::string due;
    int reports = 0;
    std::string claimed_by;
    bool mine = false;
    Timestamp at;
};

enum class Tab { open, mine, proposed, appeals, closed };

struct QueuePage {
    shell::Frame frame;
    Tab tab = Tab::open;
    std::vector<QueueLine> lines;
    store::QueueCounts counts;
    std::string next_url, first_url;
    bool has_holds = false;  // another page of things that wait
};

struct DecisionView {
    std::string id, measure, state;  // message keys
    std::string reason, by, confirmed_by, until, title, url;
    Timestamp at;
    bool proposed = false, in_force = false, may_confirm = false, may_take_back = false;
};

struct ReportView {
    std::string category, words, reporter, reporter_href;
    Timestamp at;
};

struct NoteView {
    std::string author, text;
    Timestamp at;
};

struct CasePage {
    shell::Frame frame;
    std::string id, url, title, kind, category, due, href;
    std::string words_then, words_now;
    bool gone = false, changed = false, overdue = false, grave = false;
    Origin origin = Origin::report;
    struct ContactView {
        std::string kind, words, around, chapter;  // kind: message key
    };
    std::vector<ContactView> contact, listed;  // listed: of the site's word lists, without a kind
    std::string hold;                          // message key; "" when nothing holds it
    CaseState state = CaseState::open;
    std::string claimed_by;
    bool mine = false, may_handle = true, may_decide = false;
    Side subject;
    bool has_subject = false;
    std::string standing;  // in words; "" when there is nothing
    std::vector<ReportView> reports;
    std::vector<Side> reporters;
    std::vector<NoteView> notes;
    std::vector<DecisionView> decisions, earlier;
    std::vector<QueueLine> others;
    std::vector<shell::Choice> measures;
    DecisionForm typed;
    std::string note;
    std::string appeal_url;
    const Error* error = nullptr;
};

struct AppealCasePage {
    shell::Frame frame;
    std::string action, case_url, title, words, answer, due, subject;
    DecisionView decision;
    AppealState state = AppealState::open;
    bool may_decide = false, overdue = false;
    const Error* error = nullptr;
};

}  // namespace braid::moderation
