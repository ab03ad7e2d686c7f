// Reads gettext .po files (GNU gettext manual, "The Format of PO Files"): multi-line strings, escapes,
// comments, plural forms. Contexts are read and ignored; obsolete entries (#~) are skipped.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace po {

struct Entry {
    int line = 0;         // of its msgid
    std::string id;       // the key
    bool plural = false;  // has msgid_plural
    bool fuzzy = false;
    std::vector<std::string> texts;  // one, or one per plural form
};

struct Refusal : std::runtime_error {
    Refusal(int at, const std::string& message) : std::runtime_error(message), line(at) {}
    int line;
};

// All entries but the header (msgid ""). Throws Refusal.
std::vector<Entry> parse(std::string_view text);

// The names in {braces} of a message, sorted, each once.
std::vector<std::string> arguments(std::string_view message);

}  // namespace po
