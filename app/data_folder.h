// The folder that belongs to one installation: database file, blobs, mails of development, the site's secret.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/random.h"
#include "base/result.h"

namespace braid::app {

enum class Use {
    shared,     // commands beside a running server
    exclusive,  // restore: nobody else may be there
};

// Holds a lock on the folder while it lives; the kernel lets go of it when the process dies.
class DataFolder {
  public:
    // Makes the folder (0700) when it is not there. unavailable when somebody else's use forbids ours.
    static Result<DataFolder> open(const std::filesystem::path& folder, Use use);
    DataFolder(DataFolder&& other) noexcept;
    DataFolder& operator=(DataFolder&&) = delete;
    ~DataFolder();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path blobs() const { return path_ / "blobs"; }
    [[nodiscard]] std::filesystem::path mails() const { return path_ / "mail"; }
    [[nodiscard]] std::filesystem::path uploads() const { return path_ / "uploads"; }

    // The site's secret: read, or made with `random` (43 characters) and kept in a file of mode 0600. Two
    // processes that start together get the same.
    [[nodiscard]] std::string secret(Random& random) const;

  private:
    DataFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
    std::filesystem::path path_;
    int lock_ = -1;
};

inline constexpr std::string_view kSecretFile = "site.secret";

// Writes `text` under a temporary name with `mode`, syncs, and gives it its name; with `replace` false it
// fails when it is there (returns false). Throws std::system_error.
bool write_file(const std::filesystem::path& file, std::string_view text, unsigned mode, bool replace);
std::optional<std::string> read_file(const std::filesystem::path& file);

}  // namespace braid::app
