#include "stewardship/privacy/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "stewardship/privacy/bundle.h"
#include "stewardship/privacy/zip.h"
#include "support/databases.h"

namespace braid::privacy {
namespace {

using access::OnErasure;
using access::Personal;
using access::Table;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Table kThings{
    "things", "things", OnErasure::erase_row, {{"id", Personal::no}, {"owner", Personal::subject}}};

TEST(Declarations, that_say_enough_have_no_faults) {
    EXPECT_THAT(
        faults_of({kThings,
                   Table{"parts", "parts", OnErasure::erase_row, {{"thing", Personal::no}}}.belongs_to(
                       "thing", "things"),
                   Table{"counts", "counts", OnErasure::keep, {{"n", Personal::no}}}}),
        IsEmpty());
}

TEST(Declarations, that_say_too_little_are_told_what_to_write) {
    EXPECT_THAT(faults_of({Table{"a", "a", OnErasure::erase_row, {{"text", Personal::data}}}}),
                ElementsAre(HasSubstr(".belongs_to(\"column\", \"table\")")));
    EXPECT_THAT(faults_of({Table{"a", "a", OnErasure::keep, {{"text", Personal::data}}}}),
                ElementsAre(HasSubstr(".because(")));
    EXPECT_THAT(faults_of({Table{
                    "a", "a", OnErasure::blank, {{"owner", Personal::subject}, {"text", Personal::data}}}}),
                ElementsAre(HasSubstr("{\"text\", Personal::data, \"''\"}")));
    EXPECT_THAT(faults_of({Table{"a", "a", OnErasure::erase_row, {{"thing", Personal::no}}}.belongs_to(
                               "thing", "things"),
                           kThings}),
                ElementsAre(HasSubstr("declared before it")));
    EXPECT_THAT(faults_of({Table(kThings).deleted_after("made_at", Duration(1))}),
                ElementsAre(HasSubstr("made_at")));
    access::Module module;
    module.tables = {Table{"a", "a", OnErasure::keep, {{"text", Personal::data}}}};
    EXPECT_THROW(Engine({module}), std::logic_error);
}

TEST(Files, are_named_after_what_they_are_kept_for) {
    EXPECT_EQ(file_name("works.cover:1c4gzk0e5m", "image/webp"), "works.cover-1c4gzk0e5m.webp");
    EXPECT_EQ(file_name("a/../b", "text/plain; charset=utf-8"), "a-..-b");
}

TEST(Zip, holds_texts_and_files_as_they_are) {
    const testing::TempFolder folder;
    {
        std::ofstream out(folder.path() / "picture", std::ios::binary);
        out << std::string(300'000, 'x') << "end";
    }
    ZipWriter zip(folder.path() / "a.zip", Timestamp{1'767'225'600'000'000});
    ASSERT_TRUE(zip.add_text("index.html", "123456789").ok());
    ASSERT_TRUE(zip.add_file("files/picture", folder.path() / "picture").ok());
    EXPECT_FALSE(zip.add_file("files/none", folder.path() / "none").ok());
    ASSERT_TRUE(zip.finish().ok());
    std::ifstream in(folder.path() / "a.zip", std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    const auto number = [&](std::size_t at, int size) {
        std::uint64_t value = 0;
        for (int i = size; i-- > 0;)
            value = value << 8U | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
        return value;
    };
    ASSERT_EQ(number(0, 4), 0x04034b50U);
    EXPECT_EQ(number(14, 4), 0xCBF43926U) << "CRC-32 of 123456789, the check value of its definition";
    EXPECT_EQ(bytes.substr(30, 19), "index.html123456789");
    const std::size_t end = bytes.size() - 22;
    ASSERT_EQ(number(end, 4), 0x06054b50U);
    EXPECT_EQ(number(end + 10, 2), 2U);
    const std::size_t directory = number(end + 16, 4);
    ASSERT_EQ(number(directory, 4), 0x02014b50U);
    const std::size_t second = directory + 46 + 10;
    ASSERT_EQ(number(second, 4), 0x02014b50U);
    EXPECT_EQ(number(second + 24, 4), 300'003U);
    EXPECT_EQ(number(number(second + 42, 4) + 22, 4), 300'003U) << "patched once the size was known";
}

}  // namespace
}  // namespace braid::privacy
