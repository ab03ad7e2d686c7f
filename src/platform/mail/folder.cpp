// Mails kept as files: what development sends.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "base/text.h"
#include "platform/mail/coding.h"
#include "platform/mail/mail.h"

namespace braid::mail {

namespace {

Mailbox require_mailbox(std::string_view from) {
    auto mailbox = parse_mailbox(from);
    if (!mailbox) throw std::invalid_argument("not a mail address: " + std::string(from));
    return *std::move(mailbox);
}

class FolderSender final : public Sender {
  public:
    FolderSender(std::filesystem::path folder, std::string_view from, const Clock& clock)
        : folder_(std::move(folder)), from_(require_mailbox(from)), clock_(clock) {}

    Result<void> send(const Message& message) override {
        const Timestamp at = clock_.now();
        // Sorting by name is sorting by time; process and counter keep mails of one moment apart.
        std::string name = std::to_string(at.micros);
        name.insert(0, name.size() < 17 ? 17 - name.size() : 0, '0');
        name += "-" + std::to_string(getpid()) + "-" + std::to_string(counter_++);
        const std::string text = TRY(to_rfc5322(message, from_, at, name));
        std::error_code failure;
        std::filesystem::create_directories(folder_, failure);
        const auto file = folder_ / (name + ".eml");
        const auto unfinished = folder_ / (name + ".part");
        std::ofstream out(unfinished, std::ios::binary);
        out << text;
        out.close();
        if (out.good()) std::filesystem::rename(unfinished, file, failure);
        if (!out.good() || failure)
            return unavailable("cannot write " + file.string() + ": " + failure.message());
        return success();
    }

  private:
    const std::filesystem::path folder_;
    const Mailbox from_;
    const Clock& clock_;
    std::atomic<int> counter_ = 0;
};

// The value of a header with its continuation lines, or "".
std::string_view header_of(std::string_view head, std::string_view name) {
    std::size_t at = 0;
    while (at < head.size()) {
        auto end = head.find("\r\n", at);
        while (end != std::string_view::npos && end + 2 < head.size() &&
               (head[end + 2] == ' ' || head[end + 2] == '\t')) {
            end = head.find("\r\n", end + 2);
        }
        const auto line = head.substr(at, end == std::string_view::npos ? end : end - at);
        if (const auto colon = line.find(':');
            colon != std::string_view::npos && ascii_iequals(line.substr(0, colon), name)) {
            return trim(line.substr(colon + 1));
        }
        if (end == std::string_view::npos) break;
        at = end + 2;
    }
    return {};
}

std::optional<StoredMail> read_mail(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(in), {}};
    const auto gap = content.find("\r\n\r\n");
    const auto micros = parse_integer(split(file.stem().string(), '-').front());
    if (gap == std::string::npos || !micros) return std::nullopt;
    const std::string_view head = std::string_view(content).substr(0, gap + 2);
    const std::string_view body = std::string_view(content).substr(gap + 4);
    StoredMail mail{file.filename().string(),
                    std::string(header_of(head, "To")),
                    decode_header(header_of(head, "Subject")),
                    {},
                    {*micros}};
    mail.text = ascii_iequals(header_of(head, "Content-Transfer-Encoding"), "quoted-printable")
                    ? from_quoted_printable(body)
                    : std::string(body);
    return mail;
}

}  // namespace

std::unique_ptr<Sender> folder_sender(std::filesystem::path folder, std::string from, const Clock& clock) {
    return std::make_unique<FolderSender>(std::move(folder), from, clock);
}

std::vector<StoredMail> stored_mails(const std::filesystem::path& folder, std::size_t limit) {
    std::vector<std::filesystem::path> files;
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
        if (entry.path().extension() == ".eml") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end(),
              [](const auto& a, const auto& b) { return a.filename() > b.filename(); });
    std::vector<StoredMail> mails;
    for (const auto& file : files) {
        if (mails.size() == limit) break;
        if (auto mail = read_mail(file)) mails.push_back(*std::move(mail));
    }
    return mails;
}

}  // namespace braid::mail
