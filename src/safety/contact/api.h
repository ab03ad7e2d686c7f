// Finds contact details in what people write: where somebody can be reached outside the site.
//
// Pure, no I/O, any bytes may come: what is not UTF-8 counts as one code point a byte and belongs to no word.
// Time is linear in the text (every look around a place is bounded). Safe to call from several threads at
// once.
//
// Text is read as a person would read it: full-width and ornamental letters, look-alikes from other
// alphabets, zero-width characters, letters s p a c e d  o u t, "at" and "dot" (English and Spanish), numbers
// in words, emoji between the parts.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace braid::contact {

enum class Kind { email, phone, address, handle, url, school_time };
inline constexpr Kind kKinds[] = {Kind::email,  Kind::phone, Kind::address,
                                  Kind::handle, Kind::url,   Kind::school_time};
std::string_view kind_name(Kind kind);

struct Span {
    Kind kind = Kind::email;
    std::size_t begin = 0, end = 0;            // in code points of the text, end excluded
    std::size_t begin_byte = 0, end_byte = 0;  // the same in bytes
    double certainty = 0;  // 0 to 1, by the rule that found it; not a measured probability
};

// What is found with at least this certainty is held; the rest is a hint and is not reported.
inline constexpr double kHeld = 0.5;

// The spans in the order of the text; none overlaps another.
[[nodiscard]] std::vector<Span> find_contact(std::string_view text);

// A detail as it is shown to who judges it.
struct Detail {
    Kind kind = Kind::email;
    std::string words;   // as written
    std::string around;  // with what stands before and after it, about 60 bytes each
};
[[nodiscard]] std::vector<Detail> details(std::string_view text);
// Whether `text` holds a detail that `before` did not, word for word: what was let through stays so.
[[nodiscard]] bool brings_contact(std::string_view text, std::string_view before);

// Message key of a kind in words: "an e-mail address".
std::string_view kind_key(Kind kind);

}  // namespace braid::contact
