// Any bytes as CBOR: no crash, nothing read twice, and strings stay inside what was given.
#include <cstdint>
#include <cstdlib>

#include "identity/factors/cbor.h"

namespace {

using namespace braid::factors;

void walk(const cbor::Value& value, std::string_view all) {
    const auto inside = [&](std::string_view part) {
        if (part.empty()) return;
        if (part.data() < all.data() || part.data() + part.size() > all.data() + all.size()) std::abort();
    };
    if (const auto* bytes = value.get<cbor::Bytes>()) inside(bytes->value);
    if (const auto* text = value.get<cbor::Text>()) inside(text->value);
    if (const auto* array = value.get<cbor::Array>()) {
        for (const auto& item : *array)
            walk(item, all);
    }
    if (const auto* map = value.get<cbor::Map>()) {
        for (const auto& key : map->keys)
            walk(key, all);
        for (const auto& held : map->values)
            walk(held, all);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view all(reinterpret_cast<const char*>(data), size);
    std::string_view rest = all;
    const auto first = cbor::take(rest);
    if (first) {
        walk(*first, all);
        if (rest.size() >= all.size()) std::abort();
        const auto again = cbor::parse(all.substr(0, all.size() - rest.size()));
        if (!again || !(*again == *first)) std::abort();
    }
    return 0;
}
