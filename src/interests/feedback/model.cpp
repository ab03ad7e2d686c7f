#include "interests/feedback/model.h"

#include <algorithm>

#include "base/text.h"
#include "platform/i18n/i18n.h"

namespace braid::feedback {

Result<std::string> clean_text(std::string_view typed) {
    if (!is_valid_utf8(typed)) return invalid("text", _msg("feedback.text_not_readable"));
    std::string text;
    text.reserve(typed.size());
    for (std::size_t i = 0; i < typed.size(); ++i) {
        if (typed[i] == '\r') {
            text += '\n';
            if (i + 1 < typed.size() && typed[i + 1] == '\n') ++i;
        } else {
            text += typed[i];
        }
    }
    text = std::string(trim(text));
    if (text.empty()) return invalid("text", _msg("feedback.text_empty"));
    const std::size_t length = count_code_points(text);
    if (length > kMaxCodePoints) {
        return invalid(
            "text", _msg("feedback.text_too_long"),
            {{"max", std::to_string(kMaxCodePoints)}, {"over", std::to_string(length - kMaxCodePoints)}});
    }
    return text;
}

bool is_paragraph_key(std::string_view key) {
    return !key.empty() && key.size() <= 12 &&
           std::ranges::all_of(key, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); });
}

}  // namespace braid::feedback
