// Street addresses: a street with its number, a post box, and what follows: flat, place, postcode.
#include <algorithm>
#include <array>

#include "safety/contact/finders.h"

namespace braid::contact {

namespace {

template <class List>
bool in(const List& list, std::string_view word) {
    return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

// Of these also when nothing is written with a capital.
bool leads_small_street(std::string_view word) {
    constexpr std::array kLeads = {"avenida", "calle", "carrer", "carretera", "paseo",
                                   "plaza",   "rua",   "rue",    "ulica"};
    return in(kLeads, word);
}
bool is_street_type(std::string_view word) {
    constexpr std::array kTypes = {"road",    "rd",      "street",  "st",        "avenue", "ave",   "lane",
                                   "ln",      "drive",   "dr",      "boulevard", "blvd",   "court", "ct",
                                   "place",   "square",  "terrace", "crescent",  "close",  "way",   "parkway",
                                   "highway", "circle",  "grove",   "gardens",   "row",    "mews",  "alley",
                                   "trail",   "strasse", "str",     "utca",      "u",      "ut",    "utja",
                                   "rkp",     "gate",    "terrasse"};
    return in(kTypes, word);
}
bool leads_street(std::string_view word) {
    constexpr std::array kLeads = {"rue",   "avenue",   "avenida", "av",      "avda",   "boulevard",
                                   "calle", "carrer",   "paseo",   "plaza",   "camino", "carretera",
                                   "via",   "viale",    "corso",   "piazza",  "vicolo", "strada",
                                   "rua",   "travessa", "largo",   "praca",   "quadra", "ul",
                                   "ulica", "al",       "chemin",  "impasse", "quai"};
    return in(kLeads, word);
}
// Streets written as one word: "Koskikatu", "Hersnapvej", "Beethovenstraße".
bool is_street_word(std::string_view word, bool capital) {
    constexpr std::array kSure = {"vej",    "vejen", "gade",  "gatan",   "gata",  "straat", "strasse",
                                  "strase", "gasse", "gase",  "katu",    "vagen", "vegen",  "veien",
                                  "stien",  "braut", "vegur", "straeti", "strati"};
    constexpr std::array kCapital = {"weg",    "laan",  "tie",   "kuja",  "ova",  "eva",  "ska",
                                     "skeho",  "keho",  "veho",  "gaten", "vej",  "stig", "dijk",
                                     "gracht", "plein", "platz", "hof",   "torg", "gotu", "bakken"};
    const auto ends = [&](std::string_view with) {
        return word.size() >= with.size() + 3 && word.ends_with(with);
    };
    return std::any_of(kSure.begin(), kSure.end(), ends) ||
           (capital && std::any_of(kCapital.begin(), kCapital.end(), ends));
}
bool is_unit(std::string_view word) {
    constexpr std::array kUnits = {"apt",  "apartment", "apto",  "box", "depto", "flat",
                                   "piso", "postbox",   "suite", "ste", "unit"};
    return in(kUnits, word);
}
bool is_connector(std::string_view word) {
    constexpr std::array kConnectors = {"al",  "d",  "da", "das", "de", "del", "des", "di",  "do",
                                        "dos", "du", "el", "l",   "la", "las", "les", "los", "the"};
    return in(kConnectors, word);
}
// Capitalised words before a number that are no streets.
bool is_label(std::string_view word) {
    constexpr std::array kLabels = {
        "act",     "april",     "august",   "book",      "channel", "chapter",  "corinthians", "december",
        "episode", "february",  "figure",   "formula",   "friday",  "gate",     "grade",       "january",
        "john",    "july",      "june",     "kings",     "level",   "line",     "march",       "may",
        "monday",  "no",        "november", "number",    "october", "page",     "part",        "peter",
        "phase",   "psalm",     "room",     "round",     "samuel",  "saturday", "scene",       "season",
        "section", "september", "step",     "sunday",    "team",    "terminal", "thursday",    "tuesday",
        "verse",   "volume",    "war",      "wednesday", "week",    "year"};
    return in(kLabels, word);
}
bool says_place(std::string_view word) {
    constexpr std::array kSays = {
        "address",    "addresses", "lives", "live", "located", "meet",    "moved", "office", "offices",
        "restaurant", "return",    "send",  "sent", "ship",    "station", "drops", "vivo",   "vive",
        "direccion",  "domicilio", "side",  "taxi", "arrived", "enter",   "stop",  "corner"};
    return in(kSays, word);
}

class Finder {
  public:
    Finder(const Reading& reading, std::vector<Span>& found) : r_(reading), found_(found) {}

    void run() {
        for (std::size_t w = 0; w < r_.words.size(); ++w) {
            std::size_t first = w;
            double certainty = 0;
            const std::size_t last = piece(w, first, certainty);
            if (last == 0) continue;
            const std::size_t end = further(last);
            if (end > last) certainty = std::min(0.95, certainty + 0.1);
            found_.push_back(r_.span(Kind::address, r_.words[first].begin, r_.words[end - 1].end, certainty));
            w = end - 1;
        }
    }

  private:
    [[nodiscard]] bool number(std::size_t w) const {
        return w < r_.words.size() && r_.words[w].end - r_.words[w].begin <= 5 && is_digit(r_.word(w)[0]) &&
               (r_.is_number(w) || r_.words[w].digits + 1 == r_.word(w).size());
    }
    // "St. Johns", "ul. Miła", and not the end of a sentence.
    [[nodiscard]] bool abbreviated(std::size_t w) const {
        return r_.words[w].digits == 0 && r_.words[w].end - r_.words[w].begin <= 5;
    }
    // On one line, with no sentence between.
    [[nodiscard]] bool tight(std::size_t w) const {
        const std::string_view gap = r_.gap_after(w);
        return gap == " " || (gap == ". " && abbreviated(w)) || gap == ", " || gap == "-" || gap == "/ " ||
               gap == "'" || gap == "  ";
    }
    [[nodiscard]] bool said_before(std::size_t w) const {
        for (std::size_t back = 1; back <= 6 && back <= w; ++back) {
            if (r_.gap_after(w - back).find_first_of("!?;") != std::string_view::npos) return false;
            if (says_place(r_.word(w - back))) return true;
        }
        return false;
    }
    [[nodiscard]] bool unit_at(std::size_t w) const {
        return w + 1 < r_.words.size() && is_unit(r_.word(w)) && number(w + 1) && r_.gap_after(w).size() <= 3;
    }

    // A street and its number that begins at word `w`; the word after it, or 0.
    std::size_t piece(std::size_t w, std::size_t& first, double& certainty) {
        std::size_t end = box(w);
        certainty = 0.9;
        if (end == 0 && r_.word(w) == "corner") end = corner(w, first);
        if (end == 0 && number(w)) end = numbered(w, certainty);
        if (end == 0) end = named(w, certainty);
        return end;
    }

    // "PSC 1437, Box 3833 / APO AA 66791", "Unit 4719 Box 7394", "P.O. Box 149", "USNV Botolen / FPO AE
    // 12382".
    [[nodiscard]] std::size_t box(std::size_t w) const {
        const auto at = [&](std::size_t i) { return i < r_.words.size() ? r_.word(i) : std::string_view(); };
        const std::string_view word = at(w);
        const auto post = [&](std::size_t i) {
            const bool there = (at(i) == "apo" || at(i) == "fpo" || at(i) == "dpo") &&
                               (at(i + 1) == "aa" || at(i + 1) == "ae" || at(i + 1) == "ap");
            return there && number(i + 2) ? i + 3 : i;
        };
        if ((word == "psc" || word == "unit") && number(w + 1) && at(w + 2) == "box" && number(w + 3))
            return post(w + 4);
        if (word == "p" && at(w + 1) == "o" && at(w + 2) == "box" && number(w + 3)) return w + 4;
        if ((word == "pobox" || word == "postbox") && number(w + 1)) return w + 2;
        if (word == "po" && at(w + 1) == "box" && number(w + 2)) return w + 3;
        if (word == "apartado" && number(w + 1)) return w + 2;
        if (word.starts_with("us") && word.size() >= 4 && word.size() <= 5 && post(w + 2) > w + 2)
            return post(w + 2);
        if (post(w) > w) return post(w);
        return 0;
    }

    // "the corner of Main Street and Fifth Avenue".
    [[nodiscard]] std::size_t corner(std::size_t w, std::size_t& first) const {
        if (w + 2 >= r_.words.size() || r_.word(w + 1) != "of") return 0;
        std::size_t i = w + 2, joint = 0;
        bool street = false;
        for (; i < r_.words.size() && i < w + 14; ++i) {
            const std::string_view word = r_.word(i);
            if (i > w + 2 && !tight(i - 1)) break;
            if (word == "and" || word == "y") {
                if (joint != 0) break;
                joint = i;
            } else {
                if (!r_.words[i].capital && !number(i) && !is_street_type(word) && !is_connector(word) &&
                    !is_street_word(word, false))
                    break;
                street =
                    street || number(i) || is_street_type(word) || is_street_word(word, r_.words[i].capital);
            }
        }
        if (joint == 0 || i <= joint + 1 || joint == w + 2 || !street) return 0;
        first = w > 0 && r_.word(w - 1) == "the" ? w - 1 : w;
        return i;
    }

    // Number first: "90 Whitchurch Road", "9554 62 Rue Gafsa", "4844 Søndergade 52", "6750 Koskikatu 25".
    [[nodiscard]] std::size_t numbered(std::size_t w, double& certainty) const {
        std::size_t i = w + 1;
        if (number(i) && r_.gap_after(w) == " ") ++i;
        const std::size_t name = i;
        bool lead = false, type = false, all_capital = true, label = false;
        std::size_t end = 0;
        for (; i < r_.words.size() && i < name + 6 && tight(i - 1) && r_.gap_after(i - 1) != ", "; ++i) {
            const std::string_view word = r_.word(i);
            if (number(i) || unit_at(i)) break;
            const bool street = is_street_type(word) || is_street_word(word, r_.words[i].capital);
            lead = lead || (i == name && leads_street(word));
            if (!r_.words[i].capital && !street && !is_connector(word) && !lead) {
                // "12 oak road", all small: one word before what says it is a street.
                const bool small = i == name && i + 1 < r_.words.size() && is_street_type(r_.word(i + 1)) &&
                                   r_.word(i + 1).size() > 3;
                if (!small || (!said_before(w) && !unit_at(i + 2))) break;
            }
            if (i == name && is_label(word)) label = true;
            all_capital = all_capital && (r_.words[i].capital || is_connector(word) || street);
            if (street && (i > name || is_street_word(word, r_.words[i].capital))) {
                type = true;
                end = i + 1;
            }
        }
        const bool unit = i < r_.words.size() && unit_at(i);
        if (i == name || label) return 0;
        const bool with_number = number(i) && tight(i - 1);
        const std::size_t digits = r_.words[w].digits;
        if (with_number &&
            (type || lead || unit_at(i + 1) || (all_capital && (digits >= 3 || said_before(w))))) {
            certainty = type || lead || unit_at(i + 1) ? 0.9 : 0.65;
            return i + 1;
        }
        if (unit) return i;
        if (lead && i > name + 1) return i;
        if (type) return all_capital || said_before(w) || unit_at(end) ? end : 0;
        return 0;
    }

    // Street first: "Villacher Strasse 89", "Calle Mayor, 12", "Koskikatu 25", and with words that say a
    // place "Ibirapita 8057".
    [[nodiscard]] std::size_t named(std::size_t w, double& certainty) const {
        const bool slashed = r_.word(w) == "c" && r_.at(r_.words[w].end) == '/';
        const bool lead = leads_street(r_.word(w)) || slashed;
        if (!r_.words[w].capital && !lead && !is_street_word(r_.word(w), false)) return 0;
        std::size_t i = w;
        bool type = false, label = false;
        for (; i < r_.words.size() && i < w + 6 && !number(i); ++i) {
            const std::string_view word = r_.word(i);
            const bool street = is_street_type(word) || is_street_word(word, r_.words[i].capital);
            if (i > w && !tight(i - 1) && !(slashed && i == w + 1)) return 0;
            if (!r_.words[i].capital && !street &&
                !(lead && (is_connector(word) || i == w || (slashed && i == w + 1) ||
                           leads_small_street(r_.word(w)) || word == "n" || word == "no")))
                return 0;
            label = label || (i == w && is_label(word));
            type = type || street;
        }
        if (i >= r_.words.size() || i == w || i == w + 6 || !number(i) || label) return 0;
        if (!tight(i - 1) && r_.gap_after(i - 1) != " # ") return 0;
        if (lead && i > w + 1) return i + 1;
        if (type && (i > w + 1 || is_street_word(r_.word(w), r_.words[w].capital))) {
            const bool short_type = r_.word(i - 1) == "st" || r_.word(i - 1) == "dr" ||
                                    r_.word(i - 1) == "way" || r_.word(i - 1) == "place" ||
                                    r_.word(i - 1) == "close";
            if (short_type && !said_before(w)) return 0;
            certainty = 0.8;
            return i + 1;
        }
        if (unit_at(i + 1) || (r_.words[w].capital && said_before(w) && r_.words[i].digits >= 2)) {
            certainty = 0.6;
            return i + 1;
        }
        return 0;
    }

    // Flat, place, state, country, postcode after a street; the word after them.
    [[nodiscard]] std::size_t further(std::size_t end) const {
        constexpr std::size_t kMost = 14;
        const std::size_t from = end;
        while (end < r_.words.size() && end < from + kMost) {
            const std::string_view gap = r_.gap_after(end - 1);
            const auto breaks = std::count(gap.begin(), gap.end(), '\n');
            if (gap.size() > 8 || breaks > 1 || gap.find_first_of("!;:()/?@\"") != std::string_view::npos)
                break;
            const bool stop = gap.find('.') != std::string_view::npos;
            if (unit_at(end)) {
                end += 2;
                continue;
            }
            if (stop && !(breaks == 1 && number(end - 1))) break;
            if (breaks == 1) {
                // A line counts when all of it is a place.
                const std::size_t line = line_of_place(end);
                if (line == 0) break;
                end = line;
                continue;
            }
            const bool postcode = r_.is_number(end) && r_.words[end].digits >= 3 && r_.words[end].digits <= 6;
            if (!(r_.words[end].capital || postcode) || r_.gap_after(end).starts_with(":")) break;
            ++end;
        }
        return end;
    }
    [[nodiscard]] std::size_t line_of_place(std::size_t w) const {
        std::size_t i = w;
        for (; i < r_.words.size() && i < w + 7; ++i) {
            if (unit_at(i)) return i + 2;
            const bool postcode = r_.is_number(i) && r_.words[i].digits >= 2 && r_.words[i].digits <= 6;
            if (!r_.words[i].capital && !postcode && !is_connector(r_.word(i))) return 0;
            const std::string_view gap = r_.gap_after(i);
            if (gap.starts_with(":") || gap.find('@') != std::string_view::npos) return 0;
            if (gap.find_first_of("\n.?!") != std::string_view::npos || i + 1 == r_.words.size())
                return i + 1;
        }
        return 0;
    }

    const Reading& r_;
    std::vector<Span>& found_;
};

}  // namespace

void find_addresses(const Reading& reading, std::vector<Span>& found) {
    Finder(reading, found).run();
}

}  // namespace braid::contact
