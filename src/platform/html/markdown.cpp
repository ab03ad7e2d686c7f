#include "platform/html/markdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "platform/html/html.h"

namespace braid::html {

namespace {

constexpr int kDepth = 24;  // of elements; deeper ones are written without their tags

struct Free {
    void operator()(cmark_node* node) const { cmark_node_free(node); }
    void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
    void operator()(cmark_iter* iter) const { cmark_iter_free(iter); }
};

// cmark-gfm before 0.29.0.gfm.7 copies the address of a reference for every link that uses it, without limit:
// 170 KB of text became 1.5 GB. What all copies may come to is bounded from above before it parses: a use has
// a ']', and a definition begins with "]:" and ends at the next blank line at the latest. Where the bound is
// beyond all use, no "]:" defines anything.
std::string without_costly_references(std::string_view markdown) {
    constexpr std::size_t kMost = std::size_t{16} << 20;
    std::size_t longest = 0;
    for (std::size_t at = 0; (at = markdown.find("]:", at)) != std::string_view::npos;) {
        const std::size_t end = std::min(markdown.find("\n\n", at), markdown.size());
        longest = std::max(longest, end - at);
        at = end;
    }
    std::string text(markdown);
    const auto uses = static_cast<std::size_t>(std::count(markdown.begin(), markdown.end(), ']'));
    if (longest == 0 || uses <= kMost / longest) return text;
    text.clear();
    for (std::size_t i = 0; i < markdown.size(); ++i) {
        if (markdown[i] == ':' && i > 0 && markdown[i - 1] == ']') text += '\\';
        text += markdown[i];
    }
    return text;
}

std::unique_ptr<cmark_node, Free> parse(std::string_view markdown) {
    static std::once_flag once;
    std::call_once(once, cmark_gfm_core_extensions_ensure_registered);
    const std::unique_ptr<cmark_parser, Free> parser(
        cmark_parser_new(CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_STRIKETHROUGH_DOUBLE_TILDE));
    cmark_syntax_extension* strikethrough = cmark_find_syntax_extension("strikethrough");
    if (strikethrough == nullptr) throw std::logic_error("cmark-gfm has no strikethrough extension");
    cmark_parser_attach_syntax_extension(parser.get(), strikethrough);
    const std::string text = without_costly_references(markdown);
    cmark_parser_feed(parser.get(), text.data(), text.size());
    return std::unique_ptr<cmark_node, Free>(cmark_parser_finish(parser.get()));
}

std::string_view literal(cmark_node* node) {
    const char* text = cmark_node_get_literal(node);
    return text == nullptr ? std::string_view{} : std::string_view(text);
}

class Renderer {
  public:
    // Addresses of links come to `address_bytes` at most; later links are their words alone.
    explicit Renderer(std::size_t address_bytes) : address_bytes_(address_bytes) {}

    std::string render(cmark_node* document) {
        const std::unique_ptr<cmark_iter, Free> iter(cmark_iter_new(document));
        for (cmark_event_type event; (event = cmark_iter_next(iter.get())) != CMARK_EVENT_DONE;) {
            cmark_node* node = cmark_iter_get_node(iter.get());
            if (event == CMARK_EVENT_ENTER)
                enter(node);
            else
                leave();
        }
        return std::move(out_);
    }

  private:
    void enter(cmark_node* node) {
        switch (cmark_node_get_type(node)) {
            // Leaves: no event follows when they end.
            case CMARK_NODE_TEXT:
            case CMARK_NODE_HTML_INLINE:
                out_ += escape(literal(node));
                return;
            case CMARK_NODE_CODE:
                out_ += "<code>" + escape(literal(node)) + "</code>";
                return;
            case CMARK_NODE_SOFTBREAK:
                out_ += ' ';
                return;
            case CMARK_NODE_LINEBREAK:
                out_ += "<br>";
                return;
            case CMARK_NODE_THEMATIC_BREAK:
                out_ += "<hr>";
                return;
            case CMARK_NODE_CODE_BLOCK:
                out_ += "<pre><code>" + escape(literal(node)) + "</code></pre>";
                return;
            case CMARK_NODE_HTML_BLOCK:
                out_ += "<p>" + escape(literal(node)) + "</p>";
                return;
            default:
                break;
        }
        const std::string tag = tag_of(node);
        if (tag == "a" && !affordable(node)) {
            open_.emplace_back();
            return;
        }
        if (tag.empty() || static_cast<int>(open_.size()) >= kDepth) {
            open_.emplace_back();
            return;
        }
        out_ += "<" + tag + attributes(node) + ">";
        open_.push_back(tag);
    }

    void leave() {
        if (!open_.back().empty()) out_ += "</" + open_.back() + ">";
        open_.pop_back();
    }

    bool affordable(cmark_node* link) {
        const char* url = cmark_node_get_url(link);
        const std::size_t size = url == nullptr ? 0 : std::string_view(url).size();
        if (size > address_bytes_) return false;
        address_bytes_ -= size;
        return true;
    }

    static std::string tag_of(cmark_node* node) {
        switch (cmark_node_get_type(node)) {
            case CMARK_NODE_BLOCK_QUOTE:
                return "blockquote";
            case CMARK_NODE_LIST:
                return cmark_node_get_list_type(node) == CMARK_ORDERED_LIST ? "ol" : "ul";
            case CMARK_NODE_ITEM:
                return "li";
            case CMARK_NODE_PARAGRAPH:
                return in_tight_list(node) ? "" : "p";
            case CMARK_NODE_HEADING:
                return "h" + std::to_string(cmark_node_get_heading_level(node));
            case CMARK_NODE_EMPH:
                return "em";
            case CMARK_NODE_STRONG:
                return "strong";
            case CMARK_NODE_LINK:
                return "a";
            default:
                break;
        }
        return std::string_view(cmark_node_get_type_string(node)) == "strikethrough" ? "del" : "";
    }

    static bool in_tight_list(cmark_node* paragraph) {
        cmark_node* list = cmark_node_parent(paragraph);
        list = list == nullptr ? nullptr : cmark_node_parent(list);
        return list != nullptr && cmark_node_get_type(list) == CMARK_NODE_LIST &&
               cmark_node_get_list_tight(list) != 0;
    }

    static std::string attributes(cmark_node* node) {
        if (cmark_node_get_type(node) == CMARK_NODE_LINK) {
            const char* url = cmark_node_get_url(node);
            return url == nullptr ? "" : " href=\"" + escape(url) + "\"";
        }
        if (cmark_node_get_type(node) == CMARK_NODE_LIST &&
            cmark_node_get_list_type(node) == CMARK_ORDERED_LIST) {
            return " start=\"" + std::to_string(cmark_node_get_list_start(node)) + "\"";
        }
        return {};
    }

    std::size_t address_bytes_;
    std::string out_;
    std::vector<std::string> open_;
};

}  // namespace

std::string markdown_to_html(std::string_view markdown) {
    // As later versions of cmark do: what references repeat is no more than the text itself, or 100 KB.
    return Renderer(std::max<std::size_t>(100'000, markdown.size())).render(parse(markdown).get());
}

}  // namespace braid::html
