// ZIP archives, read and written with libzip: members stored or deflated, ZIP64 where one needs it. What is
// encrypted is not read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace braid::zip {

struct Member {
    std::string name;         // UTF-8, "/" between folders
    std::uint64_t index = 0;  // its place in the archive
    std::uint64_t size = 0;   // unpacked, as the archive says; reading stops there
};

inline constexpr std::size_t kMembersMax = 10'000;

// Fills `out` with at most `size` bytes and says how many; 0: the end. Throws std::runtime_error for what is
// not what the archive promised.
using Source = std::function<std::size_t(char* out, std::size_t size)>;

// Used by one thread; sources may outlive it.
class Archive {
  public:
    // `invalid` for what is no such archive, `not_found` when the file cannot be opened. Members whose name
    // is not UTF-8 are left out.
    static Result<Archive> open(const std::filesystem::path& file);
    [[nodiscard]] const std::vector<Member>& members() const { return members_; }
    [[nodiscard]] Source read(const Member& member) const;

  private:
    std::filesystem::path file_;
    std::vector<Member> members_;
};

// An archive made from the start. Its members are stored as they are: texts in it are small and pictures are
// compressed already. Nothing is on the disk before finish(), and nothing when that fails or is never called.
class Writer {
  public:
    // Replaces what is there. Members carry `at`, in UTC, with the two seconds' precision of the format.
    Writer(std::filesystem::path file, Timestamp at);
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    // `name`: relative, UTF-8, "/" between folders, once. `file` is read when the archive is finished.
    // unavailable when it cannot be read or written.
    Result<void> add_text(std::string_view name, std::string text);
    Result<void> add_file(std::string_view name, const std::filesystem::path& file);
    Result<void> finish();

  private:
    struct Made;
    std::unique_ptr<Made> made_;
};

}  // namespace braid::zip
