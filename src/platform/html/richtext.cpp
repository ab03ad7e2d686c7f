// The whitelist. Walks the tree that gumbo made and writes anew, in one canonical form, what is allowed:
//
//   block   p, h2, h3, hr, pre > code (prose only: h2, h3, hr, pre), blockquote of blocks, ul and ol of li
//   li      text, then blocks; two texts in a row: the second is a p
//   inline  em, strong, del, code, br, a with href
//
// White space is folded, empty elements are left out, nesting is limited, nothing else is ever written; so
// the output read again gives the same output.

#include "platform/html/richtext.h"

#include <gumbo.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "base/text.h"
#include "platform/html/markdown.h"
#include "platform/html/tame.h"

namespace braid::html {

namespace {

constexpr std::size_t kContainers = 12;
constexpr std::size_t kInlines = 8;

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

std::string_view trim_ascii(std::string_view text) {
    const auto unwanted = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
    while (!text.empty() && unwanted(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && unwanted(text.back()))
        text.remove_suffix(1);
    return text;
}

// Control characters mean nothing in a text; browsers and XML dislike them.
bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && !is_space(c)) || byte == 0x7F;
}

// Control characters of C1 and noncharacters (Unicode 23.7), which gumbo replaces where they are written and
// lets through where a character reference names them.
bool is_no_text(std::string_view character) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
    if (character.size() == 2) return at(0) == 0xC2 && at(1) < 0xA0;
    if (character.size() == 3)
        return at(0) == 0xEF &&
               ((at(1) == 0xB7 && at(2) >= 0x90 && at(2) <= 0xAF) || (at(1) == 0xBF && at(2) >= 0xBE));
    return character.size() == 4 && (at(1) & 0x0F) == 0x0F && at(2) == 0xBF && at(3) >= 0xBE;
}

// What gumbo read, as text. Its numbers of character references overflow, and what it makes of them then need
// not be UTF-8; found by the fuzzer.
std::string valid_text(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        const auto character = text.substr(i, length);
        if (!is_valid_utf8(character)) length = 1;
        if (length < character.size() || lead >= 0x80) {
            if (length < character.size() || !is_valid_utf8(character) || is_no_text(character))
                valid += "\xEF\xBF\xBD";
            else
                valid += character;
        } else {
            valid += text[i];
        }
        i += length;
    }
    return valid;
}

const char* attribute(const GumboElement& element, const char* name) {
    const GumboAttribute* found = gumbo_get_attribute(&element.attributes, name);
    return found == nullptr ? nullptr : found->value;
}

class Writer {
  public:
    explicit Writer(Dialect dialect) : dialect_(dialect) {}

    std::vector<Block> blocks(const GumboNode& root) {
        children(root);
        end_run();
        return std::move(blocks_);
    }

  private:
    struct Container {
        std::string open;  // "<ol start=\"3\">"
        std::string_view tag;
        bool written = false;
        bool bare = false;     // a li whose last child is text without an element
        bool implied = false;  // a li for something that stood in a list by itself
    };
    struct Inline {
        std::string open;
        std::string_view tag;
        bool written = false;
    };

    void children(const GumboNode& node) {
        const GumboVector& list = node.v.element.children;
        for (unsigned i = 0; i < list.length; ++i)
            visit(*static_cast<const GumboNode*>(list.data[i]));
    }

    void visit(const GumboNode& node) {
        if (node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE ||
            node.type == GUMBO_NODE_CDATA) {
            text(valid_text(node.v.text.text));
            return;
        }
        if (node.type != GUMBO_NODE_ELEMENT || node.v.element.tag_namespace != GUMBO_NAMESPACE_HTML) return;
        switch (node.v.element.tag) {
            case GUMBO_TAG_P:
            case GUMBO_TAG_DIV:
                return block("p", node);
            case GUMBO_TAG_H1:
            case GUMBO_TAG_H2:
                return block(dialect_ == Dialect::prose ? "h2" : "p", node);
            case GUMBO_TAG_H3:  // stays what it is, so that what was sanitised is the same when it is again
            case GUMBO_TAG_H4:
            case GUMBO_TAG_H5:
            case GUMBO_TAG_H6:
                return block(dialect_ == Dialect::prose ? "h3" : "p", node);
            case GUMBO_TAG_BLOCKQUOTE:
                return container("<blockquote>", "blockquote", node);
            case GUMBO_TAG_UL:
                return container("<ul>", "ul", node);
            case GUMBO_TAG_OL:
                return container(ordered(node.v.element), "ol", node);
            case GUMBO_TAG_LI:
                if (!containers_.empty() && containers_.back().implied) {
                    end_run();
                    close_container();
                }
                if (in_list()) return container("<li>", "li", node);
                return block("p", node);
            case GUMBO_TAG_HR:
                return rule();
            case GUMBO_TAG_PRE:
                return preformatted(node);
            case GUMBO_TAG_BR:
                return line_break();
            case GUMBO_TAG_EM:
            case GUMBO_TAG_I:
                return inside("<em>", "em", node);
            case GUMBO_TAG_STRONG:
            case GUMBO_TAG_B:
                return inside("<strong>", "strong", node);
            case GUMBO_TAG_DEL:
            case GUMBO_TAG_S:
                return inside("<del>", "del", node);
            case GUMBO_TAG_CODE:
                return inside("<code>", "code", node);
            case GUMBO_TAG_A:
                return link(node);
            default:
                break;
        }
        // tame() lets nothing else through; text in an element unknown to it would be text.
        if (node.v.element.tag != GUMBO_TAG_SCRIPT && node.v.element.tag != GUMBO_TAG_STYLE) children(node);
    }

    // ---- blocks ----

    [[nodiscard]] bool in_list() const {
        return !containers_.empty() && (containers_.back().tag == "ul" || containers_.back().tag == "ol");
    }

    static std::string ordered(const GumboElement& element) {
        const char* start = attribute(element, "start");
        const auto number = start == nullptr ? std::nullopt : parse_integer(start);
        if (!number || *number < 0 || *number > 99999 || *number == 1) return "<ol>";
        return "<ol start=\"" + std::to_string(*number) + "\">";
    }

    void block(std::string_view tag, const GumboNode& node) {
        end_run();
        const auto around = run_tag_;
        run_tag_ = tag;
        explicit_ = true;
        children(node);
        end_run();
        run_tag_ = around;
        explicit_ = !around.empty();
    }

    void container(std::string open, std::string_view tag, const GumboNode& node) {
        end_run();
        const auto run_tag = std::exchange(run_tag_, std::string_view{});
        const bool was_explicit = std::exchange(explicit_, false);
        // A list counts together with its items, and what stands in a list by itself with the item it will
        // get.
        const bool needs_item = tag != "li" && in_list();
        const bool fits =
            tag == "li" ||
            containers_.size() + (needs_item ? 1 : 0) + (tag == "blockquote" ? 1 : 2) <= kContainers;
        const std::size_t depth = containers_.size();
        if (fits) {
            if (needs_item) containers_.push_back({.open = "<li>", .tag = "li", .implied = true});
            containers_.push_back({std::move(open), tag});
        }
        // Inside what does not fit, texts are paragraphs of the container around.
        children(node);
        end_run();
        while (containers_.size() > depth)
            close_container();
        run_tag_ = run_tag;
        explicit_ = was_explicit;
    }

    void close_container() {
        const Container last = std::move(containers_.back());
        containers_.pop_back();
        if (!last.written) return;
        html_ += "</" + std::string(last.tag) + ">";
        if (!containers_.empty())
            containers_.back().bare = false;
        else
            finish_block();
    }

    // Writes the containers around what comes now; in a list that is an item at least.
    void open_containers() {
        if (in_list()) containers_.push_back({.open = "<li>", .tag = "li", .implied = true});
        for (auto& each : containers_) {
            if (!each.written) html_ += each.open;
            each.written = true;
        }
        if (!plain_.empty()) plain_space_ = true;
    }

    void after_block() {
        if (containers_.empty())
            finish_block();
        else
            containers_.back().bare = false;
    }

    void finish_block() {
        blocks_.push_back({std::move(html_), std::move(plain_)});
        html_.clear();
        plain_.clear();
        plain_space_ = false;
    }

    void rule() {
        end_run();
        if (dialect_ != Dialect::prose) return;
        open_containers();
        html_ += "<hr>";
        after_block();
    }

    void preformatted(const GumboNode& node) {
        if (dialect_ != Dialect::prose) return block("p", node);
        end_run();
        std::string text;
        collect(node, text);
        while (!text.empty() && is_space(text.back()))
            text.pop_back();
        if (text.find_first_not_of(" \t\n") == std::string::npos) return;
        open_containers();
        html_ += "<pre><code>" + escape(text) + "</code></pre>";
        for (const char c : text)
            plain(c);
        after_block();
    }

    static void collect(const GumboNode& node, std::string& text) {
        const GumboVector& list = node.v.element.children;
        for (unsigned i = 0; i < list.length; ++i) {
            const auto& child = *static_cast<const GumboNode*>(list.data[i]);
            if (child.type == GUMBO_NODE_ELEMENT) {
                if (child.v.element.tag == GUMBO_TAG_BR)
                    text += '\n';
                else
                    collect(child, text);
            } else if (child.type == GUMBO_NODE_TEXT || child.type == GUMBO_NODE_WHITESPACE ||
                       child.type == GUMBO_NODE_CDATA) {
                const std::string valid = valid_text(child.v.text.text);
                for (const char* c = valid.c_str(); *c != '\0'; ++c) {
                    if (*c == '\r' || *c == '\f')
                        text += '\n';
                    else if (!is_control(*c))
                        text += *c;
                }
            }
        }
    }

    // ---- text ----

    void begin_run() {
        if (in_run_) return;
        open_containers();
        in_run_ = true;
        const bool item = !containers_.empty() && containers_.back().tag == "li";
        bare_run_ = item && !explicit_ && !containers_.back().bare;
        block_tag_ = explicit_ ? run_tag_ : std::string_view("p");
        if (!bare_run_) html_ += "<" + std::string(block_tag_) + ">";
    }

    void end_run() {
        space_ = false;
        breaks_ = 0;
        if (!in_run_) return;
        for (std::size_t i = inlines_.size(); i-- > 0;) {
            if (inlines_[i].written) html_ += "</" + std::string(inlines_[i].tag) + ">";
            inlines_[i].written = false;
        }
        in_run_ = false;
        space_at_ = 0;
        if (bare_run_) {
            containers_.back().bare = true;
        } else {
            html_ += "</" + std::string(block_tag_) + ">";
            after_block();
        }
    }

    // Writes what waits before the next visible thing: elements that begin, line breaks, one space where it
    // stood.
    void before_text() {
        const bool first = !in_run_;
        begin_run();
        if (first) {
            space_ = false;
            breaks_ = 0;
        }
        const std::size_t at = std::min(space_at_, inlines_.size());
        for (std::size_t i = 0; i <= inlines_.size(); ++i) {
            if (i == at) gap();
            if (i < inlines_.size() && !inlines_[i].written) {
                html_ += inlines_[i].open;
                inlines_[i].written = true;
            }
        }
    }

    void gap() {
        for (; breaks_ > 0; --breaks_)
            html_ += "<br>";
        if (space_) html_ += ' ';
        space_ = false;
    }

    void text(const std::string& text) {
        for (const char* c = text.c_str(); *c != '\0'; ++c) {
            if (is_space(*c)) {
                space_here();
            } else if (!is_control(*c)) {
                if (!in_run_ || space_ || breaks_ > 0 || unwritten()) before_text();
                switch (*c) {
                    case '&':
                        html_ += "&amp;";
                        break;
                    case '<':
                        html_ += "&lt;";
                        break;
                    case '>':
                        html_ += "&gt;";
                        break;
                    default:
                        html_ += *c;
                }
                plain(*c);
            }
        }
    }

    [[nodiscard]] bool unwritten() const { return !inlines_.empty() && !inlines_.back().written; }

    void plain(char c) {
        if (is_space(c)) {
            plain_space_ = !plain_.empty();
            return;
        }
        if (plain_space_) plain_ += ' ';
        plain_space_ = false;
        plain_ += c;
    }

    void space_here() {
        plain_space_ = !plain_.empty();
        if (!in_run_ || space_ || breaks_ > 0) return;
        space_ = true;
        space_at_ = inlines_.size();
    }

    void line_break() {
        plain_space_ = !plain_.empty();
        if (!in_run_) return;
        if (breaks_ == 0) space_at_ = inlines_.size();
        space_ = false;
        if (breaks_ < 3) ++breaks_;
    }

    void inside(std::string open, std::string_view tag, const GumboNode& node) {
        const bool again = std::any_of(inlines_.begin(), inlines_.end(),
                                       [&](const Inline& each) { return each.tag == tag; });
        if (inlines_.size() >= kInlines || again) return children(node);
        inlines_.push_back({std::move(open), tag});
        children(node);
        if (inlines_.back().written) html_ += "</" + std::string(tag) + ">";
        inlines_.pop_back();
        // What waits inside an element that ends waits behind it.
        space_at_ = std::min(space_at_, inlines_.size());
    }

    void link(const GumboNode& node) {
        const char* href = attribute(node.v.element, "href");
        const std::string_view url = href == nullptr ? std::string_view{} : trim_ascii(href);
        if (!is_local_or_web(url)) return children(node);
        Out out(i18n::Language::en, {});
        out.url(url);
        inside("<a href=\"" + out.take() + "\" rel=\"nofollow noopener ugc\">", "a", node);
    }

    const Dialect dialect_;
    std::vector<Block> blocks_;
    std::string html_, plain_;  // of the block at the top level that is being written
    bool plain_space_ = false;
    std::vector<Container> containers_;
    std::vector<Inline> inlines_;
    std::string_view run_tag_;    // of the block element around, empty: none
    bool explicit_ = false;       // there is one
    bool in_run_ = false;         // text is being written
    bool bare_run_ = false;       // … directly in a li
    std::string_view block_tag_;  // … else in this element
    bool space_ = false;          // white space waits
    int breaks_ = 0;              // line breaks wait
    std::size_t space_at_ = 0;    // … inside this many of the inline elements
};

std::vector<Block> whitelisted(const std::string& html, Dialect dialect) {
    GumboOptions options = kGumboDefaultOptions;
    options.max_errors = 0;
    options.fragment_context = GUMBO_TAG_DIV;
    const auto destroy = [&](GumboOutput* output) { gumbo_destroy_output(&options, output); };
    const std::unique_ptr<GumboOutput, decltype(destroy)> output(
        gumbo_parse_with_options(&options, html.data(), html.size()), destroy);
    return Writer(dialect).blocks(*output->root);
}

SafeHtml joined(const std::vector<Block>& blocks) {
    std::string html;
    for (const auto& block : blocks) {
        if (!html.empty()) html += '\n';
        html += block.html;
    }
    return SafeHtml::trust(std::move(html));
}

}  // namespace

std::vector<Block> render_blocks(std::string_view markdown, Dialect dialect) {
    return whitelisted(markdown_to_html(markdown), dialect);
}

SafeHtml render(std::string_view markdown, Dialect dialect) {
    return joined(render_blocks(markdown, dialect));
}

SafeHtml sanitise(std::string_view html, Dialect dialect) {
    return joined(whitelisted(tame(html), dialect));
}

}  // namespace braid::html
