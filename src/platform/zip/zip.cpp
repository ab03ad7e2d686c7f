#include "platform/zip/zip.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>

#include "base/text.h"

namespace braid::zip {

namespace {

// Section 4.3.16: the end of the central directory, within its comment's length of the file's end.
constexpr std::uint32_t kEndMark = 0x06054b50, kEntryMark = 0x02014b50, kMemberMark = 0x04034b50;
constexpr std::size_t kEndSize = 22, kEntrySize = 46, kMemberSize = 30, kCommentMax = 65'535;
constexpr std::size_t kDirectoryMax = std::size_t{8} << 20;
constexpr std::size_t kPiece = std::size_t{1} << 16;
constexpr int kStored = 0, kDeflated = 8;

std::uint32_t number(std::string_view bytes, std::size_t at, int size) {
    std::uint32_t value = 0;
    for (int i = size - 1; i >= 0; --i)
        value = value << 8U | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
    return value;
}

Error no_archive(std::string detail) {
    Error error = invalid("file", "error.invalid");
    error.detail = std::move(detail);
    return error;
}

std::string piece_of(std::ifstream& in, std::uint64_t at, std::size_t size) {
    std::string bytes(size, '\0');
    in.clear();
    in.seekg(static_cast<std::streamoff>(at));
    in.read(bytes.data(), static_cast<std::streamsize>(size));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    return bytes;
}

Result<std::vector<Member>> read_directory(std::string_view directory, std::uint32_t entries) {
    std::vector<Member> members;
    std::size_t at = 0;
    for (std::uint32_t i = 0; i < entries; ++i) {
        if (directory.size() - at < kEntrySize || number(directory, at, 4) != kEntryMark)
            return no_archive("its directory is cut short");
        const std::uint32_t flags = number(directory, at + 8, 2);
        Member member;
        member.method = static_cast<int>(number(directory, at + 10, 2));
        member.crc = number(directory, at + 16, 4);
        member.packed = number(directory, at + 20, 4);
        member.size = number(directory, at + 24, 4);
        member.offset = number(directory, at + 42, 4);
        const std::size_t name = number(directory, at + 28, 2);
        const std::size_t rest = number(directory, at + 30, 2) + number(directory, at + 32, 2);
        at += kEntrySize;
        if (directory.size() - at < name + rest) return no_archive("its directory is cut short");
        member.name = directory.substr(at, name);
        at += name + rest;
        if (!is_valid_utf8(member.name)) continue;
        if ((flags & 1U) != 0) return no_archive("it is encrypted");
        if (member.method != kStored && member.method != kDeflated)
            return no_archive("it is packed in a way that is not read here");
        members.push_back(std::move(member));
    }
    return members;
}

class Stream {
  public:
    Stream(const std::filesystem::path& file, const Member& member)
        : in_(file, std::ios::binary), member_(member), packed_left_(member.packed), left_(member.size) {
        const std::string head = piece_of(in_, member.offset, kMemberSize);
        if (head.size() != kMemberSize || number(head, 0, 4) != kMemberMark)
            wrong("is not where it should be");
        in_.seekg(static_cast<std::streamoff>(member.offset) + static_cast<std::streamoff>(kMemberSize) +
                  number(head, 26, 2) + number(head, 28, 2));
        if (member_.method == kDeflated && inflateInit2(&inflater_, -MAX_WBITS) != Z_OK)
            wrong("cannot be unpacked");
    }
    ~Stream() {
        if (member_.method == kDeflated) inflateEnd(&inflater_);
    }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    std::size_t read(char* out, std::size_t size) {
        size = static_cast<std::size_t>(std::min<std::uint64_t>(size, left_));
        if (size == 0) return finish();
        const std::size_t got = member_.method == kStored ? packed(out, size) : unpacked(out, size);
        if (got == 0) wrong("is cut short");
        left_ -= got;
        crc_ = crc32(crc_, reinterpret_cast<const unsigned char*>(out), static_cast<unsigned>(got));
        return got;
    }

  private:
    [[noreturn]] void wrong(const char* how) const { throw std::runtime_error(member_.name + " " + how); }

    std::size_t finish() const {
        if (crc_ != member_.crc) wrong("is damaged");
        return 0;
    }
    std::size_t packed(char* out, std::size_t size) {
        size = static_cast<std::size_t>(std::min<std::uint64_t>(size, packed_left_));
        in_.read(out, static_cast<std::streamsize>(size));
        const auto got = static_cast<std::size_t>(std::max<std::streamsize>(in_.gcount(), 0));
        packed_left_ -= got;
        return got;
    }
    std::size_t unpacked(char* out, std::size_t size) {
        inflater_.next_out = reinterpret_cast<unsigned char*>(out);
        inflater_.avail_out = static_cast<unsigned>(size);
        while (inflater_.avail_out == size) {
            if (inflater_.avail_in == 0) {
                inflater_.avail_in = static_cast<unsigned>(packed(piece_.data(), piece_.size()));
                inflater_.next_in = reinterpret_cast<unsigned char*>(piece_.data());
            }
            const bool last = inflater_.avail_in == 0;
            const int said = inflate(&inflater_, Z_NO_FLUSH);
            if (said == Z_STREAM_END) break;
            if (said != Z_OK && said != Z_BUF_ERROR) wrong("is damaged");
            if (last) break;
        }
        return size - inflater_.avail_out;
    }

    std::ifstream in_;
    const Member member_;
    std::uint64_t packed_left_, left_;
    std::uint64_t crc_ = 0;
    z_stream inflater_{};
    std::array<char, kPiece> piece_{};
};

}  // namespace

Result<Archive> Archive::open(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    if (!in) return not_found("it cannot be opened");
    const auto size = static_cast<std::uint64_t>(std::max<std::streamoff>(in.tellg(), 0));
    const std::size_t tail = static_cast<std::size_t>(std::min<std::uint64_t>(size, kEndSize + kCommentMax));
    const std::string end = piece_of(in, size - tail, tail);
    std::size_t at = end.size();
    bool found = false;
    for (std::size_t back = kEndSize; back <= end.size() && !found; ++back) {
        at = end.size() - back;
        found = number(end, at, 4) == kEndMark && at + kEndSize + number(end, at + 20, 2) == end.size();
    }
    if (!found) return no_archive("it is no ZIP archive");
    const std::uint32_t entries = number(end, at + 10, 2), length = number(end, at + 12, 4);
    const std::uint32_t offset = number(end, at + 16, 4);
    if (number(end, at + 4, 2) != 0 || number(end, at + 8, 2) != entries || offset == 0xFFFFFFFF)
        return no_archive("it is in parts or too large");
    if (entries > kMembersMax || length > kDirectoryMax || std::uint64_t{offset} + length > size)
        return no_archive("its directory is too large");
    Archive archive;
    archive.file_ = file;
    archive.members_ = TRY(read_directory(piece_of(in, offset, length), entries));
    return archive;
}

Source Archive::read(const Member& member) const {
    // Shared, because a function that can be copied holds it.
    auto stream = std::make_shared<Stream>(file_, member);
    return [stream](char* out, std::size_t size) { return stream->read(out, size); };
}

}  // namespace braid::zip
