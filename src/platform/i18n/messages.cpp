// The catalogue, looked up, and messages with their arguments.

#include <algorithm>
#include <charconv>

#include "platform/i18n/catalogue.h"
#include "platform/i18n/i18n.h"

namespace braid::i18n {

namespace {

const Row* find(std::string_view key) {
    const auto rows = catalogue();
    const auto row = std::lower_bound(rows.begin(), rows.end(), key,
                                      [](const Row& each, std::string_view k) { return each.key < k; });
    return row != rows.end() && row->key == key ? &*row : nullptr;
}

template <class Pairs>
std::string fill(std::string_view text, const Pairs& arguments) {
    std::string out;
    out.reserve(text.size() + 32);
    split_message(
        text, [&](std::string_view literal) { out += literal; },
        [&](std::string_view name) {
            for (const auto& [key, value] : arguments) {
                if (key == name) {
                    out += value;
                    return true;
                }
            }
            return false;
        });
    return out;
}

}  // namespace

Message::Message(std::string_view key) {
    const Row* row = find(key);
    for (const Language language : kLanguages) {
        const auto i = static_cast<std::size_t>(language);
        // A message that one language lacks is shown in English; the catalogue test fails on it.
        const Row::Texts texts = row == nullptr               ? Row::Texts{}
                                 : !row->texts[i].one.empty() ? row->texts[i]
                                                              : row->texts[0];
        texts_[i] = texts.one.empty() ? key : texts.one;
        other_[i] = texts.other.empty() ? texts_[i] : texts.other;
    }
}

std::string_view Message::plural(Language language, long long n) const {
    // CLDR cardinal rules: English "one" is 1 alone, Spanish too ("many" for millions reads like "other"
    // here).
    const auto i = static_cast<std::size_t>(language);
    return n == 1 ? texts_[i] : other_[i];
}

std::string format(Language language, std::string_view key, Arguments arguments) {
    return fill(Message(key).text(language), arguments);
}

std::string format(Language language, std::string_view key,
                   const std::vector<std::pair<std::string, std::string>>& arguments) {
    const Message message(key);
    for (const auto& [name, value] : arguments) {
        if (name != "n") continue;
        long long n = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), n);
        if (error == std::errc{} && end == value.data() + value.size())
            return fill(message.plural(language, n), arguments);
    }
    return fill(message.text(language), arguments);
}

std::string format_plural(Language language, std::string_view key, long long n, Arguments arguments) {
    std::vector<std::pair<std::string_view, std::string_view>> all(arguments);
    const std::string count = number(language, n);
    all.emplace_back("n", count);
    return fill(Message(key).plural(language, n), all);
}

}  // namespace braid::i18n
