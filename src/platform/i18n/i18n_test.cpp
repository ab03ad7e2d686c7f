#include "platform/i18n/i18n.h"

#include <gtest/gtest.h>

namespace braid::i18n {
namespace {

constexpr Timestamp at(std::int64_t seconds) {
    return {seconds * 1'000'000};
}
constexpr std::int64_t kNoon = 1'793'707'200;  // 2026-11-03T12:00:00Z
constexpr std::int64_t kHour = 3600, kDay = 24 * kHour;

TEST(Negotiate, TakesTheBestThatTheProgramHas) {
    EXPECT_EQ(negotiate(""), Language::en);
    EXPECT_EQ(negotiate("es"), Language::es);
    EXPECT_EQ(negotiate("es-PE,es;q=0.9,en;q=0.8"), Language::es);
    EXPECT_EQ(negotiate("en;q=0.5, es-419;q=0.7"), Language::es);
    EXPECT_EQ(negotiate("fr, de;q=0.9"), Language::en);
    EXPECT_EQ(negotiate("fr, es;q=0.1"), Language::es);
    EXPECT_EQ(negotiate("en;q=0, *"), Language::es);
    EXPECT_EQ(negotiate("es;q=0"), Language::en);
    EXPECT_EQ(negotiate("es;q=2, ;;;,=,es;q="), Language::en);
    EXPECT_EQ(negotiate("ES"), Language::es);
    EXPECT_EQ(negotiate(std::string(100'000, ',')), Language::en);
}

TEST(Formats, WritesDatesInTheZoneAskedFor) {
    EXPECT_EQ(date(Language::en, at(kNoon)), "3 November 2026");
    EXPECT_EQ(date(Language::es, at(kNoon)), "3 de noviembre de 2026");
    EXPECT_EQ(short_date(Language::en, at(kNoon)), "3 Nov");
    EXPECT_EQ(short_date(Language::es, at(kNoon)), "3 nov");
    const auto late = at(kNoon + 15 * kHour);  // 3 a.m. the next day in UTC
    EXPECT_EQ(short_date(Language::en, late), "4 Nov");
    EXPECT_EQ(short_date(Language::en, late, "America/Lima"), "3 Nov");
    EXPECT_EQ(short_date(Language::en, late, "No/Where"), "4 Nov");
}

TEST(Formats, SaysHowLongAgo) {
    const auto ago_en = [](std::int64_t seconds) {
        return ago(Language::en, at(kNoon - seconds), at(kNoon));
    };
    EXPECT_EQ(ago_en(10), "now");
    EXPECT_EQ(ago_en(12 * 60), "12 min ago");
    EXPECT_EQ(ago_en(3 * kHour), "3 hr ago");
    EXPECT_EQ(ago_en(kDay), "yesterday");
    EXPECT_EQ(ago_en(5 * kDay), "29 Oct");
    EXPECT_EQ(ago_en(730 * kDay), "3 Nov 2024");
    EXPECT_EQ(ago(Language::es, at(kNoon - 12 * 60), at(kNoon)), "hace 12 min");
    EXPECT_EQ(ago(Language::es, at(kNoon - kDay), at(kNoon)), "ayer");
}

TEST(Formats, GroupsDigitsAsTheLanguageDoes) {
    EXPECT_EQ(number(Language::en, 999), "999");
    EXPECT_EQ(number(Language::en, 1204), "1,204");
    EXPECT_EQ(number(Language::es, 1204), "1204");
    EXPECT_EQ(number(Language::es, 12040), "12.040");
    EXPECT_EQ(number(Language::en, -1234567), "-1,234,567");
    EXPECT_EQ(number(Language::en, -100), "-100");
}

TEST(Message, FillsItsArguments) {
    EXPECT_EQ(format(Language::en, "api.too_long", {{"limit", "7"}}), "This may have at most 7 characters.");
    EXPECT_EQ(format(Language::es, "api.too_long", {{"limit", "7"}}),
              "Puede tener como máximo 7 caracteres.");
    EXPECT_EQ(format(Language::en, "api.too_long"), "This may have at most {limit} characters.");
    EXPECT_EQ(format(Language::en, "no.such.key"), "no.such.key");
}

}  // namespace
}  // namespace braid::i18n
