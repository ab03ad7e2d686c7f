// What the pages of this module show.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "identity/accounts/api.h"
#include "interests/feedback/api.h"
#include "interests/guidance/api.h"
#include "interests/reading/api.h"
#include "interests/topics/api.h"
#include "interests/works/api.h"
#include "platform/html/html.h"
#include "shell/pieces.h"
#include "shell/shell.h"

namespace braid::discovery {

struct VisitorHome {
    shell::Frame frame;
    std::vector<reading::WorkLine> newest;
    std::vector<works::Library::TagCount> tags;
};

struct AnswerView {
    std::string name, seed, profile;
    std::string work_title, url, quote, plain;
    int chapter_number = 0;
    bool on_paragraph = false;
    html::SafeHtml words;
    Timestamp at;
};

// One card of "What now?": one thing to do, and the true reason for it.
struct NextStep {
    enum class Kind {
        go_on_writing,  // a draft waits
        begin_writing,  // nothing written yet
        answer,         // somebody said something about her work
        be_first,       // a new work by somebody else
        more_like_it,   // she finished something; its tag has more
    };
    Kind kind = Kind::begin_writing;
    shell::Strand strand = shell::Strand::interest;
    std::string url;
    std::string title;  // of the work it is about
    std::string name;   // of the person it is about
    std::string tag;
    int number = 0, words = 0;
};

// What is new in the topics somebody cares about.
struct TopicNews {
    struct One {
        reading::WorkLine line;
        std::string topic, label, language;  // topic: its path
    };
    std::vector<One> works;
    std::vector<topics::ShownInterest> mine;  // a few, the latest first
    bool any = false;                         // she said what she loves
};

struct MemberHome {
    shell::Frame frame;
    std::string greeting_key, name;
    std::string draft_title, draft_work;  // of the newest draft, "" when there is none
    int draft_place = 0;
    int new_answers = 0;          // people who answered within the last week
    std::vector<NextStep> steps;  // at most three
    std::vector<AnswerView> answers;
    bool writes = false;  // has works or drafts
    std::vector<reading::OpenWork> open;
    std::vector<guidance::Suggestion> for_you;
    std::vector<reading::WorkLine> newest;
    TopicNews topics;
};

struct ReadPage {
    shell::Frame frame;
    std::optional<works::Library::TagCount> tag;
    std::string language;
    std::vector<std::string> languages;  // to choose from
    std::vector<reading::WorkLine> works;
    std::vector<works::Library::TagCount> tags;
    std::vector<topics::MeantTopic> meant;  // by the tag
    bool signed_in = false;
    std::string next_url, first_url, path;
};

struct PersonPage {
    shell::Frame frame;
    accounts::PersonCard person;
    html::SafeHtml bio;
    std::vector<topics::ShownInterest> interests;  // as far as she shows them to the viewer
    bool self = false, signed_in = false;
    std::vector<reading::WorkLine> works;
    std::string next_url, first_url;
};

std::string_view step_label(const NextStep& step);
std::string step_heading(const NextStep& step, i18n::Language language);
std::string step_text(const NextStep& step, i18n::Language language);
std::string_view step_action(const NextStep& step);
std::string step_reason(const NextStep& step, i18n::Language language);
std::string rib_class(const NextStep& step);

}  // namespace braid::discovery
