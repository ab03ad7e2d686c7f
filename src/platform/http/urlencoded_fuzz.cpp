// Any text as a form: no crash, and nothing that is no text comes out.
#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "platform/http/form.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const braid::http::FormLimits limits{.max_fields = 50, .max_name_bytes = 40, .max_field_bytes = 400};
    const auto fields = braid::http::parse_urlencoded({reinterpret_cast<const char*>(data), size}, limits);
    if (!fields.ok()) return 0;
    if (fields->items().size() > 50) std::abort();
    for (const auto& [name, value] : fields->items()) {
        if (!braid::is_valid_utf8(name) || !braid::is_valid_utf8(value) || name.size() > 40 ||
            value.size() > 400)
            std::abort();
    }
    return 0;
}
