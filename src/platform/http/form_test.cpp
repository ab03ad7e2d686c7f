#include "platform/http/form.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace braid::http {
namespace {

std::string fields_text(const Fields& fields) {
    std::string text;
    for (const auto& [name, value] : fields.items())
        text += name + "=" + value + ";";
    return text;
}

std::string parse(std::string_view body, FormLimits limits = {}) {
    const auto fields = parse_urlencoded(body, limits);
    if (fields.ok()) return fields_text(*fields);
    return "error " +
           (fields.error().fields.empty() ? fields.error().detail : fields.error().fields[0].field);
}

TEST(Urlencoded, DecodesAsBrowsersWrite) {
    EXPECT_EQ(parse(""), "");
    EXPECT_EQ(parse("a=1&b=&c&a=2&&"), "a=1;b=;c=;a=2;");
    EXPECT_EQ(parse("a+b=%41%2b+%26%3D"), "a b=A+ &=;");
    EXPECT_EQ(parse("a=b=c"), "a=b=c;");
    EXPECT_EQ(parse("a=%&b=%4&c=%zz"), "a=%;b=%4;c=%zz;");
    EXPECT_EQ(parse("line=a%0D%0Ab"), "line=a\r\nb;");
}

TEST(Urlencoded, NamesTheFieldThatIsNoText) {
    EXPECT_EQ(parse("ok=1&title=a%00b"), "error title");
    EXPECT_EQ(parse("title=%ff"), "error title");
    EXPECT_EQ(parse("title=%ED%A0%80"), "error title");
    EXPECT_EQ(parse("%ff=1"), "error a field's name is not UTF-8");
}

TEST(Urlencoded, HasLimits) {
    EXPECT_EQ(parse("a=1&b=2", {.max_fields = 1}), "error more than 1 fields");
    EXPECT_EQ(parse("a=123", {.max_field_bytes = 2}), "error field a");
    EXPECT_EQ(parse(std::string(300, 'x') + "=1"), "error a field's name is too long");
}

class MultipartTest : public testing::Test {
  protected:
    MultipartTest() {
        std::string name = (std::filesystem::temp_directory_path() / "braid-form-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
        folder = name;
    }
    ~MultipartTest() override { std::filesystem::remove_all(folder); }

    // Reads `body` in pieces that end at the given places; what came out as text.
    std::string read(std::string_view body, const std::vector<std::size_t>& cuts, FormLimits limits = {}) {
        Request request;  // owns the files
        MultipartReader reader("xYz", folder, limits, request.form);
        std::size_t from = 0;
        for (std::size_t i = 0; i <= cuts.size(); ++i) {
            const std::size_t to = i < cuts.size() ? cuts[i] : body.size();
            if (auto fed = reader.feed(body.substr(from, to - from)); !fed.ok())
                return "error " + describe(fed.error());
            from = to;
        }
        if (auto finished = reader.finish(); !finished.ok()) return "error " + describe(finished.error());
        std::string text = fields_text(request.form.fields);
        for (const Upload& upload : request.form.uploads) {
            std::ifstream file(upload.path, std::ios::binary);
            const std::string content((std::istreambuf_iterator<char>(file)), {});
            EXPECT_EQ(static_cast<std::int64_t>(content.size()), upload.size);
            text += upload.field + "<" + upload.filename + "|" + upload.content_type + ">" + content + ";";
        }
        return text;
    }
    static std::string describe(const Error& error) {
        return error.fields.empty() ? error.detail : error.fields[0].field;
    }

    std::filesystem::path folder;
};

constexpr std::string_view kBody =
    "preamble\r\n--xYz\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nOne\r\n--xY\r\nTwo\r\n"
    "--xYz \t\r\ncontent-disposition: FORM-DATA; name=\"a\"; filename=\"p%22q.txt\"\r\nContent-Type: "
    "text/plain\r\n\r\n\r\n--xY\r\n-\r\n\r\n"
    "--xYz\r\nContent-Disposition: form-data; name=empty\r\n\r\n\r\n"
    "--xYz\r\nContent-Disposition: form-data; name=\"none\"; filename=\"\"\r\nContent-Type: "
    "application/octet-stream\r\n\r\n\r\n"
    "--xYz--\r\nepilogue --xYz\r\n";
constexpr std::string_view kRead = "title=One\r\n--xY\r\nTwo;empty=;a<p\"q.txt|text/plain>\r\n--xY\r\n-\r\n;";

TEST_F(MultipartTest, ReadsTheSameHoweverItIsCut) {
    EXPECT_EQ(read(kBody, {}), kRead);
    for (std::size_t cut = 0; cut <= kBody.size(); ++cut)
        ASSERT_EQ(read(kBody, {cut}), kRead) << cut;
    for (std::size_t a = 0; a <= kBody.size(); a += 3) {
        for (std::size_t b = a; b <= kBody.size(); b += 5)
            ASSERT_EQ(read(kBody, {a, b}), kRead) << a << " " << b;
    }
    std::vector<std::size_t> every;
    for (std::size_t cut = 1; cut < kBody.size(); ++cut)
        every.push_back(cut);
    EXPECT_EQ(read(kBody, every), kRead);
}

TEST_F(MultipartTest, TheFirstDelimiterNeedsNoLineEnd) {
    EXPECT_EQ(read("--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--xYz--", {}), "a=1;");
    EXPECT_EQ(read("--xYz--", {}), "");
}

TEST_F(MultipartTest, WhatIsCutOffIsAnError) {
    for (std::size_t end = 0; end < kBody.find("--xYz--") + 7; ++end) {
        EXPECT_EQ(read(kBody.substr(0, end), {}).substr(0, 5), "error") << end;
    }
}

std::string part(std::string_view header, std::string_view content) {
    return "--xYz\r\n" + std::string(header) + "\r\n\r\n" + std::string(content) + "\r\n--xYz--\r\n";
}

TEST_F(MultipartTest, OddPartsAreErrors) {
    EXPECT_EQ(read(part("Content-Disposition: form-data", "x"), {}),
              "error multipart: a part without a name");
    EXPECT_EQ(read(part("Content-Disposition: attachment; name=\"a\"", "x"), {}),
              "error multipart: not form-data");
    EXPECT_EQ(read(part("X: y", "x"), {}), "error multipart: a part without a name");
    EXPECT_EQ(read("--xYz\r\n\r\nx\r\n--xYz--", {}), "error multipart: a part without a name");
    EXPECT_EQ(read(part("Content-Disposition: form-data; name=\"a", "x"), {}),
              "error multipart: a part without a name");
    EXPECT_EQ(read("--xYzz\r\n\r\n", {}), "error multipart: text after a delimiter");
    EXPECT_EQ(read("--xYz\r\n" + std::string(9000, 'h'), {}), "error multipart: a part's header is too long");
}

TEST_F(MultipartTest, NamesTheFieldThatIsNoText) {
    EXPECT_EQ(read(part("Content-Disposition: form-data; name=\"title\"", "a\xff"), {}), "error title");
    EXPECT_EQ(read(part("Content-Disposition: form-data; name=\"title\"", std::string_view("a\0b", 3)), {}),
              "error title");
    EXPECT_EQ(read(part("Content-Disposition: form-data; name=\"t\xff\"", "a"), {}),
              "error a field's name is not UTF-8");
}

TEST_F(MultipartTest, HasLimits) {
    EXPECT_EQ(read(kBody, {}, {.max_fields = 2}), "error more than 2 parts");
    EXPECT_EQ(read(part("Content-Disposition: form-data; name=\"a\"", "12345"), {}, {.max_field_bytes = 4}),
              "error field a");
}

TEST_F(MultipartTest, AFileNameIsNeverAPath) {
    const auto name = [&](std::string_view sent) {
        const std::string text = read(
            part("Content-Disposition: form-data; name=\"a\"; filename=\"" + std::string(sent) + "\"", "x"),
            {});
        return text.substr(2, text.find('|') - 2);
    };
    EXPECT_EQ(name("../../etc/passwd"), "passwd");
    EXPECT_EQ(name("C:\\Users\\me\\pic.png"), "pic.png");
    EXPECT_EQ(name(".."), "file");
    EXPECT_EQ(name("a%0D%0Ab"), "ab");
    EXPECT_EQ(name("\xff"), "file");
    EXPECT_EQ(name("a;b.txt"), "a;b.txt");
    EXPECT_EQ(name("q\\\"q"), "q\"q");
}

TEST_F(MultipartTest, LeavesNoFileBehind) {
    (void)read(kBody, {});
    (void)read(kBody.substr(0, 200), {});
    EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST(MultipartBoundary, IsTakenFromTheContentType) {
    EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=abc"), "abc");
    EXPECT_EQ(multipart_boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\""), "a b");
    for (const auto* bad :
         {"multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=a",
          "text/plain", "multipart/form-data; boundary=\"a", "multipart/form-data; boundary=\"a \""}) {
        EXPECT_EQ(multipart_boundary(bad), std::nullopt) << bad;
    }
    EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'x')), std::nullopt);
}

}  // namespace
}  // namespace braid::http
