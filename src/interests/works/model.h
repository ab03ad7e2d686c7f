// The rules of works and chapters, pure: what may be written, in what form it is kept, and what is derived
// from it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interests/works/api.h"

namespace braid::works {

inline constexpr std::size_t kMaxTitle = 120;  // code points, as all of these
inline constexpr std::size_t kMaxSummary = 2'000;
inline constexpr std::size_t kMaxTags = 25;
inline constexpr std::size_t kMaxTag = 60;
inline constexpr std::size_t kMaxWarningOther = 120;
inline constexpr std::size_t kMaxText = 200'000;
inline constexpr std::size_t kMaxNotes = 5'000;
inline constexpr std::size_t kMaxByline = 120;
inline constexpr std::size_t kMaxChapters = 1'000;  // of one work
inline constexpr std::size_t kMaxCopies = 20;       // second versions of one draft kept at most

// What the author decides about a work, checked.
struct WorkDetails {
    std::string title, summary, language = "en";  // summary: Markdown as typed
    std::vector<Tag> tags;
    Rating rating = Rating::everyone;
    Warnings warnings;
    Licence licence = Licence::all_rights_reserved;
    Visibility visibility = Visibility::me;
    Status status = Status::ongoing;
    CommentsPolicy comments = CommentsPolicy::open;
    friend bool operator==(const WorkDetails&, const WorkDetails&) = default;
};

// The same as it comes from a form or a program: text, unchecked. Choices are the names of sql::EnumNames
// and, for rating, "everyone", "teen", "mature".
struct WorkForm {
    std::string title, summary, language, tags;  // tags: parted by commas
    std::string rating, licence, visibility, status, comments;
    std::string warnings_said;
    std::vector<std::string> warnings;
    std::string warning_other;
};

// Every field that breaks a rule is named: title, summary, language, tags, rating, licence, visibility,
// status, comments, warnings_said, warnings, warning_other. Titles are trimmed and their white space folded;
// tags that are equal by key are one, the first.
Result<WorkDetails> check(const WorkForm& form);
// For showing a work in its form again.
WorkForm form_of(const WorkDetails& details);

// What a new work starts with: the visibility of a minor's is herself.
WorkDetails defaults_for(const Actor& actor, std::string_view language);

// What the author writes in one chapter, as typed.
struct ChapterDraft {
    std::string title, text, notes_before, notes_after;
    friend bool operator==(const ChapterDraft&, const ChapterDraft&) = default;
};
// A draft may be unfinished: only its lengths are checked (fields title, text, notes_before, notes_after; too
// long or not UTF-8). Line ends become LF.
Result<ChapterDraft> check_draft(ChapterDraft draft);
// To be published it needs a title and words.
Result<void> check_publishable(const ChapterDraft& draft);

// How far a guardian's choices let works be seen: 0 by the author alone, 1 by who is signed in, 2 by
// everyone.
inline constexpr int kReachAll = 2;
int reach_of(access::Choices allowed);
// Who a work is there for, in the same numbers.
int audience(Visibility visibility, bool has_published_chapter, int reach = kReachAll);

// The kinds of readers a count is kept for. Which of them may see a work of that audience and rating.
enum class Circle { visitor, child, teen, adult };
inline constexpr Circle kCircles[] = {Circle::visitor, Circle::child, Circle::teen, Circle::adult};
Circle circle_of(const Actor& actor);
bool shows(Circle circle, int audience, int rating);

// Words as a reader counts them: runs of non-space; two Han or Kana characters count as one word.
std::int64_t words_in(std::string_view plain);

// Tags for a card: for each "key TAB label LF".
std::string pack_tags(std::span<const Tag> tags);
// A label with its key; nothing when no key is left.
std::optional<Tag> make_tag(std::string_view typed);

struct LanguageChoice {
    std::string_view code;      // BCP 47
    std::string_view own_name;  // in itself
};
std::span<const LanguageChoice> languages();  // by own name
bool is_language(std::string_view code);
// "Español" for "es"; the code itself when unknown.
std::string_view language_name(std::string_view code);

// The choices of an enum by the name stored for it.
std::optional<Rating> parse_rating(std::string_view name);
std::string_view rating_name(Rating rating);
std::string_view licence_name(Licence licence);
std::string_view visibility_name(Visibility visibility);
std::string_view warning_name(Warning warning);
// "CC BY-SA 4.0" and its deed; "" for all rights reserved and public domain, which have words instead.
std::string_view licence_short(Licence licence);
std::string_view licence_url(Licence licence);

}  // namespace braid::works
