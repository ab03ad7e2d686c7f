// What compiled templates write into. Templates are .html files beside their module's sources; the syntax and the contexts are
// described in src/platform/html/README.md and compiled by tools/htmlc.
#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <string_view>

#include "platform/i18n/i18n.h"

namespace braid::html {

// Markup that is known to be safe: made only by the sanitiser (platform/html/richtext.h), by the sources of icons and pictures, or
// by a template. Everything else is escaped.
class SafeHtml {
  public:
    SafeHtml() = default;
    // Only for code that has itself made the markup safe; searched for in reviews.
    static SafeHtml trust(std::string markup) {
        SafeHtml safe;
        safe.markup_ = std::move(markup);
        return safe;
    }
    [[nodiscard]] std::string_view view() const { return markup_; }
    [[nodiscard]] bool empty() const { return markup_.empty(); }

  private:
    std::string markup_;
};

class Out {
  public:
    Out(i18n::Language language, std::string_view csp_nonce) : language_(language), nonce_(csp_nonce) { text_.reserve(16 << 10); }

    void raw(std::string_view literal) { text_.append(literal); }  // template text only
    // In element content.
    void content(std::string_view value);
    void content(const SafeHtml& value) { text_.append(value.view()); }
    void content(std::integral auto value) { text_.append(std::to_string(value)); }
    // In a quoted attribute.
    void attribute(std::string_view value);
    void attribute(std::integral auto value) { text_.append(std::to_string(value)); }
    // In a URL attribute (href, src, action, formaction, poster, cite): a path, fragment, https, http or mailto URL comes through
    // escaped, anything else becomes "#".
    void url(std::string_view value);

    [[nodiscard]] i18n::Language language() const { return language_; }
    [[nodiscard]] std::string_view nonce() const { return nonce_; }
    [[nodiscard]] std::string take() { return std::move(text_); }
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    std::string text_;
    i18n::Language language_;
    std::string_view nonce_;
};

// What a wrapping template calls where it says {% body %}.
using Body = std::function<void(Out&)>;

}  // namespace braid::html
