#include "shell/mailbox.h"

#include "base/text.h"
#include "shell/mailbox.html.h"

namespace braid::shell {

namespace {

constexpr std::size_t kShown = 50;

}  // namespace

std::vector<MailPiece> pieces_of(std::string_view line) {
    std::vector<MailPiece> pieces;
    while (!line.empty()) {
        const auto start = std::min(line.find("http://"), line.find("https://"));
        if (start != 0) pieces.push_back({std::string(line.substr(0, start)), false});
        if (start == std::string_view::npos) break;
        std::string_view link = line.substr(start, line.find(' ', start) - start);
        const std::size_t size = link.size();
        while (link.ends_with('.') || link.ends_with(',') || link.ends_with(')'))
            link.remove_suffix(1);
        pieces.push_back({std::string(link), true});
        line.remove_prefix(start + size);
        if (link.size() < size)
            pieces.push_back({std::string(link.end(), link.end() + (size - link.size())), false});
    }
    return pieces;
}

http::Handler mailbox(std::filesystem::path folder) {
    return [folder = std::move(folder)](const http::Request& request) -> Result<http::Response> {
        MailboxView view{frame(request, text(request, _msg("shell.mailbox.title"))), {}};
        for (mail::StoredMail& stored : mail::stored_mails(folder, kShown)) {
            MailView shown{std::move(stored.to), std::move(stored.subject), stored.at, {}};
            for (const std::string_view line : split(trim(stored.text), '\n'))
                shown.lines.push_back(pieces_of(line));
            view.mails.push_back(std::move(shown));
        }
        return page(request, 200, [&](html::Out& out) { mailbox_page(out, view); });
    };
}

}  // namespace braid::shell
