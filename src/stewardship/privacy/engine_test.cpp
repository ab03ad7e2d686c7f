#include "stewardship/privacy/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "stewardship/privacy/bundle.h"
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

}  // namespace
}  // namespace braid::privacy
