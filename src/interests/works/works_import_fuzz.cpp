// Any bytes as an import file: refused with a pointer into the file, or a work that holds its own rules and
// renders without markup but emphasis and breaks.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "interests/works/import.h"
#include "interests/works/rendering.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace braid;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto work = works::parse_import(text);
    if (!work.ok()) {
        if (work.error().fields.size() != 1) std::abort();
    } else {
        if (work->chapters.empty() || work->details.title.empty() ||
            work->details.tags.size() > works::kMaxTags)
            std::abort();
        for (const auto& chapter : work->chapters) {
            if (!is_valid_utf8(chapter.text) || count_code_points(chapter.text) > works::kMaxText)
                std::abort();
            (void)works::blocks_of(chapter.text);
        }
    }
    if (is_valid_utf8(text)) {
        for (const auto& block : works::blocks_of(works::markdown_of(text))) {
            for (const std::string_view tag :
                 {"<h2", "<h3", "<ul", "<ol", "<blockquote", "<code", "<pre", "<script"}) {
                if (block.html.find(tag) != std::string::npos) std::abort();
            }
        }
    }
    return 0;
}
