#include "platform/images/picture.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string_view>

namespace braid::images {
namespace {

class PictureTest : public ::testing::Test {
  protected:
    ~PictureTest() override { std::filesystem::remove(path_); }
    const std::filesystem::path& file(std::string_view content) {
        std::ofstream(path_, std::ios::binary) << content;
        return path_;
    }
    std::filesystem::path path_ = std::filesystem::path(::testing::TempDir()) / "picture_test.bin";
};

constexpr std::string_view kPage =
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 140]>>endobj\n"
    "trailer<</Root 1 0 R>>\n%%EOF\n";

// The loader of PDF is blocked until it is needed: the first one must be known all the same.
TEST_F(PictureTest, MakesAPictureOfTheFirstPdfItSees) {
    const auto look = images::look(file(kPage));
    ASSERT_TRUE(look);
    EXPECT_EQ(look->kind, Kind::pdf);
    const Encoded encoded = encode_pages(path_, 3, {.width = 200, .height = 2000});
    EXPECT_TRUE(encoded.ok()) << encoded.failure;
    EXPECT_EQ(encoded.webp.substr(0, 4), "RIFF");
}

TEST_F(PictureTest, SaysOfWhatIsNoPictureThatItIsNone) {
    EXPECT_FALSE(look(file("<html>")));
    EXPECT_FALSE(look(file("")));
    EXPECT_FALSE(look(path_.string() + ".missing"));
    EXPECT_FALSE(encode_pages(file("%PDF-nonsense"), 3, {.width = 200, .height = 2000}).ok());
}

}  // namespace
}  // namespace braid::images
