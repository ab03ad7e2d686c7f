// Runs htmlc as the build does: what it refuses and where it says so, and that a wrong name fails the C++
// compiler at the .html line.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "platform/html/html.h"

namespace braid::html {
namespace {

namespace fs = std::filesystem;

struct Ran {
    int code;
    std::string output;
};

class HtmlcTest : public ::testing::Test {
  protected:
    HtmlcTest() {
        std::string name = (fs::temp_directory_path() / "htmlc_test.XXXXXX").string();
        folder = mkdtemp(name.data());
    }
    ~HtmlcTest() override { fs::remove_all(folder); }

    Ran run(const std::string& command) const {
        const auto log = folder / "log";
        const int status = std::system((command + " >'" + log.string() + "' 2>&1").c_str());
        std::ifstream in(log);
        std::ostringstream text;
        text << in.rdbuf();
        return {WEXITSTATUS(status), text.str()};
    }
    Ran compile_file(const std::string& source) const {
        const auto file = (folder / "page.html").string();
        std::ofstream(file) << source;
        return run("'" BRAID_HTMLC "' '" + file + "' --header '" + file + ".h' --source '" + file +
                   ".cpp' --include page.html.h");
    }
    // The body of one template with a parameter `v`.
    Ran compile(const std::string& body) const {
        return compile_file("{% namespace t %}\n{% template page(const V& v) %}\n" + body + "\n{% end %}\n");
    }
    std::string generated() const {
        std::ifstream in(folder / "page.html.cpp");
        std::ostringstream text;
        text << in.rdbuf();
        return text.str();
    }
    Ran compile_cpp() const {
        return run(std::string(BRAID_CXX) + " -std=c++20 -fsyntax-only -I '" BRAID_SOURCE_DIR "/src' -I '" +
                   folder.string() + "' '" + (folder / "page.html.cpp").string() + "'");
    }

    fs::path folder;
};

struct Bad {
    std::string body, place, message;
};

TEST_F(HtmlcTest, RefusesBadSamplesAndNamesTheirPlace) {
    const std::vector<Bad> samples{
        {"<p class={{ v.a }}>", "3:10", "must stand in quotes"},
        {"<p class=a>", "3:10", "must stand in quotes"},
        {"<script src=\"/x.js\">{{ v.a }}</script>", "3:21", "cannot stand inside <script>"},
        {"<style nonce=\"{{ out.nonce() }}\">a {{ v.a }}</style>", "3:36", "cannot stand inside <style>"},
        {"<script>alert(1)</script>", "3:8", "nonce="},
        {"<p onclick=\"{{ v.a }}\">", "3:11", "holds script"},
        {"<p hx-on:click=\"x\">", "3:15", "holds script"},
        {"<p data-hx-on:click=\"x\">", "3:20", "holds script"},
        {"<p data-hx-get=\"javascript:{{ v.a }}\">", "3:27", "is script"},
        {"<p style=\"color: {{ v.a }}\">", "3:9", "style="},
        {"<iframe srcdoc=\"{{ v.a }}\"></iframe>", "3:15", "srcdoc="},
        {"<!-- {{ v.a }} -->", "3:6", "HTML comment"},
        {"<{{ v.a }}>", "3:2", "tag name"},
        {"<h{{ v.a }}>", "3:3", "tag name"},
        {"<p {{ v.a }}>", "3:4", "cannot be an attribute"},
        {"<p {{ v.a }}=\"x\">", "3:4", "cannot be an attribute"},
        {"<p class=\"a\"id=\"b\">", "3:13", "white space is missing"},
        {"<a href=\"java{{ v.a }}\">x</a>", "3:14", "begins with"},
        {"<a href=\"javascript:{{ v.a }}\">x</a>", "3:20", "is script"},
        {"<a href=\"{{ t \"a.b\" }}\">x</a>", "3:10", "a message cannot be part of a URL"},
        {"<a href=\"/x?y={{ percent_encode(v.a) }}\">x</a>", "3:15", "leave percent_encode out"},
        {"a < b", "3:4", "&lt;"},
        {"{% if v.a %}<b class=\"{% end %}x\">y</b>", "3:1", "end in different places"},
        {"<p {% if v.a %}class=\"{% else %}id=\"{% end %}x\">y</p>", "3:23", "end in different places"},
        {"{% for x in v.a %}<b {% end %}", "3:1", "another place"},
        {"{% if v.a %}x", "2:1", "{% template %} has no {% end %}"},
        {"x{% end %}{% end %}", "3:11", "outside a template"},
        {"{% else %}", "3:1", "without {% if %}"},
        {"{% empty %}", "3:1", "without {% for %}"},
        {"{% if v.a %}{% else if v.b %}{% end %}", "3:13", "write {% elif"},
        {"{% repeat 3 %}", "3:1", "unknown directive {% repeat 3 %}"},
        {"{% body %}", "3:1", "html::Body body"},
        {"<p {% call x() %}>", "3:4", "cannot stand inside the tag <p>"},
        {"{{ v.a", "3:1", "no matching }}"},
        {"{% if v.a", "3:1", "no matching %}"},
        {"{# a", "3:1", "no matching #}"},
        {"{{ }}", "3:1", "empty"},
        {"{{ f(v.a }}", "3:1", "no matching }}"},
        {"{{ v.a); g() }}", "3:1", "no matching }}"},
        {"{{ f(v.a] }}", "3:1", "unexpected ']'"},
        {"{{ v.a; v.b }}", "3:1", "not a statement"},
        {"{{ t \"a.b\" n }}", "3:1", "name=expression"},
        {"{{ t \"a b\" }}", "3:1", "message key"},
        {"<b>", "", ""},
        {"<b", "2:1", "does not end in element content"},
    };
    for (const auto& sample : samples) {
        const Ran ran = compile(sample.body);
        if (sample.place.empty()) {
            EXPECT_EQ(ran.code, 0) << sample.body << "\n" << ran.output;
            continue;
        }
        EXPECT_EQ(ran.code, 1) << sample.body;
        EXPECT_NE(ran.output.find("page.html:" + sample.place + ": error: "), std::string::npos)
            << sample.body << "\n"
            << ran.output;
        EXPECT_NE(ran.output.find(sample.message), std::string::npos) << sample.body << "\n" << ran.output;
    }
    EXPECT_EQ(compile_file("x").code, 1);
    EXPECT_EQ(compile_file("").code, 1);
    EXPECT_EQ(compile_file("{% template a() %}{% end %}").code, 1);
}

TEST_F(HtmlcTest, ChoosesTheEscapingByTheContext) {
    ASSERT_EQ(compile("<a{% if v.a %} class=\"x {{ v.b }}\"{% end %} href=\"{{ v.c }}\">{{ v.d }}</a><a "
                      "href=\"/{{ v.e }}\"></a>"
                      "<a href=\"/x/{{ v.f }}?q={{ v.g }}#{{ v.h }}\"></a><title>{{ v.i }}</title><input "
                      "disabled{% if v.j %} checked{% end %}>")
                  .code,
              0);
    const std::string text = generated();
    for (const auto* call :
         {"out.attribute(v.b)", "out.url(v.c)", "out.content(v.d)", "out.url_after_slash(v.e)",
          "out.url_rest(v.f)", "out.url_value(v.g)", "out.url_rest(v.h)", "out.attribute(v.i)"}) {
        EXPECT_NE(text.find(call), std::string::npos) << call;
    }
}

TEST_F(HtmlcTest, AWrongNameFailsTheCompilerAtTheLineOfTheTemplate) {
    const std::string head =
        "{% include <string> %}\n{% namespace braid::t %}\n{% template page(const std::string& name, bool "
        "flag) %}\n<p>\n";
    ASSERT_EQ(compile_file(head + "{{ name }} {{ name.size() }}\n{% end %}").code, 0);
    const Ran good = compile_cpp();
    EXPECT_EQ(good.code, 0) << good.output;
    const std::vector<std::string> wrong{"{{ nmae }}",
                                         "{{ name.title }}",
                                         "{{ flag }}",
                                         "{{ 1.5 }}",
                                         "{% if fleg %}{% end %}",
                                         "{% call nothing() %}",
                                         "<b title=\"{{ braid::html::SafeHtml{} }}\"></b>"};
    std::string text = head;
    for (const auto& each : wrong)
        text += each + "\n";
    ASSERT_EQ(compile_file(text + "{% end %}").code, 0);
    const Ran ran = compile_cpp();
    EXPECT_NE(ran.code, 0);
    for (std::size_t i = 0; i < wrong.size(); ++i) {
        EXPECT_NE(ran.output.find("page.html:" + std::to_string(5 + i) + ":"), std::string::npos)
            << wrong[i] << "\n"
            << ran.output;
    }
}

std::string url(std::string_view value) {
    Out out(i18n::Language::en, "");
    out.url(value);
    return out.take();
}

TEST(Out, EscapesForItsContext) {
    Out out(i18n::Language::en, "");
    out.content("a<b>&\"'");
    out.raw("|");
    out.attribute("a<b>&\"'");
    out.raw("|");
    out.url_value("a b&c=é/'");
    out.raw("|");
    out.url_rest("a b&c=é/'\"%41");
    out.raw("|");
    out.url_after_slash("/evil.example");
    out.raw("|");
    out.content(SafeHtml::trust("<i>"));
    out.content(-3);
    EXPECT_EQ(out.text(),
              "a&lt;b&gt;&amp;\"'|a&lt;b&gt;&amp;&quot;&#39;|a%20b%26c%3D%C3%A9%2F%27|a%20b&amp;c=%C3%A9/"
              "%27%22%41|%2Fevil.example|<i>-3");
}

TEST(Out, PutsEscapedArgumentsIntoMessages) {
    Out out(i18n::Language::es, "");
    const auto link = SafeHtml::trust("<a href=\"/x\">x</a>");
    const std::string name = "<Ana>";
    out.message("{who} & {link}: {n} {unknown}", {{"who", name}, {"link", link}, {"n", 12345}});
    out.raw("|");
    out.attribute_message("\"{who}\"", {{"who", name}});
    EXPECT_EQ(out.text(), "&lt;Ana&gt; &amp; <a href=\"/x\">x</a>: 12.345 {unknown}|&quot;&lt;Ana&gt;&quot;");
}

TEST(Out, LetsOnlyLocalAndWebAddressesBegin) {
    for (const std::string_view good : {"/", "/works/1", "/a:b", "?page=2", "#x", "https://x.example",
                                        "HTTP://x.example/a", "mailto:a@x.example"}) {
        EXPECT_EQ(url(good), good);
    }
    using std::literals::operator""sv;
    for (const std::string_view bad : {""sv,
                                       "javascript:x"sv,
                                       "JAVASCRIPT:x"sv,
                                       " javascript:x"sv,
                                       "\tjavascript:x"sv,
                                       "java\tscript:x"sv,
                                       "java\nscript:x"sv,
                                       "\x01javascript:x"sv,
                                       "\0javascript:x"sv,
                                       "javascript&colon;x"sv,
                                       "&#106;avascript:x"sv,
                                       "data:text/html,x"sv,
                                       "vbscript:x"sv,
                                       "//evil.example"sv,
                                       "/\\evil.example"sv,
                                       "\\\\evil.example"sv,
                                       "/\t/evil.example"sv,
                                       "/\n/evil.example"sv,
                                       "https:evil.example"sv,
                                       "https:///evil"sv,
                                       "https:\\\\evil"sv,
                                       "https://a\\b"sv,
                                       "file:///x"sv,
                                       "blob:x"sv,
                                       "works/1"sv,
                                       "./x"sv,
                                       ":x"sv}) {
        EXPECT_EQ(url(bad), "#") << bad;
    }
}

}  // namespace
}  // namespace braid::html
