// Outgoing mail. Never called inside a request's transaction: enqueue a job of kind "mail.send" (enqueue below).
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/jobs/jobs.h"

namespace braid::mail {

struct Message {
    std::string to;       // one address, already validated with is_address()
    std::string subject;
    std::string text;     // plain text, UTF-8, lines of any length
};

[[nodiscard]] bool is_address(std::string_view text);  // RFC 5321 mailbox, ASCII, no quoted local part, no literals

// Puts a mail into the queue inside `tx`.
void enqueue(sql::Tx& tx, jobs::Queue& queue, const Message& message);

class Sender {
  public:
    virtual ~Sender() = default;
    // Blocks. An error is worth a retry.
    virtual Result<void> send(const Message& message) = 0;
};

struct SmtpOptions {
    std::string url;  // smtp://host:port or smtps://host:port
    std::string user, password, from;
};
std::unique_ptr<Sender> smtp_sender(SmtpOptions options);
// Writes each mail as an .eml file into `folder`; the development page /dev/mail shows them, newest first.
std::unique_ptr<Sender> folder_sender(std::filesystem::path folder, std::string from, const Clock& clock);

struct StoredMail {
    std::string file, to, subject, text;
    Timestamp at;
};
std::vector<StoredMail> stored_mails(const std::filesystem::path& folder, std::size_t limit);

// Registers the "mail.send" job.
void handle_jobs(jobs::Runner& runner, Sender& sender);

}  // namespace braid::mail
