// What the pages of this room need to know of people. Who people are is known above it; the program gives the
// answer.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "platform/sql/sql.h"

namespace braid::html {
class Out;
}

namespace braid::blocks {

struct Face {
    access::PersonId id;
    std::string handle, name;
    bool staff = false;
};

struct Directory {
    // Missing ids are left out. Order is not kept.
    std::function<std::vector<Face>(sql::Session&, std::span<const access::PersonId>)> of;
    std::function<std::optional<Face>(sql::Session&, std::string_view handle)> by_handle;
    // The list of settings pages, the current one marked.
    std::function<void(html::Out&, std::string_view current)> settings_nav;
};

}  // namespace braid::blocks
