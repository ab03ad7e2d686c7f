#include <gtest/gtest.h>

#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "base/text.h"
#include "base/time.h"

namespace braid {
namespace {

Result<int> half(int n) {
    if (n % 2 != 0) return invalid("n", "odd");
    return n / 2;
}
Result<int> quarter(int n) {
    const int h = TRY(half(n));
    return TRY(half(h));
}

TEST(Result, TryPassesTheErrorOn) {
    EXPECT_EQ(*quarter(8), 2);
    ASSERT_FALSE(quarter(6).ok());
    EXPECT_EQ(quarter(6).error().code, ErrorCode::invalid);
    EXPECT_EQ(quarter(6).error().fields.at(0).field, "n");
}

TEST(Id, TextIsCanonicalAndOrdered) {
    for (const std::int64_t value :
         {std::int64_t{1}, std::int64_t{31}, std::int64_t{32}, std::int64_t{INT64_MAX}}) {
        EXPECT_EQ(id_from_text(id_to_text(value)), value);
    }
    for (const char* bad : {"", "0", "01", "i", "A", "zzzzzzzzzzzzz", "00000000000000", "1 ", "-1"}) {
        EXPECT_EQ(id_from_text(bad), std::nullopt) << bad;
    }
}

TEST(Id, StrictlyIncreasesEvenWhenTheClockStandsOrStepsBack) {
    FakeClock clock;
    IdMaker maker(clock, 5);
    std::int64_t last = 0;
    for (int i = 0; i < 10'000; ++i) {
        if (i == 5000) clock.advance(-std::chrono::seconds(10));
        const std::int64_t id = maker.next();
        ASSERT_GT(id, last);
        last = id;
    }
    EXPECT_EQ(last >> 12 & 1023, 5);
}

TEST(Time, FormatsKnownInstants) {
    EXPECT_EQ(to_rfc3339({1'767'225'600'250'000}), "2026-01-01T00:00:00.250Z");
    EXPECT_EQ(to_rfc3339({-1}), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(to_http_date({784'111'777'000'000}), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(Text, Utf8AcceptsWhatRfc3629Does) {
    EXPECT_TRUE(is_valid_utf8("año — 💛"));
    for (const std::string bad :
         {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80", "\xFF"}) {
        EXPECT_FALSE(is_valid_utf8(bad)) << hex(bad);
    }
    EXPECT_FALSE(is_valid_utf8(std::string_view("a\0b", 3)));
    EXPECT_EQ(count_code_points("año"), 3U);
}

TEST(Text, Base64UrlRoundTripsAndRefusesNonCanonical) {
    EXPECT_EQ(base64url("f"), "Zg");
    EXPECT_EQ(base64url("foobar"), "Zm9vYmFy");
    EXPECT_EQ(from_base64url("Zm9vYmFy"), "foobar");
    EXPECT_EQ(from_base64url("Zh"), std::nullopt);
    EXPECT_EQ(from_base64url("Zg=="), std::nullopt);
    SeededRandom random(1);
    EXPECT_EQ(random.token().size(), 43U);
}

TEST(Text, PercentCoding) {
    EXPECT_EQ(percent_encode("a b/ñ"), "a%20b%2F%C3%B1");
    EXPECT_EQ(percent_decode("a%20b%2F%C3%B1"), "a b/ñ");
    EXPECT_EQ(percent_decode("a+b", true), "a b");
    EXPECT_EQ(percent_decode("%"), std::nullopt);
    EXPECT_EQ(percent_decode("%g0"), std::nullopt);
}

TEST(Text, EllipsisTrimSlug) {
    EXPECT_EQ(ellipsis("short", 10), "short");
    EXPECT_EQ(ellipsis("the stairs that count back", 14), "the stairs…");
    EXPECT_EQ(trim(" \t\xC2\xA0x\xC2\xA0\n"), "x");
    EXPECT_EQ(slug("The Lamp Room — 2!"), "the-lamp-room-2");
    EXPECT_EQ(count_words("  one two\nthree "), 3U);
}

}  // namespace
}  // namespace braid
