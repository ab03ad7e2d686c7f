// A ZIP archive (PKWARE APPNOTE 6.3.3, members stored as they are), written front to back into a file. What
// people can open anywhere; texts in it are small and pictures are compressed already, so nothing is
// deflated.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace braid::privacy {

class ZipWriter {
  public:
    // Replaces what is there. Members carry `at`, in UTC, with the two seconds' precision of the format.
    ZipWriter(const std::filesystem::path& file, Timestamp at);

    // `name`: relative, UTF-8, "/" between folders. unavailable when it cannot be read or written; too_large
    // beyond 4 GiB or 65535 members, which this form of the format cannot hold.
    Result<void> add_text(std::string_view name, std::string_view text);
    Result<void> add_file(std::string_view name, const std::filesystem::path& file);
    Result<void> finish();

  private:
    struct Member {
        std::string name;
        std::uint32_t crc = 0, size = 0, offset = 0;
    };
    [[nodiscard]] std::string header(const Member& member, bool central) const;

    std::ofstream out_;
    std::uint16_t date_ = 0, time_ = 0;
    std::vector<Member> members_;
};

}  // namespace braid::privacy
