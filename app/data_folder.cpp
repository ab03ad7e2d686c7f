#include "app/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include "base/text.h"

namespace braid::app {

namespace {

[[noreturn]] void fail(const std::string& doing) {
    throw std::system_error(errno, std::generic_category(), doing);
}

}  // namespace

bool write_file(const std::filesystem::path& file, std::string_view text, unsigned mode, bool replace) {
    const std::string unfinished = file.string() + "." + std::to_string(getpid()) + ".part";
    const int descriptor = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (descriptor < 0) fail("cannot write " + file.string());
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto written = ::write(descriptor, rest.data(), rest.size());
        if (written < 0) {
            ::close(descriptor);
            ::unlink(unfinished.c_str());
            fail("cannot write " + file.string());
        }
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    const bool synced = ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (!synced) fail("cannot write " + file.string());
    // link(2) refuses an existing name, rename(2) replaces it: both are atomic.
    const int code =
        replace ? ::rename(unfinished.c_str(), file.c_str()) : ::link(unfinished.c_str(), file.c_str());
    const int why = errno;
    if (code != 0 || !replace) ::unlink(unfinished.c_str());
    if (code == 0) return true;
    errno = why;
    if (!replace && why == EEXIST) return false;
    fail("cannot write " + file.string());
}

std::optional<std::string> read_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>(in), {}};
}

Result<DataFolder> DataFolder::open(const std::filesystem::path& folder, Use use) {
    std::error_code failure;
    std::filesystem::create_directories(folder.parent_path(), failure);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
        return unavailable("cannot make the data folder " + folder.string() + ": " + std::strerror(errno));
    }
    const auto name = folder / "braid.lock";
    const int lock = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0)
        return unavailable("the data folder " + folder.string() +
                           " cannot be written: " + std::strerror(errno));
    if (::flock(lock, (use == Use::exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0) {
        ::close(lock);
        return unavailable(use == Use::exclusive
                               ? "the data folder " + folder.string() + " is in use: stop braid first"
                               : "the data folder " + folder.string() + " is being restored");
    }
    return DataFolder(std::filesystem::absolute(folder), lock);
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataFolder::~DataFolder() {
    if (lock_ >= 0) ::close(lock_);
}

std::string DataFolder::secret(Random& random) const {
    const auto file = path_ / kSecretFile;
    if (!std::filesystem::exists(file)) write_file(file, random.token(32) + "\n", 0600, false);
    const auto text = read_file(file);
    const std::string secret(trim(text.value_or("")));
    if (secret.size() < 32)
        throw std::runtime_error(file.string() + " holds no secret of at least 32 characters");
    return secret;
}

}  // namespace braid::app
