// Messages in the language of the reader. Catalogues are gettext .po files under each module's locale/ folder
// (en.po, es.po), compiled into the program. A message id is a key ("works.publish"), its English is in
// en.po.
//
// Arguments are written {name}; a plural message is chosen by the argument `n` with the plural rule of its
// language. Every key used in a template or as _msg("…") must exist in every language, and every key must be
// used: a test compares.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

// Marks a literal as a message key for the catalogue test.
#define _msg(key) key

namespace braid::i18n {

enum class Language { en, es };
inline constexpr Language kLanguages[] = {Language::en, Language::es};
std::string_view tag(Language language);       // BCP 47
std::string_view own_name(Language language);  // English, Español
bool parse_language(std::string_view tag, Language& out);
// Best match of an Accept-Language header (RFC 9110 section 12.5.4), English when nothing fits.
Language negotiate(std::string_view accept_language);

// Splits a message into its literal text and the names of its {arguments}; `argument` returns false for a
// name it does not know, which is then literal text, braces and all.
template <class Literal, class Argument>
void split_message(std::string_view text, Literal literal, Argument argument) {
    while (!text.empty()) {
        const auto open = text.find('{');
        const auto close = open == std::string_view::npos ? open : text.find('}', open);
        if (close == std::string_view::npos) break;
        if (open > 0) literal(text.substr(0, open));
        if (!argument(text.substr(open + 1, close - open - 1))) literal(text.substr(open, close + 1 - open));
        text.remove_prefix(close + 1);
    }
    if (!text.empty()) literal(text);
}

using Arguments = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// A message, resolved once; templates keep it in a function-local static.
class Message {
  public:
    Message() = default;
    explicit Message(std::string_view key);  // unknown key: shows the key itself (the test has caught it)
    [[nodiscard]] std::string_view text(Language language) const {
        return texts_[static_cast<int>(language)];
    }
    [[nodiscard]] std::string_view plural(Language language, long long n) const;

  private:
    std::string_view texts_[2];
    std::string_view other_[2];  // plural form for n != 1
};

// The message with its arguments, unescaped.
std::string format(Language language, std::string_view key, Arguments arguments = {});
std::string format(Language language, std::string_view key,
                   const std::vector<std::pair<std::string, std::string>>& arguments);
std::string format_plural(Language language, std::string_view key, long long n, Arguments arguments = {});

// Dates and numbers by ICU. `zone` is an IANA name ("America/Lima"); "" is the zone of the site, an unknown
// one UTC.
std::string date(Language language, Timestamp t,
                 std::string_view zone = {});  // 3 November 2026 / 3 de noviembre de 2026
// With the hour: 3 November 2026 at 17:05 / 3 de noviembre de 2026, 17:05.
std::string moment(Language language, Timestamp t, std::string_view zone = {});
std::string short_date(Language language, Timestamp t, std::string_view zone = {});  // 3 Nov / 3 nov
// For lists: "now", "12 min ago", "3 hr. ago", "yesterday", then the date: "3 Nov", and with its year "3 Nov
// 2024" when that is not this year.
std::string ago(Language language, Timestamp t, Timestamp now, std::string_view zone = {});
int hour_of_day(Timestamp t, std::string_view zone = {});  // 0 to 23
std::string number(Language language, long long n);        // 1,204 / 1204, from 10000 on 10,204 / 10.204

// The zone of the site: UTC until set, once, before any thread asks.
void set_site_zone(std::string zone);

}  // namespace braid::i18n
