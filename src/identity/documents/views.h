// What the templates of this module are given.
#pragma once

#include <string>
#include <vector>

#include "identity/documents/service.h"
#include "shell/pieces.h"
#include "shell/shell.h"

namespace braid::documents {

struct DocumentView {
    shell::Frame frame;
    std::string_view title_key, kind;
    int version = 1;
    html::SafeHtml text, brief, changed;
    bool has_changed = false;
    std::string since;      // in words; "" for what came with the program
    std::string newer_url;  // of the current version, on an older one
    bool editor = false;
};

struct EditLine {
    int number = 1;
    bool important = false;
    std::string at, by, changed;
};
struct EditView {
    shell::Frame frame;
    std::string_view title_key, kind;
    Version typed;
    int based_on = 1;
    std::vector<EditLine> history;
    bool previewing = false;
    html::SafeHtml preview_en, preview_es, brief_en, brief_es;
    const Error* error = nullptr;
};

struct ListLine {
    std::string_view kind, title_key;
    int version = 1;
    std::string at;  // "" for what came with the program
};
struct ListView {
    shell::Frame frame;
    std::vector<ListLine> lines;
};

struct AcceptPart {
    std::string_view kind, title_key;
    html::SafeHtml changed, brief;
    bool has_changed = false;
};
struct AcceptView {
    shell::Frame frame;
    std::vector<AcceptPart> parts;
    std::string next;
    bool child = false;  // reads the short version alone
};

}  // namespace braid::documents
