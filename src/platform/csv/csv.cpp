#include "platform/csv/csv.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace braid::csv {

namespace {
constexpr int kEnd = -1;
}

Source from_text(std::string_view text) {
    return [text, at = std::size_t{0}](char* out, std::size_t size) mutable {
        const std::size_t take = std::min(size, text.size() - at);
        std::memcpy(out, text.data() + at, take);
        at += take;
        return take;
    };
}

std::string_view name(Fault fault) {
    switch (fault) {
        case Fault::none:
            return "";
        case Fault::quote_in_field:
            return "a field with a quote in it must stand in quotes, with that quote doubled";
        case Fault::quote_not_closed:
            return "the quotes that open here are never closed";
        case Fault::too_long:
            return "longer than any field or row can be";
        case Fault::not_text:
            return "not text in UTF-8";
        case Fault::more_fields:
            return "more fields than the header has columns";
    }
    return "";
}

int Reader::peek() {
    if (at_ == filled_) {
        if (ended_) return kEnd;
        filled_ = source_(buffer_.data(), buffer_.size());
        at_ = 0;
        if (filled_ == 0) {
            ended_ = true;
            return kEnd;
        }
    }
    return static_cast<unsigned char>(buffer_[at_]);
}

int Reader::get() {
    const int c = peek();
    if (c != kEnd) ++at_;
    return c;
}

// After the first byte of a line's end was taken.
void Reader::end_line(int c) {
    if (c == '\r' && peek() == '\n') get();
    ++line_;
}

void Reader::note(Fault fault) {
    if (fault_ != Fault::none) return;
    fault_ = fault;
    faulty_field_ = fields_;
}

// After the opening quote; ends after the closing one.
void Reader::read_quoted(std::string& field) {
    while (true) {
        const int c = get();
        if (c == kEnd) return note(Fault::quote_not_closed);
        if (c == '"') {
            if (peek() != '"') return;
            get();
        }
        if (c == '\n' || (c == '\r' && peek() != '\n')) ++line_;
        if (field.size() < kFieldMax)
            field.push_back(static_cast<char>(c));
        else
            note(Fault::too_long);
    }
}

bool Reader::read_row() {
    row_line_ = line_;
    fault_ = Fault::none;
    faulty_field_ = 0;
    fields_ = 0;
    while (true) {
        if (fields_ == kFieldsMax) note(Fault::too_long);
        // Beyond the limit the last field is written over: the row is refused anyway.
        const std::size_t index = std::min(fields_, kFieldsMax - 1);
        if (row_.size() <= index) row_.emplace_back();
        std::string& field = row_[index];
        field.clear();
        ++fields_;
        bool quoted = false;
        if (peek() == '"') {
            get();
            quoted = true;
            read_quoted(field);
        }
        int c = get();
        for (; c != ',' && c != '\n' && c != '\r' && c != kEnd; c = get()) {
            if (quoted || c == '"') note(Fault::quote_in_field);
            if (field.size() < kFieldMax)
                field.push_back(static_cast<char>(c));
            else
                note(Fault::too_long);
        }
        if (!is_valid_utf8(field)) note(Fault::not_text);
        if (c == ',') continue;
        if (c != kEnd) end_line(c);
        return quoted || fields_ > 1 || !row_.front().empty();
    }
}

bool Reader::next() {
    if (!begun_) {
        begun_ = true;
        // A byte order mark is three bytes of the first buffer, or there is none.
        if (peek() == 0xEF && filled_ >= 3 && buffer_[1] == '\xBB' && buffer_[2] == '\xBF') at_ = 3;
    }
    while (peek() != kEnd) {
        if (!read_row()) continue;
        row_.resize(std::min(fields_, kFieldsMax));
        return true;
    }
    row_.clear();
    return false;
}

Result<void> Table::open() {
    if (!reader_.next() || reader_.fault() != Fault::none)
        return Error{ErrorCode::malformed, "error.invalid", "no header", {}, {}, 0};
    for (const std::string& typed : reader_.row()) {
        names_.emplace_back(trim(typed));
        if (names_.back().empty()) continue;
        if (!columns_.emplace(ascii_lower(names_.back()), names_.size() - 1).second)
            return invalid(names_.back(), "error.invalid");
    }
    if (columns_.empty()) return Error{ErrorCode::malformed, "error.invalid", "no header", {}, {}, 0};
    return {};
}

bool Table::next() {
    if (!reader_.next()) return false;
    fault_ = reader_.fault();
    if (fault_ != Fault::none) return true;
    const auto& row = reader_.row();
    for (std::size_t i = names_.size(); i < row.size(); ++i) {
        if (!row[i].empty()) fault_ = Fault::more_fields;
    }
    return true;
}

bool Table::has(std::string_view column) const {
    return columns_.contains(ascii_lower(column));
}

std::string_view Table::at(std::string_view column) const {
    const auto found = columns_.find(ascii_lower(column));
    if (found == columns_.end() || found->second >= reader_.row().size()) return {};
    return trim(reader_.row()[found->second]);
}

std::string_view Table::faulty_column() const {
    const std::size_t field = reader_.faulty_field();
    return field >= 1 && field <= names_.size() ? std::string_view(names_[field - 1]) : std::string_view();
}

}  // namespace braid::csv
