#include <boost/json.hpp>

#include "base/text.h"
#include "platform/log/log.h"
#include "platform/mail/mail.h"

namespace braid::mail {

namespace {

constexpr std::string_view kJob = "mail.send";

Result<Message> read_payload(std::string_view payload) {
    boost::system::error_code failure;
    const auto value = boost::json::parse(payload, failure);
    if (failure || !value.is_object())
        return Error{
            .code = ErrorCode::invalid, .message_key = "error.invalid", .detail = "payload of mail.send"};
    const auto text = [&](std::string_view name) -> std::string {
        const auto* member = value.get_object().if_contains(name);
        return member != nullptr && member->is_string() ? std::string(member->get_string()) : std::string();
    };
    return Message{text("to"), text("subject"), text("text")};
}

}  // namespace

void enqueue(sql::Tx& tx, jobs::Queue& queue, const Message& message) {
    queue.enqueue(tx, kJob,
                  boost::json::serialize(boost::json::object{
                      {"to", message.to}, {"subject", message.subject}, {"text", message.text}}));
}

void handle_jobs(jobs::Runner& runner, Sender& sender) {
    runner.handle(kJob, [&sender](const jobs::Job& job) -> Result<void> {
        const Message message = TRY(read_payload(job.payload));
        TRY(sender.send(message));
        // The domain is enough to see that mail flows; whose it is belongs to nobody else.
        log::info("mail.sent", {{"domain", std::string_view(message.to).substr(message.to.rfind('@') + 1)},
                                {"attempt", job.attempt}});
        return success();
    });
}

}  // namespace braid::mail
