#include "interests/works/cover_image.h"

#include <gtest/gtest.h>

#include <vips/vips.h>

#include <fstream>

#include "support/databases.h"

namespace braid::works {
namespace {

namespace fs = std::filesystem;

class CoverImageTest : public ::testing::Test {
  protected:
    // A picture of the given size, saved with a comment and EXIF that must not come through.
    fs::path picture(const std::string& name, int width, int height) {
        VIPS_INIT("test");
        VipsImage* black = nullptr;
        EXPECT_EQ(vips_black(&black, width, height, "bands", 3, nullptr), 0);
        vips_image_set_string(black, "exif-ifd0-Artist",
                              "Somebody real (Somebody real, ASCII, 14 components, 14 bytes)");
        const fs::path path = folder_.path() / name;
        EXPECT_EQ(vips_image_write_to_file(black, path.c_str(), nullptr), 0) << vips_error_buffer();
        g_object_unref(black);
        return path;
    }
    fs::path file(const std::string& name, std::string_view bytes) {
        const fs::path path = folder_.path() / name;
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }
    static std::string refusal(const Result<CoverImage>& cover) {
        return cover.ok()
                   ? ""
                   : cover.error().fields.front().field + " " + cover.error().fields.front().message_key;
    }
    static std::pair<int, int> size_of(const std::string& webp) {
        VipsImage* image = vips_image_new_from_buffer(webp.data(), webp.size(), "", nullptr);
        if (image == nullptr) return {0, 0};
        const std::pair size{vips_image_get_width(image), vips_image_get_height(image)};
        for (const char* field : {"exif-ifd0-Artist", "xmp-data", "iptc-data", "icc-profile-data"}) {
            EXPECT_EQ(vips_image_get_typeof(image, field), 0U) << field;
        }
        g_object_unref(image);
        return size;
    }
    braid::testing::TempFolder folder_;
};

TEST_F(CoverImageTest, MakesTwoPlainPictures) {
    for (const char* name : {"a.jpg", "a.png", "a.webp"}) {
        const auto cover = make_cover(picture(name, 900, 700));
        ASSERT_TRUE(cover.ok()) << name << cover.error().detail;
        EXPECT_EQ(size_of(cover->large), std::pair(kCoverWidth, kCoverHeight));
        EXPECT_EQ(size_of(cover->small), std::pair(kCoverSmallWidth, kCoverSmallHeight));
        EXPECT_EQ(cover->large.substr(8, 4), "WEBP");
        EXPECT_EQ(cover->large.find("Somebody real"), std::string::npos);
    }
    EXPECT_TRUE(make_cover(picture("tiny.png", 3, 2)).ok());
}

TEST_F(CoverImageTest, LooksAtTheContentNotTheName) {
    const auto jpeg = picture("a.jpg", 40, 40);
    fs::rename(jpeg, folder_.path() / "b.txt");
    EXPECT_TRUE(make_cover(folder_.path() / "b.txt").ok());
    EXPECT_EQ(refusal(make_cover(
                  file("c.jpg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>"))),
              "cover works.error.cover_type");
    EXPECT_EQ(refusal(make_cover(file("d.png", "<html>"))), "cover works.error.cover_type");
    EXPECT_EQ(refusal(make_cover(file("e.png", ""))), "cover works.error.cover_broken");
    EXPECT_EQ(refusal(make_cover(folder_.path() / "missing.png")), "cover works.error.cover_broken");
}

TEST_F(CoverImageTest, RefusesABrokenPicture) {
    const auto png = picture("a.png", 300, 300);
    fs::resize_file(png, fs::file_size(png) / 2);
    EXPECT_EQ(refusal(make_cover(png)), "cover works.error.cover_broken");
}

TEST_F(CoverImageTest, RefusesAPixelBomb) {
    // Black pixels compress to little.
    EXPECT_EQ(refusal(make_cover(picture("bomb.png", 13'000, 4'000))), "cover works.error.cover_large");
    EXPECT_EQ(refusal(make_cover(picture("bomb2.png", 8'000, 8'000))), "cover works.error.cover_large");
}

}  // namespace
}  // namespace braid::works
