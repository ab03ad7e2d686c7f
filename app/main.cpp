#include <string>
#include <vector>

#include "app/cli.h"

extern char** environ;

int main(int argc, char** argv) {
    std::vector<std::string> environment;
    for (char** variable = environ; *variable != nullptr; ++variable)
        environment.emplace_back(*variable);
    return braid::app::run({argv + 1, argv + argc}, environment);
}
