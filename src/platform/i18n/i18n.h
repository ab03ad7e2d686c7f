// Messages in the language of the reader. Catalogues are gettext .po files under each module's locale/ folder (en.po, es.po),
// compiled into the program. A message id is a key ("works.publish"), its English is in en.po.
//
// Arguments are written {name}; a plural message is chosen by the argument `n` with the plural rule of its language.
// Every key used in a template or as _msg("…") must exist in every language, and every key must be used: a test compares.
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
std::string_view tag(Language language);                // BCP 47
std::string_view own_name(Language language);           // English, Español
bool parse_language(std::string_view tag, Language& out);
// Best match of an Accept-Language header (RFC 9110 section 12.5.4), English when nothing fits.
Language negotiate(std::string_view accept_language);

using Arguments = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// A message, resolved once; templates keep it in a function-local static.
class Message {
  public:
    Message() = default;
    explicit Message(std::string_view key);             // unknown key: shows the key itself (the test has caught it)
    [[nodiscard]] std::string_view text(Language language) const { return texts_[static_cast<int>(language)]; }
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

// Dates and numbers by ICU.
std::string date(Language language, Timestamp t);            // 3 November 2026
std::string short_date(Language language, Timestamp t);      // 3 Nov
std::string ago(Language language, Timestamp t, Timestamp now);  // "12 min", "yesterday", "3 Nov", "3 Nov 2024"
std::string number(Language language, long long n);          // 1,204 / 1204

}  // namespace braid::i18n
