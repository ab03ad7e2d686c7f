// Reading ZIP archives (APPNOTE 6.3.10): stored and deflated members, read as a stream in the memory of one
// piece. Not read: encrypted archives, archives in parts, ZIP64.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace braid::zip {

struct Member {
    std::string name;
    std::uint64_t packed = 0, size = 0;  // as the archive says; reading stops at `size`
    std::uint32_t crc = 0, offset = 0;
    int method = 0;
};

inline constexpr std::size_t kMembersMax = 10'000;

// Fills `out` with at most `size` bytes and says how many; 0: the end. Throws std::runtime_error for what is
// not what the archive promised.
using Source = std::function<std::size_t(char* out, std::size_t size)>;

// Used by one thread; sources may outlive it.
class Archive {
  public:
    // `invalid` for what is no such archive, `not_found` when the file cannot be opened.
    static Result<Archive> open(const std::filesystem::path& file);
    [[nodiscard]] const std::vector<Member>& members() const { return members_; }
    [[nodiscard]] Source read(const Member& member) const;

  private:
    std::filesystem::path file_;
    std::vector<Member> members_;
};

}  // namespace braid::zip
