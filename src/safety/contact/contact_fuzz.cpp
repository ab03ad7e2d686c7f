// Any bytes: spans lie in the text, in order, on the borders of code points, and none overlaps.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "safety/contact/api.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::size_t end = 0;
    const bool valid = braid::is_valid_utf8(text);
    for (const auto& span : braid::contact::find_contact(text)) {
        if (span.begin < end || span.end <= span.begin || span.end_byte > size ||
            span.begin_byte >= span.end_byte)
            std::abort();
        if (span.certainty < braid::contact::kHeld || span.certainty > 1) std::abort();
        if (valid && (braid::count_code_points(text.substr(0, span.begin_byte)) != span.begin ||
                      braid::count_code_points(text.substr(0, span.end_byte)) != span.end))
            std::abort();
        end = span.end;
    }
    return 0;
}
