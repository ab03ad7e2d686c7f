#include "platform/zip/zip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>
#include <random>

#include "support/databases.h"

namespace braid::zip {
namespace {

void put(std::string& out, std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i)
        out.push_back(static_cast<char>(value >> (8U * static_cast<unsigned>(i)) & 0xFFU));
}

std::string deflated(const std::string& text) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY), Z_OK);
    std::string out(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<unsigned>(text.size());
    stream.next_out = reinterpret_cast<unsigned char*>(out.data());
    stream.avail_out = static_cast<unsigned>(out.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

struct Packed {
    std::string name, text;
    int method = 8;
    int flags = 0;
};

std::string archive_of(const std::vector<Packed>& members, const std::string& comment = "") {
    std::string out, directory;
    for (const Packed& member : members) {
        const std::string packed = member.method == 8 ? deflated(member.text) : member.text;
        const auto crc = crc32(0, reinterpret_cast<const unsigned char*>(member.text.data()),
                               static_cast<unsigned>(member.text.size()));
        const auto offset = out.size();
        std::string facts;
        put(facts, 20, 2);
        put(facts, static_cast<unsigned>(member.flags), 2);
        put(facts, static_cast<unsigned>(member.method), 2);
        put(facts, 0, 4);
        put(facts, crc, 4);
        put(facts, packed.size(), 4);
        put(facts, member.text.size(), 4);
        put(facts, member.name.size(), 2);
        put(facts, 0, 2);
        put(out, 0x04034b50, 4);
        out += facts + member.name + packed;
        put(directory, 0x02014b50, 4);
        put(directory, 20, 2);
        directory += facts;
        put(directory, 0, 2);
        put(directory, 0, 2);
        put(directory, 0, 2);
        put(directory, 0, 4);
        put(directory, offset, 4);
        directory += member.name;
    }
    const auto offset = out.size();
    out += directory;
    put(out, 0x06054b50, 4);
    put(out, 0, 4);
    put(out, members.size(), 2);
    put(out, members.size(), 2);
    put(out, directory.size(), 4);
    put(out, offset, 4);
    put(out, comment.size(), 2);
    return out + comment;
}

class Zip : public ::testing::Test {
  protected:
    std::filesystem::path file(const std::string& bytes) {
        const auto path = folder_.path() / "a.zip";
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
        return path;
    }
    static std::string all_of(const Source& source, std::size_t piece = 100) {
        std::string text, part(piece, '\0');
        while (const std::size_t got = source(part.data(), part.size()))
            text.append(part, 0, got);
        return text;
    }
    braid::testing::TempFolder folder_;
};

TEST_F(Zip, ReadsStoredAndDeflatedMembers) {
    std::string large;
    std::mt19937 random(7);
    for (int i = 0; i < 300'000; ++i)
        large.push_back(static_cast<char>('a' + random() % 17));
    const auto archive = Archive::open(
        file(archive_of({{"a/one.csv", "x,y\n", 0}, {"two.csv", large}, {"none.csv", ""}}, "a comment")));
    ASSERT_TRUE(archive.ok());
    ASSERT_EQ(archive->members().size(), 3);
    EXPECT_EQ(archive->members()[0].name, "a/one.csv");
    EXPECT_EQ(all_of(archive->read(archive->members()[0])), "x,y\n");
    EXPECT_EQ(all_of(archive->read(archive->members()[1])), large);
    EXPECT_EQ(all_of(archive->read(archive->members()[1]), 70'000), large);
    EXPECT_EQ(all_of(archive->read(archive->members()[2])), "");
}

TEST_F(Zip, RefusesWhatItDoesNotRead) {
    EXPECT_EQ(Archive::open(folder_.path() / "absent.zip").error().code, ErrorCode::not_found);
    EXPECT_FALSE(Archive::open(file("")).ok());
    EXPECT_FALSE(Archive::open(file("PK but no archive at all, only words")).ok());
    EXPECT_FALSE(Archive::open(file(archive_of({{"a", "text", 0, 1}}))).ok()) << "encrypted";
    EXPECT_FALSE(Archive::open(file(archive_of({{"a", "text", 14}}))).ok()) << "LZMA";
}

TEST_F(Zip, SaysWhenAMemberIsDamaged) {
    const std::string whole = archive_of({{"a", std::string(5000, 'x') + "end"}});
    for (std::size_t at = 30; at + 80 < whole.size(); ++at) {
        std::string bad = whole;
        bad[at] = static_cast<char>(bad[at] ^ 0x55);
        const auto archive = Archive::open(file(bad));
        if (!archive.ok() || archive->members().empty()) continue;
        try {
            EXPECT_EQ(all_of(archive->read(archive->members()[0])), std::string(5000, 'x') + "end") << at;
        } catch (const std::runtime_error&) {
            SUCCEED();
        }
    }
}

TEST_F(Zip, NoBytesBringItDown) {
    const std::string whole = archive_of({{"a.csv", "some text, some text"}, {"b.csv", "x", 0}});
    std::mt19937 random(11);
    for (int round = 0; round < 3000; ++round) {
        std::string bad = whole;
        for (int i = 0; i < 3; ++i)
            bad[random() % bad.size()] = static_cast<char>(random());
        if (round % 3 == 0) bad.resize(random() % bad.size());
        const auto archive = Archive::open(file(bad));
        if (!archive.ok()) continue;
        for (const Member& member : archive->members()) {
            try {
                // A member that claims four gigabytes ends with what is there.
                all_of(archive->read(member));
            } catch (const std::runtime_error&) {
                continue;
            }
        }
    }
}

TEST_F(Zip, WritesTextsAndFilesThatCanBeReadAgain) {
    const auto picture = folder_.path() / "picture";
    std::ofstream(picture, std::ios::binary) << std::string(300'000, 'x') << "end";
    const auto made = folder_.path() / "made.zip";
    {
        Writer writer(made, Timestamp{1'767'225'600'000'000});
        ASSERT_TRUE(writer.add_text("index.html", "<p>Hola, Lucía</p>").ok());
        ASSERT_TRUE(writer.add_file("files/ñandú.webp", picture).ok());
        EXPECT_FALSE(writer.add_file("files/none", folder_.path() / "none").ok());
        EXPECT_FALSE(writer.add_text("index.html", "twice").ok());
        EXPECT_FALSE(std::filesystem::exists(made)) << "nothing before it is finished";
        ASSERT_TRUE(writer.finish().ok());
        EXPECT_FALSE(writer.finish().ok());
    }
    const auto archive = Archive::open(made);
    ASSERT_TRUE(archive.ok());
    ASSERT_EQ(archive->members().size(), 2);
    EXPECT_EQ(all_of(archive->read(archive->members()[0])), "<p>Hola, Lucía</p>");
    EXPECT_EQ(archive->members()[1].name, "files/ñandú.webp");
    EXPECT_EQ(all_of(archive->read(archive->members()[1]), 70'000), std::string(300'000, 'x') + "end");
    std::ifstream in(made, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    // APPNOTE 4.4.6: midnight of 1 January 2026, whatever the zone of the machine.
    EXPECT_EQ(static_cast<unsigned char>(bytes[10]) | static_cast<unsigned char>(bytes[11]) << 8, 0);
    EXPECT_EQ(static_cast<unsigned char>(bytes[12]) | static_cast<unsigned char>(bytes[13]) << 8,
              46 << 9 | 1 << 5 | 1);
}

TEST_F(Zip, WritesNothingWhenItCannot) {
    Writer nowhere(folder_.path() / "no folder" / "a.zip", Timestamp{0});
    ASSERT_TRUE(nowhere.add_text("a", "b").ok());
    EXPECT_FALSE(nowhere.finish().ok());
    {
        Writer given_up(folder_.path() / "b.zip", Timestamp{1'767'225'600'000'000});
        ASSERT_TRUE(given_up.add_text("a", "b").ok());
    }
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "b.zip"));
}

}  // namespace
}  // namespace braid::zip
