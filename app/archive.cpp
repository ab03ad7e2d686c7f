#include "app/archive.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <vector>

#include "base/text.h"

namespace braid::app {

namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kPiece = 1 << 20;
constexpr std::string_view kManifest = "MANIFEST";
constexpr std::string_view kManifestHead = "braid-backup 1\n";

using Header = std::array<char, kBlock>;

class Sha256 {
  public:
    Sha256() { crypto_hash_sha256_init(&state_); }
    void add(std::string_view bytes) {
        crypto_hash_sha256_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()),
                                  bytes.size());
    }
    std::string hex_digest() {
        std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
        crypto_hash_sha256_final(&state_, digest.data());
        return hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
    }

  private:
    crypto_hash_sha256_state state_{};
};

Error io_error(const std::filesystem::path& file, std::string_view doing) {
    return unavailable("cannot " + std::string(doing) + " " + file.string() + ": " + std::strerror(errno));
}
Error broken(const std::filesystem::path& file, const std::string& what) {
    Error error = invalid("archive", "error.invalid");
    error.detail = file.string() + " " + what;
    return error;
}

void octal(char* field, std::size_t width, std::uint64_t value) {
    if (value >> (3 * (width - 1)) == 0) {
        std::snprintf(field, width, "%0*llo", static_cast<int>(width - 1),
                      static_cast<unsigned long long>(value));
        return;
    }
    for (std::size_t i = width; i-- > 0; value >>= 8U)
        field[i] = static_cast<char>(value & 0xFFU);
    field[0] = static_cast<char>(0x80);
}

std::uint64_t number(const char* field, std::size_t width) {
    std::uint64_t value = 0;
    if ((static_cast<unsigned char>(field[0]) & 0x80U) != 0) {
        for (std::size_t i = 1; i < width; ++i)
            value = value << 8U | static_cast<unsigned char>(field[i]);
        return value;
    }
    for (std::size_t i = 0; i < width && field[i] >= '0' && field[i] <= '7'; ++i) {
        value = value * 8 + static_cast<std::uint64_t>(field[i] - '0');
    }
    return value;
}

unsigned checksum(const Header& header) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < kBlock; ++i)
        sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(header[i]);
    return sum;
}

// A name that stays inside the folder it is unpacked to.
bool safe_name(std::string_view name) {
    if (name.empty() || name.front() == '/') return false;
    for (const std::string_view part : split(name, '/')) {
        if (part.empty() || part == "." || part == "..") return false;
    }
    return true;
}

std::string member_name(const Header& header) {
    const auto text = [&](std::size_t at, std::size_t size) {
        return std::string(&header[at], strnlen(&header[at], size));
    };
    const std::string prefix = text(345, 155);
    return prefix.empty() ? text(0, 100) : prefix + "/" + text(0, 100);
}

struct Member {
    std::uint64_t size = 0;
    std::string digest;
};

std::optional<std::map<std::string, Member>> parse_manifest(std::string_view text) {
    if (!text.starts_with(kManifestHead)) return std::nullopt;
    text.remove_prefix(kManifestHead.size());
    std::map<std::string, Member> members;
    for (const std::string_view line : split(text, '\n')) {
        if (line.empty()) continue;
        const auto first = line.find("  ");
        const auto second = line.find("  ", first + 2);
        if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
        const auto size = parse_integer(line.substr(first + 2, second - first - 2));
        if (!size) return std::nullopt;
        members[std::string(line.substr(second + 2))] = {static_cast<std::uint64_t>(*size),
                                                         std::string(line.substr(0, first))};
    }
    return members;
}

// Reads one archive from front to back.
class Unpacking {
  public:
    Unpacking(const std::filesystem::path& archive, const std::filesystem::path& folder,
              const ArchiveProgress& progress)
        : archive_(archive), folder_(folder), progress_(progress), in_(archive, std::ios::binary) {}

    Result<std::map<std::string, std::uint64_t>> run() {
        if (!in_) return io_error(archive_, "read");
        std::error_code failure;
        total_ = std::filesystem::file_size(archive_, failure);
        while (true) {
            Header header{};
            if (!in_.read(header.data(), kBlock)) return broken(archive_, "is cut short");
            done_ += kBlock;
            if (header[0] == '\0') break;
            TRY(member(header));
        }
        return compare();
    }

  private:
    Result<void> member(const Header& header) {
        if (std::memcmp(&header[257], "ustar", 5) != 0 || number(&header[148], 8) != checksum(header)) {
            return broken(archive_, members_.empty() ? "is no backup of Braid" : "is damaged");
        }
        const std::string name = member_name(header);
        if (header[156] != '0' || !safe_name(name) || members_.contains(name)) {
            return broken(archive_, "holds a member that no backup of Braid has: " + name);
        }
        const std::uint64_t size = number(&header[124], 12);
        Sha256 digest;
        const bool is_manifest = name == kManifest;
        std::ofstream out;
        if (!is_manifest) {
            const auto file = folder_ / name;
            std::filesystem::create_directories(file.parent_path());
            out.open(file, std::ios::binary);
            std::filesystem::permissions(
                file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        }
        std::string piece;
        for (std::uint64_t left = size; left > 0; left -= piece.size()) {
            piece.resize(std::min<std::uint64_t>(left, kPiece));
            if (!in_.read(piece.data(), static_cast<std::streamsize>(piece.size())))
                return broken(archive_, "is cut short in " + name);
            digest.add(piece);
            if (is_manifest) {
                manifest_ += piece;
            } else {
                out << piece;
            }
            done_ += piece.size();
            if (progress_) progress_(done_, total_);
        }
        const auto padding = (kBlock - size % kBlock) % kBlock;
        in_.ignore(static_cast<std::streamsize>(padding));
        done_ += padding;
        if (is_manifest) return success();
        out.close();
        if (!out) return io_error(folder_ / name, "write");
        members_[name] = {size, digest.hex_digest()};
        return success();
    }

    Result<std::map<std::string, std::uint64_t>> compare() {
        const auto expected = parse_manifest(manifest_);
        if (!expected) return broken(archive_, "has no manifest: it is not whole, or no backup of Braid");
        for (const auto& [name, member] : *expected) {
            const auto found = members_.find(name);
            if (found == members_.end()) return broken(archive_, "lacks " + name);
            if (found->second.size != member.size || found->second.digest != member.digest) {
                return broken(archive_, "holds " + name + " with other content than when it was written");
            }
        }
        std::map<std::string, std::uint64_t> sizes;
        for (const auto& [name, member] : members_) {
            if (!expected->contains(name))
                return broken(archive_, "holds " + name + ", which its manifest does not know");
            sizes[name] = member.size;
        }
        return sizes;
    }

    const std::filesystem::path& archive_;
    const std::filesystem::path& folder_;
    const ArchiveProgress& progress_;
    std::ifstream in_;
    std::uint64_t done_ = 0, total_ = 0;
    std::map<std::string, Member> members_;
    std::string manifest_;
};

}  // namespace

Result<ArchiveWriter> ArchiveWriter::create(const std::filesystem::path& file) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
    if (std::filesystem::exists(file)) return conflict("error.conflict", file.string() + " is there already");
    const std::string unfinished = file.string() + ".part";
    const int descriptor = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return io_error(unfinished, "write");
    return ArchiveWriter(file, descriptor);
}

ArchiveWriter::ArchiveWriter(ArchiveWriter&& other) noexcept
    : file_(std::move(other.file_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      manifest_(std::move(other.manifest_)) {}

ArchiveWriter::~ArchiveWriter() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(unfinished().c_str());
}

Result<void> ArchiveWriter::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = ::write(descriptor_, bytes.data(), bytes.size());
        if (count < 0) return io_error(unfinished(), "write");
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return success();
}

Result<void> ArchiveWriter::begin(std::string_view name, std::uint64_t size) {
    Header header{};
    std::string_view prefix;
    std::string_view rest = name;
    if (name.size() > 100) {
        const auto cut = name.find('/', name.size() - 101);
        if (cut == std::string_view::npos || cut > 155)
            return broken(file_, "cannot hold the long name " + std::string(name));
        prefix = name.substr(0, cut);
        rest = name.substr(cut + 1);
    }
    std::memcpy(&header[0], rest.data(), rest.size());
    octal(&header[100], 8, 0600);
    octal(&header[108], 8, 0);
    octal(&header[116], 8, 0);
    octal(&header[124], 12, size);
    octal(&header[136], 12, static_cast<std::uint64_t>(::time(nullptr)));
    header[156] = '0';
    std::memcpy(&header[257], "ustar\00000", 8);
    std::memcpy(&header[345], prefix.data(), prefix.size());
    std::snprintf(&header[148], 8, "%06o", checksum(header));
    header[155] = ' ';
    return write({header.data(), header.size()});
}

Result<void> ArchiveWriter::pad(std::uint64_t size) {
    static constexpr Header kZeros{};
    return write({kZeros.data(), (kBlock - size % kBlock) % kBlock});
}

Result<void> ArchiveWriter::add_file(std::string_view name, const std::filesystem::path& file,
                                     const std::function<void(std::uint64_t)>& wrote) {
    std::ifstream in(file, std::ios::binary);
    std::error_code failure;
    const std::uint64_t size = std::filesystem::file_size(file, failure);
    if (!in || failure) return io_error(file, "read");
    TRY(begin(name, size));
    Sha256 digest;
    std::string piece;
    for (std::uint64_t left = size; left > 0; left -= piece.size()) {
        piece.resize(std::min<std::uint64_t>(left, kPiece));
        if (!in.read(piece.data(), static_cast<std::streamsize>(piece.size()))) return io_error(file, "read");
        digest.add(piece);
        TRY(write(piece));
        if (wrote) wrote(piece.size());
    }
    TRY(pad(size));
    manifest_ += digest.hex_digest() + "  " + std::to_string(size) + "  " + std::string(name) + "\n";
    return success();
}

Result<void> ArchiveWriter::add_text(std::string_view name, std::string_view text) {
    Sha256 digest;
    digest.add(text);
    TRY(begin(name, text.size()));
    TRY(write(text));
    TRY(pad(text.size()));
    manifest_ += digest.hex_digest() + "  " + std::to_string(text.size()) + "  " + std::string(name) + "\n";
    return success();
}

Result<void> ArchiveWriter::finish() {
    static constexpr Header kZeros{};
    const std::string manifest = std::string(kManifestHead) + manifest_;
    TRY(begin(kManifest, manifest.size()));
    TRY(write(manifest));
    TRY(pad(manifest.size()));
    TRY(write({kZeros.data(), kZeros.size()}));
    TRY(write({kZeros.data(), kZeros.size()}));
    if (::fsync(descriptor_) != 0) return io_error(unfinished(), "write");
    ::close(std::exchange(descriptor_, -1));
    // link(2) refuses a file that has come to be there meanwhile.
    if (::link(unfinished().c_str(), file_.c_str()) != 0) {
        const Error error = io_error(file_, "write");
        ::unlink(unfinished().c_str());
        return error;
    }
    ::unlink(unfinished().c_str());
    return success();
}

Result<std::map<std::string, std::uint64_t>> unpack(const std::filesystem::path& archive,
                                                    const std::filesystem::path& folder,
                                                    const ArchiveProgress& progress) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
    if (std::filesystem::exists(folder))
        return conflict("error.conflict", folder.string() + " is there already");
    std::error_code failure;
    if (!std::filesystem::create_directories(folder, failure))
        return unavailable("cannot make " + folder.string() + ": " + failure.message());
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    auto unpacked = Unpacking(archive, folder, progress).run();
    if (!unpacked.ok()) std::filesystem::remove_all(folder, failure);
    return unpacked;
}

}  // namespace braid::app
