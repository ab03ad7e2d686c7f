// What a person is handed: everything the declarations say, as a page to read and as JSON, with her files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "platform/i18n/i18n.h"
#include "stewardship/privacy/engine.h"

namespace braid::privacy {

struct BundleFile {
    std::string name;  // in the archive, below files/
    std::filesystem::path path;
};
struct Bundle {
    std::string site, handle, display_name;
    i18n::Language language = i18n::Language::en;
    Timestamp made_at;
    std::vector<Held> held;
    std::vector<BundleFile> files;
};

[[nodiscard]] std::string bundle_json(const Bundle& bundle);
[[nodiscard]] std::string bundle_html(const Bundle& bundle);
// index.html, data.json and files/… in one ZIP archive at `file`.
Result<void> write_bundle(const Bundle& bundle, const std::filesystem::path& file);

// A name for a stored file: "works.cover-1c4gzk0e5m.webp" of the holder "works.cover:1c4gzk0e5m".
[[nodiscard]] std::string file_name(std::string_view holder, std::string_view media_type);
// What a column or a table is called in the page: "birth year" of "birth_year".
[[nodiscard]] std::string label_of(std::string_view name);

}  // namespace braid::privacy
