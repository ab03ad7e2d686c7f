// Comma-separated values (RFC 4180), read row by row in the memory of one row.
//
//   csv::Table table(source);
//   TRY(table.open());                                // the header
//   while (table.next()) { ... table.at("status") ... }
//
// Beyond the RFC: a byte order mark is passed over; rows end with CRLF, LF or CR; empty rows are passed over.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace braid::csv {

// Fills `out` with at most `size` bytes and says how many; 0: the end. Throws what reading throws.
using Source = std::function<std::size_t(char* out, std::size_t size)>;

Source from_text(std::string_view text);  // which must outlive the source

inline constexpr std::size_t kFieldMax = 1 << 20;  // bytes
inline constexpr std::size_t kFieldsMax = 2000;    // of a row

enum class Fault {
    none,
    quote_in_field,    // a quote inside a field that is not quoted, or something after a closing quote
    quote_not_closed,  // the file ended inside quotes
    too_long,          // a field over kFieldMax or a row over kFieldsMax
    not_text,          // not UTF-8, or a NUL
    more_fields,       // Table: more than the header has
};
std::string_view name(Fault fault);  // in plain words

// Used by one thread.
class Reader {
  public:
    explicit Reader(Source source) : source_(std::move(source)), buffer_(std::size_t{1} << 16, '\0') {}

    // False at the end. A row with a fault is passed over to its end, so that the next can be read.
    bool next();
    [[nodiscard]] const std::vector<std::string>& row() const { return row_; }
    [[nodiscard]] Fault fault() const { return fault_; }
    // Where the row begins, from 1; rows inside quotes count.
    [[nodiscard]] std::size_t line() const { return row_line_; }
    // Which field, from 1, when there is a fault.
    [[nodiscard]] std::size_t faulty_field() const { return faulty_field_; }

  private:
    int get();
    int peek();
    void end_line(int c);
    void note(Fault fault);
    bool read_row();
    void read_quoted(std::string& field);

    Source source_;
    std::string buffer_;
    std::size_t at_ = 0, filled_ = 0;
    std::size_t line_ = 1, row_line_ = 1, faulty_field_ = 0;
    bool begun_ = false, ended_ = false;
    Fault fault_ = Fault::none;
    std::vector<std::string> row_;
    std::size_t fields_ = 0;
};

// Rows under a header: columns by name, in any order. Names are compared without regard to case and spaces
// around them. Fields that are missing at the end of a row are empty.
class Table {
  public:
    explicit Table(Source source) : reader_(std::move(source)) {}

    // Reads the header. `malformed` without one, `invalid` on the name of a column that stands there twice.
    Result<void> open();
    bool next();
    [[nodiscard]] bool has(std::string_view column) const;
    // Trimmed. "" for a column that is not there.
    [[nodiscard]] std::string_view at(std::string_view column) const;
    [[nodiscard]] Fault fault() const { return fault_; }
    [[nodiscard]] std::size_t line() const { return reader_.line(); }
    // The name of the column a fault is in; "" when it is beyond the header.
    [[nodiscard]] std::string_view faulty_column() const;

  private:
    Reader reader_;
    std::map<std::string, std::size_t, std::less<>> columns_;  // in lower case
    std::vector<std::string> names_;
    Fault fault_ = Fault::none;
};

}  // namespace braid::csv
