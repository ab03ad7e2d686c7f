#include "stewardship/privacy/zip.h"

#include <zlib.h>

#include <chrono>
#include <limits>

namespace braid::privacy {

namespace {

constexpr std::size_t kPiece = 1 << 18;
constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();

void put16(std::string& out, std::uint32_t value) {
    out.push_back(static_cast<char>(value & 0xFFU));
    out.push_back(static_cast<char>(value >> 8U & 0xFFU));
}
void put32(std::string& out, std::uint32_t value) {
    put16(out, value & 0xFFFFU);
    put16(out, value >> 16U);
}
std::uint32_t crc_of(std::string_view bytes, std::uint32_t before) {
    return static_cast<std::uint32_t>(crc32(before, reinterpret_cast<const unsigned char*>(bytes.data()),
                                            static_cast<unsigned>(bytes.size())));
}
Error full() {
    return Error{ErrorCode::too_large, "error.too_large", "more than a ZIP archive holds", {}, {}, 0};
}

}  // namespace

ZipWriter::ZipWriter(const std::filesystem::path& file, Timestamp at)
    : out_(file, std::ios::binary | std::ios::trunc) {
    using namespace std::chrono;
    const sys_time<microseconds> moment{microseconds(at.micros)};
    const auto day = floor<days>(moment);
    const year_month_day date(day);
    const hh_mm_ss clock(floor<seconds>(moment - day));
    date_ = static_cast<std::uint16_t>(static_cast<unsigned>(int(date.year()) - 1980) << 9U |
                                       unsigned(date.month()) << 5U | unsigned(date.day()));
    time_ = static_cast<std::uint16_t>(clock.hours().count() << 11U | clock.minutes().count() << 5U |
                                       clock.seconds().count() / 2);
}

std::string ZipWriter::header(const Member& member, bool central) const {
    std::string out;
    put32(out, central ? 0x02014b50 : 0x04034b50);
    if (central) put16(out, 20);
    put16(out, 20);
    put16(out, 1U << 11U);  // names are UTF-8
    put16(out, 0);          // stored
    put16(out, time_);
    put16(out, date_);
    put32(out, member.crc);
    put32(out, member.size);
    put32(out, member.size);
    put16(out, static_cast<std::uint32_t>(member.name.size()));
    put16(out, 0);
    if (central) {
        put16(out, 0);
        put16(out, 0);
        put16(out, 0);
        put32(out, 0);
        put32(out, member.offset);
    }
    return out + member.name;
}

Result<void> ZipWriter::add_text(std::string_view name, std::string_view text) {
    const auto offset = static_cast<std::uint64_t>(out_.tellp());
    if (!out_) return unavailable("the archive cannot be written");
    if (offset + text.size() > kMost || members_.size() >= 0xFFFF) return full();
    Member member{std::string(name), crc_of(text, 0), static_cast<std::uint32_t>(text.size()),
                  static_cast<std::uint32_t>(offset)};
    out_ << header(member, false) << text;
    members_.push_back(std::move(member));
    return out_ ? success() : Result<void>(unavailable("the archive cannot be written"));
}

Result<void> ZipWriter::add_file(std::string_view name, const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return unavailable("cannot read " + file.string());
    const auto offset = static_cast<std::uint64_t>(out_.tellp());
    if (offset > kMost || members_.size() >= 0xFFFF) return full();
    Member member{std::string(name), 0, 0, static_cast<std::uint32_t>(offset)};
    out_ << header(member, false);
    std::string piece(kPiece, '\0');
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())), in.gcount() > 0) {
        const std::string_view read(piece.data(), static_cast<std::size_t>(in.gcount()));
        if (offset + member.size + read.size() > kMost) return full();
        member.crc = crc_of(read, member.crc);
        member.size += static_cast<std::uint32_t>(read.size());
        out_ << read;
    }
    // Now that sum and size are known.
    const auto end = out_.tellp();
    out_.seekp(static_cast<std::streamoff>(offset));
    out_ << header(member, false);
    out_.seekp(end);
    members_.push_back(std::move(member));
    return out_ ? success() : Result<void>(unavailable("the archive cannot be written"));
}

Result<void> ZipWriter::finish() {
    const auto start = static_cast<std::uint64_t>(out_.tellp());
    std::string out;
    for (const Member& member : members_)
        out += header(member, true);
    if (start + out.size() > kMost) return full();
    const auto size = static_cast<std::uint32_t>(out.size());
    put32(out, 0x06054b50);
    put16(out, 0);
    put16(out, 0);
    put16(out, static_cast<std::uint32_t>(members_.size()));
    put16(out, static_cast<std::uint32_t>(members_.size()));
    put32(out, size);
    put32(out, static_cast<std::uint32_t>(start));
    put16(out, 0);
    out_ << out;
    out_.close();
    return out_ ? success() : Result<void>(unavailable("the archive cannot be written"));
}

}  // namespace braid::privacy
