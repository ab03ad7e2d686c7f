#include "platform/http/target.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "base/text.h"
#include "platform/http/problem.h"

namespace braid::http {

namespace {

Error bad_target(std::string detail) {
    return {ErrorCode::invalid, std::string(message_keys::kBadRequest), std::move(detail), {}, {}, 0};
}

// RFC 3986 section 5.2.4, on a decoded path. Whether the last segment was a dot segment decides about the
// slash at the end.
std::string without_dot_segments(std::string_view path) {
    if (path.find("/.") == std::string_view::npos) return std::string(path);
    std::vector<std::string_view> kept;
    const auto segments = split(path.substr(1), '/');
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const bool last = i + 1 == segments.size();
        if (segments[i] == "..") {
            if (!kept.empty()) kept.pop_back();
            if (last) kept.emplace_back();
        } else if (segments[i] == ".") {
            if (last) kept.emplace_back();
        } else {
            kept.push_back(segments[i]);
        }
    }
    std::string out;
    for (const auto segment : kept)
        out.append("/").append(segment);
    return out.empty() ? "/" : out;
}

// An address in the form of IPv6, IPv4 mapped into ::ffff:0:0/96 (RFC 4291 section 2.5.5.2).
std::optional<std::array<unsigned char, 16>> address_bytes(std::string_view text) {
    if (text.size() > 64) return std::nullopt;
    const std::string owned(text);
    std::array<unsigned char, 16> bytes{};
    in_addr v4{};
    if (inet_pton(AF_INET, owned.c_str(), &v4) == 1) {
        bytes[10] = bytes[11] = 0xFF;
        std::memcpy(&bytes[12], &v4, 4);
        return bytes;
    }
    if (inet_pton(AF_INET6, owned.c_str(), bytes.data()) == 1) return bytes;
    return std::nullopt;
}

// An entry of X-Forwarded-For as proxies write it: 192.0.2.7, 192.0.2.7:1234, 2001:db8::1,
// [2001:db8::1]:1234.
std::string forwarded_address(std::string_view entry) {
    entry = trim(entry);
    if (entry.starts_with('[')) return std::string(entry.substr(1, entry.find(']') - 1));
    if (std::count(entry.begin(), entry.end(), ':') == 1) entry = entry.substr(0, entry.find(':'));
    return std::string(entry);
}

bool is_request_id(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_' || c == '.';
    });
}

}  // namespace

Result<void> parse_target(Request& request, std::string_view target, const FormLimits& limits) {
    request.target = target;
    if (target.find('#') != std::string_view::npos) return bad_target("a target holds no fragment");
    if (!target.starts_with('/') && target != "*") {
        const auto authority_start = target.find("://");
        const std::string scheme = ascii_lower(target.substr(0, std::min(authority_start, target.size())));
        if (authority_start == std::string_view::npos || (scheme != "http" && scheme != "https"))
            return bad_target("target");
        target.remove_prefix(authority_start + 3);
        const auto authority_end = std::min(target.find_first_of("/?"), target.size());
        if (!is_authority(target.substr(0, authority_end))) return bad_target("authority");
        request.host = target.substr(0, authority_end);
        target.remove_prefix(authority_end);
    }
    const auto question = std::min(target.find('?'), target.size());
    const std::string_view path = target.substr(0, question);
    if (path.find('%') == std::string_view::npos) {
        request.path = path.empty() ? "/" : without_dot_segments(path);
    } else {
        const auto decoded = percent_decode(path);
        if (!decoded) return bad_target("a malformed %-sequence in the path");
        request.path = without_dot_segments(*decoded);
    }
    if (!is_valid_utf8(request.path)) return bad_target("the path is not UTF-8 or holds NUL");
    if (question < target.size()) request.query = TRY(parse_urlencoded(target.substr(question + 1), limits));
    return {};
}

bool is_authority(std::string_view text) {
    if (text.empty() || text.size() > 255 + 6) return false;
    std::string_view host = text, port;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos || !address_bytes(text.substr(1, end - 1))) return false;
        host = {};
        port = text.substr(end + 1);
        if (!port.empty() && port.front() != ':') return false;
    } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
        host = text.substr(0, colon);
        port = text.substr(colon);
        if (host.empty()) return false;
    }
    const bool host_sound = std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '.' || c == '_';
    });
    if (!host_sound) return false;
    if (!port.empty()) port.remove_prefix(1);
    return port.size() <= 5 &&
           std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string host_name(std::string_view authority) {
    if (authority.starts_with('[')) return ascii_lower(authority.substr(1, authority.find(']') - 1));
    authority = authority.substr(0, authority.find(':'));
    if (authority.ends_with('.')) authority.remove_suffix(1);
    return ascii_lower(authority);
}

TrustedProxies::TrustedProxies(const std::vector<std::string>& blocks) {
    for (const std::string& text : blocks) {
        const auto slash = text.find('/');
        const auto bytes = address_bytes(std::string_view(text).substr(0, slash));
        Block block;
        if (!bytes) throw std::invalid_argument("trusted proxy: " + text + " is no address or CIDR block");
        block.address = *bytes;
        if (slash != std::string::npos) {
            const bool v4 = text.find(':') == std::string::npos;
            const auto bits = parse_integer(std::string_view(text).substr(slash + 1));
            if (!bits || *bits < 0 || *bits > (v4 ? 32 : 128))
                throw std::invalid_argument("trusted proxy: " + text);
            block.bits = static_cast<int>(*bits) + (v4 ? 96 : 0);
        }
        blocks_.push_back(block);
    }
}

bool TrustedProxies::trusts(std::string_view address) const {
    if (blocks_.empty()) return false;
    const auto bytes = address_bytes(address);
    if (!bytes) return false;
    return std::any_of(blocks_.begin(), blocks_.end(), [&](const Block& block) {
        const auto whole = static_cast<std::size_t>(block.bits / 8);
        if (std::memcmp(bytes->data(), block.address.data(), whole) != 0) return false;
        const int rest = block.bits % 8;
        if (rest == 0) return true;
        const auto mask = static_cast<unsigned char>(0xFF << (8 - rest));
        return ((*bytes)[whole] & mask) == (block.address[whole] & mask);
    });
}

void TrustedProxies::apply(Request& request) const {
    if (!trusts(request.remote_address)) return;
    if (const auto id = request.header("x-request-id"); id && is_request_id(*id)) request.id = *id;
    // The rightmost value of each is the one our own proxy wrote.
    const auto last = [](std::string_view list) { return trim(list.substr(list.rfind(',') + 1)); };
    if (const auto proto = request.header("x-forwarded-proto"))
        request.secure = ascii_iequals(last(*proto), "https");
    if (const auto host = request.header("x-forwarded-host"); host && is_authority(last(*host)))
        request.host = last(*host);
    std::vector<std::string_view> chain;
    for (const auto& [name, value] : request.headers) {
        if (name != "x-forwarded-for") continue;
        for (const auto entry : split(value, ','))
            chain.push_back(entry);
    }
    for (auto entry = chain.rbegin(); entry != chain.rend(); ++entry) {
        const std::string address = forwarded_address(*entry);
        if (!address_bytes(address)) return;  // garbage: what is beyond it cannot be believed either
        request.remote_address = address;
        if (!trusts(address)) return;
    }
}

}  // namespace braid::http
