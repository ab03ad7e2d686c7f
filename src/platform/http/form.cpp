#include "platform/http/form.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "base/text.h"
#include "platform/http/problem.h"

namespace braid::http {

namespace {

constexpr std::size_t kMaxPartHeader = 8 << 10;

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// A %-sequence that is none stays as it is.
std::string decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            out += ' ';
        } else if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                   hex_digit(text[i + 2]) >= 0) {
            out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

Error bad_form(std::string detail) {
    return {ErrorCode::invalid, std::string(message_keys::kBadRequest), std::move(detail), {}, {}, 0};
}

Error too_large(std::string detail) {
    return {ErrorCode::too_large, std::string(message_keys::kTooLarge), std::move(detail), {}, {}, 0};
}

Result<void> check_field(std::string_view name, std::string_view value, const FormLimits& limits) {
    if (!is_valid_utf8(name)) return bad_form("a field's name is not UTF-8");
    if (name.size() > limits.max_name_bytes) return bad_form("a field's name is too long");
    if (value.size() > limits.max_field_bytes) return too_large("field " + std::string(name));
    if (!is_valid_utf8(value)) {
        Error error = invalid(std::string(name), std::string(message_keys::kBadText));
        error.message_key = message_keys::kBadRequest;
        error.detail = "field " + std::string(name) + " is not UTF-8 or holds NUL";
        return error;
    }
    return {};
}

// One parameter of a header like Content-Disposition: form-data; name="title". Browsers write '"', CR and LF
// inside as %22, %0D, %0A (WHATWG HTML, section 4.10.21.8); older ones write \". The extended form name*= is
// not for forms (RFC 7578 section 4.2).
std::optional<std::string> parameter(std::string_view header, std::string_view wanted) {
    std::size_t at = header.find(';');
    while (at < header.size()) {
        ++at;  // ';'
        while (at < header.size() && (header[at] == ' ' || header[at] == '\t'))
            ++at;
        const std::size_t name_end = std::min(header.find_first_of("=;", at), header.size());
        const std::string_view name = trim(header.substr(at, name_end - at));
        at = name_end;
        if (at >= header.size() || header[at] == ';') continue;
        ++at;  // '='
        while (at < header.size() && (header[at] == ' ' || header[at] == '\t'))
            ++at;
        std::string value;
        if (at < header.size() && header[at] == '"') {
            for (++at; at < header.size() && header[at] != '"'; ++at) {
                if (header[at] == '\\' && at + 1 < header.size() && header[at + 1] == '"') ++at;
                value += header[at];
            }
            if (at >= header.size()) return std::nullopt;  // never closed
            at = std::min(header.find(';', at), header.size());
        } else {
            const std::size_t end = std::min(header.find(';', at), header.size());
            value = trim(header.substr(at, end - at));
            at = end;
        }
        if (ascii_iequals(name, wanted)) return value;
    }
    return std::nullopt;
}

std::string unescape_quotes(std::string value) {
    for (const auto& [escaped, plain] :
         {std::pair{"%22", "\""}, std::pair{"%0D", "\r"}, std::pair{"%0A", "\n"}}) {
        for (std::size_t at = 0; (at = value.find(escaped, at)) != std::string::npos; ++at)
            value.replace(at, 3, plain);
    }
    return value;
}

// For showing only: no folders, no control characters, valid UTF-8, not endless.
std::string shown_filename(std::string_view sent) {
    if (const auto slash = sent.find_last_of("/\\"); slash != std::string_view::npos)
        sent.remove_prefix(slash + 1);
    if (!is_valid_utf8(sent)) return "file";
    std::string name;
    for (const char c : sent) {
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) name += c;
    }
    return name == "." || name == ".." || name.empty() ? "file" : ellipsis(name, 200);
}

}  // namespace

Result<Fields> parse_urlencoded(std::string_view text, const FormLimits& limits) {
    Fields fields;
    int count = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) continue;
        if (++count > limits.max_fields)
            return bad_form("more than " + std::to_string(limits.max_fields) + " fields");
        const auto equals = std::min(pair.find('='), pair.size());
        std::string name = decode(pair.substr(0, equals), true);
        std::string value = decode(pair.substr(std::min(equals + 1, pair.size())), true);
        TRY(check_field(name, value, limits));
        fields.add(std::move(name), std::move(value));
    }
    return fields;
}

std::optional<std::string> multipart_boundary(std::string_view content_type) {
    if (!ascii_iequals(trim(content_type.substr(0, content_type.find(';'))), "multipart/form-data"))
        return std::nullopt;
    auto boundary = parameter(content_type, "boundary");
    // RFC 2046 section 5.1.1: 1 to 70 characters, printable, not ending with a space.
    const bool sound =
        boundary && !boundary->empty() && boundary->size() <= 70 && boundary->back() != ' ' &&
        std::all_of(boundary->begin(), boundary->end(), [](char c) { return c >= 0x20 && c < 0x7F; });
    return sound ? boundary : std::nullopt;
}

MultipartReader::MultipartReader(std::string_view boundary, std::filesystem::path folder, FormLimits limits,
                                 Form& form)
    : delimiter_("\r\n--" + std::string(boundary)), folder_(std::move(folder)), limits_(limits), form_(form) {
    pending_ = "\r\n";  // the first delimiter may stand at the very start, where its line end is missing
}

MultipartReader::~MultipartReader() {
    close_file();
}

Result<void> MultipartReader::feed(std::string_view piece) {
    if (state_ == State::end) return {};  // epilogue: ignored, RFC 2046 section 5.1.1
    pending_.append(piece);
    while (TRY(step())) {
    }
    return {};
}

// Takes what it can from `pending_`. False: more bytes are needed.
Result<bool> MultipartReader::step() {
    switch (state_) {
        case State::before:
        case State::content: {
            const auto at = pending_.find(delimiter_);
            const bool found = at != std::string::npos;
            // Without a delimiter all but what could be the start of one is content.
            const std::size_t safe =
                found ? at : pending_.size() - std::min(pending_.size(), delimiter_.size() - 1);
            if (state_ == State::content) TRY(take_content(std::string_view(pending_).substr(0, safe)));
            pending_.erase(0, found ? safe + delimiter_.size() : safe);
            if (!found) return false;
            if (state_ == State::content) TRY(end_part());
            state_ = State::after_delimiter;
            return true;
        }
        case State::after_delimiter: {
            if (pending_.size() < 2) return false;
            if (pending_.starts_with("--")) {
                state_ = State::end;
                pending_.clear();
                return false;
            }
            const auto line_end = pending_.find("\r\n");
            const std::string_view padding = std::string_view(pending_).substr(0, line_end);
            if (padding.find_first_not_of(" \t\r") != std::string_view::npos || padding.size() > 100) {
                return bad_form("multipart: text after a delimiter");
            }
            if (line_end == std::string::npos) return false;
            pending_.erase(0, line_end);  // the line end stays: a part without headers is CRLF CRLF then
            state_ = State::header;
            return true;
        }
        case State::header: {
            const auto end = pending_.find("\r\n\r\n");
            if (end == std::string::npos ? pending_.size() > kMaxPartHeader : end > kMaxPartHeader) {
                return bad_form("multipart: a part's header is too long");
            }
            if (end == std::string::npos) return false;
            TRY(begin_part(std::string_view(pending_).substr(0, end)));
            pending_.erase(0, end + 4);
            state_ = State::content;
            return true;
        }
        case State::end:
            return false;
    }
    return false;
}

Result<void> MultipartReader::begin_part(std::string_view header) {
    if (++parts_ > limits_.max_fields)
        return bad_form("more than " + std::to_string(limits_.max_fields) + " parts");
    std::optional<std::string> name, filename;
    content_type_.clear();
    for (auto line : split(header, '\n')) {
        line = trim(line);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const auto key = trim(line.substr(0, colon));
        const auto value = trim(line.substr(colon + 1));
        if (ascii_iequals(key, "content-disposition")) {
            if (!ascii_iequals(trim(value.substr(0, value.find(';'))), "form-data"))
                return bad_form("multipart: not form-data");
            name = parameter(value, "name");
            filename = parameter(value, "filename");
        } else if (ascii_iequals(key, "content-type")) {
            content_type_ = std::string(value.substr(0, 200));
        }
    }
    if (!name) return bad_form("multipart: a part without a name");
    name_ = unescape_quotes(std::move(*name));
    value_.clear();
    is_file_ = filename.has_value();
    TRY(check_field(name_, {}, limits_));
    if (is_file_) {
        filename_ = filename->empty() ? "" : shown_filename(unescape_quotes(std::move(*filename)));
        if (content_type_.empty() || !is_valid_utf8(content_type_))
            content_type_ = "application/octet-stream";
    }
    return {};
}

Result<void> MultipartReader::take_content(std::string_view content) {
    if (content.empty()) return {};
    if (!is_file_) {
        if (value_.size() + content.size() > limits_.max_field_bytes) return too_large("field " + name_);
        value_.append(content);
        return {};
    }
    if (fd_ < 0) open_file();
    while (!content.empty()) {
        const ssize_t written = ::write(fd_, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw std::system_error(errno, std::generic_category(), "upload");
        content.remove_prefix(static_cast<std::size_t>(written));
        form_.uploads.back().size += written;
    }
    return {};
}

Result<void> MultipartReader::end_part() {
    if (!is_file_) {
        TRY(check_field(name_, value_, limits_));
        form_.fields.add(std::move(name_), std::move(value_));
    } else if (fd_ < 0 && !filename_.empty()) {
        open_file();  // an empty file is a file; a file field left empty (no name) is not
    }
    close_file();
    return {};
}

void MultipartReader::open_file() {
    std::string path = (folder_ / "upload-XXXXXX").string();
    fd_ = ::mkostemp(path.data(), O_CLOEXEC);  // mode 0600
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), path);
    form_.uploads.push_back({name_, filename_.empty() ? "file" : filename_, content_type_, path, 0});
}

void MultipartReader::close_file() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

Result<void> MultipartReader::finish() {
    if (state_ != State::end) return bad_form("multipart: the closing delimiter is missing");
    return {};
}

}  // namespace braid::http
