// What the styleguide shows things with.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace braid::shell {

std::span<const std::string_view> sample_names();
std::span<const std::string_view> sample_titles();
std::span<const std::string_view> sample_paragraphs();
const Error* sample_error();
std::string sample_cover(std::string_view title);  // address of a generated cover

}  // namespace braid::shell
