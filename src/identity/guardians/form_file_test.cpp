// What somebody might hand in as a signed form: it becomes a plain picture, or is refused; nothing of what
// was in it comes out again but what it looks like.
#include "identity/guardians/form_file.h"

#include <cstdint>
#include <fstream>

#include <gtest/gtest.h>

#include "support/databases.h"

namespace braid::guardians {
namespace {

// A PDF of these objects (1, 2, 3 …; 1 is the catalogue), with a table of where they stand.
std::string pdf(const std::vector<std::string>& objects) {
    std::string text = "%PDF-1.4\n";
    std::vector<std::size_t> at;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        at.push_back(text.size());
        text += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
    }
    const std::size_t table = text.size();
    text += "xref\n0 " + std::to_string(objects.size() + 1) + "\n0000000000 65535 f \n";
    for (const std::size_t offset : at) {
        const std::string digits = std::to_string(offset);
        text += std::string(10 - digits.size(), '0') + digits + " 00000 n \n";
    }
    return text + "trailer\n<< /Size " + std::to_string(objects.size() + 1) + " /Root 1 0 R >>\nstartxref\n" +
           std::to_string(table) + "\n%%EOF\n";
}
std::string stream(const std::string& content, const std::string& more = "") {
    return "<< /Length " + std::to_string(content.size()) + " " + more + ">>\nstream\n" + content +
           "\nendstream";
}
// One page of that many points, with that content and what else its dictionary holds.
std::string page(const std::string& box, const std::string& content, const std::string& more = "",
                 const std::string& catalogue = "") {
    return pdf({"<< /Type /Catalog /Pages 2 0 R " + catalogue + ">>",
                "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 " + box + "] /Contents 4 0 R " + more + ">>",
                stream(content)});
}
std::string pages(int count) {
    std::string kids;
    std::vector<std::string> objects{"<< /Type /Catalog /Pages 2 0 R >>", ""};
    for (int i = 0; i < count; ++i) {
        kids += std::to_string(i + 3) + " 0 R ";
        objects.emplace_back("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>");
    }
    objects[1] = "<< /Type /Pages /Kids [" + kids + "] /Count " + std::to_string(count) + " >>";
    return pdf(objects);
}

void put32(std::string& out, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>(value >> shift & 0xff);
}
std::uint32_t crc(std::string_view bytes) {
    std::uint32_t sum = 0xffffffff;
    for (const char c : bytes) {
        sum ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            sum = sum >> 1U ^ ((sum & 1U) != 0 ? 0xedb88320U : 0U);
    }
    return ~sum;
}
std::string chunk(const std::string& type, const std::string& data) {
    std::string out;
    put32(out, static_cast<std::uint32_t>(data.size()));
    out += type + data;
    put32(out, crc(type + data));
    return out;
}
// A PNG of one grey level, stored without compression (zlib's stored blocks); `claims`: the size its header
// says.
std::string png(std::uint32_t side, std::uint32_t claims, const std::string& comment = "") {
    std::string header;
    put32(header, claims);
    put32(header, claims);
    header += std::string("\x08\x00\x00\x00\x00", 5);
    std::string rows;
    for (std::uint32_t y = 0; y < side; ++y)
        rows += '\0' + std::string(side, '\x7f');
    std::uint32_t a = 1;
    std::uint32_t b = 0;
    for (const char c : rows) {
        a = (a + static_cast<unsigned char>(c)) % 65521;
        b = (b + a) % 65521;
    }
    std::string data("\x78\x01\x01", 3);
    const auto size = static_cast<unsigned>(rows.size());
    for (const unsigned part : {size & 0xffU, size >> 8U & 0xffU, ~size & 0xffU, ~size >> 8U & 0xffU})
        data += static_cast<char>(part);
    data += rows;
    put32(data, b << 16U | a);
    std::string out = "\x89PNG\r\n\x1a\n" + chunk("IHDR", header);
    if (!comment.empty()) out += chunk("tEXt", std::string("Comment") + '\0' + comment);
    return out + chunk("IDAT", data) + chunk("IEND", "");
}

class FormFile : public ::testing::Test {
  protected:
    Result<std::string> made_of(const std::string& bytes, const std::string& name = "form") {
        const auto file = folder_.path() / name;
        std::ofstream(file, std::ios::binary) << bytes;
        return make_form_picture(file);
    }
    std::string said_of(const std::string& bytes, const std::string& name = "form") {
        const auto made = made_of(bytes, name);
        return made.ok() ? "taken" : made.error().fields.at(0).message_key;
    }
    static bool is_picture(const std::string& webp) {
        return webp.starts_with("RIFF") && std::string_view(webp).substr(8, 4) == "WEBP";
    }

  private:
    braid::testing::TempFolder folder_;
};

constexpr const char* kScript = "<script>alert(1)</script>";

TEST_F(FormFile, IsAPictureWhateverItWas) {
    const auto scanned = made_of(png(200, 200));
    ASSERT_TRUE(scanned.ok()) << scanned.error().detail;
    EXPECT_TRUE(is_picture(*scanned));
    const auto written = made_of(page("595 842", "0 0 1 rg 100 100 200 200 re f"));
    ASSERT_TRUE(written.ok()) << written.error().detail;
    EXPECT_TRUE(is_picture(*written));
}

TEST_F(FormFile, GoesByWhatIsInItAndNotByItsName) {
    const std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\">" +
                            std::string(kScript) + "</svg>";
    const std::string typed = "guardians.form_type";
    EXPECT_EQ(said_of(svg, "form.svg"), typed);
    EXPECT_EQ(said_of(svg, "form.pdf"), typed);
    EXPECT_EQ(said_of("<?xml version=\"1.0\"?>" + svg, "form.png"), typed);
    EXPECT_EQ(said_of(std::string("<!doctype html>") + kScript, "form.jpg"), typed);
    EXPECT_EQ(said_of("MZ\x90", "form.webp"), typed);
    EXPECT_EQ(said_of("PK\x03\x04 a docx", "form.pdf"), typed);
    EXPECT_EQ(said_of("%!PS-Adobe-3.0\n(x) run", "form.pdf"), typed);
    EXPECT_EQ(said_of("push graphic-context\nimage over 0,0 0,0 'https://elsewhere.example/x'", "form.png"),
              typed);
    EXPECT_EQ(said_of("GIF89a\x01\x01\x01\x01=1;alert(1)//", "form.gif"), typed);
    EXPECT_EQ(said_of("II*\x00 a tiff", "form.png"), typed);
}

TEST_F(FormFile, OfWhatIsTwoThingsAtOnceOnlyThePictureStays) {
    for (const std::string& bytes :
         {png(60, 60, kScript), png(60, 60) + kScript, png(60, 60) + page("100 100", "") + kScript,
          page("200 200", "0 0 1 rg 10 10 90 90 re f") + kScript,
          page("200 200", "", "/AA << /O << /S /JavaScript /JS (app.alert\\(1\\)) >> >>",
               "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> ")}) {
        const auto made = made_of(bytes);
        ASSERT_TRUE(made.ok()) << made.error().detail;
        EXPECT_TRUE(is_picture(*made));
        for (const char* word : {"script", "alert", "JavaScript", "%PDF"})
            EXPECT_EQ(made->find(word), std::string::npos) << word;
    }
}

TEST_F(FormFile, IsRefusedWhenThereIsNothingToRead) {
    EXPECT_EQ(said_of(""), "guardians.form_broken");
    EXPECT_EQ(said_of("%PDF-"), "guardians.form_broken");
    EXPECT_EQ(said_of("%PDF-1.4\n" + std::string(5000, '<')), "guardians.form_broken");
    EXPECT_EQ(said_of(page("595 842", "").substr(0, 60)), "guardians.form_broken");
    const std::string whole = png(200, 200);
    EXPECT_EQ(said_of(whole.substr(0, whole.size() / 2)), "guardians.form_broken");
    EXPECT_EQ(said_of(whole.substr(0, 10)), "guardians.form_type");
}

TEST_F(FormFile, IsRefusedWhenItWouldBeTooLarge) {
    EXPECT_EQ(said_of(std::string(static_cast<std::size_t>(kMaxFormBytes) + 1, 'x')), "guardians.form_large");
    EXPECT_EQ(said_of(png(10, 50'000)), "guardians.form_large") << "a small file of 2,500 million pixels";
    EXPECT_EQ(said_of(page("1 14400", "")), "guardians.form_broken") << "a page like a ribbon";
    const auto many = made_of(pages(5'000));
    ASSERT_TRUE(many.ok()) << "of many pages the first are kept: " << many.error().detail;
    EXPECT_LT(many->size(), 200'000U);
}

}  // namespace
}  // namespace braid::guardians
