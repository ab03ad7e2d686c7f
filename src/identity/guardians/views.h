// What the templates of this module are given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "identity/guardians/service.h"
#include "shell/pieces.h"
#include "shell/shell.h"

namespace braid::guardians {

struct AskView {
    shell::Frame frame;
    AskForm typed;  // the password is never sent back
    const Error* error = nullptr;
};

struct WaitingPage {
    shell::Frame frame;
    Waited waited;
    const Error* error = nullptr;
};

struct ConsentPage {
    shell::Frame frame;
    LinkView link;
    std::string token, site;
    ConsentForm typed;
    bool signed_in = false;  // an adult, who consents at once
    bool thanked = false;    // the yes by mail was just said
    const Error* error = nullptr;
};

struct ConfirmationPage {
    shell::Frame frame;
    LinkView link;
    std::string token;
};

struct OverviewPage {
    shell::Frame frame;
    Overview overview;
};

struct ChildPage {
    shell::Frame frame;
    ChildView child;
    std::string typed_name, typed_year, typed_month, typed_email;
    const Error* error = nullptr;
};

struct InvitationPage {
    shell::Frame frame;
    Service::InvitationView invitation;
    std::string token;
};

struct OwnPage {
    shell::Frame frame;
    ChildView me;
    bool minor = false;
    std::string typed_email;
    const Error* error = nullptr;
};

struct BirthPage {
    shell::Frame frame;
    std::string handle;
    BirthForm typed;
    const Error* error = nullptr;
};

struct DeskPage {
    shell::Frame frame;
    std::string number, handle;
    std::optional<store::Request> request;
    RecordForm typed;
    bool may_forms = false;
    const Error* error = nullptr;
};

}  // namespace braid::guardians
