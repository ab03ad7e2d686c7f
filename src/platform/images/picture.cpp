#include "platform/images/picture.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <string_view>

#include "platform/images/vips.h"

namespace braid::images {

namespace {

Encoded failed() {
    Encoded encoded{{}, vips().error_buffer()};
    vips().error_clear();
    if (encoded.failure.empty()) encoded.failure = "libvips does not say why";
    return encoded;
}

// `out` is what the step before made: looked at after it has run.
bool replace(Image& picture, int failure, VipsImage*& out) {
    if (failure != 0) return false;
    picture.reset(out);
    out = nullptr;
    return true;
}

// Paper behind what is transparent, plain sRGB, and none of what came with the file but its pixels: the
// `strip` of the encoder alone leaves EXIF in WebP (libvips 8.14).
bool make_plain(Image& picture, const std::array<double, 3>& colour) {
    VipsImage* out = nullptr;
    if (vips().image_hasalpha(picture.get())) {
        const std::unique_ptr<VipsArrayDouble, void (*)(VipsArrayDouble*)> paper(
            vips().array_double_newv(3, colour[0], colour[1], colour[2]),
            [](VipsArrayDouble* array) { vips().area_unref(&array->area); });
        if (!replace(picture, vips().flatten(picture.get(), &out, "background", paper.get(), nullptr), out))
            return false;
    }
    if (!replace(picture, vips().colourspace(picture.get(), &out, VIPS_INTERPRETATION_sRGB, nullptr), out))
        return false;
    if (!replace(picture, vips().copy(picture.get(), &out, nullptr), out)) return false;
    char** fields = vips().image_get_fields(picture.get());
    for (char** field = fields; *field != nullptr; ++field)
        vips().image_remove(picture.get(), *field);
    vips().strfreev(fields);
    return true;
}

Encoded write(Image picture, const Target& target) {
    if (!make_plain(picture, target.paper)) return failed();
    void* bytes = nullptr;
    std::size_t size = 0;
    if (vips().webpsave_buffer(picture.get(), &bytes, &size, "Q", target.quality, "strip", TRUE, nullptr) !=
        0)
        return failed();
    const std::unique_ptr<void, void (*)(void*)> owner(bytes, vips().free);
    return {std::string(static_cast<const char*>(bytes), size), {}};
}

}  // namespace

std::optional<Look> look(const std::filesystem::path& file) {
    const std::string name = file.string();
    // Known by its first bytes: its loader is blocked until encode_pages() needs it, and a blocked one is
    // not found.
    std::array<char, 5> first{};
    std::ifstream(file, std::ios::binary).read(first.data(), first.size());
    if (std::string_view(first.data(), first.size()) == "%PDF-") return Look{Kind::pdf, 0, 0};
    const char* found = vips().foreign_find_load(name.c_str());
    const std::string_view loader = found == nullptr ? std::string_view() : std::string_view(found);
    static constexpr std::pair<std::string_view, Kind> kKinds[] = {{"VipsForeignLoadJpeg", Kind::jpeg},
                                                                   {"VipsForeignLoadPng", Kind::png},
                                                                   {"VipsForeignLoadWebp", Kind::webp},
                                                                   {"VipsForeignLoadNsgif", Kind::gif}};
    const auto kind =
        std::ranges::find_if(kKinds, [&](const auto& known) { return loader.starts_with(known.first); });
    if (kind == std::end(kKinds)) {
        vips().error_clear();
        return std::nullopt;
    }
    const Image header(vips().image_new_from_file(name.c_str(), "access", VIPS_ACCESS_SEQUENTIAL, nullptr));
    if (!header) {
        vips().error_clear();
        return std::nullopt;
    }
    return Look{kind->second, vips().image_get_width(header.get()), vips().image_get_height(header.get())};
}

Encoded encode(const std::filesystem::path& file, const Target& target) {
    VipsImage* out = nullptr;
    // From the file, so that JPEG and WebP are shrunk while they are decoded. Upright by EXIF unless told
    // otherwise.
    const bool fill = target.fit == Fit::fill;
    if (vips().thumbnail(file.c_str(), &out, target.width, "height", target.height, "size",
                         fill ? VIPS_SIZE_BOTH : VIPS_SIZE_DOWN, "crop",
                         fill ? VIPS_INTERESTING_ATTENTION : VIPS_INTERESTING_NONE, "export_profile", "srgb",
                         "fail_on", VIPS_FAIL_ON_ERROR, nullptr) != 0)
        return failed();
    return write(Image(out), target);
}

Encoded encode_pages(const std::filesystem::path& file, int pages, const Target& target) {
    vips().operation_block_set("VipsForeignLoadPdf", FALSE);
    VipsImage* out = nullptr;
    if (vips().pdfload(file.c_str(), &out, "n", 1, nullptr) != 0) return failed();
    const Image first(out);
    const int there = std::min(vips().image_get_n_pages(first.get()), pages);
    const double points = std::max(1, vips().image_get_width(first.get()));
    out = nullptr;
    if (vips().pdfload(file.c_str(), &out, "n", there, "scale", std::min(4.0, target.width / points),
                       nullptr) != 0)
        return failed();
    Image picture(out);
    if (vips().image_get_width(picture.get()) > 4 * target.width ||
        vips().image_get_height(picture.get()) > target.height)
        return {{}, "pages of another shape"};
    return write(std::move(picture), target);
}

}  // namespace braid::images
