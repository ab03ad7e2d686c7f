// A template file as htmlc sees it: a tree of literal text, placeholders and directives.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "context.h"

namespace htmlc {

// Where something begins in the .html file; both count from 1.
struct Place {
    int line = 1;
    int column = 1;
};

// Anything that stops the compilation; main() prints it as file:line:column: message.
struct Refusal : std::runtime_error {
    Refusal(Place where, const std::string& message) : std::runtime_error(message), place(where) {}
    Place place;
};

struct Node;
using Nodes = std::vector<Node>;

struct Argument {
    std::string name, expression;
};

struct Branch {
    Place place;
    std::string condition;  // empty: else
    Nodes nodes;
};

struct Node {
    enum class Kind { text, value, message, condition, loop, let, call, wrap, body };
    Kind kind = Kind::text;
    Place place;
    std::string text;                 // literal text; expression; message key; callee
    std::string name;                 // loop variable, local constant
    std::vector<Argument> arguments;  // of a message
    std::string call_arguments;       // of call and wrap
    std::vector<Branch> branches;     // of a condition
    Nodes nodes;                      // of loop and wrap
    Nodes otherwise;                  // of a loop over nothing
    Context context;                  // where a value or message stands; found by check()
};

struct Template {
    Place place;
    std::string name;
    std::vector<std::pair<std::string, std::string>> parameters;  // declaration, default (may be empty)
    Nodes nodes;
};

struct File {
    std::vector<std::pair<Place, std::string>> includes;  // with their quotes or angle brackets
    std::string space;                                    // the C++ namespace
    std::vector<Template> templates;
};

File parse(std::string_view source);

// Follows the HTML through all branches, notes the context of every placeholder and refuses what is not safe.
void check(File& file);

struct Output {
    std::string header, source;
};
// `path` is what compiler errors name; `include` is how sources include the header.
Output emit(const File& file, std::string_view path, std::string_view include);

}  // namespace htmlc
