#include "platform/blobs/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace braid::blobs {

namespace {

[[noreturn]] void fail(const std::string& doing) {
    throw std::system_error(errno, std::generic_category(), doing);
}

Error full_or_throw(const std::string& doing) {
    if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
        return unavailable(doing + ": the disk is full");
    fail(doing);
}

}  // namespace

Result<TemporaryFile> TemporaryFile::make(const std::filesystem::path& folder) {
    std::string name = (folder / "put-XXXXXX").string();
    const int descriptor = mkostemp(name.data(), O_CLOEXEC);
    if (descriptor < 0) return full_or_throw(name);
    return TemporaryFile(name, descriptor);
}

TemporaryFile::TemporaryFile(TemporaryFile&& other) noexcept
    : path_(std::exchange(other.path_, {})), descriptor_(std::exchange(other.descriptor_, -1)) {}

TemporaryFile::~TemporaryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!path_.empty()) ::unlink(path_.c_str());
}

Result<void> TemporaryFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR) continue;
            return full_or_throw(path_.string());
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void> TemporaryFile::sync() {
    if (::fsync(descriptor_) != 0) return full_or_throw(path_.string());
    const int descriptor = std::exchange(descriptor_, -1);
    if (::close(descriptor) != 0) return full_or_throw(path_.string());
    return {};
}

void sync_folder(const std::filesystem::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) fail(folder.string());
    const int result = ::fsync(descriptor);
    ::close(descriptor);
    if (result != 0) fail(folder.string());
}

void make_folder(const std::filesystem::path& root, const std::filesystem::path& folder) {
    if (std::filesystem::is_directory(folder)) return;
    if (folder != root && folder.has_parent_path()) make_folder(root, folder.parent_path());
    std::filesystem::create_directories(folder);
    if (folder.has_parent_path()) sync_folder(folder.parent_path());
}

}  // namespace braid::blobs
