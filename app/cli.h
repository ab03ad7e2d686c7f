// The command line. Exit codes: 0 it worked, 1 it did not, 2 the command line or the configuration is wrong.
#pragma once

#include <string>
#include <vector>

namespace braid::app {

inline constexpr int kOk = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;

// `arguments` without the program's name; `environment` as NAME=value.
int run(const std::vector<std::string>& arguments, const std::vector<std::string>& environment);

}  // namespace braid::app
