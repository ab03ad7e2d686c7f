// What development would have mailed, as a page: /dev/mail.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "platform/http/router.h"
#include "platform/mail/mail.h"
#include "shell/shell.h"

namespace braid::shell {

struct MailPiece {
    std::string text;
    bool link = false;
};
struct MailView {
    std::string to, subject;
    Timestamp at;
    std::vector<std::vector<MailPiece>> lines;
};
struct MailboxView {
    Frame frame;
    std::vector<MailView> mails;
};

// Words and addresses of a line, so that a link can be followed.
std::vector<MailPiece> pieces_of(std::string_view line);

// The newest 50 of the folder.
http::Handler mailbox(std::filesystem::path folder);

}  // namespace braid::shell
