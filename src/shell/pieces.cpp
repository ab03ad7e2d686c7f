#include "shell/pieces.h"

#include <array>

#include "base/text.h"
#include "platform/web/assets.h"
#include "shell/pieces.html.h"
#include "shell/seed.h"

namespace braid::shell {

namespace {

std::string_view first_code_point(std::string_view text) {
    if (text.empty()) return {};
    std::size_t length = 1;
    while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
        ++length;
    return text.substr(0, length);
}

constexpr std::string_view kSizes[] = {"small", "medium", "large"};

}  // namespace

std::string initials(std::string_view name) {
    std::vector<std::string_view> words;
    for (const auto word : split(trim(name), ' ')) {
        if (!word.empty()) words.push_back(word);
    }
    if (words.empty()) return "?";
    std::string made(first_code_point(words.front()));
    if (words.size() > 1) {
        made += first_code_point(words.back());
    } else {
        made += first_code_point(words.front().substr(made.size()));
    }
    return made;
}

std::string_view name(Strand strand) {
    static constexpr std::string_view kNames[] = {"", "interest", "relation", "opportunity"};
    return kNames[static_cast<int>(strand)];
}

std::string_view name(Size size) {
    return kSizes[static_cast<int>(size)];
}

int tint_of(std::string_view seed) {
    return static_cast<int>(seed_of(seed) % 12);
}

std::string say(i18n::Language language, std::string_view key) {
    return key.empty() ? std::string() : std::string(i18n::format(language, key));
}

std::string field_error(const Error* error, std::string_view field, i18n::Language language) {
    if (error == nullptr) return {};
    for (const FieldError& wrong : error->fields) {
        if (wrong.field == field) return i18n::format(language, wrong.message_key, wrong.arguments);
    }
    return {};
}

void icon(html::Out& out, std::string_view name) {
    out.raw(R"(<svg class="icon)");
    if (name.starts_with("arrow-l") || name.starts_with("arrow-r") || name.starts_with("chevron-l") ||
        name.starts_with("chevron-r")) {
        out.raw(" icon-turns");
    }
    out.raw(
        R"(" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">)");
    out.raw(web::icon(name));
    out.raw("</svg>");
}

std::vector<Choice> months() {
    return {{"", _msg("shell.month.choose")}, {"1", _msg("shell.month.1")},   {"2", _msg("shell.month.2")},
            {"3", _msg("shell.month.3")},     {"4", _msg("shell.month.4")},   {"5", _msg("shell.month.5")},
            {"6", _msg("shell.month.6")},     {"7", _msg("shell.month.7")},   {"8", _msg("shell.month.8")},
            {"9", _msg("shell.month.9")},     {"10", _msg("shell.month.10")}, {"11", _msg("shell.month.11")},
            {"12", _msg("shell.month.12")}};
}

}  // namespace braid::shell
