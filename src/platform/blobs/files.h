// Durable files: written whole or not at all. For this folder alone.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace braid::blobs {

// A file under a name of its own in `folder`, removed at the end unless it was moved away. Failures: Result
// says `unavailable` when the disk is full; std::system_error is thrown for all else.
class TemporaryFile {
  public:
    static Result<TemporaryFile> make(const std::filesystem::path& folder);
    ~TemporaryFile();
    TemporaryFile(TemporaryFile&& other) noexcept;
    TemporaryFile& operator=(TemporaryFile&&) = delete;

    Result<void> write(std::string_view bytes);
    Result<void> sync();  // and closes
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    TemporaryFile(std::filesystem::path path, int descriptor)
        : path_(std::move(path)), descriptor_(descriptor) {}
    std::filesystem::path path_;
    int descriptor_;
};

// Makes `folder` below `root`, each step synced into its parent.
void make_folder(const std::filesystem::path& root, const std::filesystem::path& folder);
void sync_folder(const std::filesystem::path& folder);

}  // namespace braid::blobs
