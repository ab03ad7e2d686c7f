// "Meet me at Lincoln Middle School at 3:15": a school by its name and an hour, said by somebody of herself.
#include <algorithm>
#include <array>

#include "safety/contact/finders.h"

namespace braid::contact {

namespace {

constexpr std::size_t kReach = 25;  // words between school and hour

bool is_school(std::string_view word) {
    constexpr std::array kSchools = {"academy", "college",   "elementary", "escuela",
                                     "high",    "institute", "instituto",  "school"};
    return is_one_of(kSchools, word);
}
bool leads(std::string_view word) {
    constexpr std::array kLeads = {"ceip",      "colegio", "escuela",      "ies",
                                   "instituto", "liceo",   "preparatoria", "secundaria"};
    return is_one_of(kLeads, word);
}
bool is_of_herself(std::string_view word) {
    constexpr std::array kSelf = {
        "i",           "im",    "ill",    "me",  "mi", "my", "nos", "our", "recogeme", "salgo",   "esperame",
        "encontrarme", "estoy", "estare", "voy", "te", "us", "we",  "you", "vernos",   "quedamos"};
    return std::find(kSelf.begin(), kSelf.end(), word) != kSelf.end();
}
bool ends_sentence(std::string_view gap) {
    return gap.find_first_of("!?\n") != std::string_view::npos || gap.find(". ") != std::string_view::npos;
}

// Where a named school ends, in words; 0 when none begins here.
std::size_t school_end(const Reading& reading, std::size_t w) {
    const auto& words = reading.words;
    if (!words[w].capital) return 0;
    std::size_t i = w + 1;
    if (leads(reading.word(w))) {
        for (; i < words.size() && i < w + 6 && reading.gap_after(i - 1) == " "; ++i) {
            const std::string_view word = reading.word(i);
            if (!words[i].capital && word != "de" && word != "la" && word != "del" && word != "los" &&
                word != "las" && word != "el")
                break;
        }
        while (i > w + 1 && !words[i - 1].capital)
            --i;
        return i > w + 1 ? i : 0;
    }
    if (is_school(reading.word(w))) return 0;
    std::size_t end = 0;
    for (; i < words.size() && i < w + 6; ++i) {
        const std::string_view gap = reading.gap_after(i - 1);
        if ((gap != " " && gap != ". " && gap != "'" && gap != "-") ||
            (!words[i].capital && reading.word(i) != "s"))
            break;
        if (is_school(reading.word(i))) end = i + 1;
    }
    return end;
}

// The end of an hour in words: "3:15", "3 pm", "4 o'clock", "las 3", "after school".
std::size_t hour_end(const Reading& reading, std::size_t w) {
    const auto next = [&](std::size_t i) {
        return i < reading.words.size() ? reading.word(i) : std::string_view();
    };
    const std::string_view word = reading.word(w);
    constexpr std::array kHours = {"eight", "eleven", "five", "four",  "nine",   "one",
                                   "seven", "six",    "ten",  "three", "twelve", "two"};
    const bool number = reading.is_number(w) && word.size() <= 2 && (word.size() < 2 || word <= "24");
    if (number) {
        const std::string_view gap = reading.gap_after(w);
        if ((gap == ":" || gap == ".") && next(w + 1).size() == 2 && reading.is_number(w + 1) &&
            next(w + 1) < "60")
            return w + 2;
        if (gap.size() <= 1 && (next(w + 1) == "pm" || next(w + 1) == "am" || next(w + 1) == "h"))
            return w + 2;
    }
    if (word.size() >= 3 && word.size() <= 4 && is_digit(word[0]) &&
        (word.ends_with("pm") || word.ends_with("am")))
        return w + 1;
    if ((number || is_one_of(kHours, word)) && next(w + 1) == "o" && next(w + 2) == "clock") return w + 3;
    if (w > 0) {
        const std::string_view before = reading.word(w - 1);
        const bool after_at = before == "at" || before == "las" || before == "until" || before == "around";
        if (after_at && (number || is_one_of(kHours, word))) return w + 1;
        if (before == "past" && is_one_of(kHours, word)) return w + 1;
    }
    return 0;
}

}  // namespace

void find_school_times(const Reading& reading, std::vector<Span>& found) {
    for (std::size_t w = 0; w < reading.words.size(); ++w) {
        const std::size_t end = school_end(reading, w);
        if (end == 0) continue;
        // The sentence around it: who speaks, and which hour.
        bool herself = false;
        std::size_t from = w, hour_from = 0, hour_to = 0;
        for (; from > 0 && w - from < kReach && !ends_sentence(reading.gap_after(from - 1)); --from) {
            herself = herself || is_of_herself(reading.word(from - 1));
        }
        for (std::size_t i = from; i < reading.words.size() && i < end + kReach; ++i) {
            if (i >= end && ends_sentence(reading.gap_after(i - 1))) break;
            herself = herself || (i >= end && is_of_herself(reading.word(i)));
            if (i >= w && i < end) continue;
            if (const std::size_t hour = hour_end(reading, i); hour > 0) {
                hour_from = i;
                hour_to = hour;
            }
        }
        if (herself && hour_to > 0) {
            const std::size_t first = std::min(w, hour_from), last = std::max(end, hour_to) - 1;
            found.push_back(
                reading.span(Kind::school_time, reading.words[first].begin, reading.words[last].end, 0.75));
        }
        w = end - 1;
    }
}

}  // namespace braid::contact
