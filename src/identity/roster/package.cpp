#include "identity/roster/package.h"

#include <fstream>
#include <memory>
#include <stdexcept>

#include "base/text.h"

namespace braid::roster {

namespace {

Error unreadable(std::string why) {
    Error error = invalid("file", "error.invalid");
    error.detail = std::move(why);
    return error;
}

// "users.csv" → "users"; "" for what is no CSV file.
std::string stem_of(std::string_view name) {
    const std::string lower = ascii_lower(name.substr(name.find_last_of('/') + 1));
    return lower.ends_with(".csv") ? lower.substr(0, lower.size() - 4) : std::string();
}

csv::Source from_file(const std::filesystem::path& path) {
    // Shared, because a function that can be copied holds it.
    auto in = std::make_shared<std::ifstream>(path, std::ios::binary);
    if (!*in) throw std::runtime_error(path.string() + " cannot be opened");
    return [in, path](char* out, std::size_t size) {
        in->read(out, static_cast<std::streamsize>(size));
        if (in->bad()) throw std::runtime_error(path.string() + " cannot be read");
        return static_cast<std::size_t>(in->gcount());
    };
}

}  // namespace

Result<Package> Package::open(const std::filesystem::path& path) {
    Package package;
    package.path_ = path;
    std::error_code failed;
    if (std::filesystem::is_directory(path, failed)) {
        for (const auto& entry : std::filesystem::directory_iterator(path, failed)) {
            const std::string stem = stem_of(entry.path().filename().string());
            if (stem.empty() || !entry.is_regular_file(failed)) continue;
            package.files_[stem] = entry.path();
            package.sizes_[stem] = entry.file_size(failed);
        }
        if (failed) return unreadable("the folder cannot be read");
    } else {
        auto archive = zip::Archive::open(path);
        if (!archive.ok()) return unreadable(archive.error().detail);
        for (const zip::Member& member : archive->members()) {
            // Macs add a folder of the same names with other content.
            if (member.name.starts_with("__MACOSX/")) continue;
            const std::string stem = stem_of(member.name);
            if (stem.empty() || package.members_.contains(stem)) continue;
            package.members_[stem] = member;
            package.sizes_[stem] = member.size;
        }
        package.archive_ = std::move(*archive);
    }
    TRY(package.read_manifest());
    return package;
}

std::uint64_t Package::size(std::string_view file) const {
    const auto found = sizes_.find(std::string(file));
    return found == sizes_.end() ? 0 : found->second;
}

Mode Package::mode(std::string_view file) const {
    const auto found = modes_.find(std::string(file));
    return found == modes_.end() ? Mode::absent : found->second;
}

csv::Source Package::read(std::string_view file) const {
    const std::string stem(file);
    if (archive_) return archive_->read(members_.at(stem));
    return from_file(files_.at(stem));
}

Result<void> Package::read_manifest() {
    if (!holds("manifest")) return unreadable("there is no manifest.csv in it");
    csv::Table table(read("manifest"));
    if (!table.open().ok() || !table.has("propertyName") || !table.has("value"))
        return unreadable("manifest.csv has no columns propertyName and value");
    std::string version;
    std::map<std::string, std::string> said;
    while (table.next()) {
        if (table.fault() != csv::Fault::none)
            return unreadable("manifest.csv, line " + std::to_string(table.line()) + ": " +
                              std::string(csv::name(table.fault())));
        const std::string name = ascii_lower(table.at("propertyName"));
        if (name == "oneroster.version")
            version = table.at("value");
        else if (name.starts_with("file."))
            said[name.substr(5)] = ascii_lower(table.at("value"));
    }
    if (version == "1.1" || version == "1.1.0")
        version_ = Version::v1_1;
    else if (version == "1.2" || version == "1.2.0")
        version_ = Version::v1_2;
    else
        return unreadable("manifest.csv: oneroster.version is \"" + version + "\"; 1.1 and 1.2 are read");
    for (const auto& [file, value] : said) {
        if (value != "absent" && value != "bulk" && value != "delta")
            return unreadable("manifest.csv: file." + file + " is \"" + value +
                              "\"; expected absent, bulk or delta");
        modes_[file] = value == "bulk" ? Mode::bulk : value == "delta" ? Mode::delta : Mode::absent;
        if (value != "absent" && !holds(file))
            return unreadable("manifest.csv says file." + file + " is " + value + ", and " + file +
                              ".csv is not there");
    }
    return {};
}

}  // namespace braid::roster
