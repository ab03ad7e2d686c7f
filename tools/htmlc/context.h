// Where in the HTML a position of a template is: the states of the HTML tokenizer (WHATWG HTML,
// section 13.2.5) that matter for escaping, and how far a URL has come.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace htmlc {

enum class State {
    content,         // element content
    rcdata,          // inside <title> and <textarea>: text, no elements
    rawtext,         // inside <script> and <style>
    tag_open,        // after "<"
    tag_name,        //
    before_name,     // white space inside a tag
    attribute_name,  //
    after_name,      // white space after an attribute's name
    before_value,    // after "="
    value,           // inside a quoted value
    after_value,     // after the closing quote
    tag_gap,         // branches meet inside a tag: what follows must be white space, "/" or ">"
    self_closing,    // after "/" in a tag
    declaration,     // after "<!": a comment, or a doctype
    comment,         //
};

// How far the value of a URL attribute has come.
enum class Url {
    none,      // not a URL attribute
    start,     // nothing yet
    slash,     // exactly "/": another "/" would make it the address of another site
    unknown,   // begun with something that may still become a scheme
    path,      // past the scheme, authority or first "/"
    query,     // after "?" or "&"
    value,     // after "=" in the query
    fragment,  // after "#"
    mixed,     // branches differ
};

struct Context {
    State state = State::content;
    std::string tag;        // lower case; with '/' in front for an end tag
    std::string attribute;  // lower case
    std::string written;    // what a match is waiting for: "</scri", "--"; the literal beginning of a URL
    char quote = 0;
    Url url = Url::none;
    bool allowed_inline = false;  // the tag has a nonce or src, so its script or style may run
    bool fresh_textarea = false;  // directly after <textarea>, where the parser drops a line break

    friend bool operator==(const Context&, const Context&) = default;

    // Reads one character of literal text. A message when the HTML is refused.
    [[nodiscard]] std::optional<std::string> read(char c);
    // A placeholder stands here: a message when it must not, else moves past it.
    [[nodiscard]] std::optional<std::string> place();
    // For messages: "inside <script>".
    [[nodiscard]] std::string describe() const;
};

// Where two branches meet; nothing when they do not.
std::optional<Context> meet(const Context& a, const Context& b);

}  // namespace htmlc
