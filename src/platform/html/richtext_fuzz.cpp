// The sanitiser on arbitrary input. Its output is read again by two parsers that are not gumbo: libxml2's
// HTML parser, which repairs much as browsers do, and a strict grammar of our own. Neither may find anything
// but the whitelist; and the output sanitised again is the same.

#include <libxml/HTMLparser.h>

#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "platform/html/richtext.h"

namespace {

using braid::html::Dialect;

[[noreturn]] void fail(const char* what, std::string_view output) {
    std::fprintf(stderr, "%s\n%.*s\n", what, static_cast<int>(output.size()), output.data());
    std::abort();
}

bool good_url(std::string_view url) {
    if (url.empty()) return false;
    for (const char c : url) {
        if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F || c == '"' ||
            c == '<' || c == '\\')
            return false;
    }
    if (url[0] == '#' || url[0] == '?') return true;
    if (url[0] == '/') return url.size() == 1 || url[1] != '/';
    std::string scheme;
    for (const char c : url.substr(0, url.find(':') + 1))
        scheme += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    return scheme == "https:" || scheme == "http:" || scheme == "mailto:";
}

void walk(const xmlNode* node, std::string_view output) {
    static const std::set<std::string_view> kElements{"html", "body",   "p",          "h2", "h3", "hr",
                                                      "pre",  "code",   "blockquote", "ul", "ol", "li",
                                                      "em",   "strong", "del",        "br", "a"};
    for (; node != nullptr; node = node->next) {
        if (node->type == XML_ELEMENT_NODE) {
            const std::string_view name(reinterpret_cast<const char*>(node->name));
            if (!kElements.contains(name)) fail("an element outside the whitelist", output);
            for (const xmlAttr* each = node->properties; each != nullptr; each = each->next) {
                const std::string_view attribute(reinterpret_cast<const char*>(each->name));
                xmlChar* text = xmlNodeListGetString(node->doc, each->children, 1);
                const std::string value(text == nullptr ? "" : reinterpret_cast<const char*>(text));
                xmlFree(text);
                const bool good = (name == "a" && attribute == "href" && good_url(value)) ||
                                  (name == "a" && attribute == "rel" && value == "nofollow noopener ugc") ||
                                  (name == "ol" && attribute == "start" &&
                                   value.find_first_not_of("0123456789") == std::string::npos);
                if (!good) fail("an attribute outside the whitelist", output);
            }
            walk(node->children, output);
        } else if (node->type != XML_TEXT_NODE) {
            fail("a node that is no text", output);
        }
    }
}

// Balanced tags from the list, exactly as the sanitiser writes them, and text without '<' and '>'.
void check_grammar(std::string_view output) {
    std::vector<std::string> open;
    for (std::size_t i = 0; i < output.size(); ++i) {
        if (output[i] == '>') fail("a stray '>'", output);
        if (output[i] != '<') continue;
        const auto end = output.find('>', i);
        if (end == std::string_view::npos) fail("an unfinished tag", output);
        std::string tag(output.substr(i + 1, end - i - 1));
        i = end;
        if (tag == "br" || tag == "hr") continue;
        if (tag[0] == '/') {
            if (open.empty() || open.back() != tag.substr(1)) fail("an unbalanced tag", output);
            open.pop_back();
            continue;
        }
        const std::string name = tag.substr(0, tag.find(' '));
        static const std::set<std::string_view> kNames{"p",  "h2", "h3", "pre",    "code", "blockquote", "ul",
                                                       "ol", "li", "em", "strong", "del",  "a"};
        if (!kNames.contains(name)) fail("an unknown tag", output);
        if (name == "a") {
            if (!tag.starts_with("a href=\"") || !tag.ends_with("\" rel=\"nofollow noopener ugc\""))
                fail("a strange link", output);
        } else if (name == "ol" ? !(tag == "ol" || tag.starts_with("ol start=\"")) : tag != name) {
            fail("an attribute", output);
        }
        open.push_back(name);
        if (open.size() > 64) fail("too deep", output);
    }
    if (!open.empty()) fail("a tag that does not end", output);
}

void check(std::string_view output, Dialect dialect) {
    check_grammar(output);
    if (!output.empty()) {
        htmlDocPtr document = htmlReadMemory(output.data(), static_cast<int>(output.size()), nullptr, "UTF-8",
                                             HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                                 HTML_PARSE_NODEFDTD | XML_PARSE_HUGE);
        if (document != nullptr) {
            walk(xmlDocGetRootElement(document), output);
            xmlFreeDoc(document);
        }
    }
    const auto again = braid::html::sanitise(output, dialect);
    if (again.view() != output) {
        std::fprintf(stderr, "again: %.*s\n", static_cast<int>(again.view().size()), again.view().data());
        fail("sanitised again it is another", output);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    if (size == 0) return 0;
    const Dialect dialect = (data[0] & 1) != 0 ? Dialect::prose : Dialect::comment;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    check((data[0] & 2) != 0 ? braid::html::sanitise(text, dialect).view()
                             : braid::html::render(text, dialect).view(),
          dialect);
    return 0;
}
