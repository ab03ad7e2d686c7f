#include "platform/html/markdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

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

std::unique_ptr<cmark_node, Free> parse(std::string_view markdown) {
    static std::once_flag once;
    std::call_once(once, cmark_gfm_core_extensions_ensure_registered);
    const std::unique_ptr<cmark_parser, Free> parser(
        cmark_parser_new(CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_STRIKETHROUGH_DOUBLE_TILDE));
    cmark_syntax_extension* strikethrough = cmark_find_syntax_extension("strikethrough");
    if (strikethrough == nullptr) throw std::logic_error("cmark-gfm has no strikethrough extension");
    cmark_parser_attach_syntax_extension(parser.get(), strikethrough);
    cmark_parser_feed(parser.get(), markdown.data(), markdown.size());
    return std::unique_ptr<cmark_node, Free>(cmark_parser_finish(parser.get()));
}

std::string_view literal(cmark_node* node) {
    const char* text = cmark_node_get_literal(node);
    return text == nullptr ? std::string_view{} : std::string_view(text);
}

class Renderer {
  public:
    std::string render(cmark_node* document) {
        const std::unique_ptr<cmark_iter, Free> iter(cmark_iter_new(document));
        for (cmark_event_type event; (event = cmark_iter_next(iter.get())) != CMARK_EVENT_DONE;) {
            cmark_node* node = cmark_iter_get_node(iter.get());
            if (event == CMARK_EVENT_ENTER) enter(node);
            else leave();
        }
        return std::move(out_);
    }

  private:
    void enter(cmark_node* node) {
        switch (cmark_node_get_type(node)) {
            // Leaves: no event follows when they end.
            case CMARK_NODE_TEXT:
            case CMARK_NODE_HTML_INLINE: out_ += escape(literal(node)); return;
            case CMARK_NODE_CODE: out_ += "<code>" + escape(literal(node)) + "</code>"; return;
            case CMARK_NODE_SOFTBREAK: out_ += ' '; return;
            case CMARK_NODE_LINEBREAK: out_ += "<br>"; return;
            case CMARK_NODE_THEMATIC_BREAK: out_ += "<hr>"; return;
            case CMARK_NODE_CODE_BLOCK: out_ += "<pre><code>" + escape(literal(node)) + "</code></pre>"; return;
            case CMARK_NODE_HTML_BLOCK: out_ += "<p>" + escape(literal(node)) + "</p>"; return;
            default: break;
        }
        const std::string tag = tag_of(node);
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

    static std::string tag_of(cmark_node* node) {
        switch (cmark_node_get_type(node)) {
            case CMARK_NODE_BLOCK_QUOTE: return "blockquote";
            case CMARK_NODE_LIST: return cmark_node_get_list_type(node) == CMARK_ORDERED_LIST ? "ol" : "ul";
            case CMARK_NODE_ITEM: return "li";
            case CMARK_NODE_PARAGRAPH: return in_tight_list(node) ? "" : "p";
            case CMARK_NODE_HEADING: return "h" + std::to_string(cmark_node_get_heading_level(node));
            case CMARK_NODE_EMPH: return "em";
            case CMARK_NODE_STRONG: return "strong";
            case CMARK_NODE_LINK: return "a";
            default: break;
        }
        return std::string_view(cmark_node_get_type_string(node)) == "strikethrough" ? "del" : "";
    }

    static bool in_tight_list(cmark_node* paragraph) {
        cmark_node* list = cmark_node_parent(paragraph);
        list = list == nullptr ? nullptr : cmark_node_parent(list);
        return list != nullptr && cmark_node_get_type(list) == CMARK_NODE_LIST && cmark_node_get_list_tight(list) != 0;
    }

    static std::string attributes(cmark_node* node) {
        if (cmark_node_get_type(node) == CMARK_NODE_LINK) {
            const char* url = cmark_node_get_url(node);
            return url == nullptr ? "" : " href=\"" + escape(url) + "\"";
        }
        if (cmark_node_get_type(node) == CMARK_NODE_LIST && cmark_node_get_list_type(node) == CMARK_ORDERED_LIST) {
            return " start=\"" + std::to_string(cmark_node_get_list_start(node)) + "\"";
        }
        return {};
    }

    std::string out_;
    std::vector<std::string> open_;
};

}  // namespace

std::string markdown_to_html(std::string_view markdown) { return Renderer().render(parse(markdown).get()); }

}  // namespace braid::html
