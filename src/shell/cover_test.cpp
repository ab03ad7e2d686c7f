#include "shell/cover.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace braid::shell {
namespace {

TEST(Cover, IsTheSameForEver) {
    EXPECT_EQ(cover_svg("The Lamp Room", "Abi"), cover_svg("The Lamp Room", "Abi"));
    EXPECT_NE(cover_svg("The Lamp Room", "Abi"), cover_svg("The Lamp Room", "Theo"));
    EXPECT_NE(cover_svg("The Lamp Room", "Abi"), cover_svg("The Lamp Rooms", "Abi"));
}

TEST(Cover, IsSmallAndHoldsNothingOfTheTitle) {
    for (const std::string title :
         {"", "<script>alert(1)</script>", "\"'&", "A very long title indeed, with many words in it"}) {
        const std::string svg = cover_svg(title, "<b>");
        EXPECT_LE(svg.size(), 2048U);
        EXPECT_EQ(svg.find("script"), std::string::npos);
        EXPECT_EQ(svg.find("<b>"), std::string::npos);
        EXPECT_TRUE(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 120 160\""));
    }
}

TEST(Cover, TellsTitlesApart) {
    std::set<std::string> seen;
    std::size_t largest = 0;
    for (int i = 0; i < 2000; ++i) {
        const std::string svg = cover_svg("Title " + std::to_string(i), "somebody");
        largest = std::max(largest, svg.size());
        seen.insert(svg);
    }
    EXPECT_GE(seen.size(), 1950U);
    EXPECT_LE(largest, 2048U);
}

}  // namespace
}  // namespace braid::shell
