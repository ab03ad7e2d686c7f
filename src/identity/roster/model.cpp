#include "identity/roster/model.h"

#include <chrono>

#include "base/text.h"

namespace braid::roster {

const std::string_view kRoleWords =
    "administrator aide counselor districtAdministrator guardian parent principal proctor relative "
    "siteAdministrator student systemAdministrator teacher";
const std::string_view kEnrolledWords = "administrator aide proctor student teacher";
const std::string_view kOrganisationWords = "department district local national school state";
const std::string_view kClassWords = "homeroom scheduled";
const std::string_view kStatusWords = "active tobedeleted";

bool is_one_of(std::string_view word, std::string_view words) {
    if (ascii_lower(word).starts_with("ext:") && word.size() > 4) return true;
    for (const std::string_view one : split(words, ' '))
        if (ascii_iequals(one, word)) return true;
    return false;
}

std::optional<Part> part_of(std::string_view word) {
    if (!is_one_of(word, kRoleWords)) return std::nullopt;
    const std::string role = ascii_lower(word);
    if (role == "student") return Part::student;
    if (role == "teacher") return Part::teacher;
    if (role == "administrator" || role == "principal" || role == "siteadministrator" ||
        role == "districtadministrator")
        return Part::administrator;
    if (role == "guardian" || role == "parent" || role == "relative") return Part::guardian;
    // Whoever runs the school's computers is not thereby trusted with its pupils.
    return Part::other;
}

std::optional<Part> enrolled_as(std::string_view word) {
    if (!is_one_of(word, kEnrolledWords)) return std::nullopt;
    const std::string role = ascii_lower(word);
    if (role == "student") return Part::student;
    if (role == "teacher") return Part::teacher;
    if (role == "administrator") return Part::administrator;
    return Part::other;
}

std::optional<Role> role_of(Part part) {
    switch (part) {
        case Part::student:
            return Role::learner;
        case Part::teacher:
            return Role::educator;
        case Part::administrator:
            return Role::coordinator;
        case Part::guardian:
        case Part::other:
            break;
    }
    return std::nullopt;
}

std::optional<Status> parse_status(std::string_view word) {
    if (word.empty() || ascii_iequals(word, "active")) return Status::active;
    // 1.0 knew "inactive"; files of that time are still about.
    if (ascii_iequals(word, "tobedeleted") || ascii_iequals(word, "inactive")) return Status::gone;
    return std::nullopt;
}

std::optional<bool> parse_bool(std::string_view word) {
    if (ascii_iequals(word, "true")) return true;
    if (ascii_iequals(word, "false")) return false;
    return std::nullopt;
}

std::optional<Day> parse_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = parse_integer(text.substr(0, 4)), month = parse_integer(text.substr(5, 2)),
               day = parse_integer(text.substr(8, 2));
    if (!year || !month || !day || *year < 1900 || *month < 1 || *day < 1) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return Day{static_cast<int>(*year), static_cast<int>(*month), static_cast<int>(*day)};
}

Timestamp end_of(Day day) {
    const std::chrono::year_month_day date{std::chrono::year(day.year),
                                           std::chrono::month(static_cast<unsigned>(day.month)),
                                           std::chrono::day(static_cast<unsigned>(day.day))};
    const auto after = std::chrono::sys_days(date) + std::chrono::days(1);
    return Timestamp{std::chrono::duration_cast<Duration>(after.time_since_epoch()).count()};
}

std::vector<std::string> parse_list(std::string_view text) {
    std::vector<std::string> parts;
    for (const std::string_view part : split(text, ','))
        if (!trim(part).empty()) parts.emplace_back(trim(part));
    return parts;
}

std::int64_t checksum(std::initializer_list<std::string_view> parts) {
    std::uint64_t hash = 14'695'981'039'346'656'037ULL;
    const auto eat = [&](unsigned char byte) { hash = (hash ^ byte) * 1'099'511'628'211ULL; };
    for (const std::string_view part : parts) {
        for (const char c : part)
            eat(static_cast<unsigned char>(c));
        eat(0);
    }
    return static_cast<std::int64_t>(hash);
}

std::string pseudonym(std::uint64_t random) {
    static constexpr auto kHow = std::to_array<std::string_view>(
        {"amber", "brave",   "bright", "brisk",   "calm",   "clear",  "clever", "copper",
         "cosy",  "curious", "daring", "deep",    "early",  "even",   "fair",   "fast",
         "fond",  "free",    "fresh",  "gentle",  "glad",   "golden", "grand",  "green",
         "happy", "hearty",  "honest", "jolly",   "keen",   "kind",   "light",  "lively",
         "loyal", "lucky",   "merry",  "mild",    "misty",  "neat",   "nimble", "noble",
         "open",  "patient", "plain",  "playful", "polite", "proud",  "quick",  "quiet",
         "ready", "rosy",    "silver", "steady",  "sunny",  "sweet",  "swift",  "tidy",
         "true",  "velvet",  "warm",   "wide",    "wild",   "windy",  "wise",   "zesty"});
    static constexpr auto kWho = std::to_array<std::string_view>(
        {"acorn",  "badger", "beacon",  "birch",   "breeze",  "brook",   "canyon", "cedar",
         "comet",  "coral",  "crane",   "cricket", "dune",    "ember",   "falcon", "feather",
         "fern",   "finch",  "fjord",   "forest",  "garden",  "glacier", "harbor", "heron",
         "hill",   "island", "juniper", "kite",    "lantern", "lark",    "lichen", "linden",
         "lynx",   "maple",  "meadow",  "meteor",  "moss",    "oak",     "ocean",  "orchard",
         "otter",  "owl",    "pebble",  "pine",    "planet",  "pond",    "puffin", "quill",
         "reef",   "river",  "robin",   "sail",    "sparrow", "spruce",  "star",   "stone",
         "stream", "swan",   "thistle", "tulip",   "valley",  "violet",  "willow", "wren"});
    const std::string_view how = kHow[random % kHow.size()];
    const std::string_view who = kWho[random / kHow.size() % kWho.size()];
    return std::string(how) + "-" + std::string(who) + "-" + std::to_string(10 + random / 4096 % 9990);
}

std::string handle_from(std::string_view username) {
    std::string handle;
    for (const char c : ascii_lower(username.substr(0, username.find('@')))) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (letter)
            handle.push_back(c);
        else if (!handle.empty() && handle.back() != '-')
            handle.push_back('-');
    }
    handle.resize(std::min<std::size_t>(handle.size(), 24));
    while (handle.ends_with('-'))
        handle.pop_back();
    return handle;
}

}  // namespace braid::roster
