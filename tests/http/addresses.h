// Addresses of routes, for tests that ask for all of them.
#pragma once

#include <map>
#include <string>

namespace braid::testing {

// "/works/{work:id}" with something there for every parameter: its value, else what has its form.
inline std::string filled(const std::string& pattern, const std::map<std::string, std::string>& values = {}) {
    std::string path;
    for (std::size_t at = 0; at < pattern.size();) {
        if (pattern[at] != '{') {
            path.push_back(pattern[at++]);
            continue;
        }
        const auto end = pattern.find('}', at);
        const std::string parameter = pattern.substr(at + 1, end - at - 1);
        const auto colon = parameter.find(':');
        const auto found = values.find(parameter.substr(0, colon));
        const std::string type = parameter.substr(colon + 1);
        path += found != values.end() ? found->second
                : type == "id"        ? "1c4gzk0e5m"
                : type == "int"       ? "1"
                                      : "x";
        at = end + 1;
    }
    return path;
}

}  // namespace braid::testing
