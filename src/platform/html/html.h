// What compiled templates write into. Templates are .html files beside their module's sources; the syntax and
// the contexts are described in src/platform/html/README.md and compiled by tools/htmlc.
#pragma once

#include <concepts>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/id.h"
#include "platform/i18n/i18n.h"

namespace braid::html {

// Markup that is known to be safe: made only by the sanitiser (platform/html/richtext.h), by the sources of
// icons and pictures, or by a template. Everything else is escaped.
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

// Whole numbers, but no flags and characters: those are written by mistake.
template <class T>
concept Number =
    std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

class Out;

// An argument of a message. Numbers are written as people write them (1,204), so a year is passed as text.
// Holds views: for the length of one call.
class TextArgument {
  public:
    TextArgument(std::string_view value) : text_(value) {}    // NOLINT(google-explicit-constructor)
    TextArgument(const std::string& value) : text_(value) {}  // NOLINT(google-explicit-constructor)
    TextArgument(const char* value) : text_(value) {}         // NOLINT(google-explicit-constructor)
    TextArgument(Number auto value)
        : number_(static_cast<long long>(value)), is_number_(true) {}  // NOLINT(google-explicit-constructor)

  protected:
    friend class Out;
    std::string_view text_;
    long long number_ = 0;
    bool is_number_ = false;
};

// In element content an argument may also be markup: a link inside a sentence.
class ContentArgument : public TextArgument {
  public:
    using TextArgument::TextArgument;
    ContentArgument(const SafeHtml& value)
        : TextArgument(value.view()), is_safe_(true) {}  // NOLINT(google-explicit-constructor)

  private:
    friend class Out;
    bool is_safe_ = false;
};

class Out {
  public:
    Out(i18n::Language language, std::string_view csp_nonce) : language_(language), nonce_(csp_nonce) {
        text_.reserve(16 << 10);
    }

    void raw(std::string_view literal) { text_.append(literal); }  // template text only
    // In element content.
    void content(std::string_view value);
    void content(const SafeHtml& value) { text_.append(value.view()); }
    void content(Number auto value) { text_.append(std::to_string(value)); }
    template <class Tag>
    void content(Id<Tag> id) {
        text_.append(id.text());
    }
    void message(std::string_view text,
                 std::initializer_list<std::pair<std::string_view, ContentArgument>> arguments = {});
    // In a quoted attribute, <title> or <textarea>.
    void attribute(std::string_view value);
    void attribute(Number auto value) { text_.append(std::to_string(value)); }
    template <class Tag>
    void attribute(Id<Tag> id) {
        text_.append(id.text());
    }
    void attribute_message(std::string_view text,
                           std::initializer_list<std::pair<std::string_view, TextArgument>> arguments = {});
    // The beginning of a URL attribute: what is_local_or_web() allows comes through escaped, anything else
    // becomes "#".
    void url(std::string_view value);
    // Further on in a URL: what cannot stand in a URL is percent-encoded, what can (with "%", "/", "?", "&")
    // is kept.
    void url_rest(std::string_view value);
    // After a single "/": as url_rest(), and the value cannot begin with another slash, which would name
    // another site.
    void url_after_slash(std::string_view value);
    // A value in the query, after "=": everything but the unreserved characters of RFC 3986 is
    // percent-encoded.
    void url_value(std::string_view value);
    void url_rest(Number auto value) { text_.append(std::to_string(value)); }
    void url_after_slash(Number auto value) { text_.append(std::to_string(value)); }
    void url_value(Number auto value) { text_.append(std::to_string(value)); }
    template <class Tag>
    void url_rest(Id<Tag> id) {
        text_.append(id.text());
    }
    template <class Tag>
    void url_after_slash(Id<Tag> id) {
        text_.append(id.text());
    }
    template <class Tag>
    void url_value(Id<Tag> id) {
        text_.append(id.text());
    }

    [[nodiscard]] i18n::Language language() const { return language_; }
    [[nodiscard]] std::string_view nonce() const { return nonce_; }
    [[nodiscard]] std::string take() { return std::move(text_); }
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    std::string text_;
    i18n::Language language_;
    std::string_view nonce_;
};

// Whether a URL may stand in href and the like: a path ("/…", not "//…"), a query, a fragment, or https:,
// http: with an authority, or mailto:. White space and control characters anywhere before the path, a
// backslash, or any other scheme refuse it: browsers read "java\tscript:" and
// "/\\evil.example" as one would fear.
[[nodiscard]] bool is_local_or_web(std::string_view url);

// Text with the five characters that mean something in HTML escaped, for code outside of templates.
[[nodiscard]] std::string escape(std::string_view text);

// What a wrapping template calls where it says {% body %}.
using Body = std::function<void(Out&)>;

}  // namespace braid::html
