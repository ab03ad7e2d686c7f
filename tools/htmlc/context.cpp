#include "context.h"

#include <algorithm>
#include <array>

namespace htmlc {

namespace {

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

template <std::size_t N>
bool one_of(std::string_view name, const std::array<std::string_view, N>& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// htmx reads each of its attributes with data- in front too, which is how a valid page writes them.
std::string_view without_data(std::string_view name) {
    return name.starts_with("data-hx-") ? name.substr(5) : name;
}

bool is_url_attribute(std::string_view written) {
    const std::string_view name = without_data(written);
    static constexpr std::array<std::string_view, 22> kNames{
        "href",   "src",      "action",      "formaction", "poster",     "cite",
        "data",   "ping",     "srcset",      "manifest",   "background", "longdesc",
        "icon",   "itemtype", "imagesrcset", "xlink:href", "hx-get",     "hx-post",
        "hx-put", "hx-patch", "hx-delete",   "hx-push-url"};
    return one_of(name, kNames) || name == "hx-replace-url";
}

bool is_rawtext(std::string_view tag) {
    static constexpr std::array<std::string_view, 7> kTags{"script",  "style",    "xmp",      "iframe",
                                                           "noembed", "noframes", "plaintext"};
    return one_of(tag, kTags);
}

bool is_handler(std::string_view attribute) {
    return attribute.starts_with("on") || without_data(attribute).starts_with("hx-on");
}

bool inside_tag_gap(State state) {
    return state == State::tag_name || state == State::before_name || state == State::attribute_name ||
           state == State::after_name || state == State::after_value || state == State::tag_gap;
}

Url advance(Url url, std::string& written, char c) {
    switch (url) {
        case Url::start:
            written = c;
            return c == '/' ? Url::slash : c == '?' ? Url::query : c == '#' ? Url::fragment : Url::unknown;
        case Url::slash:
            written.clear();
            return c == '?' ? Url::query : c == '#' ? Url::fragment : Url::path;
        case Url::unknown:
            if (c != ':') {
                written += lower(c);
                return c == '/' ? Url::path : c == '?' ? Url::query : c == '#' ? Url::fragment : Url::unknown;
            }
            written += c;
            return Url::path;
        case Url::path:
            return c == '?' ? Url::query : c == '#' ? Url::fragment : Url::path;
        case Url::query:
            return c == '=' ? Url::value : c == '#' ? Url::fragment : Url::query;
        case Url::value:
            return c == '&' || c == ';' ? Url::query : c == '#' ? Url::fragment : Url::value;
        default:
            return url;
    }
}

}  // namespace

std::optional<std::string> Context::read(char c) {
    fresh_textarea = false;
    const auto end_tag = [&]() -> std::optional<std::string> {
        const std::string name = tag;
        attribute.clear();
        written.clear();
        const bool allowed = allowed_inline;
        allowed_inline = false;
        if ((name == "script" || name == "style") && !allowed) {
            tag.clear();
            return "an inline <" + name + "> needs nonce=\"{{ out.nonce() }}\", or the browser refuses it";
        }
        if (is_rawtext(name)) {
            state = State::rawtext;
        } else if (name == "title" || name == "textarea") {
            state = State::rcdata;
            fresh_textarea = name == "textarea";
        } else {
            state = State::content;
            tag.clear();
        }
        return std::nullopt;
    };
    const auto start_name = [&]() -> std::optional<std::string> {
        if (c == '"' || c == '\'' || c == '<' || c == '=') {
            return std::string("unexpected '") + c + "' inside the tag <" + tag + ">";
        }
        attribute = lower(c);
        state = State::attribute_name;
        return std::nullopt;
    };
    const auto finish_name = [&]() -> std::optional<std::string> {
        if (attribute == "src" || attribute == "nonce") allowed_inline = true;
        if (is_handler(attribute)) {
            return "the attribute " + attribute +
                   "= holds script, which the browser refuses; listen from a script file";
        }
        if (attribute == "style") return "the browser refuses style= attributes; use a class";
        if (attribute == "srcdoc") return "srcdoc= holds a document; it is not supported";
        return std::nullopt;
    };

    switch (state) {
        case State::content:
            if (c == '<') state = State::tag_open;
            return std::nullopt;
        case State::tag_open:
            if (c == '!') {
                state = State::declaration;
                written.clear();
            } else if (c == '/' && tag.empty()) {
                tag = "/";
            } else if (is_letter(c)) {
                tag += lower(c);
                state = State::tag_name;
                allowed_inline = false;
            } else {
                return "'<' begins no tag here; write &lt;";
            }
            return std::nullopt;
        case State::tag_name:
            if (is_space(c))
                state = State::before_name;
            else if (c == '/')
                state = State::self_closing;
            else if (c == '>')
                return end_tag();
            else if (c == '<' || c == '"' || c == '\'' || c == '=')
                return std::string("unexpected '") + c + "' in a tag name";
            else
                tag += lower(c);
            return std::nullopt;
        case State::before_name:
        case State::after_value:
        case State::tag_gap:
            if (is_space(c))
                state = State::before_name;
            else if (c == '/')
                state = State::self_closing;
            else if (c == '>')
                return end_tag();
            else if (state != State::before_name)
                return "white space is missing before the next attribute";
            else
                return start_name();
            return std::nullopt;
        case State::attribute_name:
        case State::after_name:
            if (is_space(c)) {
                state = State::after_name;
            } else if (c == '=') {
                if (auto refused = finish_name()) return refused;
                state = State::before_value;
            } else if (c == '/') {
                state = State::self_closing;
            } else if (c == '>') {
                return end_tag();
            } else if (state == State::after_name) {
                return start_name();
            } else if (c == '"' || c == '\'' || c == '<') {
                return std::string("unexpected '") + c + "' in an attribute name";
            } else {
                attribute += lower(c);
            }
            return std::nullopt;
        case State::before_value:
            if (is_space(c)) return std::nullopt;
            if (c != '"' && c != '\'')
                return "the value of the attribute " + attribute + "= must stand in quotes";
            quote = c;
            state = State::value;
            url = is_url_attribute(attribute) ? Url::start : Url::none;
            written.clear();
            return std::nullopt;
        case State::value:
            if (c == quote) {
                state = State::after_value;
                quote = 0;
                url = Url::none;
                written.clear();
                return std::nullopt;
            }
            if (url != Url::none) {
                const Url before = url;
                url = advance(url, written, c);
                if (before == Url::unknown && url == Url::path &&
                    (written == "javascript:" || written == "vbscript:")) {
                    return "a " + written + " address is script, which the browser refuses";
                }
            }
            return std::nullopt;
        case State::self_closing:
            if (c == '>') return end_tag();
            state = State::before_name;
            return read(c);
        case State::declaration:
            if (written.size() < 2 && c == '-' && (written.empty() || written == "-")) {
                written += c;
                if (written == "--") {
                    state = State::comment;
                    written.clear();
                }
            } else if (c == '>') {
                *this = {};
            } else {
                written = "x";
            }
            return std::nullopt;
        case State::comment:
            if (c == '-') {
                if (written.size() < 2) written += c;
            } else if (c == '>' && written == "--") {
                *this = {};
            } else {
                written.clear();
            }
            return std::nullopt;
        case State::rcdata:
        case State::rawtext: {
            // Waits for "</tag" and then white space, "/" or ">".
            const std::string end = "</" + tag;
            if (written == end && (is_space(c) || c == '/' || c == '>')) {
                tag = "/" + tag;
                written.clear();
                state = State::tag_name;
                return read(c);
            }
            if (written.size() < end.size() && lower(c) == end[written.size()]) {
                written += lower(c);
            } else {
                written = c == '<' ? "<" : "";
            }
            return std::nullopt;
        }
    }
    return std::nullopt;
}

std::optional<std::string> Context::place() {
    switch (state) {
        case State::content:
            return std::nullopt;
        case State::rcdata:
            fresh_textarea = false;
            if (!written.empty()) return "a placeholder cannot be part of a tag";
            return std::nullopt;
        case State::value:
            switch (url) {
                case Url::start:
                    url = Url::path;
                    break;
                case Url::unknown:
                    return "a URL with a placeholder begins with '/', '?', '#', a whole scheme or the "
                           "placeholder itself";
                case Url::mixed:
                    return "the branches before this placeholder end in different parts of the URL";
                default:
                    break;
            }
            return std::nullopt;
        case State::before_value:
            return "the value of the attribute " + attribute + "= must stand in quotes";
        case State::rawtext:
            return "a placeholder cannot stand inside <" + tag +
                   ">: there is no safe escaping; put the value into a data- attribute and read it from the "
                   "script";
        case State::comment:
        case State::declaration:
            return "a placeholder cannot stand inside an HTML comment; use {# … #}";
        case State::tag_open:
        case State::tag_name:
            return "a placeholder cannot be part of a tag name";
        default:
            return "a placeholder cannot be an attribute or its name; put {% if %} around the whole "
                   "attribute";
    }
}

std::string Context::describe() const {
    switch (state) {
        case State::content:
            return "element content";
        case State::rcdata:
        case State::rawtext:
            return "inside <" + tag + ">";
        case State::tag_open:
        case State::tag_name:
        case State::before_name:
        case State::after_value:
        case State::tag_gap:
        case State::self_closing:
            return "inside the tag <" + tag + ">";
        case State::attribute_name:
        case State::after_name:
        case State::before_value:
            return "after the attribute name " + attribute + " in <" + tag + ">";
        case State::value:
            return "inside the value of " + attribute + "= in <" + tag + ">";
        case State::declaration:
        case State::comment:
            return "inside a comment";
    }
    return {};
}

std::optional<Context> meet(const Context& a, const Context& b) {
    if (a == b) return a;
    if (a.tag != b.tag) return std::nullopt;
    if (inside_tag_gap(a.state) && inside_tag_gap(b.state)) {
        Context both;
        both.state = State::tag_gap;
        both.tag = a.tag;
        both.allowed_inline = a.allowed_inline && b.allowed_inline;
        return both;
    }
    Context both = a;
    both.allowed_inline = a.allowed_inline && b.allowed_inline;
    both.fresh_textarea = false;
    if (a.state == State::value && a.url != Url::none) {
        if (both.url != b.url) both.url = Url::mixed;
        if (a.written != b.written) both.written.clear();
    }
    Context other = b;
    other.allowed_inline = both.allowed_inline;
    other.fresh_textarea = false;
    if (both.url == Url::mixed || (a.state == State::value && b.state == State::value)) {
        other.url = both.url;
        other.written = both.written;
    }
    if (both == other) return both;
    return std::nullopt;
}

}  // namespace htmlc
