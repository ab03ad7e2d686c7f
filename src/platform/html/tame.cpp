#include "platform/html/tame.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"

namespace braid::html {

namespace {

constexpr std::size_t kDepth = 32;

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

template <std::size_t N>
bool one_of(std::string_view name, const std::array<std::string_view, N>& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool holds_no_text(std::string_view name) {
    static constexpr std::array<std::string_view, 20> kNames{
        "script", "style",    "title", "textarea", "iframe", "noembed", "noframes",
        "xmp",    "template", "svg",   "math",     "object", "select",  "noscript",
        "canvas", "audio",    "video", "head",     "button", "applet"};
    return one_of(name, kNames);
}

// The name under which the whitelist knows it; empty: the tag is dropped, what it holds stays.
std::string_view known_as(std::string_view name) {
    static constexpr std::array<std::string_view, 12> kKept{
        "p", "em", "strong", "blockquote", "ul", "ol", "li", "hr", "br", "a", "code", "pre"};
    static constexpr std::array<std::string_view, 22> kBlocks{
        "div",    "section",    "article", "header", "footer",  "main",   "aside", "nav",
        "figure", "figcaption", "table",   "tr",     "td",      "th",     "dl",    "dt",
        "dd",     "form",       "address", "center", "details", "summary"};
    if (const auto found = std::find(kKept.begin(), kKept.end(), name); found != kKept.end()) return *found;
    if (name == "b") return "strong";
    if (name == "i" || name == "cite") return "em";
    if (name == "del" || name == "s" || name == "strike") return "del";
    if (name == "h1" || name == "h2") return "h2";
    if (name == "h3" || name == "h4" || name == "h5" || name == "h6") return "h3";
    if (name == "tt" || name == "kbd" || name == "samp") return "code";
    return one_of(name, kBlocks) ? "div" : "";
}

bool is_block(std::string_view name) {
    static constexpr std::array<std::string_view, 10> kBlocks{"p",  "blockquote", "ul", "ol", "li",
                                                              "hr", "pre",        "h2", "h3", "div"};
    return one_of(name, kBlocks);
}

class Tamer {
  public:
    explicit Tamer(std::string_view html) : html_(html) { out_.reserve(html.size() + html.size() / 8); }

    std::string run() {
        while (at_ < html_.size()) {
            const auto open = std::min(html_.find('<', at_), html_.size());
            out_.append(html_, at_, open - at_);
            at_ = open;
            if (at_ < html_.size()) markup();
        }
        close_to(0);
        return std::move(out_);
    }

  private:
    [[nodiscard]] char peek(std::size_t ahead) const {
        return at_ + ahead < html_.size() ? html_[at_ + ahead] : '\0';
    }

    void markup() {
        const char next = peek(1);
        if (is_letter(next)) {
            tag(false);
        } else if (next == '/' && is_letter(peek(2))) {
            ++at_;
            tag(true);
        } else if (html_.substr(at_, 4) == "<!--") {
            const auto end = html_.find("-->", at_ + 2);
            at_ = end == std::string_view::npos ? html_.size() : end + 3;
        } else if (next == '!' || next == '?' || (next == '/' && at_ + 2 < html_.size())) {
            const auto end = html_.find('>', at_);
            at_ = end == std::string_view::npos ? html_.size() : end + 1;
        } else {
            out_ += "&lt;";
            ++at_;
        }
    }

    // At the character before the name.
    void tag(bool end) {
        const std::size_t begin = ++at_;
        while (at_ < html_.size() && !is_space(html_[at_]) && html_[at_] != '/' && html_[at_] != '>')
            ++at_;
        const std::string name = ascii_lower(html_.substr(begin, at_ - begin));
        std::string href, start;
        bool has_href = false;
        while (at_ < html_.size() && html_[at_] != '>') {
            if (is_space(html_[at_]) || html_[at_] == '/') {
                ++at_;
                continue;
            }
            const std::size_t from = at_++;
            while (at_ < html_.size() && !is_space(html_[at_]) && html_[at_] != '/' && html_[at_] != '>' &&
                   html_[at_] != '=')
                ++at_;
            const std::string attribute = ascii_lower(html_.substr(from, at_ - from));
            while (at_ < html_.size() && is_space(html_[at_]))
                ++at_;
            if (peek(0) != '=') continue;
            ++at_;
            const std::string_view value = attribute_value();
            if (attribute == "href" && !has_href) {
                has_href = true;
                href = value;
            }
            if (attribute == "start" && start.empty()) start = value;
        }
        if (at_ == html_.size()) return;  // an unfinished tag is nothing
        ++at_;
        if (end)
            end_tag(name);
        else
            start_tag(name, href, start);
    }

    std::string_view attribute_value() {
        while (at_ < html_.size() && is_space(html_[at_]))
            ++at_;
        const char quote = peek(0);
        if (quote == '"' || quote == '\'') {
            const std::size_t from = ++at_;
            at_ = std::min(html_.find(quote, at_), html_.size());
            const auto value = html_.substr(from, at_ - from);
            if (at_ < html_.size()) ++at_;
            return value;
        }
        const std::size_t from = at_;
        while (at_ < html_.size() && !is_space(html_[at_]) && html_[at_] != '>')
            ++at_;
        return html_.substr(from, at_ - from);
    }

    void start_tag(const std::string& name, std::string_view href, std::string_view start) {
        if (holds_no_text(name)) {
            skip_to_end_of(name);
            return;
        }
        const std::string_view known = known_as(name);
        if (known.empty()) return;
        if (is_block(known)) close_paragraph();
        if (known == "li") close_item();
        if (known == "a") close_last("a");
        if (known == "br" || known == "hr") {
            out_ += known == "br" ? "<br>" : "<hr>";
            return;
        }
        if (open_.size() >= kDepth) return;
        open_.push_back(known);
        out_ += '<';
        out_ += known;
        if (known == "a") attribute("href", href);
        if (known == "ol") attribute("start", start);
        out_ += '>';
    }

    // Values keep their character references for gumbo to read.
    void attribute(std::string_view name, std::string_view value) {
        if (value.empty()) return;
        out_ += ' ';
        out_ += name;
        out_ += "=\"";
        for (const char c : value) {
            if (c == '"')
                out_ += "&quot;";
            else
                out_ += c;
        }
        out_ += '"';
    }

    void end_tag(const std::string& name) {
        if (name == "p" && std::find(open_.begin(), open_.end(), "p") == open_.end()) {
            return;
        }
        const std::string_view known = known_as(name);
        if (known == "br") {
            out_ += "<br>";
            return;
        }
        close_last(known);
    }

    void close_last(std::string_view name) {
        for (std::size_t i = open_.size(); i-- > 0;) {
            if (open_[i] == name) return close_to(i);
        }
    }

    void close_to(std::size_t depth) {
        while (open_.size() > depth) {
            out_ += "</";
            out_ += open_.back();
            out_ += '>';
            open_.pop_back();
        }
    }

    // A block ends the paragraph, heading or preformatted text it would stand in.
    void close_paragraph() {
        for (std::size_t i = 0; i < open_.size(); ++i) {
            if (open_[i] == "p" || open_[i] == "h2" || open_[i] == "h3" || open_[i] == "pre")
                return close_to(i);
        }
    }

    void close_item() {
        for (std::size_t i = open_.size(); i-- > 0;) {
            if (open_[i] == "ul" || open_[i] == "ol") return;
            if (open_[i] == "li") return close_to(i);
        }
    }

    void skip_to_end_of(std::string_view name) {
        for (auto end = html_.find("</", at_); end != std::string_view::npos;
             end = html_.find("</", end + 2)) {
            const auto after = html_.substr(end + 2);
            if (after.size() >= name.size() && ascii_iequals(after.substr(0, name.size()), name) &&
                (after.size() == name.size() || !is_letter(after[name.size()]))) {
                at_ = std::min(html_.find('>', end), html_.size());
                if (at_ < html_.size()) ++at_;
                return;
            }
        }
        at_ = html_.size();
    }

    std::string_view html_;
    std::size_t at_ = 0;
    std::string out_;
    std::vector<std::string_view> open_;
};

}  // namespace

std::string tame(std::string_view html) {
    return Tamer(html).run();
}

}  // namespace braid::html
