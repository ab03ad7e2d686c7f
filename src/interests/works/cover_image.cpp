#include "interests/works/cover_image.h"

#include <memory>
#include <string_view>
#include <system_error>

#include "platform/i18n/i18n.h"
#include "platform/images/vips.h"

namespace braid::works {
namespace {

using images::Image;
using images::vips;

Error refused(std::string_view key) {
    std::string detail = vips().error_buffer();
    vips().error_clear();
    Error error = invalid("cover", std::string(key));
    error.detail = "cover: " + detail;
    return error;
}

bool known_type(std::string_view loader) {
    return loader.starts_with("VipsForeignLoadJpeg") || loader.starts_with("VipsForeignLoadPng") ||
           loader.starts_with("VipsForeignLoadWebp") || loader.starts_with("VipsForeignLoadNsgif");
}

// Everything that came with the file but its pixels; the `strip` of the encoder alone leaves EXIF in WebP
// (libvips 8.14).
bool drop_metadata(Image& picture) {
    VipsImage* own = nullptr;
    if (vips().copy(picture.get(), &own, nullptr) != 0) return false;
    picture.reset(own);
    char** fields = vips().image_get_fields(own);
    for (char** field = fields; *field != nullptr; ++field)
        vips().image_remove(own, *field);
    vips().strfreev(fields);
    return true;
}

Result<std::string> encode(const std::string& file, int width, int height) {
    VipsImage* out = nullptr;
    // From the file, so that JPEG and WebP are shrunk while they are decoded. Upright by EXIF unless told
    // otherwise.
    if (vips().thumbnail(file.c_str(), &out, width, "height", height, "size", VIPS_SIZE_BOTH, "crop",
                         VIPS_INTERESTING_ATTENTION, "export_profile", "srgb", "fail_on", VIPS_FAIL_ON_ERROR,
                         nullptr) != 0) {
        return refused(_msg("works.error.cover_broken"));
    }
    Image picture(out);
    if (vips().image_hasalpha(picture.get())) {  // transparent places become paper
        const std::unique_ptr<VipsArrayDouble, void (*)(VipsArrayDouble*)> paper(
            vips().array_double_newv(3, 251.0, 248.0, 242.0),
            [](VipsArrayDouble* array) { vips().area_unref(&array->area); });
        out = nullptr;
        if (vips().flatten(picture.get(), &out, "background", paper.get(), nullptr) != 0) {
            return refused(_msg("works.error.cover_broken"));
        }
        picture.reset(out);
    }
    out = nullptr;
    if (vips().colourspace(picture.get(), &out, VIPS_INTERPRETATION_sRGB, nullptr) != 0) {
        return refused(_msg("works.error.cover_broken"));
    }
    picture.reset(out);
    if (!drop_metadata(picture)) return refused(_msg("works.error.cover_broken"));
    void* bytes = nullptr;
    std::size_t size = 0;
    if (vips().webpsave_buffer(picture.get(), &bytes, &size, "Q", 82, "strip", TRUE, nullptr) != 0) {
        return refused(_msg("works.error.cover_broken"));
    }
    const std::unique_ptr<void, void (*)(void*)> owner(bytes, vips().free);
    return std::string(static_cast<const char*>(bytes), size);
}

}  // namespace

Result<CoverImage> make_cover(const std::filesystem::path& file) {
    std::error_code failed;
    const auto bytes = std::filesystem::file_size(file, failed);
    if (failed || bytes == 0) return invalid("cover", _msg("works.error.cover_broken"));
    if (bytes > static_cast<std::uintmax_t>(kMaxCoverBytes))
        return invalid("cover", _msg("works.error.cover_large"));

    const std::string name = file.string();
    const char* loader = vips().foreign_find_load(name.c_str());
    if (loader == nullptr || !known_type(loader)) return refused(_msg("works.error.cover_type"));
    // Opening reads the header alone; pixels come when they are asked for.
    Image header(vips().image_new_from_file(name.c_str(), "access", VIPS_ACCESS_SEQUENTIAL, nullptr));
    if (!header) return refused(_msg("works.error.cover_broken"));
    const std::int64_t width = vips().image_get_width(header.get()),
                       height = vips().image_get_height(header.get());
    header.reset();
    if (width > kMaxCoverSide || height > kMaxCoverSide || width * height > kMaxCoverPixels) {
        return invalid("cover", _msg("works.error.cover_large"));
    }
    CoverImage cover;
    cover.large = TRY(encode(name, kCoverWidth, kCoverHeight));
    cover.small = TRY(encode(name, kCoverSmallWidth, kCoverSmallHeight));
    return cover;
}

}  // namespace braid::works
