// What web/ builds, embedded in the program: style, script, fonts, pictures, icons. Each text is there
// compressed as well, once, at build. Files carry a hash of their contents in their names, so they may be
// kept for ever.
#pragma once

#include <span>
#include <string_view>

#include "platform/http/message.h"

namespace braid::web {

struct Asset {
    std::string_view name;  // as the sources say it: "app.css"
    std::string_view url;   // where it is served: "/assets/app.1a2b3c4d.css"
    std::string_view media_type;
    std::string_view identity, gzip, brotli;  // gzip, brotli: empty where that would not be smaller
};

struct Icon {
    std::string_view name;    // as lucide calls it
    std::string_view markup;  // inside of the <svg viewBox="0 0 24 24">
};

// All of them, sorted by name; they live as long as the program.
std::span<const Asset> assets();
std::span<const Icon> icons();

// Constant time. nullptr when there is none.
const Asset* find(std::string_view name);
// The address of an asset by its name. An unknown name is a bug: std::logic_error.
std::string_view url(std::string_view name);
// Inside of an icon by its lucide name; it must be in web/icons.txt, else std::logic_error.
std::string_view icon(std::string_view name);

// The answer for /assets/{file}: immutable for a year; nothing when there is no such file.
std::optional<http::Response> serve(std::string_view file);
// The same bytes under an address without hash (the service worker): asked about again every time.
http::Response serve_fresh(std::string_view name);

}  // namespace braid::web
