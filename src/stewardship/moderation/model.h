// The rules of moderation that need no storage: what can be reported, how fast somebody must look, what can
// be done about it, and what one person alone may not do.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "access/actor.h"
#include "base/result.h"
#include "base/time.h"
#include "platform/sql/sql.h"

namespace braid::moderation {

using access::PersonId;
using access::Rating;
using CaseId = Id<struct ModerationCaseTag>;
using ReportId = Id<struct ModerationReportTag>;
using NoteId = Id<struct ModerationNoteTag>;
using DecisionId = Id<struct ModerationDecisionTag>;
using AppealId = Id<struct ModerationAppealTag>;
using NoticeId = Id<struct ModerationNoticeTag>;

// What is wrong, gravest first: the order decides which of several a case is filed under.
enum class Category {
    imminent_harm,  // somebody is in danger now
    grooming,       // an adult who wants a child for himself
    sexual,
    bullying,
    personal_details,  // address, telephone, pictures of somebody
    hate,
    violence,
    stolen,  // somebody else's work
    spam,
    other,
};
inline constexpr std::size_t kCategories = 10;

// SAFETY: imminent harm within an hour, grooming within four, the rest within a day.
Duration time_to_look(Category category);
inline constexpr Duration kTimeForAppeal = std::chrono::hours(72);
inline constexpr Duration kTimeForFirstPost = std::chrono::hours(24);

enum class Origin { report, first_post, contact, words };
enum class CaseState { open, proposed, closed };

enum class Measure {
    dismiss,  // nothing wrong with it; a first post is let through
    warn,
    hide,            // its author alone sees it
    rerate,          // a higher rating than its author chose
    quiet,           // a pause: nothing that others would read
    suspend,         // no signing in
    remove,          // gone for everybody but moderators
    remove_account,  // the account is closed; its profile, works and comments with it
};
inline constexpr std::size_t kMeasures = 8;

// done: happened once, such as a warning; it stands, and there is nothing to end.
enum class DecisionState { proposed, in_force, done, ended, lifted, overturned, refused };
enum class AppealState { open, upheld, overturned };
enum class NoticeKind {
    decided,
    ended,
    taken_back,
    report_acted,
    report_no_breach,
    appeal_upheld,
    appeal_overturned,
};

inline constexpr Duration kLongestAlone = std::chrono::hours(24 * 30);  // a suspension by one person
inline constexpr std::size_t kMostWords = 4'000;  // code points of reports, notes, reasons
inline constexpr int kReportsEach = 5;            // of one person about one thing while it is open

// Whether a second person must confirm: an account or a work that is removed, a suspension of more than 30
// days or without end. `length`: nothing is no end.
bool needs_two(std::string_view kind, Measure measure, std::optional<Duration> length);

// Whether the measure is about the thing (and ends with it) rather than about the person.
bool is_about_object(Measure measure);
// Whether the measure lasts: only such may be given an end, and quiet must have one.
bool lasts(Measure measure);

// Trimmed, LF; invalid on `field` when it is longer than kMostWords or not UTF-8, or, where `required`,
// empty.
enum class Words { optional, required };
Result<std::string> check_words(std::string_view field, std::string_view typed, Words words);

// What an address of this site leads to: "work", "chapter" or "comment" and its id. Nothing for other places
// and other sites. `public_url`: where the site is, as in "https://braid.example".
struct Thing {
    std::string_view kind;
    std::int64_t object = 0;
};
std::optional<Thing> thing_at(std::string_view address, std::string_view public_url);

std::optional<Category> parse_category(std::string_view name);
std::optional<Measure> parse_measure(std::string_view name);

// Message keys.
std::string_view category_key(Category category);
std::string_view category_hint_key(Category category);  // in words for a child
std::string_view measure_key(Measure measure);
std::string_view decision_state_key(DecisionState state);

}  // namespace braid::moderation

template <>
struct braid::sql::EnumNames<braid::moderation::Category> {
    static constexpr std::array<std::string_view, 10> names{
        "imminent_harm", "grooming", "sexual", "bullying", "personal_details",
        "hate",          "violence", "stolen", "spam",     "other"};
};
template <>
struct braid::sql::EnumNames<braid::moderation::Origin> {
    static constexpr std::array<std::string_view, 4> names{"report", "first_post", "contact", "words"};
};
template <>
struct braid::sql::EnumNames<braid::moderation::CaseState> {
    static constexpr std::array<std::string_view, 3> names{"open", "proposed", "closed"};
};
template <>
struct braid::sql::EnumNames<braid::moderation::Measure> {
    static constexpr std::array<std::string_view, 8> names{"dismiss", "warn",    "hide",   "rerate",
                                                           "quiet",   "suspend", "remove", "remove_account"};
};
template <>
struct braid::sql::EnumNames<braid::moderation::DecisionState> {
    static constexpr std::array<std::string_view, 7> names{"proposed", "in_force",   "done",   "ended",
                                                           "lifted",   "overturned", "refused"};
};
template <>
struct braid::sql::EnumNames<braid::moderation::AppealState> {
    static constexpr std::array<std::string_view, 3> names{"open", "upheld", "overturned"};
};
template <>
struct braid::sql::EnumNames<braid::moderation::NoticeKind> {
    static constexpr std::array<std::string_view, 7> names{
        "decided",          "ended",         "taken_back",       "report_acted",
        "report_no_breach", "appeal_upheld", "appeal_overturned"};
};
