// What the templates of this module are given.
#pragma once

#include <string>
#include <vector>

#include "identity/roles/invitations.h"
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

struct InvitationsView {
    shell::Frame frame;
    std::vector<Invitation> waiting;
    Wish typed;
    std::string note;
    std::optional<NewInvitation> made;  // its link is shown this once
    std::string site;                   // what the link begins with
    const Error* error = nullptr;
};

// What who follows a link sees.
struct InvitationView {
    shell::Frame frame;
    std::string token;
    Invitation invitation;
    bool signed_in = false, ended = false;
    const Error* error = nullptr;
};

}  // namespace braid::roles
