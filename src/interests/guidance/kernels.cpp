#include "interests/guidance/kernels.h"

#include <algorithm>

// Sanitizers are not ready yet when the loader chooses a version.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define BRAID_VERSIONS __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define BRAID_VERSIONS
#endif

namespace braid::guidance {

BRAID_VERSIONS
void multiply_symmetric(const float* matrix, std::size_t size, const float* x, float* y) {
    std::fill(y, y + size, 0.0F);
    std::size_t row = 0;
    // Rows instead of columns, since they are the same: no sum runs along a vector, and y is written once in
    // four rows.
    for (; row + 4 <= size; row += 4) {
        const float* a = matrix + row * size;
        const float* b = a + size;
        const float* c = b + size;
        const float* d = c + size;
        for (std::size_t i = 0; i < size; ++i)
            y[i] += x[row] * a[i] + x[row + 1] * b[i] + x[row + 2] * c[i] + x[row + 3] * d[i];
    }
    for (; row < size; ++row)
        add_scaled(x[row], matrix + row * size, y, size);
}

BRAID_VERSIONS
float dot(const float* a, const float* b, std::size_t size) {
    constexpr std::size_t kLanes = 16;
    float lanes[kLanes] = {};
    std::size_t i = 0;
    for (; i + kLanes <= size; i += kLanes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            lanes[lane] += a[i + lane] * b[i + lane];
    }
    float sum = 0;
    for (; i < size; ++i)
        sum += a[i] * b[i];
    for (const float lane : lanes)
        sum += lane;
    return sum;
}

BRAID_VERSIONS
void add_scaled(float factor, const float* x, float* y, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i)
        y[i] += factor * x[i];
}

BRAID_VERSIONS
void add_rows(const std::int32_t* which, std::size_t count, const float* rows, std::size_t width, float* y) {
    std::fill(y, y + width, 0.0F);
    for (std::size_t i = 0; i < count; ++i) {
        const float* row = rows + static_cast<std::size_t>(which[i]) * width;
        for (std::size_t column = 0; column < width; ++column)
            y[column] += row[column];
    }
}

}  // namespace braid::guidance
