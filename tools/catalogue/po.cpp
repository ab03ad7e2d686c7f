#include "po.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace po {

namespace {

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

// A string in quotes, alone on the rest of its line.
std::string quoted(int line, std::string_view text) {
    text = trim(text);
    if (text.size() < 2 || text.front() != '"') throw Refusal(line, "a string in quotes is expected");
    std::string result;
    std::size_t i = 1;
    for (; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] != '\\') {
            result += text[i];
            continue;
        }
        if (++i == text.size()) break;
        switch (text[i]) {
            case 'n':
                result += '\n';
                break;
            case 't':
                result += '\t';
                break;
            case 'r':
                result += '\r';
                break;
            case '"':
            case '\\':
                result += text[i];
                break;
            default:
                throw Refusal(line, std::string("unknown escape \\") + text[i]);
        }
    }
    if (i >= text.size()) throw Refusal(line, "the string is not closed");
    if (i + 1 != text.size()) throw Refusal(line, "unexpected text after the string");
    return result;
}

class Reader {
  public:
    std::vector<Entry> read(std::string_view text) {
        int number = 0;
        while (!text.empty()) {
            ++number;
            const auto end = text.find('\n');
            line(number, trim(text.substr(0, end)));
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        }
        finish();
        return std::move(entries_);
    }

  private:
    void line(int number, std::string_view text) {
        if (text.empty()) return;
        if (text.front() == '#') {
            if (text.starts_with("#~")) return;
            if (text.starts_with("#,") && text.find("fuzzy") != std::string_view::npos) {
                finish();
                fuzzy_ = true;
            }
            return;
        }
        if (text.front() == '"') {
            if (target_ == nullptr) throw Refusal(number, "a string without a keyword");
            *target_ += quoted(number, text);
            return;
        }
        const auto space = text.find_first_of(" \t\"");
        const std::string_view keyword = text.substr(0, space);
        const std::string value =
            quoted(number, space == std::string_view::npos ? std::string_view{} : text.substr(space));
        if (keyword == "msgctxt") {
            finish();
            ignored_ = value;
            target_ = &ignored_;
        } else if (keyword == "msgid") {
            finish();
            entry_.emplace();
            entry_->line = number;
            entry_->fuzzy = fuzzy_;
            fuzzy_ = false;
            entry_->id = value;
            target_ = &entry_->id;
        } else if (!entry_) {
            throw Refusal(number, std::string(keyword) + " without msgid");
        } else if (keyword == "msgid_plural") {
            if (!entry_->texts.empty()) throw Refusal(number, "msgid_plural comes before msgstr");
            entry_->plural = true;
            ignored_ = value;
            target_ = &ignored_;
        } else if (keyword == "msgstr") {
            if (entry_->plural) throw Refusal(number, "a plural message has msgstr[0] and msgstr[1]");
            if (!entry_->texts.empty()) throw Refusal(number, "a second msgstr");
            target_ = &entry_->texts.emplace_back(value);
        } else if (keyword == "msgstr[" + std::to_string(entry_->texts.size()) + "]") {
            if (!entry_->plural) throw Refusal(number, std::string(keyword) + " without msgid_plural");
            target_ = &entry_->texts.emplace_back(value);
        } else {
            throw Refusal(number, "unexpected keyword " + std::string(keyword));
        }
    }

    void finish() {
        target_ = nullptr;
        if (!entry_) return;
        if (entry_->texts.empty()) throw Refusal(entry_->line, "\"" + entry_->id + "\" has no msgstr");
        if (!entry_->id.empty()) entries_.push_back(std::move(*entry_));
        entry_.reset();
    }

    std::vector<Entry> entries_;
    std::optional<Entry> entry_;
    std::string* target_ = nullptr;  // what a string on its own line continues
    std::string ignored_;
    bool fuzzy_ = false;
};

}  // namespace

std::vector<Entry> parse(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    return Reader().read(text);
}

std::vector<std::string> arguments(std::string_view message) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < message.size(); ++i) {
        if (message[i] != '{') continue;
        const auto end = message.find('}', i);
        if (end == std::string_view::npos) break;
        const auto name = message.substr(i + 1, end - i - 1);
        const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
            return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
        });
        if (plain) names.emplace_back(name);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

}  // namespace po
