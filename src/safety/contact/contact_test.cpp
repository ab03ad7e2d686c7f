#include "safety/contact/api.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"

namespace braid::contact {
namespace {

// "kind:what" for each span.
std::vector<std::string> found(const std::string& text) {
    std::vector<std::string> out;
    for (const Span& span : find_contact(text)) {
        out.push_back(std::string(kind_name(span.kind)) + ":" +
                      text.substr(span.begin_byte, span.end_byte - span.begin_byte));
    }
    return out;
}

struct Case {
    const char* text;
    const char* expected;
};

void expect_each(const std::vector<Case>& cases) {
    for (const Case& one : cases)
        EXPECT_EQ(found(one.text), std::vector<std::string>{one.expected}) << one.text;
}

TEST(Contact, FindsMailAddresses) {
    expect_each({{"Write to Abi.W+x@example.co.uk, please.", "email:Abi.W+x@example.co.uk"},
                 {"mail abi at gmail dot com", "email:abi at gmail dot com"},
                 {"abi arroba gmail punto com", "email:abi arroba gmail punto com"},
                 {"write: abi (at) gmail (dot) com", "email:abi (at) gmail (dot) com"},
                 {"abi[at]writersden[.]org", "email:abi[at]writersden[.]org"},
                 {"abi @ gmail . com", "email:abi @ gmail . com"},
                 {"abi dot west at outlook dot com", "email:abi dot west at outlook dot com"}});
}

TEST(Contact, FindsMailAddressesInDisguise) {
    expect_each({{"a b i @ g m a i l . c o m", "email:a b i @ g m a i l . c o m"},
                 {"a t g m a i l d o t c o m", "email:a t g m a i l d o t c o m"},
                 {"abiatgmaildotcom", "email:abiatgmaildotcom"},
                 {"ａｂｉ＠ｇｍａｉｌ．ｃｏｍ", "email:ａｂｉ＠ｇｍａｉｌ．ｃｏｍ"},
                 {"abi\u200B@\u200Bgmail\u200B.com", "email:abi\u200B@\u200Bgmail\u200B.com"},
                 {"аbi@gmail。com", "email:аbi@gmail。com"},
                 {"abi🙂at🙂gmail🙂dot🙂com", "email:abi🙂at🙂gmail🙂dot🙂com"},
                 {"a-b-i at g-m-a-i-l dot com", "email:a-b-i at g-m-a-i-l dot com"},
                 {"𝓪𝓫𝓲@gmail.com", "email:𝓪𝓫𝓲@gmail.com"}});
}

TEST(Contact, FindsTelephoneNumbers) {
    expect_each({{"(312) 555-0182", "phone:(312) 555-0182"},
                 {"312.555.0182", "phone:312.555.0182"},
                 {"+34 612 345 678", "phone:+34 612 345 678"},
                 {"llámame al 612 34 56 78", "phone:612 34 56 78"},
                 {"call me on 450 0840?", "phone:450 0840"},
                 {"Fax: 345-899-3560x4587", "phone:345-899-3560x4587"},
                 {"07791 234567 after tea", "phone:07791 234567"},
                 {"mi número es el seis uno dos tres cuatro cinco seis siete ocho",
                  "phone:seis uno dos tres cuatro cinco seis siete ocho"},
                 {"oh seven seven double nine one two three four five six",
                  "phone:oh seven seven double nine one two three four five six"},
                 {"call 0 7 7 9 9 1 2 3 4 5 6", "phone:0 7 7 9 9 1 2 3 4 5 6"},
                 {"５５５-１２３-４５６７", "phone:５５５-１２３-４５６７"},
                 {"5️⃣5️⃣5️⃣ 1️⃣2️⃣3️⃣ 4️⃣5️⃣6️⃣7️⃣",
                  "phone:5️⃣5️⃣5️⃣ 1️⃣2️⃣3️⃣ 4️⃣5️⃣6️⃣7️⃣"}});
}

TEST(Contact, FindsStreetAddresses) {
    expect_each({{"I live at 12 Oak Road.", "address:12 Oak Road"},
                 {"He was at 221B Baker Street then", "address:221B Baker Street"},
                 {"Vivo en la Calle Mayor 12, 3º B", "address:Calle Mayor 12"},
                 {"vive en calle de alcalá 15", "address:calle de alcalá 15"},
                 {"come to Beethovenstraße 7", "address:Beethovenstraße 7"},
                 {"P.O. Box 149", "address:P.O. Box 149"},
                 {"137 Avenue Foch", "address:137 Avenue Foch"},
                 {"Send it to 40 Elm Street Apt. 3\nSpringfield, IL 62704\nand smile",
                  "address:40 Elm Street Apt. 3\nSpringfield, IL 62704"}});
}

TEST(Contact, FindsNamesElsewhereAndLinks) {
    expect_each({{"insta @abiwrites", "handle:@abiwrites"},
                 {"my snap is abi_0912", "handle:abi_0912"},
                 {"add me on snap: abigailwrites", "handle:abigailwrites"},
                 {"sígueme en insta: abi_escribe", "handle:abi_escribe"},
                 {"discord abi#1234", "handle:abi#1234"},
                 {"https://example.org/a?b=c.", "url:https://example.org/a?b=c"},
                 {"hxxps : //example.org/a", "url:hxxps : //example.org/a"},
                 {"www.abi.com", "url:www.abi.com"},
                 {"(see t.me/abi)", "url:t.me/abi"},
                 {"my page is abiwrites.com, look", "url:abiwrites.com"},
                 {"discord dot gg slash abcd", "url:discord dot gg slash abcd"},
                 {"mipagina punto com", "url:mipagina punto com"}});
}

TEST(Contact, FindsSchoolWithAnHour) {
    expect_each({{"Meet me at Lincoln Middle School at 3:15", "school_time:Lincoln Middle School at 3:15"},
                 {"Nos vemos en el IES Cervantes a las 5", "school_time:IES Cervantes a las 5"},
                 {"At four o'clock I come out of Park Academy.",
                  "school_time:four o'clock I come out of Park Academy"}});
    EXPECT_TRUE(found("I love Lincoln Middle School").empty());
    EXPECT_TRUE(found("Hogwarts School opened its gates at eleven.").empty());
}

TEST(Contact, LeavesOtherThingsAlone) {
    for (const char* text : {"it costs $1,299.99, or 20 % more",
                             "on 24-11-2026 at 10:30",
                             "2026-11-24",
                             "ISBN 978-3-16-148410-0",
                             "9783161484100",
                             "from 1914-1918",
                             "1914 1918",
                             "John 3:16",
                             "1 Corinthians 13",
                             "@Override public void f()",
                             "@media (max-width: 20em)",
                             "`@abi`",
                             "1 000 000 people",
                             "299 792 458 metres",
                             "one two three four five six seven eight",
                             "one, two, three, four, one, two, three, four",
                             "Chapter 12 Section 5",
                             "look at gmail. Come on",
                             "We met at eight. Dot came too.",
                             "192.168.1.1",
                             "version 1.2.3.4",
                             "end.It was",
                             "main.py and index.ts",
                             "e.g. this, i.e. that",
                             "U.S. and p.m.",
                             "my snap is amazing",
                             "my discord is down",
                             "460-89-9847",
                             "card 4454 7945 1139 0933",
                             "my card number is 4563824065059",
                             "In 1762. In 1778 it was",
                             "Apollo 13",
                             "We went down the road for 5 days",
                             "the dot com years",
                             "El punto es que no",
                             "cinco seis siete",
                             "T-H-E E-N-D",
                             "a + b = c, x @ y",
                             "Room 12, Platform 9",
                             "He said 3-1, then 4-2",
                             "5 days and 12 nights",
                             "1 2 3 4 5 6"}) {
        EXPECT_EQ(found(text), std::vector<std::string>{}) << text;
    }
}

TEST(Contact, OffsetsAreCodePointsOfTheText) {
    const auto spans = find_contact("año 💛: abi@gmail.com");
    ASSERT_EQ(spans.size(), 1U);
    EXPECT_EQ(spans[0].begin, 7U);
    EXPECT_EQ(spans[0].end, 20U);
    EXPECT_EQ(spans[0].begin_byte, 11U);
    // A byte that is no UTF-8 is one code point.
    EXPECT_EQ(find_contact("\xFF\xC3 abi@gmail.com").at(0).begin, 3U);
}

TEST(Contact, SeveralInOneText) {
    EXPECT_EQ(found("abi@gmail.com or 312-555-0182, 12 Oak Road"),
              (std::vector<std::string>{"email:abi@gmail.com", "phone:312-555-0182", "address:12 Oak Road"}));
}

// A megabyte of what finders begin at, each well under a second: what is quadratic takes minutes.
TEST(Contact, IsLinearOnHostileText) {
    for (const std::string piece : {"@",
                                    "a@",
                                    ".",
                                    "a.",
                                    "1 ",
                                    "1",
                                    "at dot ",
                                    "a ",
                                    "http://",
                                    "www.",
                                    "+",
                                    "(",
                                    "12 A ",
                                    "Apt 1 ",
                                    "one ",
                                    "double ",
                                    "discord ",
                                    "School ",
                                    "the corner of A and ",
                                    "\xF0\x9F\x99\x82",
                                    "\u200B",
                                    "\xFF",
                                    "a-",
                                    "x1",
                                    "atgmaildotcom"}) {
        std::string text;
        while (text.size() < 1'000'000)
            text += piece;
        const auto start = std::chrono::steady_clock::now();
        (void)find_contact(text);
        const auto took = std::chrono::steady_clock::now() - start;
        EXPECT_LT(std::chrono::duration<double>(took).count(), 5) << piece;
    }
}

}  // namespace
}  // namespace braid::contact
