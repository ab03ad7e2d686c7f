#include "identity/guardians/form_file.h"

#include <system_error>

#include "platform/i18n/i18n.h"
#include "platform/images/picture.h"

namespace braid::guardians {

namespace {

constexpr images::Target kPage{.width = 1240, .height = 16'000};  // A4 at 150 dpi
constexpr std::int64_t kMaxPixels = 60'000'000;

}  // namespace

Result<std::string> make_form_picture(const std::filesystem::path& file) {
    std::error_code failed;
    const auto bytes = std::filesystem::file_size(file, failed);
    if (failed || bytes == 0) return invalid("form", _msg("guardians.form_broken"));
    if (bytes > static_cast<std::uintmax_t>(kMaxFormBytes))
        return invalid("form", _msg("guardians.form_large"));
    const auto look = images::look(file);
    if (!look || look->kind == images::Kind::gif) return invalid("form", _msg("guardians.form_type"));
    if (look->width * look->height > kMaxPixels) return invalid("form", _msg("guardians.form_large"));
    // PDF is read here and nowhere else: by staff, who hold the paper, and only to make a picture of it.
    images::Encoded encoded = look->kind == images::Kind::pdf
                                  ? images::encode_pages(file, kMaxFormPages, kPage)
                                  : images::encode(file, kPage);
    if (encoded.ok()) return std::move(encoded.webp);
    Error error = invalid("form", _msg("guardians.form_broken"));
    error.detail = "form: " + encoded.failure;
    return error;
}

}  // namespace braid::guardians
