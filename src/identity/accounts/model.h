// The rules about people that need no storage: ages, handles, names, addresses, passwords. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "identity/accounts/api.h"

namespace braid::accounts {

// A day of the (proleptic Gregorian) calendar.
struct Date {
    int year = 0, month = 0, day = 0;
    friend auto operator<=>(const Date&, const Date&) = default;
};

// The earliest date on Earth at `now`: the calendar of UTC−12. An age counts as reached once it is reached
// everywhere, so that nobody's time zone has to be known. Microseconds before 1970 round down.
Date earliest_date(Timestamp now);

// Of someone born on `birth`, on the day `today`; somebody born on 29 February turns a year older on 1 March
// of common years.
int age_on(Date birth, Date today);

// A date of birth as typed: three numbers. An error names the fields `birth_year`, `birth_month` and
// `birth_day`. Refused: what is no day of the calendar, what lies ahead, and more than 120 years ago.
Result<Date> parse_birth(std::string_view year, std::string_view month, std::string_view day, Timestamp now);

// "  Abigail " → "abigail". 3 to 30 of a–z, 0–9, '-', '_'; begins and ends with a letter or digit, holds a
// letter. Who joins cannot take a reserved one (a word of the site or its staff, also when written with
// digits for letters: "adm1n"); the site's own accounts, made by an administrator, can: they do speak for it.
// Field: `handle`.
enum class HandleFor { who_joins, the_site };
Result<std::string> parse_handle(std::string_view typed, HandleFor whom = HandleFor::who_joins);

// 1 to 40 code points after folding white space. Refused: control characters, and the invisible or
// direction-changing ones that let a name pretend to be another. Field: `display_name`.
Result<std::string> parse_display_name(std::string_view typed);

// Trimmed, in lower case; "" stays nothing. Field: `email`.
Result<std::optional<std::string>> parse_email(std::string_view typed);

// At most 1000 code points. Field: `bio`.
Result<std::string> parse_bio(std::string_view typed);

inline constexpr int kPasswordMin = 10, kPasswordMax = 200;  // code points

// NIST SP 800-63B section 5.1.1.2: a length, no rules of composition, and not what everybody tries first.
// Field: `field`.
Result<void> check_password(std::string_view password, std::string_view handle, std::string_view display_name,
                            std::string_view field = "password");

// How much of a password is not a pattern: characters outside obvious words, runs ("aaaa"), sequences
// ("4567", "qwer", "dcba"), years and `names`; each such piece counts as one. check_password refuses below 6.
int novelty(std::string_view password, std::initializer_list<std::string_view> names);

}  // namespace braid::accounts
