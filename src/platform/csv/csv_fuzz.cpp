// Any bytes as CSV: no crash, every row within its limits, and the same rows in whatever pieces they come.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/text.h"
#include "platform/csv/csv.h"

namespace {

std::vector<std::vector<std::string>> rows_of(std::string_view text, std::size_t piece) {
    std::vector<std::vector<std::string>> rows;
    braid::csv::Source whole = braid::csv::from_text(text);
    braid::csv::Reader reader([&](char* out, std::size_t size) { return whole(out, std::min(size, piece)); });
    while (reader.next()) {
        if (reader.row().empty() || reader.row().size() > braid::csv::kFieldsMax) std::abort();
        if (reader.fault() != braid::csv::Fault::none) continue;
        for (const std::string& field : reader.row())
            if (!braid::is_valid_utf8(field)) std::abort();
        rows.push_back(reader.row());
    }
    return rows;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (rows_of(text, 3) != rows_of(text, 1 << 16)) std::abort();
    braid::csv::Table table(braid::csv::from_text(text));
    if (table.open().ok())
        while (table.next())
            (void)table.at("sourcedId");
    return 0;
}
