#include "platform/csv/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace braid::csv {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(std::string_view text) {
    Rows rows;
    Reader reader(from_text(text));
    while (reader.next()) {
        EXPECT_EQ(reader.fault(), Fault::none) << name(reader.fault());
        rows.push_back(reader.row());
    }
    return rows;
}

TEST(Csv, ReadsWhatTheStandardSays) {
    EXPECT_EQ(rows_of("a,b\r\nc,d\r\n"), (Rows{{"a", "b"}, {"c", "d"}}));
    EXPECT_EQ(rows_of("a,b\r\nc,d"), (Rows{{"a", "b"}, {"c", "d"}})) << "the last end is left out";
    EXPECT_EQ(rows_of("\"a,1\",\"b\"\"q\"\"\",\"c\r\nd\"\r\n"), (Rows{{"a,1", "b\"q\"", "c\r\nd"}}));
    EXPECT_EQ(rows_of(",\n\"\",x\n"), (Rows{{"", ""}, {"", "x"}}));
}

TEST(Csv, TakesOtherEndsOfLinesAMarkAndEmptyRows) {
    EXPECT_EQ(rows_of("a,b\nc,d\n"), (Rows{{"a", "b"}, {"c", "d"}}));
    EXPECT_EQ(rows_of("a,b\rc,d\r"), (Rows{{"a", "b"}, {"c", "d"}}));
    EXPECT_EQ(rows_of("\xEF\xBB\xBF"
                      "a,ñ\n\n\r\n\"\"\nc"),
              (Rows{{"a", "ñ"}, {""}, {"c"}}));
    EXPECT_THAT(rows_of(""), IsEmpty());
    EXPECT_THAT(rows_of("\xEF\xBB\xBF"), IsEmpty());
}

TEST(Csv, ReadsTheSameHoweverTheBytesCome) {
    const std::string text = "\xEF\xBB\xBF\"a \"\"x\"\"\",b\r\n\"line\r\nbreak\",é\r\n\r\nlast,row";
    for (std::size_t piece = 3; piece < text.size(); ++piece) {
        Source whole = from_text(text);
        Reader reader([&](char* out, std::size_t size) { return whole(out, std::min(size, piece)); });
        Rows rows;
        while (reader.next())
            rows.push_back(reader.row());
        EXPECT_EQ(rows, rows_of(text)) << piece;
    }
}

TEST(Csv, NamesTheLineWhereARowBegins) {
    Reader reader(from_text("a\n\"two\nlines\"\n\nb\n"));
    std::vector<std::size_t> lines;
    while (reader.next())
        lines.push_back(reader.line());
    EXPECT_THAT(lines, ElementsAre(1, 2, 5));
}

TEST(Csv, PassesOverAFaultyRowAndGoesOn) {
    const std::string long_field(kFieldMax + 5, 'x');
    const std::string long_row(kFieldsMax + 5, ',');
    const std::vector<std::pair<std::string, Fault>> bad{{"a,b\"c", Fault::quote_in_field},
                                                         {"a,\"b\"c", Fault::quote_in_field},
                                                         {"a,\xFF", Fault::not_text},
                                                         {"a," + long_field, Fault::too_long},
                                                         {"a,\"" + long_field + "\"", Fault::too_long},
                                                         {long_row, Fault::too_long}};
    for (const auto& [row, fault] : bad) {
        const std::string text = row + "\r\nnext,row\r\n";
        Reader reader(from_text(text));
        ASSERT_TRUE(reader.next());
        EXPECT_EQ(reader.fault(), fault) << row.substr(0, 20);
        EXPECT_EQ(reader.faulty_field(), row == long_row ? kFieldsMax : 2);
        ASSERT_TRUE(reader.next());
        EXPECT_EQ(reader.fault(), Fault::none);
        EXPECT_THAT(reader.row(), ElementsAre("next", "row"));
        EXPECT_FALSE(reader.next());
    }
    Reader open(from_text("a\n\"b\nc\n"));
    ASSERT_TRUE(open.next());
    ASSERT_TRUE(open.next());
    EXPECT_EQ(open.fault(), Fault::quote_not_closed);
    EXPECT_EQ(open.line(), 2) << "where it opens";
    EXPECT_FALSE(open.next());
}

TEST(CsvTable, FindsColumnsByNameInAnyOrder) {
    Table table(from_text("role, SourcedId ,status\r\nstudent, u1 \r\n"));
    ASSERT_TRUE(table.open().ok());
    EXPECT_TRUE(table.has("sourcedId"));
    EXPECT_FALSE(table.has("email"));
    ASSERT_TRUE(table.next());
    EXPECT_EQ(table.at("sourcedid"), "u1");
    EXPECT_EQ(table.at("role"), "student");
    EXPECT_EQ(table.at("status"), "") << "missing at the end of the row";
    EXPECT_EQ(table.at("email"), "");
    EXPECT_FALSE(table.next());
}

TEST(CsvTable, RefusesARowThatIsLongerThanItsHeader) {
    Table table(from_text("a,b\n1,2,\n1,2,3\n1,\"2\"x\n"));
    ASSERT_TRUE(table.open().ok());
    ASSERT_TRUE(table.next());
    EXPECT_EQ(table.fault(), Fault::none) << "an empty field too many is a spreadsheet's habit";
    ASSERT_TRUE(table.next());
    EXPECT_EQ(table.fault(), Fault::more_fields);
    ASSERT_TRUE(table.next());
    EXPECT_EQ(table.fault(), Fault::quote_in_field);
    EXPECT_EQ(table.faulty_column(), "b");
}

TEST(CsvTable, WantsAHeaderWithEachColumnOnce) {
    EXPECT_EQ(Table(from_text("")).open().error().code, ErrorCode::malformed);
    EXPECT_EQ(Table(from_text(" , \n")).open().error().code, ErrorCode::malformed);
    EXPECT_EQ(Table(from_text("a,b,A\n")).open().error().fields.front().field, "A");
}

}  // namespace
}  // namespace braid::csv
