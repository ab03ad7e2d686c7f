// The inner loops of training, in versions for what the machine's processor can do.
#pragma once

#include <cstddef>
#include <cstdint>

namespace braid::guidance {

// y = M x for a symmetric matrix of `size` rows, each row after the other.
void multiply_symmetric(const float* matrix, std::size_t size, const float* x, float* y);
float dot(const float* a, const float* b, std::size_t size);
// y += factor * x
void add_scaled(float factor, const float* x, float* y, std::size_t size);
// y = the sum of those rows, each `width` long, that `which` names
void add_rows(const std::int32_t* which, std::size_t count, const float* rows, std::size_t width, float* y);

}  // namespace braid::guidance
