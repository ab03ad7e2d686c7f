#include "platform/html/richtext.h"

#include <gtest/gtest.h>

#include <chrono>

#include "base/text.h"

namespace braid::html {
namespace {

std::string prose(std::string_view text) {
    return std::string(render(text, Dialect::prose).view());
}
std::string comment(std::string_view text) {
    return std::string(render(text, Dialect::comment).view());
}
std::string clean(std::string_view html) {
    return std::string(sanitise(html, Dialect::prose).view());
}

constexpr std::string_view kRel = R"( rel="nofollow noopener ugc")";

TEST(Richtext, WritesWhatProseIsMadeOf) {
    EXPECT_EQ(prose("One *two* **three** ~~four~~ `five`\nsix"),
              "<p>One <em>two</em> <strong>three</strong> <del>four</del> <code>five</code> six</p>");
    // Sanitised again, each stays what it became: found by the fuzzer.
    EXPECT_EQ(sanitise("<h3>C</h3>", Dialect::prose).view(), "<h3>C</h3>");
    EXPECT_EQ(prose("# A\n## B\n### C\n###### D"), "<h2>A</h2>\n<h2>B</h2>\n<h3>C</h3>\n<h3>D</h3>");
    EXPECT_EQ(prose("a\n\n***\n\nb  \nc"), "<p>a</p>\n<hr>\n<p>b<br>c</p>");
    EXPECT_EQ(prose("> a\n>\n> > b"), "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>");
    EXPECT_EQ(prose("- a\n- b\n  - c"), "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>");
    EXPECT_EQ(prose("3. a\n\n4. b"), "<ol start=\"3\"><li><p>a</p></li><li><p>b</p></li></ol>");
    EXPECT_EQ(prose("    x <y>\n    z"), "<pre><code>x &lt;y&gt;\nz</code></pre>");
    EXPECT_EQ(prose("[a](https://x.example/?a=1&b='2 \"t\")"),
              "<p><a href=\"https://x.example/?a=1&amp;b=%272\"" + std::string(kRel) + ">a</a></p>");
    EXPECT_EQ(prose("[a](https://x.example/?a=1&b=2 \"t\")"),
              "<p><a href=\"https://x.example/?a=1&amp;b=2\"" + std::string(kRel) + ">a</a></p>");
    EXPECT_EQ(prose("\"Quotes\" -- as... written's"), "<p>\"Quotes\" -- as... written's</p>");
    EXPECT_EQ(prose(""), "");
    EXPECT_EQ(prose(" \n\n "), "");
}

TEST(Richtext, KeepsWhatIsNotUnderstoodAsText) {
    EXPECT_EQ(prose("She <sighs> and <b>runs</b>"), "<p>She &lt;sighs&gt; and &lt;b&gt;runs&lt;/b&gt;</p>");
    EXPECT_EQ(prose("<script>\nalert(1)\n</script>"), "<p>&lt;script&gt; alert(1) &lt;/script&gt;</p>");
    EXPECT_EQ(prose("![a *cat*](https://x.example/c.png)"), "<p>a <em>cat</em></p>");
    EXPECT_EQ(prose("| a | b |\n|---|---|"), "<p>| a | b | |---|---|</p>");
    EXPECT_EQ(prose("https://x.example"), "<p>https://x.example</p>");
    EXPECT_EQ(prose("a\xFF"
                    "b"),
              "<p>a\xEF\xBF\xBD"
              "b</p>");
    EXPECT_EQ(prose(std::string_view("a\0b", 3)),
              "<p>a\xEF\xBF\xBD"
              "b</p>");
}

TEST(Richtext, CommentsHaveFewerElements) {
    EXPECT_EQ(comment("# A\n\n*b*\n\n---\n\n    c"), "<p>A</p>\n<p><em>b</em></p>\n<p><code>c</code></p>");
}

TEST(Richtext, DropsForeignAddressesAndKeepsTheirText) {
    for (const std::string url :
         {"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example",
          "x.html", "file:///etc/passwd", "java&#115;cript:x", "javascript&colon;x", "&#1;javascript:x",
          "/\\evil.example", "https:evil.example", "http:", "blob:x", "ftp://x.example"}) {
        EXPECT_EQ(prose("[a](<" + url + ">)"), "<p>a</p>") << url;
        EXPECT_EQ(clean("<a href=\"" + url + "\">a</a>"), "<p>a</p>") << url;
    }
    for (const std::string url : {" javascript:x", "java\tscript:x", "java\nscript:x", "\x01javascript:x",
                                  "jav&#x09;ascript:x", "jav&Tab;ascript:x"}) {
        EXPECT_EQ(clean("<a href=\"" + url + "\">a</a>"), "<p>a</p>") << url;
    }
    for (const std::string url : {"https://x.example/", "http://x.example", "mailto:a@x.example", "/works/1",
                                  "#note", "?page=2", "HTTPS://x.example"}) {
        EXPECT_EQ(prose("[a](" + url + ")"), "<p><a href=\"" + url + "\"" + std::string(kRel) + ">a</a></p>");
    }
}

TEST(Richtext, LetsNothingButTheWhitelistThrough) {
    EXPECT_EQ(clean("<p onclick=x style=y class=z id=w>a</p>"), "<p>a</p>");
    EXPECT_EQ(clean("a<script>b</script>c<style>d</style>e"), "<p>ace</p>");
    EXPECT_EQ(clean("<svg><script>x</script><a href='javascript:x'>y</a></svg>z"), "<p>z</p>");
    EXPECT_EQ(clean("<math><mtext><img src=x onerror=y></mtext></math>z"), "<p>z</p>");
    EXPECT_EQ(clean("<img src=x onerror=y>z<iframe src=x></iframe><form action=x><input name=y>w</form>"),
              "<p>z</p>\n<p>w</p>");
    EXPECT_EQ(clean("<a href=\"https://x.example/\" onclick=\"y\" target=_blank rel=x>a</a>"),
              "<p><a href=\"https://x.example/\"" + std::string(kRel) + ">a</a></p>");
    EXPECT_EQ(clean("<!-- <script>a</script> -->b<![CDATA[c]]>d<?e?>f"), "<p>bdf</p>");
    EXPECT_EQ(clean("<scr<script>x</script>ipt>y"), "<p>xipt&gt;y</p>");
    EXPECT_EQ(clean("<noscript><p title=\"</noscript><img src=x onerror=y>\">z"), "<p>\"&gt;z</p>");
    EXPECT_EQ(clean("a < b <3 & <"), "<p>a &lt; b &lt;3 &amp; &lt;</p>");
    EXPECT_EQ(clean("<b>a<p>b</p></b>"), "<p><strong>a</strong></p>\n<p><strong>b</strong></p>");
    EXPECT_EQ(clean("<h1>a</h1><table><tr><td>b</td><td>c</td></tr></table>"),
              "<h2>a</h2>\n<p>b</p>\n<p>c</p>");
    EXPECT_EQ(clean("<ul>a<li>b<li>c</ul><li>d"), "<ul><li>a</li><li>b</li><li>c</li></ul>\n<p>d</p>");
    EXPECT_EQ(clean("<p> a  <em> b </em> c </p><p><em> </em></p>"), "<p>a <em>b</em> c</p>");
}

TEST(Richtext, CutsAtTheTopLevelAndFoldsThePlainText) {
    const auto blocks =
        render_blocks("One\n*two*  \nthree\n\n- a\n- b\n\n> c\n>\n> d\n\n***", Dialect::prose);
    ASSERT_EQ(blocks.size(), 4U);
    EXPECT_EQ(blocks[0].plain, "One two three");
    EXPECT_EQ(blocks[1].plain, "a b");
    EXPECT_EQ(blocks[2].html, "<blockquote><p>c</p><p>d</p></blockquote>");
    EXPECT_EQ(blocks[2].plain, "c d");
    EXPECT_EQ(blocks[3].html, "<hr>");
    EXPECT_EQ(blocks[3].plain, "");
}

TEST(Richtext, ReadsItsOwnOutput) {
    for (const std::string text :
         {"# a\n\nb *c **d*** `e` ~~f~~\n\n> - g\n>   1. h\n>\n>      i\n\n***\n\n    j\n    k",
          "- a\n\n  b\n- c\n\n      d", "[a *b*](https://x.example/ü?q=%20&r=\"'<>)", "a  \nb\\\nc",
          "1. a\n   - b\n   - c\n2. d", "\\<b\\> &amp; &nbsp; x"}) {
        const auto once = prose(text);
        EXPECT_EQ(clean(once), once) << text;
    }
    for (const std::string html :
         {"<b>a<p>b</p>c</b>d<ul><div>e</div>f</ul>", "<li>a<div>b</div>c<li>d<br><br><br><br><br>e<br>",
          "<em>a<em>b</em></em><a href='/x'>c<a href='/y'>d</a></a>", "<pre>\n\na<br>b\n</pre>",
          "<p>a<blockquote>b<h2>c<p>d", "<blockquote><ol><ol><ol><ol><ol><ol>x",
          "<ol><ol><ol><ol><ol><ol><blockquote>x"}) {
        const auto once = clean(html);
        EXPECT_EQ(clean(once), once) << html;
    }
}

std::string repeated(std::string_view part, std::size_t times) {
    std::string text;
    text.reserve(part.size() * times);
    for (std::size_t i = 0; i < times; ++i)
        text += part;
    return text;
}

TEST(Richtext, WritesUtf8WhateverTheReference) {
    const auto html =
        clean("a&#xbbbbbbbbbbb;b&#0;&#xD800;&#x110000;c&#x81;&#xFDD0;&#xFFFF;&#x1FFFE;&#xFFFD;");
    EXPECT_EQ(clean(html), html);
    EXPECT_TRUE(is_valid_utf8(html)) << html;
}

// A hundred thousand characters of anything take well under the seconds that quadratic work would.
TEST(Richtext, AReferenceUsedOftenDoesNotMultiplyTheText) {
    const auto repeated = [](std::string_view what, int times) {
        std::string all;
        for (int i = 0; i < times; ++i)
            all += what;
        return all;
    };
    // What people do with references stays.
    EXPECT_NE(prose("[a]: /x\n\n[a] and [a]").find("<a href=\"/x\""), std::string::npos);
    const std::string costly = "[a]: /" + std::string(50'000, 'x') + "\n\n";
    EXPECT_LT(prose(costly + repeated("[a] ", 30'000)).size(), 600'000U);  // does not define
    EXPECT_LT(prose(costly + repeated("[a] ", 100)).size(),
              400'000U);  // links end when their addresses are too much
    EXPECT_LT(comment("[a]: /" + std::string(2'000, 'x') + "\n\n" + repeated("[a] ", 700)).size(), 300'000U);
    EXPECT_LT(prose("[a]: /x \"" + repeated("y\n", 20'000) + "\"\n\n" + repeated("[a]", 20'000)).size(),
              2'000'000U);
}

TEST(Richtext, IsLinearInItsInput) {
    for (const std::string_view part : {"[",
                                        "]",
                                        "*",
                                        "**a",
                                        "_a",
                                        "*a_",
                                        "~~",
                                        "~~a",
                                        ">",
                                        "> ",
                                        "`",
                                        "`a",
                                        "``a`",
                                        "<",
                                        "<a",
                                        "<!--",
                                        "<![CDATA[",
                                        "<?",
                                        "![",
                                        "![a](",
                                        "[a](",
                                        "[a](b",
                                        "[a]: b\n",
                                        "[a][b]",
                                        "- ",
                                        "1. ",
                                        "+ -\n",
                                        "&",
                                        "&#",
                                        "\\",
                                        "#",
                                        "a\n",
                                        "\n",
                                        "    a\n\n",
                                        "[[a]",
                                        "(",
                                        "a](",
                                        "***a _b_ ",
                                        "<b>",
                                        "</b>",
                                        "<b><i>",
                                        "<p>",
                                        "<ul><li>",
                                        "<div>",
                                        "<a href='/x'>",
                                        "<p><b>",
                                        "<li>",
                                        "<table><tr><td>",
                                        "<script>",
                                        "</script",
                                        "<svg><p>",
                                        "<b x=",
                                        "a<br>",
                                        "<pre>",
                                        "</p>",
                                        "<em></strong>"}) {
        const std::string text = repeated(part, 100'000 / part.size());
        for (const bool markdown : {true, false}) {
            const auto begin = std::chrono::steady_clock::now();
            const std::string html = markdown ? prose(text) : clean(text);
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
            EXPECT_LT(took.count(), 3.0) << part << (markdown ? " as Markdown" : " as HTML");
            EXPECT_LT(html.size(), text.size() * 16 + 1000) << part;
        }
    }
}

}  // namespace
}  // namespace braid::html
