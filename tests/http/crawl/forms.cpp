#include "crawl/forms.h"

#include <optional>

#include <boost/json.hpp>

#include "base/text.h"

namespace braid::testing::crawl {
namespace {

using test::Pairs;

constexpr std::string_view kWords = "Words of a crawler";

bool ascii_space(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

struct Tag {
    std::string name;  // "/form" at the end of one
    std::map<std::string, std::string> attributes;
    std::size_t end = 0;  // behind its ">"
};

std::string unescaped(std::string text) {
    for (const auto& [coded, plain] : {std::pair<std::string_view, std::string_view>{"&quot;", "\""},
                                       {"&#39;", "'"},
                                       {"&lt;", "<"},
                                       {"&gt;", ">"},
                                       {"&amp;", "&"}}) {
        for (auto at = text.find(coded); at != std::string::npos; at = text.find(coded, at + plain.size()))
            text.replace(at, coded.size(), plain);
    }
    return text;
}

// The next tag at or after `from`; its pages write attributes as name="value" or name.
std::optional<Tag> next_tag(const std::string& html, std::size_t from) {
    const auto open = html.find('<', from);
    if (open == std::string::npos) return std::nullopt;
    Tag tag;
    std::size_t at = open + 1;
    while (at < html.size() && !ascii_space(html[at]) && html[at] != '>')
        tag.name += html[at++];
    while (at < html.size() && html[at] != '>') {
        if (ascii_space(html[at]) || html[at] == '/') {
            ++at;
            continue;
        }
        std::string name, value;
        while (at < html.size() && html[at] != '=' && html[at] != '>' && !ascii_space(html[at]))
            name += html[at++];
        if (at + 1 < html.size() && html[at] == '=' && html[at + 1] == '"') {
            const auto close = html.find('"', at + 2);
            if (close == std::string::npos) break;
            value = html.substr(at + 2, close - at - 2);
            at = close + 1;
        }
        tag.attributes[name] = unescaped(value);
    }
    tag.end = std::min(at + 1, html.size());
    return tag;
}

std::string typed(const std::string& type, Tag& tag) {
    if (!tag.attributes["value"].empty()) return tag.attributes["value"];
    if (type == "password") return "the lamp counts stairs";
    if (type == "email") return "crawler@example.org";
    if (type == "number") return tag.attributes["min"].empty() ? "1" : tag.attributes["min"];
    if (type == "date") return "2031-01-31";
    if (type == "hidden") return "";
    return std::string(kWords);
}

class FormReader {
  public:
    FormReader(const std::string& html, const std::string& here) : html_(html), here_(here) {}

    std::vector<Form> all() {
        for (auto tag = next_tag(html_, 0); tag; tag = next_tag(html_, tag->end))
            read(*tag);
        return std::move(forms_);
    }

  private:
    void read(Tag& tag) {
        if (tag.name == "form") {
            inside_ = tag.attributes["method"] == "post";
            if (inside_) {
                const std::string& action = tag.attributes["action"];
                forms_.push_back({action.empty() ? here_ : action,
                                  {},
                                  tag.attributes["enctype"] == "multipart/form-data"});
            }
        } else if (tag.name == "/form") {
            inside_ = false;
        } else if (inside_) {
            field(tag);
        }
    }

    void field(Tag& tag) {
        const std::string name = tag.attributes["name"];
        if (tag.name == "option") {
            const bool chosen = tag.attributes.contains("selected");
            if (!select_.empty() && (chosen || !has(select_))) set(select_, tag.attributes["value"]);
        }
        if (tag.name == "/select") select_.clear();
        if (name.empty() || name == "_csrf") return;
        if (tag.name == "select") {
            select_ = name;
        } else if (tag.name == "textarea") {
            const auto close = html_.find("</textarea>", tag.end);
            const std::string text = unescaped(html_.substr(tag.end, close - tag.end));
            set(name, trim(text).empty() ? std::string(kWords) : text);
        } else if (tag.name == "button") {
            if (!has(name)) set(name, tag.attributes["value"]);
        } else if (tag.name == "input") {
            input(name, tag);
        }
    }

    void input(const std::string& name, Tag& tag) {
        const std::string type = tag.attributes["type"];
        if (type == "file" || type == "submit") return;
        const bool checked = tag.attributes.contains("checked");
        if (type == "radio" && !checked && has(name)) return;
        if (type == "checkbox" && !checked && name.find("confirm") == std::string::npos) return;
        set(name, typed(type, tag));
    }

    bool has(const std::string& name) const {
        for (const auto& [there, value] : forms_.back().fields)
            if (there == name) return true;
        return false;
    }
    void set(const std::string& name, const std::string& value) {
        for (auto& [there, old] : forms_.back().fields) {
            if (there != name) continue;
            old = value;
            return;
        }
        forms_.back().fields.emplace_back(name, value);
    }

    const std::string& html_;
    const std::string& here_;
    std::vector<Form> forms_;
    std::string select_;
    bool inside_ = false;
};

namespace json = boost::json;

class Examples {
  public:
    explicit Examples(const json::value& document) : document_(document) {}

    // `name`: of the member, which says whose id a text is.
    json::value of(const json::object& schema, int depth = 0, std::string_view name = {}) const {
        if (const auto* reference = schema.if_contains("$ref")) {
            const json::value* found =
                document_.find_pointer(std::string(reference->as_string()).substr(1), ignored_);
            return depth > 6 || found == nullptr ? json::value() : of(found->as_object(), depth + 1, name);
        }
        if (const auto* one_of = schema.if_contains("enum")) return one_of->as_array().front();
        for (const char* choice : {"anyOf", "oneOf", "allOf"}) {
            if (const auto* some = schema.if_contains(choice))
                return of(some->as_array().front().as_object(), depth + 1, name);
        }
        const std::string type = type_of(schema);
        if (type == "object") return object(schema, depth);
        if (type == "array") {
            const auto* items = schema.if_contains("items");
            return items == nullptr ? json::array() : json::array{of(items->as_object(), depth + 1, name)};
        }
        if (type == "boolean") return true;
        if (type == "integer" || type == "number") {
            const auto* least = schema.if_contains("minimum");
            return least == nullptr ? json::value(1) : *least;
        }
        return json::string(text_for(name));
    }

  private:
    static std::string text_for(std::string_view name) {
        for (const std::string_view thing : {"work", "chapter", "comment", "topic", "child"})
            if (name == thing || name == std::string(thing) + "s")
                return "\x01" + std::string(thing) + ":id\x01";
        if (name == "reply_to") return "\x01comment:id\x01";
        if (name == "language") return "en";
        if (name == "paragraph" || name == "until") return "";
        return std::string(kWords);
    }
    static std::string type_of(const json::object& schema) {
        const auto* type = schema.if_contains("type");
        if (type == nullptr) return schema.contains("properties") ? "object" : "string";
        return std::string(type->is_array() ? type->as_array().front().as_string() : type->as_string());
    }
    json::value object(const json::object& schema, int depth) const {
        json::object made;
        if (const auto* properties = schema.if_contains("properties")) {
            for (const auto& [name, value] : properties->as_object())
                made[name] = of(value.as_object(), depth + 1, name);
        }
        return made;
    }

    const json::value& document_;
    mutable boost::system::error_code ignored_;
};

// "/works/{work:id}" → "/works/{work}".
std::string documented(std::string pattern) {
    for (auto at = pattern.find(':'); at != std::string::npos; at = pattern.find(':', at))
        pattern.erase(at, pattern.find('}', at) - at);
    return pattern;
}

std::string filled_in(std::string text, const Things& things) {
    for (const auto& [name, value] : things) {
        for (const std::string& place : {"\x01" + name + "\x01", "\\u0001" + name + "\\u0001"}) {
            for (auto at = text.find(place); at != std::string::npos; at = text.find(place, at))
                text.replace(at, place.size(), value);
        }
    }
    return text;
}

}  // namespace

std::string row_of(const http::Route& route) {
    return std::string(http::method_name(route.method)) + " " + route.pattern;
}

std::vector<Form> forms_of(const std::string& html, const std::string& here) {
    return FormReader(html, here).all();
}

void Bodies::learn_document(const std::string& text, const http::Router& router) {
    const json::value document = json::parse(text);
    const Examples examples(document);
    for (const http::Route& route : router.routes()) {
        if (!route.pattern.starts_with("/api/")) continue;
        const auto* path = document.at("paths").as_object().if_contains(documented(route.pattern));
        if (path == nullptr) continue;
        const auto* said = path->as_object().if_contains(ascii_lower(http::method_name(route.method)));
        if (said == nullptr) continue;
        const auto* body = said->as_object().if_contains("requestBody");
        json_[row_of(route)] =
            body == nullptr ? ""
                            : json::serialize(examples.of(
                                  body->at("content").at("application/json").at("schema").as_object()));
    }
}

void Bodies::learn_page(const std::string& html, const std::string& here, const Things& things,
                        const http::Router& router) {
    for (Form& form : forms_of(html, here)) {
        const auto match =
            router.find(http::Method::post, form.action.substr(0, form.action.find_first_of("?#")));
        if (match.route == nullptr || match.route->method != http::Method::post) continue;
        for (auto& [name, value] : form.fields)
            for (const auto& [thing, there] : things)
                if (value == there) value = "\x01" + thing + "\x01";
        Form& known = forms_[row_of(*match.route)];
        if (known.fields.size() <= form.fields.size()) known = std::move(form);
    }
}

bool Bodies::knows(const http::Route& route) const {
    const std::string row = row_of(route);
    return forms_.contains(row) || json_.contains(row);
}

test::Reply Bodies::send(test::HttpClient& client, const http::Route& route, const std::string& path,
                         const Things& things) const {
    const std::string row = row_of(route);
    const std::string method(http::method_name(route.method));
    if (const auto json = json_.find(row); json != json_.end()) {
        if (json->second.empty()) return client.request(method, path, {}, "");
        return client.send_json(method, path, filled_in(json->second, things));
    }
    const auto found = forms_.find(row);
    Pairs fields;
    if (found != forms_.end())
        for (const auto& [name, value] : found->second.fields)
            fields.emplace_back(name, filled_in(value, things));
    if (route.options.accepts_uploads) return client.post_multipart(path, fields, {});
    if (method != "POST") return client.send_json(method, path, "{}");
    return client.post(path, fields);
}

}  // namespace braid::testing::crawl
