// A roster as it lies on the disk: a folder or a ZIP archive of CSV files and their manifest.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "identity/roster/model.h"
#include "platform/csv/csv.h"
#include "platform/zip/zip.h"

namespace braid::roster {

// Something wrong in a file: where, and what was expected there.
struct Problem {
    std::string file;
    std::size_t line = 0;  // 0: the file as a whole
    std::string column;
    std::string expected;
};

class Package {
  public:
    // Reads the manifest. An error's detail says why it is no roster that can be read.
    static Result<Package> open(const std::filesystem::path& folder_or_zip);

    [[nodiscard]] Version version() const { return version_; }
    // Of "users": what the manifest says of users.csv.
    [[nodiscard]] Mode mode(std::string_view file) const;
    [[nodiscard]] bool holds(std::string_view file) const { return sizes_.contains(std::string(file)); }
    [[nodiscard]] std::uint64_t size(std::string_view file) const;  // bytes; 0 without it
    // Its bytes from the beginning. Throws std::runtime_error when it cannot be read.
    [[nodiscard]] csv::Source read(std::string_view file) const;

  private:
    Result<void> read_manifest();

    std::filesystem::path path_;
    std::optional<zip::Archive> archive_;
    std::map<std::string, std::uint64_t> sizes_;          // "users" → bytes
    std::map<std::string, zip::Member> members_;          // of an archive
    std::map<std::string, std::filesystem::path> files_;  // of a folder
    std::map<std::string, Mode> modes_;
    Version version_ = Version::v1_1;
};

}  // namespace braid::roster
