// What the pages of this room show.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "identity/blocks/directory.h"
#include "identity/blocks/service.h"
#include "platform/html/html.h"
#include "platform/i18n/i18n.h"
#include "shell/pieces.h"
#include "shell/shell.h"

namespace braid::blocks {

struct Line {
    Face face;
    Kind kind = Kind::mute;
    Timestamp since;
};

struct ListView {
    shell::Frame frame;
    const Directory* directory = nullptr;
    std::vector<Line> lines;
};

struct AskView {
    shell::Frame frame;
    const Directory* directory = nullptr;
    bool fragment = false;  // in a dialog
    bool child = false;     // who asks
    Face face;
    std::string next;  // where she goes on, "" when what she came from may be gone for her
    std::optional<Kind> set;
    std::string chosen;
    const Error* error = nullptr;
    bool done = false;  // it is set: says what holds now
};

inline std::string_view kind_key(Kind kind) {
    return kind == Kind::block ? _msg("blocks.is_blocked") : _msg("blocks.is_muted");
}
inline void settings_nav(html::Out& out, const Directory& directory) {
    directory.settings_nav(out, "/settings/blocks");
}

}  // namespace braid::blocks
