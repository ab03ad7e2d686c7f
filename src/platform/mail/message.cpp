// The form of a mail: RFC 5322 out, and back for the mails kept in a folder.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "platform/mail/coding.h"
#include "platform/mail/mail.h"

namespace braid::mail {

namespace {

bool is_alnum(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

// RFC 5321 section 4.1.2: Dot-string of atext.
bool is_local_part(std::string_view text) {
    if (text.empty() || text.size() > 64) return false;
    for (const std::string_view atom : split(text, '.')) {
        if (atom.empty()) return false;
        for (const char c : atom) {
            if (!is_alnum(c) && std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) == std::string_view::npos)
                return false;
        }
    }
    return true;
}

// RFC 1035 section 2.3.1 with digits allowed first (RFC 1123).
bool is_domain(std::string_view text) {
    if (text.empty() || text.size() > 255) return false;
    for (const std::string_view label : split(text, '.')) {
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
        for (const char c : label) {
            if (!is_alnum(c) && c != '-') return false;
        }
    }
    return true;
}

std::string one_line(std::string_view text) {
    std::string line(text);
    for (char& c : line) {
        if (is_control(c)) c = ' ';
    }
    return line;
}

std::string quoted_name(std::string_view name) {
    if (std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
        return encode_header(name);
    }
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"' || c == '\\') quoted.push_back('\\');
        quoted.push_back(c);
    }
    return quoted + '"';
}

}  // namespace

bool is_address(std::string_view text) {
    if (text.size() > 254) return false;
    const auto at = text.rfind('@');
    return at != std::string_view::npos && is_local_part(text.substr(0, at)) &&
           is_domain(text.substr(at + 1));
}

std::optional<Mailbox> parse_mailbox(std::string_view text) {
    text = trim(text);
    if (!is_valid_utf8(text) || std::any_of(text.begin(), text.end(), is_control)) return std::nullopt;
    if (is_address(text)) return Mailbox{{}, std::string(text)};
    const auto open = text.rfind('<');
    if (open == std::string_view::npos || text.back() != '>') return std::nullopt;
    const std::string_view address = text.substr(open + 1, text.size() - open - 2);
    std::string_view name = trim(text.substr(0, open));
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
    if (!is_address(address)) return std::nullopt;
    return Mailbox{std::string(name), std::string(address)};
}

Result<std::string> to_rfc5322(const Message& message, const Mailbox& from, Timestamp at,
                               std::string_view id) {
    if (!is_address(message.to)) return invalid("to", "error.invalid");
    std::string date = to_http_date(at);
    date.replace(date.size() - 3, 3,
                 "+0000");  // RFC 5322 section 3.3; the obsolete zone names are not for writing
    const std::string domain = from.address.substr(from.address.rfind('@') + 1);

    std::string out;
    const auto header = [&](std::string_view name, std::string_view value) {
        out.append(name).append(": ").append(value).append("\r\n");
    };
    header("Date", date);
    header("From", from.name.empty() ? from.address : quoted_name(from.name) + " <" + from.address + ">");
    header("To", message.to);
    header("Subject", encode_header(one_line(message.subject)));
    header("Message-ID", "<" + std::string(id) + "@" + domain + ">");
    header("MIME-Version", "1.0");
    header("Content-Type", "text/plain; charset=utf-8");
    header("Content-Transfer-Encoding", "quoted-printable");
    header("Auto-Submitted", "auto-generated");
    out += "\r\n";
    out += quoted_printable(message.text);
    return out;
}

}  // namespace braid::mail
