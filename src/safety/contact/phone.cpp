// Telephone numbers: by their shape, by the words around them, in digits and in words.
#include <algorithm>
#include <array>
#include <string>

#include "safety/contact/finders.h"

namespace braid::contact {

namespace {

constexpr std::size_t kFewestDigits = 7;  // without an area code
constexpr std::size_t kMostDigits = 15;   // ITU-T E.164
constexpr std::size_t kMostGroups = 15;   // one digit each

// Groups of digits with what stands between them.
struct Number {
    std::size_t begin = 0, end = 0;  // glyphs, with '+' and brackets
    std::string digits;
    std::vector<std::size_t> groups;  // digits in each
    bool plus = false, bracket = false, extension = false, by_dots = true, by_hyphens = true,
         by_spaces = true;
};

// A group of digits; with digits already there 'o', 'l' and 'i' stand for 0 and 1.
bool is_group(const Reading& reading, std::size_t index) {
    const std::string_view word = reading.word(index);
    const Word& at = reading.words[index];
    if (at.digits == word.size()) return true;
    return at.digits >= 2 && word.size() >= 3 &&
           word.find_first_not_of("0123456789oli") == std::string_view::npos;
}

char digit_of(char c) {
    return c == 'o' ? '0' : c == 'l' || c == 'i' ? '1' : c;
}

// What may stand between two groups of one number: at most three of these.
bool joins(std::string_view gap) {
    if (gap.empty() || gap.size() > 3 || gap.find("..") != std::string_view::npos) return false;
    return gap.find_first_not_of(" -.()/*_\x02") == std::string_view::npos &&
           !(gap.size() > 1 && gap.find(". ") != std::string_view::npos);
}

std::size_t read_number(const Reading& reading, std::size_t first, Number& number) {
    number.begin = reading.words[first].begin;
    std::size_t w = first;
    for (; w < reading.words.size() && is_group(reading, w); ++w) {
        if (w > first) {
            const std::string_view gap = reading.gap_after(w - 1);
            if (!joins(gap)) break;
            number.by_dots = number.by_dots && gap == ".";
            number.by_hyphens = number.by_hyphens && gap == "-";
            number.by_spaces = number.by_spaces && gap == " ";
            number.bracket = number.bracket || gap.find(')') != std::string_view::npos;
        }
        if (number.digits.size() <= 2 * kMostDigits) {
            for (const char c : reading.word(w))
                number.digits += digit_of(c);
        }
        number.groups.push_back(reading.words[w].end - reading.words[w].begin);
    }
    number.end = reading.words[w - 1].end;
    // "x4587", "ext. 12"
    if (w < reading.words.size()) {
        const std::string_view word = reading.word(w);
        const std::string_view gap = reading.gap_after(w - 1);
        if (word.size() > 1 && word[0] == 'x' && reading.words[w].digits == word.size() - 1 &&
            gap.size() <= 1) {
            number.extension = true;
            number.end = reading.words[w++].end;
        }
    }
    if (number.begin > 0 && reading.at(number.begin - 1) == '(' && number.bracket) --number.begin;
    if (number.begin > 0 && reading.at(number.begin - 1) == '+') {
        number.plus = true;
        --number.begin;
    }
    return w;
}

// "345-899-3560x4587" is one word at its end: digits, x, digits.
bool split_extension(const Reading& reading, std::size_t index, std::size_t& digits) {
    const std::string_view word = reading.word(index);
    const auto x = word.find('x');
    if (x == std::string_view::npos || x < 3 || x + 2 > word.size() ||
        reading.words[index].digits != word.size() - 1)
        return false;
    digits = x;
    return true;
}

bool says_phone(std::string_view word) {
    constexpr std::array kSays = {
        "answering",   "call",       "calling",  "cel",       "cell",   "celular",  "contact",   "contactar",
        "contactarme", "desk",       "dial",     "escribeme", "fax",    "landline", "llama",     "llamame",
        "llamar",      "message",    "messages", "mobil",     "mobile", "movil",    "numero",    "phone",
        "reach",       "registered", "ring",     "sms",       "tel",    "telefono", "telephone", "text",
        "texting",     "tfno",       "tlf",      "whatsapp",  "wasap"};
    return std::find(kSays.begin(), kSays.end(), word) != kSays.end();
}
bool says_something_else(std::string_view word) {
    constexpr std::array kElse = {
        "account", "bill",    "bis",    "card",    "chapter",  "credit",  "cuenta",   "cvv",
        "debit",   "doi",     "driver", "iban",    "invoice",  "isbn",    "issn",     "ip",
        "license", "licence", "order",  "page",    "pages",    "pin",     "postcode", "score",
        "social",  "ssn",     "ticket", "tarjeta", "tracking", "version", "visa",     "zip"};
    return std::find(kElse.begin(), kElse.end(), word) != kElse.end();
}

enum class Around { nothing, phone, other };
Around around(const Reading& reading, std::size_t first, std::size_t after) {
    // The nearest word that says what the number is decides; "number" says only that it is one.
    bool numbered = false;
    for (std::size_t back = 1; back <= 6 && back <= first; ++back) {
        const std::string_view gap = reading.gap_after(first - back);
        if (gap.find("\n\n") != std::string_view::npos && back > 1) break;
        if (gap.find_first_of("!?") != std::string_view::npos && back > 1) break;
        const std::string_view word = reading.word(first - back);
        if (says_something_else(word)) return Around::other;
        if (says_phone(word)) return Around::phone;
        numbered = numbered || (back <= 3 && word == "number");
    }
    if (numbered) return Around::phone;
    if (after < reading.words.size()) {
        constexpr std::array kAfter = {"cell", "fax", "mobile", "movil", "office", "phone", "whatsapp"};
        if (reading.gap_after(after - 1).size() <= 2 && is_one_of(kAfter, reading.word(after)))
            return Around::phone;
    }
    return Around::nothing;
}

bool is_year(std::string_view digits) {
    return digits.size() == 4 && (digits[0] == '1' || digits.substr(0, 2) == "20");
}

// Dates, ranges of years, ISBN, SSN, IP and thousands: groups of digits that are no telephone number.
bool is_another_thing(const Number& number) {
    const auto& g = number.groups;
    const std::string_view digits = number.digits;
    if (g.size() == 3 && (number.by_hyphens || number.by_dots || number.by_spaces)) {
        if (g[0] == 4 && g[1] <= 2 && g[2] <= 2) return true;                       // 2026-11-24
        if (g[0] <= 2 && g[1] <= 2 && (g[2] == 4 || g[2] == 2)) return true;        // 24-11-2026
        if (g[0] == 3 && g[1] == 2 && g[2] == 4 && !number.by_spaces) return true;  // social security
        if (g[0] == 4 && g[1] == 2 && g[2] == 4) return true;                       // licences
    }
    if (g.size() == 2 && is_year(digits.substr(0, g[0])) && is_year(digits.substr(g[0]))) return true;
    if (number.by_dots && g.size() == 4 && *std::max_element(g.begin(), g.end()) <= 3 && digits[0] != '0') {
        if (*std::max_element(g.begin(), g.end()) == 3 || *std::min_element(g.begin(), g.end()) == 1)
            return true;  // IP
    }
    return digits.size() == 13 && (digits.starts_with("978") || digits.starts_with("979"));
}

bool is_thousands(const Number& number) {
    const auto& g = number.groups;
    if (g.size() < 2 || g[0] > 3 || number.digits[0] == '0') return false;
    return std::all_of(g.begin() + 1, g.end(), [](std::size_t n) { return n == 3; });
}

bool is_groups(const Number& number, std::initializer_list<std::size_t> shape) {
    return std::equal(number.groups.begin(), number.groups.end(), shape.begin(), shape.end());
}

// What the shape alone says.
double by_shape(const Number& number) {
    const std::string_view digits = number.digits;
    const std::size_t n = digits.size();
    const auto& g = number.groups;
    if (number.plus) return n >= 8 ? 0.97 : 0.4;
    if (number.extension && n >= 10) return 0.95;
    if (digits.starts_with("00") && n >= 10) return g.size() > 1 ? 0.9 : 0.5;
    if (number.bracket && n >= 7) return 0.85;
    // Cards and accounts have this many digits in one piece.
    if (g.size() == 1 && n >= 12) return 0.3;
    const bool area = digits[0] >= '2';
    if (is_groups(number, {3, 3, 4}) && (area || digits[0] == '0')) return 0.9;
    if (is_groups(number, {1, 3, 3, 4}) && digits[0] == '1') return 0.9;
    if (digits[0] == '0' && n >= 9 && n <= 12 && g.size() >= 2 && g[0] >= 2 && g[0] <= 5) return 0.85;
    if (digits[0] == '0' && (n == 10 || n == 11) && g.size() == 1) return 0.8;
    if (n == 9 && (digits[0] == '6' || digits[0] == '7' || digits[0] == '9') &&
        (is_groups(number, {3, 2, 2, 2}) || g.size() == 1))
        return 0.7;
    if (is_groups(number, {3, 4}) && number.by_hyphens) return 0.6;
    if (is_groups(number, {2, 2, 2, 2}) && number.by_hyphens) return 0.55;
    // One digit at a time, or groups that nobody counts in.
    if (n >= 9 && n <= 12 && g.size() == n) return 0.7;
    if (n == 10 && g.size() == 1 && area) return 0.45;
    return 0.3;
}

bool is_measured(const Reading& reading, const Number& number, std::size_t after) {
    if (number.begin > 0) {
        const char before = reading.at(number.begin - 1);
        const bool decimal =
            (before == '.' || before == ',') && number.begin > 1 && is_digit(reading.at(number.begin - 2));
        if (before == '$' || before == '#' || before == '/' || before == '=' || decimal) return true;
        if (before == ' ' && number.begin > 1 && reading.at(number.begin - 2) == '$') return true;
    }
    const char next = reading.at(number.end);
    if (next == '%' || next == '$' || next == '/' || next == '@' || next == '_' || next == '=' ||
        is_word(next))
        return true;
    if (next == ' ' && reading.at(number.end + 1) == '$') return true;
    if ((next == ',' || next == ':' || next == '.') && is_digit(reading.at(number.end + 1))) return true;
    constexpr std::array kUnits = {
        "bytes",      "dolares", "dollars", "euros", "habitantes", "inhabitants", "kilometers",
        "kilometres", "km",      "metres",  "miles", "people",     "personas",    "pesos",
        "points",     "pounds",  "puntos",  "veces", "votes",      "words",       "years"};
    return after < reading.words.size() && next == ' ' && is_one_of(kUnits, reading.word(after));
}

void judge(const Reading& reading, const Number& number, std::size_t first, std::size_t after,
           std::vector<Span>& found) {
    const std::size_t n = number.digits.size();
    if (n < kFewestDigits || n > kMostDigits || number.groups.size() > kMostGroups ||
        is_measured(reading, number, after))
        return;
    const Around words = around(reading, first, after);
    double certainty = by_shape(number);
    if (words == Around::other && certainty < 0.95) return;
    if (is_another_thing(number) && !number.plus) {
        // "71.33.52.22" after "call" is one.
        if (words != Around::phone || number.groups.size() < 4) return;
    }
    if (is_thousands(number) && !number.plus && words != Around::phone && certainty < 0.9) certainty = 0.4;
    const bool card = number.groups.size() == 1 && n >= 13 && !number.plus;
    if (words == Around::phone && !card) certainty = std::max(certainty, 0.8);
    found.push_back(reading.span(Kind::phone, number.begin, number.end, certainty));
}

void in_digits(const Reading& reading, std::vector<Span>& found) {
    for (std::size_t w = 0; w < reading.words.size();) {
        if (!is_group(reading, w)) {
            ++w;
            continue;
        }
        Number number;
        const std::size_t after = read_number(reading, w, number);
        std::size_t digits = 0, last = after;
        if (after < reading.words.size() && joins(reading.gap_after(after - 1)) &&
            split_extension(reading, after, digits)) {
            number.digits += reading.word(after).substr(0, digits);
            number.groups.push_back(digits);
            number.extension = true;
            number.bracket =
                number.bracket || reading.gap_after(after - 1).find(')') != std::string_view::npos;
            number.end = reading.words[after].end;
            if (number.bracket && number.begin > 0 && reading.at(number.begin - 1) == '(') --number.begin;
            ++last;
        }
        judge(reading, number, w, last, found);
        w = last;
    }
}

// The digit a word says, '\0' for none.
char spoken_digit(std::string_view word) {
    struct Spoken {
        std::string_view word;
        char digit;
    };
    constexpr std::array kSpoken = {
        Spoken{"zero", '0'},   Spoken{"oh", '0'},    Spoken{"o", '0'},     Spoken{"nought", '0'},
        Spoken{"cero", '0'},   Spoken{"one", '1'},   Spoken{"uno", '1'},   Spoken{"two", '2'},
        Spoken{"dos", '2'},    Spoken{"three", '3'}, Spoken{"tres", '3'},  Spoken{"four", '4'},
        Spoken{"cuatro", '4'}, Spoken{"five", '5'},  Spoken{"cinco", '5'}, Spoken{"six", '6'},
        Spoken{"seis", '6'},   Spoken{"seven", '7'}, Spoken{"siete", '7'}, Spoken{"eight", '8'},
        Spoken{"ocho", '8'},   Spoken{"nine", '9'},  Spoken{"nueve", '9'}};
    for (const Spoken& spoken : kSpoken) {
        if (spoken.word == word) return spoken.digit;
    }
    return '\0';
}
std::size_t times(std::string_view word) {
    return word == "double" || word == "doble" ? 2 : word == "triple" || word == "treble" ? 3 : 0;
}

// Counting, dancing and counting down: no number to call. After "call me on" only what is nothing but
// counting.
bool is_counting(std::string_view digits, bool called) {
    std::size_t jumps = 0;
    for (std::size_t i = 1; i < digits.size(); ++i) {
        const int step = digits[i] - digits[i - 1];
        jumps += step < -1 || step > 1 ? 1 : 0;
    }
    return jumps <= (called ? 0 : digits.size() / 4);
}

void in_words(const Reading& reading, std::vector<Span>& found) {
    for (std::size_t w = 0; w < reading.words.size();) {
        std::string digits;
        std::size_t spoken = 0, i = w;
        for (std::size_t repeat = 0; i < reading.words.size() && digits.size() <= 2 * kMostDigits; ++i) {
            const std::string_view gap = i > w ? reading.gap_after(i - 1) : std::string_view();
            if (i > w && (gap.size() > 3 || gap.find_first_of("\n!?;:") != std::string_view::npos)) break;
            const std::string_view word = reading.word(i);
            if (i > w && repeat == 0 && (word == "and" || word == "y") && i + 1 < reading.words.size() &&
                spoken_digit(reading.word(i + 1)) != '\0' && digits.size() >= 4)
                continue;
            if (const std::size_t more = times(word); more > 0) {
                repeat = more;
                continue;
            }
            if (const char digit = spoken_digit(word); digit != '\0') {
                digits.append(std::max<std::size_t>(repeat, 1), digit);
                ++spoken;
            } else if (reading.is_number(i) && word.size() <= 4) {
                digits += word;
            } else {
                break;
            }
            repeat = 0;
        }
        if (i == w) {
            ++w;
            continue;
        }
        if (spoken >= 3 && digits.size() >= kFewestDigits && digits.size() <= kMostDigits &&
            !is_counting(digits, around(reading, w, i) == Around::phone)) {
            const bool called = around(reading, w, i) == Around::phone;
            found.push_back(reading.span(Kind::phone, reading.words[w].begin, reading.words[i - 1].end,
                                         called || digits.size() >= 9 ? 0.85 : 0.6));
        }
        w = i;
    }
}

}  // namespace

void find_phones(const Reading& reading, std::vector<Span>& found) {
    in_digits(reading, found);
    in_words(reading, found);
}

}  // namespace braid::contact
