// The frame of every page: head, header, navigation, bottom bar, footer, flash, error pages; small pieces
// (avatar, cover, chip, empty state, form field) that pages share. Templates: src/shell/*.html. Below
// identity: it knows a viewer only by what it is shown.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/html/html.h"
#include "platform/http/router.h"
#include "platform/i18n/i18n.h"

namespace braid::shell {

// The signed-in person as the frame shows her. Attached to the request by the sessions middleware.
struct Viewer {
    std::string id, handle, display_name;
    bool staff = false;
    std::optional<i18n::Language> language;  // her own choice, when she made one
};
// Attached to every request by middleware: language, CSP nonce, CSRF token, reading choices from cookies.
struct PageContext {
    i18n::Language language = i18n::Language::en;
    std::string nonce;
    std::string csrf_token;
    std::string theme;          // "", "light" or "dark"; "" follows the device
    std::string text_size;      // "", "s", "l", "xl"
    std::string reading_font;   // "", "sans"
    std::string reading_width;  // "", "narrow", "wide"
    std::optional<Viewer> viewer;
    Timestamp now;
};

enum class Place { none, home, read, write, library };  // the item of the navigation that is marked current

struct Frame {
    const PageContext* context = nullptr;
    std::string title;        // of the document, without the site's name
    std::string description;  // meta description; empty: the site's
    Place place = Place::none;
    std::string path;                   // of this page, for the language switch and return addresses
    bool reading = false;               // the quiet header of the chapter page, with these in it:
    std::string section, section_href;  // "The Lamp Room" and the address of its contents
    int percent = 0;                    // how far the reader is, 0 to 100
    bool searching = false;             // the page of search: its own box takes the place of the header's
    std::string canonical;
    std::optional<std::string> flash;  // message key carried over one redirect
};

// Middleware: makes the page context. Stands outside the sessions middleware; the Viewer attached later is
// seen all the same.
http::Middleware page_context(const Clock& clock);
// Of a request that did not pass the middleware (an error before it): English or what the browser asks for,
// no viewer.
const PageContext& context_of(const http::Request& request);
Frame frame(const http::Request& request, std::string title, Place place = Place::none);
// Renders a page: `render` writes a template that wraps itself in shell::layout.
http::Response page(const http::Request& request, int status, const std::function<void(html::Out&)>& render);
// Renders a fragment without the frame, for partial swaps.
http::Response fragment(const http::Request& request, int status,
                        const std::function<void(html::Out&)>& render);
// 303 to `path`, with a message shown once there.
http::Response redirect_with(const http::Request& request, std::string path, std::string_view message_key);
// Of an error's arguments, `until` (microseconds) is written as a moment in the reader's language, and `path`
// is a page of this site where she can read more: a button on the page of the error. The page for an error
// (404, 403, 409, 413, 422, 429, 500, 503), or problem+json (RFC 9457) when JSON is wanted.
http::Response error_page(const http::Request& request, const Error& error);
// Text of a message in the viewer's language.
std::string text(const http::Request& request, std::string_view key, i18n::Arguments arguments = {});

// A field's error message, or "": for {% call shell::field_error(...) %}.
std::string field_error(const Error* error, std::string_view field, i18n::Language language);

}  // namespace braid::shell
