// Outgoing mail. Never called inside a request's transaction: enqueue a job of kind "mail.send" (enqueue
// below).
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "platform/jobs/jobs.h"

namespace braid::mail {

struct Message {
    std::string to;  // one address, already validated with is_address()
    std::string subject;
    std::string text;  // plain text, UTF-8, lines of any length
};

[[nodiscard]] bool is_address(
    std::string_view text);  // RFC 5321 mailbox, ASCII, no quoted local part, no literals

// Who a mail is from: "Braid <hello@example.org>" or a bare address.
struct Mailbox {
    std::string name;  // UTF-8, may be empty
    std::string address;
};
// nothing unless the address passes is_address() and the name is UTF-8 without control characters.
[[nodiscard]] std::optional<Mailbox> parse_mailbox(std::string_view text);

// The message as it travels (RFC 5322, CRLF lines): headers encoded where they are not ASCII (RFC 2047), body
// in quoted-printable (RFC 2045), marked as made by a program (RFC 3834). No text can add a header: line
// breaks in the subject become spaces. invalid when `message.to` is no address. `id`: left part of the
// Message-ID, from [0-9A-Za-z._-].
[[nodiscard]] Result<std::string> to_rfc5322(const Message& message, const Mailbox& from, Timestamp at,
                                             std::string_view id);

// Puts a mail into the queue inside `tx`.
void enqueue(sql::Tx& tx, jobs::Queue& queue, const Message& message);

// Thread-safe.
class Sender {
  public:
    virtual ~Sender() = default;
    // Blocks. An error is worth a retry.
    virtual Result<void> send(const Message& message) = 0;
};

struct SmtpOptions {
    std::string
        url;  // smtp://host:port (STARTTLS, required unless the host is this machine) or smtps://host:port
    std::string user, password;
    std::string from;                               // a Mailbox
    std::filesystem::path certificate_authorities;  // PEM; empty: the system's
};
// A connection per mail. Certificates are verified. `clock` and `random` must outlive the sender. Throws
// std::invalid_argument when `from` is no mailbox or `url` no SMTP address.
std::unique_ptr<Sender> smtp_sender(SmtpOptions options, const Clock& clock, Random& random);
// Connects, upgrades to TLS and signs in, sends nothing. For `braid doctor`.
Result<void> probe_smtp(const SmtpOptions& options);
// Writes each mail as an .eml file into `folder`; the development page /dev/mail shows them, newest first.
std::unique_ptr<Sender> folder_sender(std::filesystem::path folder, std::string from, const Clock& clock);

struct StoredMail {
    std::string file, to, subject, text;
    Timestamp at;
};
// What folder_sender wrote, newest first; files that are no mails are left out.
std::vector<StoredMail> stored_mails(const std::filesystem::path& folder, std::size_t limit);

// Registers the "mail.send" job.
void handle_jobs(jobs::Runner& runner, Sender& sender);

}  // namespace braid::mail
