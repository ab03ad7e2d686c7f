#include "platform/http/router.h"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

#include "base/text.h"

namespace braid::http {

namespace {

enum class Kind { id, integer, text, path };

struct Segment {
    bool literal = true;
    std::string text;  // the literal, or the parameter's name
    Kind kind = Kind::text;
};

[[noreturn]] void malformed(const std::string& pattern, std::string_view why) {
    throw std::logic_error("route " + pattern + ": " + std::string(why));
}

bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

Segment segment_of(const std::string& pattern, std::string_view text) {
    if (text.find_first_of("{}") == std::string_view::npos) {
        if (text.empty()) malformed(pattern, "an empty segment");
        return {true, std::string(text), Kind::text};
    }
    if (!text.starts_with('{') || !text.ends_with('}'))
        malformed(pattern, "a parameter is a whole segment: {name:type}");
    const auto inside = text.substr(1, text.size() - 2);
    const auto colon = inside.find(':');
    if (colon == std::string_view::npos) malformed(pattern, "a parameter has a type: {name:type}");
    const auto name = inside.substr(0, colon);
    const auto type = inside.substr(colon + 1);
    if (!is_name(name)) malformed(pattern, "a parameter's name is lower case letters, digits and _");
    if (type == "id") return {false, std::string(name), Kind::id};
    if (type == "int") return {false, std::string(name), Kind::integer};
    if (type == "text") return {false, std::string(name), Kind::text};
    if (type == "path") return {false, std::string(name), Kind::path};
    malformed(pattern, "a parameter's type is id, int, text or path");
}

std::vector<Segment> parse_pattern(const std::string& pattern) {
    if (!pattern.starts_with('/')) malformed(pattern, "a pattern begins with /");
    std::vector<Segment> segments;
    if (pattern == "/") return segments;
    for (const auto part : split(std::string_view(pattern).substr(1), '/')) {
        if (!segments.empty() && !segments.back().literal && segments.back().kind == Kind::path) {
            malformed(pattern, "{…:path} comes last");
        }
        segments.push_back(segment_of(pattern, part));
        for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
            if (!segments[i].literal && !segments.back().literal &&
                segments[i].text == segments.back().text) {
                malformed(pattern, "two parameters of one name");
            }
        }
    }
    return segments;
}

bool fits(Kind kind, std::string_view text) {
    switch (kind) {
        case Kind::id:
            return id_from_text(text).has_value();
        case Kind::integer: {
            // One spelling per number, so that one page has one address.
            const auto value = parse_integer(text);
            return value && *value >= 0 && std::to_string(*value) == text;
        }
        case Kind::text:
            return !text.empty();
        case Kind::path:
            return true;
    }
    return false;
}

constexpr std::size_t kMethodCount = 7;

}  // namespace

struct Router::Node {
    struct Child {
        Kind kind;
        std::string name;
        std::unique_ptr<Node> node;
    };
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::vector<Child> parameters;  // in the order of Kind: the stricter types are tried first
    std::array<const Route*, kMethodCount> rows{};

    [[nodiscard]] bool has_rows() const {
        return std::any_of(rows.begin(), rows.end(), [](const Route* row) { return row != nullptr; });
    }

    // The first node that the rest of the path leads to and `wanted` accepts. `taken` holds the parameters on
    // the way.
    template <class Wanted>
    const Node* walk(std::string_view rest, std::vector<std::pair<std::string_view, std::string_view>>& taken,
                     const Wanted& wanted) const {
        if (rest.empty()) {
            if (has_rows() && wanted(*this)) return this;
            return nullptr;
        }
        rest.remove_prefix(1);  // '/'
        const auto slash = rest.find('/');
        const auto head = rest.substr(0, slash);
        const auto tail = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash);
        if (const auto found = literals.find(head); found != literals.end()) {
            if (const Node* node = found->second->walk(tail, taken, wanted)) return node;
        }
        for (const Child& child : parameters) {
            const bool whole = child.kind == Kind::path;
            const auto value = whole ? rest : head;
            if (!fits(child.kind, value)) continue;
            taken.emplace_back(child.name, value);
            if (const Node* node = child.node->walk(whole ? std::string_view{} : tail, taken, wanted))
                return node;
            taken.pop_back();
        }
        return nullptr;
    }
};

Router::Router() : root_(std::make_shared<Node>()) {}

void Router::add(Route route) {
    const auto segments = parse_pattern(route.pattern);
    Node* node = root_.get();
    for (const Segment& segment : segments) {
        std::unique_ptr<Node>* place = nullptr;
        if (segment.literal) {
            place = &node->literals[segment.text];
        } else {
            const auto same = [&](const Node::Child& child) {
                return child.kind == segment.kind && child.name == segment.text;
            };
            auto found = std::find_if(node->parameters.begin(), node->parameters.end(), same);
            if (found == node->parameters.end()) {
                const auto after =
                    std::find_if(node->parameters.begin(), node->parameters.end(),
                                 [&](const Node::Child& child) { return child.kind > segment.kind; });
                if (after != node->parameters.begin() && std::prev(after)->kind == segment.kind) {
                    malformed(route.pattern,
                              "another route calls this parameter {" + std::prev(after)->name + "}");
                }
                found = node->parameters.insert(after, {segment.kind, segment.text, nullptr});
            }
            place = &found->node;
        }
        if (!*place) *place = std::make_unique<Node>();
        node = place->get();
    }
    const Route*& row = node->rows[static_cast<std::size_t>(route.method)];
    if (row != nullptr)
        malformed(route.pattern, "there is already a row for " + std::string(method_name(route.method)));
    route.index = routes_.size();
    routes_.push_back(std::move(route));
    row = &routes_.back();
}

void Router::get(std::string pattern, ActionRef action, Handler handler, RouteOptions options) {
    add({Method::get, std::move(pattern), action, std::move(handler), options});
}

void Router::post(std::string pattern, ActionRef action, Handler handler, RouteOptions options) {
    add({Method::post, std::move(pattern), action, std::move(handler), options});
}

Router::Match Router::find(Method method, std::string_view path) const {
    Match match;
    if (!path.starts_with('/')) return match;
    if (path == "/") path = {};
    const auto row_for = [&](const Node& node) {
        const Route* row = node.rows[static_cast<std::size_t>(method)];
        if (row == nullptr && method == Method::head) row = node.rows[static_cast<std::size_t>(Method::get)];
        return row;
    };
    std::vector<std::pair<std::string_view, std::string_view>> taken;
    if (const Node* node = root_->walk(path, taken, [&](const Node& n) { return row_for(n) != nullptr; })) {
        match.route = row_for(*node);
        for (const auto& [name, value] : taken)
            match.parameters.add(std::string(name), std::string(value));
        return match;
    }
    taken.clear();
    if (const Node* node = root_->walk(path, taken, [](const Node&) { return true; })) {
        match.wrong_method = true;
        for (std::size_t i = 0; i < kMethodCount; ++i) {
            const bool head = static_cast<Method>(i) == Method::head &&
                              node->rows[static_cast<std::size_t>(Method::get)] != nullptr;
            if (node->rows[i] == nullptr && !head) continue;
            if (!match.allowed.empty()) match.allowed += ", ";
            match.allowed += method_name(static_cast<Method>(i));
        }
    }
    return match;
}

}  // namespace braid::http
