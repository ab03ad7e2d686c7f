#include "interests/works/cover_image.h"

#include <system_error>

#include "platform/i18n/i18n.h"
#include "platform/images/picture.h"

namespace braid::works {
namespace {

constexpr images::Target kPaper{.fit = images::Fit::fill, .paper = {251, 248, 242}, .quality = 82};

Result<std::string> encode(const std::filesystem::path& file, int width, int height) {
    images::Target target = kPaper;  // transparent places become paper
    target.width = width;
    target.height = height;
    images::Encoded encoded = images::encode(file, target);
    if (encoded.ok()) return std::move(encoded.webp);
    Error error = invalid("cover", _msg("works.error.cover_broken"));
    error.detail = "cover: " + encoded.failure;
    return error;
}

}  // namespace

Result<CoverImage> make_cover(const std::filesystem::path& file) {
    std::error_code failed;
    const auto bytes = std::filesystem::file_size(file, failed);
    if (failed || bytes == 0) return invalid("cover", _msg("works.error.cover_broken"));
    if (bytes > static_cast<std::uintmax_t>(kMaxCoverBytes))
        return invalid("cover", _msg("works.error.cover_large"));
    const auto look = images::look(file);
    if (!look || look->kind == images::Kind::pdf) return invalid("cover", _msg("works.error.cover_type"));
    if (look->width > kMaxCoverSide || look->height > kMaxCoverSide ||
        look->width * look->height > kMaxCoverPixels) {
        return invalid("cover", _msg("works.error.cover_large"));
    }
    CoverImage cover;
    cover.large = TRY(encode(file, kCoverWidth, kCoverHeight));
    cover.small = TRY(encode(file, kCoverSmallWidth, kCoverSmallHeight));
    return cover;
}

}  // namespace braid::works
