// What the templates of this module are given.
#pragma once

#include <string>
#include <vector>

#include "identity/roles/service.h"
#include "identity/roles/words.h"
#include "shell/shell.h"

namespace braid::roles {

struct PeopleView {
    shell::Frame frame;
    std::string words, role;
    std::vector<PersonFound> found;
};

struct PersonView {
    shell::Frame frame;
    PersonFound person;
    Wish typed;
    bool stale = false;  // grave roles ask for the second step first
    const Error* error = nullptr;
};

}  // namespace braid::roles
