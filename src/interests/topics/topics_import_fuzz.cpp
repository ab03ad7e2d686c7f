// Any bytes as a vocabulary: refused with a reason, or topics whose labels are text and are found again by
// them.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "interests/topics/folding.h"
#include "interests/topics/formats.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace braid;
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto read = topics::read_vocabulary(data[0] % 2 == 0 ? "a.ttl" : "a.json", text);
    if (!read.ok()) {
        if (read.error().detail.empty()) std::abort();
        return 0;
    }
    for (const topics::FileTopic& topic : read->topics) {
        for (const topics::FileLabel& label : topic.labels) {
            if (!is_valid_utf8(label.text)) std::abort();
            const std::string folded = topics::fold(label.text);
            if (!is_valid_utf8(folded) || topics::fold(folded) != folded) std::abort();
            (void)topics::without_filler(folded);
        }
    }
    return 0;
}
