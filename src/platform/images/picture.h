// Pictures somebody sent: looked at, made the size that is wanted, and encoded anew as plain WebP in sRGB
// without any metadata: no place, no camera, no thumbnail of what was cut away. libvips is behind it, loaded
// when the first picture comes; it has no loader that its authors call untrusted, but for PDF once
// encode_pages() was called. Threads: any. Costs tens of milliseconds; not inside a transaction. Throws
// std::runtime_error when libvips is not there.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace braid::images {

// What a file is by its content, whatever its name says.
enum class Kind { jpeg, png, webp, gif, pdf };

// How a file looks from its header, before a pixel is decoded.
struct Look {
    Kind kind = Kind::jpeg;
    std::int64_t width = 0, height = 0;  // pixels; 0 of a PDF
};
// Nothing: it is none of these, or broken in its header.
std::optional<Look> look(const std::filesystem::path& file);

enum class Fit {
    fill,    // exactly the size, cropped around what catches the eye
    within,  // whole, made smaller where it is larger
};
struct Target {
    int width = 0, height = 0;
    Fit fit = Fit::within;
    std::array<double, 3> paper{255, 255, 255};  // red, green, blue behind what is transparent
    int quality = 80;                            // of WebP, 1 to 100
};

struct Encoded {
    std::string webp;     // "" when it could not be made
    std::string failure;  // why, for the log
    [[nodiscard]] bool ok() const { return !webp.empty(); }
};

// A JPEG, PNG, WebP or GIF, turned upright.
Encoded encode(const std::filesystem::path& file, const Target& target);
// The first `pages` pages of a PDF below one another, each target.width wide. Fails when that is higher than
// target.height.
Encoded encode_pages(const std::filesystem::path& file, int pages, const Target& target);

}  // namespace braid::images
