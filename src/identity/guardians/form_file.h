// A signed form as it is kept: pictures, whatever was uploaded. Nothing of the uploaded file itself is
// stored.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace braid::guardians {

inline constexpr std::int64_t kMaxFormBytes = std::int64_t{10} << 20;
inline constexpr int kMaxFormPages = 6;

// A PDF (its first pages, one under the other) or a photograph (JPEG, PNG, WebP) becomes one WebP without
// metadata. `invalid` on the field `form` when it is none of these, broken or too large. Slow: outside any
// transaction.
Result<std::string> make_form_picture(const std::filesystem::path& file);

}  // namespace braid::guardians
