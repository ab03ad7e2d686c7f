#include "identity/accounts/model.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include "base/text.h"
#include "platform/i18n/i18n.h"
#include "platform/mail/mail.h"

namespace braid::accounts {

// --- ages

Date earliest_date(Timestamp now) {
    const std::chrono::sys_time<Duration> there{Duration{now.micros} - std::chrono::hours(12)};
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(there)};
    return {static_cast<int>(day.year()), static_cast<int>(static_cast<unsigned>(day.month())),
            static_cast<int>(static_cast<unsigned>(day.day()))};
}

int age_on(Date birth, Date today) {
    const bool before_birthday = std::pair(today.month, today.day) < std::pair(birth.month, birth.day);
    return today.year - birth.year - (before_birthday ? 1 : 0);
}

int certain_age(BirthMonth birth, Timestamp now) {
    const Date today = earliest_date(now);
    return today.year - birth.year - (today.month <= birth.month ? 1 : 0);
}

Timestamp reaches_age(BirthMonth birth, int age) {
    const auto month = std::chrono::year_month{std::chrono::year{birth.year + age},
                                               std::chrono::month{static_cast<unsigned>(birth.month)}} +
                       std::chrono::months{1};
    const std::chrono::sys_time<Duration> there = std::chrono::sys_days{month / std::chrono::day{1}};
    return Timestamp{(there + std::chrono::hours(12)).time_since_epoch().count()};
}

std::int64_t last_adult_month(Timestamp now) {
    const Date today = earliest_date(now);
    return std::int64_t{today.year} * 12 + today.month - 18 * 12 - 1;
}

bool finds_minors(const Actor& actor) {
    return actor.signed_in() && actor.minor();
}

AgeBand band_at(BirthMonth birth, Timestamp now) {
    const int age = certain_age(birth, now);
    return age < 13 ? AgeBand::child : age < 18 ? AgeBand::teen : AgeBand::adult;
}

Result<Date> parse_birth(std::string_view year, std::string_view month, std::string_view day, Timestamp now) {
    const auto y = parse_integer(trim(year)), m = parse_integer(trim(month)), d = parse_integer(trim(day));
    Error error = invalid("birth_day", _msg("accounts.birth_incomplete"));
    if (!y || !m || !d) {
        error.fields.front().field = !d ? "birth_day" : !m ? "birth_month" : "birth_year";
        return error;
    }
    error.fields.front().message_key = _msg("accounts.birth_impossible");
    if (*y < 1000 || *y > 9999) {  // "12" is not the year 12
        error.fields.front().field = "birth_year";
        return error;
    }
    if (*m < 1 || *m > 12) {
        error.fields.front().field = "birth_month";
        return error;
    }
    const std::chrono::year_month_day date{
        std::chrono::year{static_cast<int>(*y)}, std::chrono::month{static_cast<unsigned>(*m)},
        std::chrono::day{static_cast<unsigned>(std::clamp(*d, 0LL, 99LL))}};
    if (!date.ok()) return error;
    const Date birth{static_cast<int>(*y), static_cast<int>(*m), static_cast<int>(*d)};
    const Date today = earliest_date(now);
    if (birth > today || age_on(birth, today) > 120) {
        error.fields.front().field = "birth_year";
        return error;
    }
    return birth;
}

// --- names

namespace {

// Words that belong to the site or pretend to speak for it, in skeleton form (see below).
constexpr std::string_view kReserved[] = {
    "about",         "abuse",      "account",   "accounts",   "admin",     "administrator",
    "anonymous",     "api",        "app",       "assets",     "braid",     "covers",
    "contact",       "deleted",    "demo",      "everyone",   "guest",     "help",
    "helpdesk",      "hostmaster", "info",      "library",    "mail",      "me",
    "mod",           "moderation", "moderator", "moderators", "news",      "nobody",
    "none",          "noreply",    "null",      "official",   "operator",  "password",
    "people",        "postmaster", "privacy",   "read",       "root",      "safety",
    "security",      "settings",   "signin",    "signout",    "signup",    "staff",
    "support",       "system",     "tags",      "team",       "undefined", "visitor",
    "webmaster",     "works",      "write",     "www",        "you",       "yo",
    "soporte",       "ayuda",      "equipo",    "moderadora", "moderador", "administradora",
    "administrador", "seguridad",  "oficial",   "trenza"};

// What a handle looks like at a glance: without separators, digits as the letters they stand for.
std::string skeleton(std::string_view handle, char one) {
    std::string text;
    for (const char c : handle) {
        switch (c) {
            case '-':
            case '_':
                break;
            case '0':
                text += 'o';
                break;
            case '1':
                text += one;
                break;
            case '3':
                text += 'e';
                break;
            case '4':
                text += 'a';
                break;
            case '5':
                text += 's';
                break;
            case '7':
                text += 't';
                break;
            default:
                text += c;
        }
    }
    return text;
}

bool is_reserved(std::string_view handle) {
    for (const char one : {'i', 'l'}) {
        const std::string look = skeleton(handle, one);
        if (std::find(std::begin(kReserved), std::end(kReserved), look) != std::end(kReserved)) return true;
        // "braid-team", "braidstaff", "admin2": a staff word with little around it.
        for (const std::string_view word : {"braid", "admin", "moderator", "staff", "support"}) {
            if (look.starts_with(word) && look.size() <= word.size() + 9) {
                const std::string_view rest = std::string_view(look).substr(word.size());
                if (rest.empty() ||
                    std::find(std::begin(kReserved), std::end(kReserved), rest) != std::end(kReserved) ||
                    std::all_of(rest.begin(), rest.end(), [](char c) { return c >= '0' && c <= '9'; })) {
                    return true;
                }
            }
        }
    }
    return false;
}

bool is_letter(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Code points that show nothing or turn the direction of what follows (Unicode: Cc, bidirectional controls of
// UAX #9, zero-width and filler characters, tags, variation selectors).
bool is_deceptive(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x34F || c == 0x61C || c == 0x115F ||
           c == 0x1160 || c == 0x17B4 || c == 0x17B5 || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0x2800 || c == 0x3164 ||
           c == 0xFEFF || c == 0xFFA0 || (c >= 0xFFF9 && c <= 0xFFFF) || (c >= 0xE000 && c <= 0xF8FF) ||
           c >= 0xE0000;
}

// Of valid UTF-8.
std::vector<char32_t> code_points(std::string_view text) {
    std::vector<char32_t> points;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const int length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        char32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
        for (int k = 1; k < length; ++k)
            point = point << 6 | (static_cast<unsigned char>(text[i + static_cast<std::size_t>(k)]) & 0x3FU);
        points.push_back(point);
        i += static_cast<std::size_t>(length);
    }
    return points;
}

std::string fold_spaces(std::string_view text) {
    std::string folded;
    for (const char c : trim(text)) {
        const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (space && !folded.empty() && folded.back() == ' ') continue;
        folded += space ? ' ' : c;
    }
    return folded;
}

}  // namespace

Result<std::string> parse_handle(std::string_view typed, HandleFor whom) {
    std::string_view text = trim(typed);
    if (text.starts_with('@')) text.remove_prefix(1);
    std::string handle = ascii_lower(text);
    if (handle.size() < 3) return invalid("handle", _msg("accounts.handle_short"));
    if (handle.size() > 30) return invalid("handle", _msg("accounts.handle_long"));
    const bool allowed = std::all_of(handle.begin(), handle.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '-' || c == '_';
    });
    if (!allowed) return invalid("handle", _msg("accounts.handle_characters"));
    const auto word = [](char c) { return is_letter(c) || is_digit(c); };
    if (!word(handle.front()) || !word(handle.back()) ||
        std::none_of(handle.begin(), handle.end(), is_letter)) {
        return invalid("handle", _msg("accounts.handle_edges"));
    }
    if (whom == HandleFor::who_joins && is_reserved(handle))
        return invalid("handle", _msg("accounts.handle_reserved"));
    return handle;
}

Result<std::string> parse_display_name(std::string_view typed) {
    if (!is_valid_utf8(typed)) return invalid("display_name", _msg("accounts.name_characters"));
    std::string name = fold_spaces(typed);
    if (name.empty()) return invalid("display_name", _msg("accounts.name_missing"));
    const std::vector<char32_t> points = code_points(name);
    if (points.size() > 40) return invalid("display_name", _msg("accounts.name_long"));
    if (std::any_of(points.begin(), points.end(), is_deceptive))
        return invalid("display_name", _msg("accounts.name_characters"));
    return name;
}

Result<std::optional<std::string>> parse_email(std::string_view typed) {
    std::string email = ascii_lower(trim(typed));
    if (email.empty()) return std::optional<std::string>{};
    if (email.size() > 254 || !mail::is_address(email))
        return invalid("email", _msg("accounts.email_malformed"));
    return std::optional<std::string>(std::move(email));
}

Result<std::string> parse_bio(std::string_view typed) {
    if (!is_valid_utf8(typed)) return invalid("bio", _msg("accounts.bio_characters"));
    std::string bio;
    for (const char c : trim(typed)) {
        if (c != '\r') bio += c;
    }
    if (count_code_points(bio) > 1000) return invalid("bio", _msg("accounts.bio_long"));
    return bio;
}

// --- passwords

namespace {

// What people type first when asked for a password, in the languages of the site. Longer first where one
// begins another.
constexpr std::string_view kObvious[] = {
    "contrasena", "passphrase", "superman",  "sunshine", "princess", "princesa",   "football", "baseball",
    "futbol",     "barcelona",  "password",  "passwort", "iloveyou", "teamo",      "tequiero", "trustno",
    "starwars",   "pokemon",    "minecraft", "roblox",   "fortnite", "whatever",   "welcome",  "bienvenido",
    "bienvenida", "letmein",    "monkey",    "dragon",   "shadow",   "master",     "michael",  "jessica",
    "charlie",    "jordan",     "ashley",    "estrella", "mariposa", "chocolate",  "cookie",   "flower",
    "summer",     "winter",     "spring",    "autumn",   "verano",   "invierno",   "secret",   "secreto",
    "hello",      "hola",       "love",      "amor",     "admin",    "login",      "access",   "test",
    "user",       "usuario",    "braid",     "trenza",   "school",   "escuela",    "colegio",  "student",
    "library",    "biblioteca", "changeme",  "default",  "qazwsx",   "zaqwsx",     "1qaz2wsx", "1q2w3e4r5t",
    "q1w2e3r4t5", "1q2w3e4r",   "q1w2e3r4",  "abc",      "pass",     "clave",      "google",   "facebook",
    "instagram",  "youtube",    "january",   "february", "march",    "april",      "june",     "july",
    "august",     "september",  "october",   "november", "december", "enero",      "febrero",  "marzo",
    "abril",      "mayo",       "junio",     "julio",    "agosto",   "septiembre", "octubre",  "noviembre",
    "diciembre",  "monday",     "friday",    "sunday",   "lunes",    "viernes",    "domingo"};

constexpr std::string_view kRows[] = {"abcdefghijklmnopqrstuvwxyz",
                                      "01234567890",
                                      "qwertyuiop",
                                      "qwertzuiop",
                                      "azertyuiop",
                                      "asdfghjkl",
                                      "zxcvbnm",
                                      "!@#$%^&*()",
                                      "1!2@3#4$5%6^7&8*9(0)"};

char plain_letter(char c) {
    switch (c) {
        case '0':
            return 'o';
        case '1':
            return 'i';
        case '3':
            return 'e';
        case '4':
        case '@':
            return 'a';
        case '5':
        case '$':
            return 's';
        case '7':
            return 't';
        default:
            return c;
    }
}

// The accented letters of Spanish as plain ones: "contraseña" is tried as "contrasena".
std::string without_accents(std::string_view text) {
    static constexpr std::pair<std::string_view, char> kAccents[] = {
        {"á", 'a'}, {"é", 'e'}, {"í", 'i'}, {"ó", 'o'}, {"ú", 'u'}, {"ü", 'u'}, {"ñ", 'n'}};
    std::string plain;
    for (std::size_t at = 0; at < text.size();) {
        const auto* accent = std::find_if(std::begin(kAccents), std::end(kAccents), [&](const auto& a) {
            return text.substr(at).starts_with(a.first);
        });
        const bool accented = accent != std::end(kAccents);
        plain += accented ? accent->second : text[at];
        at += accented ? accent->first.size() : 1;
    }
    return plain;
}

// Length of the row of neighbours (up or down) that begins at `at`: "3456", "rewq".
std::size_t sequence_at(std::string_view text, std::size_t at) {
    std::size_t longest = 0;
    for (const std::string_view row : kRows) {
        for (const int step : {1, -1}) {
            std::size_t length = 1;
            auto place = static_cast<std::ptrdiff_t>(row.find(text[at]));
            if (place == static_cast<std::ptrdiff_t>(std::string_view::npos)) continue;
            while (at + length < text.size()) {
                place += step;
                if (place < 0 || place >= static_cast<std::ptrdiff_t>(row.size())) break;
                if (row[static_cast<std::size_t>(place)] != text[at + length]) break;
                ++length;
            }
            longest = std::max(longest, length);
        }
    }
    return longest;
}

std::size_t run_at(std::string_view text, std::size_t at) {
    std::size_t length = 1;
    while (at + length < text.size() && text[at + length] == text[at])
        ++length;
    return length;
}

bool year_at(std::string_view text, std::size_t at) {
    return at + 4 <= text.size() && (text.substr(at, 2) == "19" || text.substr(at, 2) == "20") &&
           is_digit(text[at + 2]) && is_digit(text[at + 3]);
}

// "abcabcabc", "12121212".
bool repeats(std::string_view text) {
    for (std::size_t period = 1; period <= 5 && period * 2 <= text.size(); ++period) {
        bool same = true;
        for (std::size_t i = period; i < text.size() && same; ++i)
            same = text[i] == text[i - period];
        if (same) return true;
    }
    return false;
}

}  // namespace

int novelty(std::string_view password, std::initializer_list<std::string_view> names) {
    const std::string lower = without_accents(ascii_lower(password));
    if (repeats(lower)) return 1;
    std::string letters = lower;
    std::transform(letters.begin(), letters.end(), letters.begin(), plain_letter);
    std::vector<std::string> known;
    for (const std::string_view name : names) {
        for (const std::string_view part : split(name, ' ')) {
            if (part.size() >= 3) known.push_back(ascii_lower(part));
        }
    }
    int novel = 0;
    for (std::size_t at = 0; at < lower.size();) {
        std::size_t covered = 0;
        const auto cover = [&](std::string_view word) {
            const std::string_view here = std::string_view(lower).substr(at),
                                   as_letters = std::string_view(letters).substr(at);
            if (here.starts_with(word) || as_letters.starts_with(word))
                covered = std::max(covered, word.size());
        };
        for (const std::string_view word : kObvious)
            cover(word);
        for (const std::string& word : known)
            cover(word);
        if (const std::size_t n = sequence_at(lower, at); n >= 3) covered = std::max(covered, n);
        if (const std::size_t n = run_at(lower, at); n >= 3) covered = std::max(covered, n);
        if (year_at(lower, at)) covered = std::max<std::size_t>(covered, 4);
        // The bytes that continue a code point are no characters of their own.
        if (covered != 0 || (static_cast<unsigned char>(lower[at]) & 0xC0U) != 0x80) ++novel;
        at += std::max<std::size_t>(covered, 1);
    }
    return novel;
}

Result<void> check_password(std::string_view password, std::string_view handle, std::string_view display_name,
                            std::string_view field) {
    const std::string name(field);
    if (!is_valid_utf8(password)) return invalid(name, _msg("accounts.password_characters"));
    const auto length = static_cast<int>(count_code_points(password));
    if (length < kPasswordMin) return invalid(name, _msg("accounts.password_short"));
    if (length > kPasswordMax) return invalid(name, _msg("accounts.password_long"));
    if (novelty(password, {handle, display_name}) < 6) return invalid(name, _msg("accounts.password_common"));
    return {};
}

}  // namespace braid::accounts
