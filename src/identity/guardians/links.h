// Signed values for links in mails and for the waiting cookie: "TEXT.SEAL". Nothing about them is stored, so
// that every mail about one request carries the same link, and it ends with what it is about.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace braid::guardians {

// `purpose` keeps one kind of link from standing for another.
std::string seal_link(std::string_view secret, std::string_view purpose, std::string_view text);
// The text, when the seal is right.
std::optional<std::string> open_link(std::string_view secret, std::string_view purpose,
                                     std::string_view token);

}  // namespace braid::guardians
