#include "identity/guardians/form_file.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <system_error>

#include "platform/i18n/i18n.h"
#include "platform/images/vips.h"

namespace braid::guardians {

namespace {

constexpr int kWidth = 1240;  // A4 at 150 dpi
constexpr int kMaxHeight = 16'000;
constexpr std::int64_t kMaxPixels = 60'000'000;

using images::Image;
using images::vips;

Error refused(std::string_view key) {
    std::string detail = vips().error_buffer();
    vips().error_clear();
    Error error = invalid("form", std::string(key));
    error.detail = "form: " + detail;
    return error;
}

bool is_photograph(std::string_view loader) {
    return loader.starts_with("VipsForeignLoadJpeg") || loader.starts_with("VipsForeignLoadPng") ||
           loader.starts_with("VipsForeignLoadWebp");
}

Image open_pdf(const std::string& name) {
    VipsImage* out = nullptr;
    if (vips().pdfload(name.c_str(), &out, "n", 1, nullptr) != 0) return nullptr;
    Image first(out);
    const int pages = std::min(vips().image_get_n_pages(first.get()), kMaxFormPages);
    const double points = std::max(1, vips().image_get_width(first.get()));
    out = nullptr;
    if (vips().pdfload(name.c_str(), &out, "n", pages, "scale", std::min(4.0, kWidth / points), nullptr) != 0)
        return nullptr;
    return Image(out);
}

Image open_photograph(const std::string& name) {
    VipsImage* out = nullptr;
    if (vips().thumbnail(name.c_str(), &out, kWidth, "height", kMaxHeight, "size", VIPS_SIZE_DOWN,
                         "export_profile", "srgb", "fail_on", VIPS_FAIL_ON_ERROR, nullptr) != 0) {
        return nullptr;
    }
    return Image(out);
}

// `out` is what the step before made: looked at after it has run.
bool replace(Image& picture, int failed, VipsImage*& out) {
    if (failed != 0) return false;
    picture.reset(out);
    return true;
}

// White behind what is transparent, plain sRGB, and none of what came with the file but its pixels.
bool plain(Image& picture) {
    VipsImage* out = nullptr;
    if (vips().image_hasalpha(picture.get())) {
        const std::unique_ptr<VipsArrayDouble, void (*)(VipsArrayDouble*)> white(
            vips().array_double_newv(3, 255.0, 255.0, 255.0),
            [](VipsArrayDouble* array) { vips().area_unref(&array->area); });
        if (!replace(picture, vips().flatten(picture.get(), &out, "background", white.get(), nullptr), out))
            return false;
        out = nullptr;
    }
    if (!replace(picture, vips().colourspace(picture.get(), &out, VIPS_INTERPRETATION_sRGB, nullptr), out))
        return false;
    out = nullptr;
    if (!replace(picture, vips().copy(picture.get(), &out, nullptr), out)) return false;
    char** fields = vips().image_get_fields(picture.get());
    for (char** field = fields; *field != nullptr; ++field)
        vips().image_remove(picture.get(), *field);
    vips().strfreev(fields);
    return true;
}

}  // namespace

Result<std::string> make_form_picture(const std::filesystem::path& file) {
    // PDF is read here and nowhere else: by staff, who hold the paper, and only to make a picture of it.
    vips().operation_block_set("VipsForeignLoadPdf", FALSE);
    std::error_code failed;
    const auto bytes = std::filesystem::file_size(file, failed);
    if (failed || bytes == 0) return invalid("form", _msg("guardians.form_broken"));
    if (bytes > static_cast<std::uintmax_t>(kMaxFormBytes))
        return invalid("form", _msg("guardians.form_large"));
    const std::string name = file.string();
    const char* loader = vips().foreign_find_load(name.c_str());
    const std::string_view kind = loader == nullptr ? std::string_view() : std::string_view(loader);
    const bool pdf = kind.starts_with("VipsForeignLoadPdf");
    if (!pdf && !is_photograph(kind)) return refused(_msg("guardians.form_type"));
    if (!pdf) {  // opening reads the header alone
        const Image header(
            vips().image_new_from_file(name.c_str(), "access", VIPS_ACCESS_SEQUENTIAL, nullptr));
        if (!header) return refused(_msg("guardians.form_broken"));
        if (std::int64_t{vips().image_get_width(header.get())} * vips().image_get_height(header.get()) >
            kMaxPixels)
            return invalid("form", _msg("guardians.form_large"));
    }
    Image picture = pdf ? open_pdf(name) : open_photograph(name);
    if (!picture) return refused(_msg("guardians.form_broken"));
    if (vips().image_get_width(picture.get()) > 4 * kWidth ||
        vips().image_get_height(picture.get()) > kMaxHeight)
        return invalid("form", _msg("guardians.form_large"));
    if (!plain(picture)) return refused(_msg("guardians.form_broken"));
    void* data = nullptr;
    std::size_t size = 0;
    if (vips().webpsave_buffer(picture.get(), &data, &size, "Q", 80, "strip", TRUE, nullptr) != 0)
        return refused(_msg("guardians.form_broken"));
    const std::unique_ptr<void, void (*)(void*)> owner(data, vips().free);
    return std::string(static_cast<const char*>(data), size);
}

}  // namespace braid::guardians
