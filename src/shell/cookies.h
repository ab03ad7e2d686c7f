// The visitor's own choices, kept in cookies that scripts may write as well; values that are not in these
// lists are ignored.
#pragma once

#include <string_view>

namespace braid::shell {

inline constexpr std::string_view kLanguageCookie = "language";
inline constexpr std::string_view kThemeCookie = "theme";
inline constexpr std::string_view kTextCookie = "text";
inline constexpr std::string_view kFontCookie = "font";
inline constexpr std::string_view kWidthCookie = "width";
inline constexpr std::string_view kFlashCookie = "flash";  // a message key, for the next page

inline constexpr std::string_view kThemes[] = {"light", "dark"};
inline constexpr std::string_view kTextSizes[] = {"s", "l", "xl"};
inline constexpr std::string_view kFonts[] = {"sans"};
inline constexpr std::string_view kWidths[] = {"narrow", "wide"};

}  // namespace braid::shell
