// One file that holds an installation: a tar archive (POSIX.1-2001 ustar; sizes beyond 8 GiB in base 256 as
// GNU tar writes them), so that any tar can look into it. Its last member, MANIFEST, lists the SHA-256 and
// size of every other; an archive without it is not whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace braid::app {

using ArchiveProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

class ArchiveWriter {
  public:
    // Writes FILE.part; finish() gives it its name, the destructor removes it otherwise. conflict when `file`
    // is there.
    static Result<ArchiveWriter> create(const std::filesystem::path& file);
    ArchiveWriter(ArchiveWriter&& other) noexcept;
    ArchiveWriter& operator=(ArchiveWriter&&) = delete;
    ~ArchiveWriter();

    // `name`: relative, of at most 200 bytes. unavailable when it cannot be read or written.
    Result<void> add_file(std::string_view name, const std::filesystem::path& file,
                          const std::function<void(std::uint64_t)>& wrote);
    Result<void> add_text(std::string_view name, std::string_view text);
    // The manifest, the end marks, a sync, the name.
    Result<void> finish();

  private:
    ArchiveWriter(std::filesystem::path file, int descriptor)
        : file_(std::move(file)), descriptor_(descriptor) {}
    Result<void> write(std::string_view bytes);
    Result<void> begin(std::string_view name, std::uint64_t size);
    Result<void> pad(std::uint64_t size);
    [[nodiscard]] std::filesystem::path unfinished() const { return file_.string() + ".part"; }

    std::filesystem::path file_;
    int descriptor_ = -1;
    std::string manifest_;
};

// Unpacks `archive` into `folder`, which must not exist, and checks every member against the manifest. On any
// error nothing is left behind: invalid names what is wrong (not an archive of Braid, cut short, changed).
Result<std::map<std::string, std::uint64_t>> unpack(const std::filesystem::path& archive,
                                                    const std::filesystem::path& folder,
                                                    const ArchiveProgress& progress);

}  // namespace braid::app
