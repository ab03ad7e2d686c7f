// What OneRoster's words mean here. Pure. Sources: 1EdTech OneRoster 1.1 CSV Tables (2017) section 5,
// OneRoster 1.2 CSV Binding (2022) section 4.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/accounts/api.h"

namespace braid::roster {

using accounts::BirthMonth;
using accounts::PersonId;
using accounts::Role;

enum class Version { v1_1, v1_2 };
// What a file holds: everything there is, changes alone, or nothing that is to be read.
enum class Mode { absent, bulk, delta };

// What somebody is at a school.
enum class Part { student, teacher, administrator, guardian, other };
// Of users (1.1) and roles (1.2): every word of both versions, and "ext:…".
std::optional<Part> part_of(std::string_view word);
// Of enrollments.
std::optional<Part> enrolled_as(std::string_view word);
// What it lets somebody do here; nothing for who only stands on the roster.
std::optional<Role> role_of(Part part);

// The words allowed in a column; what stands in a report when it holds another.
extern const std::string_view kRoleWords, kEnrolledWords, kOrganisationWords, kClassWords, kStatusWords;
bool is_one_of(std::string_view word, std::string_view words);

enum class Status { active, gone };
std::optional<Status> parse_status(std::string_view word);  // "" is active
std::optional<bool> parse_bool(std::string_view word);      // "": nothing said is an error of the caller's
struct Day {
    int year = 0, month = 0, day = 0;
};
std::optional<Day> parse_day(std::string_view text);  // 2011-04-30, of the calendar
// The first moment of the day after, UTC.
Timestamp end_of(Day day);

// "a, b,c" → a b c; a field with several values.
std::vector<std::string> parse_list(std::string_view text);

// FNV-1a, 64 bits, of the parts in their order: to see that a line has not changed.
std::int64_t checksum(std::initializer_list<std::string_view> parts);

// A handle that says nothing about who has it: "quiet-heron-27".
std::string pseudonym(std::uint64_t random);
// A handle made of what a school calls an adult; "" when nothing is left.
std::string handle_from(std::string_view username);

}  // namespace braid::roster
