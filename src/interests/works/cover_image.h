// Uploaded covers: whatever picture comes in, two plain WebP files go out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace braid::works {

inline constexpr int kCoverWidth = 600, kCoverHeight = 800;
inline constexpr int kCoverSmallWidth = 160, kCoverSmallHeight = 213;
inline constexpr std::int64_t kMaxCoverBytes = std::int64_t{10} << 20;
inline constexpr std::int64_t kMaxCoverPixels = 40'000'000;
inline constexpr int kMaxCoverSide = 12'000;

struct CoverImage {
    std::string large, small;  // WebP, 600 × 800 and 160 × 213
};

// Decodes the file (JPEG, PNG, WebP or GIF by its content, whatever its name says), turns it upright, crops
// to 3:4 around what catches the eye, and encodes anew in sRGB without any metadata: no place, no camera, no
// thumbnail of what was cut away. Refused as field "cover": another type, a picture over the limits above
// (seen from its header, before a pixel is decoded), a broken one. Threads: any; takes tens of milliseconds
// and memory in proportion to the picture's width. Not inside a transaction.
Result<CoverImage> make_cover(const std::filesystem::path& file);

}  // namespace braid::works
