// What the pages of writing show.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "interests/works/model.h"
#include "interests/works/service.h"
#include "platform/html/html.h"
#include "shell/pieces.h"
#include "shell/shell.h"

namespace braid::works {

// One thing on the shelf that waits for its author.
struct WaitingLine {
    std::string url, title;
    enum class Kind { ending, first_words, changes } kind = Kind::ending;
    std::int64_t place = 0, words = 0;
    Timestamp saved_at;
};
struct ShelfWork {
    WorkCard card;
    std::string base;  // /works/ID
    std::vector<WaitingLine> waiting;
};
struct ShelfPage {
    shell::Frame frame;
    std::vector<ShelfWork> works;
    std::string next_url, first_url;
};

struct WorkFormPage {
    shell::Frame frame;
    WorkForm form;
    const Error* error = nullptr;
    std::string action;      // where the form goes
    std::string base;        // /works/ID; "" for a new work
    std::string cover_url;   // "" for a new work
    bool has_cover = false;  // uploaded
    bool minor = false;
    bool may_choose_mature = true;
};

struct OutlineChapter {
    std::string url;  // /works/W/chapters/C
    std::string title;
    std::int64_t place = 0, words = 0;
    int number = 0;
    bool drafted = false, first = false, last = false;
};
struct OutlinePage {
    shell::Frame frame;
    std::string base, title;
    std::vector<OutlineChapter> chapters;
    int published = 0;
};

struct CopyLine {
    std::string editor, title, text;
    Timestamp saved_at;
    std::int64_t words = 0;
};
struct EditorPage {
    shell::Frame frame;
    std::string base, url;  // of the work and of the chapter
    std::string work_title;
    std::int64_t place = 0;
    int number = 0, revision = 0;
    ChapterDraft draft;
    std::int64_t version = 0, words = 0;
    std::string editor;  // names this window
    bool drafted = false;
    Timestamp saved_at;
    Visibility visibility = Visibility::me;
    Rating rating = Rating::everyone;
    std::vector<CopyLine> copies;
    const Error* error = nullptr;
    bool conflict = false;
};

struct PreviewPage {
    shell::Frame frame;
    std::string title, url;
    std::int64_t words = 0;
    html::SafeHtml text, notes_before, notes_after;
};

struct RevisionsPage {
    shell::Frame frame;
    std::string url, work_title, title;
    int current = 0;
    std::vector<store::RevisionLine> lines;
    std::string next_url, first_url;
};
struct OldTextPage {
    shell::Frame frame;
    std::string url;
    int revision = 1, current = 1;
    Timestamp at;
    PreviewPage text;
};

struct ConfirmPage {
    shell::Frame frame;
    std::string_view heading, text, button;  // message keys
    std::string what;                        // the title of what goes
    std::string action, back;
};

// A work's sentence about who it is there for, as a message key.
std::string_view who_key(Visibility visibility);
std::string_view rating_key(Rating rating);

std::vector<shell::Choice> rating_choices(bool mature);
std::vector<shell::Choice> visibility_choices();
std::vector<shell::Choice> licence_choices();
std::vector<shell::Choice> status_choices();
std::vector<shell::Choice> comments_choices();
std::vector<shell::Choice> said_choices();
std::vector<shell::Choice> language_choices();
struct WarningChoice {
    std::string_view value, label;
    bool checked = false;
};
std::vector<WarningChoice> warning_choices(const WorkForm& form);

}  // namespace braid::works
