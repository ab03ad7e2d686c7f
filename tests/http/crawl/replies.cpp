#include "crawl/replies.h"

#include <algorithm>
#include <set>
#include <vector>

#include "base/text.h"

namespace braid::testing::crawl {
namespace {

bool word_sign(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

// A nonce, a form token, a request's number, the seal of a cookie: 22, 24 or 43 signs of base 64, or an id.
bool varies(std::string_view word) {
    if (word.starts_with("nonce-")) return true;
    const bool digit = std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
    const bool upper = std::any_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (word.size() == 22 || word.size() == 24 || word.size() == 43) return digit || upper;
    return (word.size() == 12 || word.size() == 13) && digit && !upper &&
           word.find_first_of("-_") == std::string_view::npos;
}

std::string without_what_varies(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        if (!word_sign(text[at])) {
            out += text[at++];
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && word_sign(text[end]))
            ++end;
        const std::string_view word = text.substr(at, end - at);
        out += varies(word) ? std::string_view("…") : word;
        at = end;
    }
    return out;
}

std::string named(std::string text, const Things& things) {
    std::vector<std::pair<std::string, std::string>> longest_first;
    for (const auto& [name, value] : things)
        if (value.size() > 3) longest_first.emplace_back(value, name);
    std::sort(longest_first.begin(), longest_first.end(),
              [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
    for (const auto& [value, name] : longest_first) {
        const std::string in_place = "{" + name + "}";
        for (auto at = text.find(value); at != std::string::npos; at = text.find(value, at + in_place.size()))
            text.replace(at, value.size(), in_place);
    }
    return text;
}

}  // namespace

std::string told(const test::Reply& reply, const Things& asked_for) {
    Things things = asked_for;
    things["number of the request"] = reply.header("x-request-id");
    static const std::set<std::string> kOfTheMoment{"date", "etag", "content-length", "x-request-id",
                                                    "server-timing"};
    std::string text = std::to_string(reply.status) + "\n";
    for (const auto& [name, value] : reply.headers)
        if (!kOfTheMoment.contains(name)) text.append(name).append(": ").append(value).append("\n");
    return without_what_varies(named(text + "\n" + reply.body, things));
}

std::string difference(const std::string& one, const std::string& other) {
    if (one == other) return "";
    const auto [a, b] = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
    const auto around = [](const std::string& text, std::size_t at) {
        const std::size_t from = at < 60 ? 0 : at - 60;
        return text.substr(from, 200);
    };
    return "…" + around(one, static_cast<std::size_t>(a - one.begin())) + "…\nbut for what is not there\n…" +
           around(other, static_cast<std::size_t>(b - other.begin())) + "…";
}

bool refused(const test::Reply& reply) {
    const std::string to = reply.header("location");
    if (reply.status == 303) return to.starts_with("/sign-in") || to.starts_with("/sign-up");
    return reply.status >= 400 && reply.status < 500;
}

}  // namespace braid::testing::crawl
