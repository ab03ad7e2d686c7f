// The child's side: asking a guardian, waiting, not waiting any more.
#include <algorithm>

#include "base/text.h"
#include "identity/guardians/links.h"
#include "identity/guardians/service.h"
#include "platform/mail/mail.h"

namespace braid::guardians {

namespace {

Error too_soon(Duration wait) {
    Error error;
    error.code = ErrorCode::too_many_requests;
    error.message_key = _msg("guardians.sent_lately");
    error.retry_after_seconds =
        static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(wait).count()) + 1;
    return error;
}

Error often_enough() {
    Error error;
    error.code = ErrorCode::too_many_requests;
    error.message_key = _msg("guardians.sent_often");
    error.retry_after_seconds = 3600;
    return error;
}

Result<std::string> address(std::string_view typed) {
    const std::string email = ascii_lower(trim(typed));
    if (email.empty()) return invalid("email", _msg("guardians.email_missing"));
    if (!mail::is_address(email)) return invalid("email", _msg("guardians.email_wrong"));
    return email;
}

}  // namespace

Result<Service::Asked> Service::ask(const Actor& actor, access::AgeBand band, const AskForm& form) {
    const auto permit =
        TRY(access::permit<AskGuardian>(actor, {.answered_below = band != access::AgeBand::adult}));
    const auto email = address(form.email);
    auto account = accounts_.prepare_waiting(actor, band, form.handle, form.password);
    if (!account.ok()) {
        Error error = std::move(account).error();
        if (!email.ok() && !error.fields.empty()) error.fields.push_back(email.error().fields.front());
        return error;
    }
    if (!email.ok()) return email.error();

    const Timestamp now = clock_.now();
    store::Request request;
    request.id = ids_.make<ConsentId>();
    request.handle = account->handle;
    request.password_hash = account->password_hash;
    request.band = band;
    request.language = i18n::tag(form.language);
    request.guardian_email = *email;
    request.created_at = request.mailed_at = now;
    request.expires_at = now + settings_.request_life;
    return database_.write([&](sql::Tx& tx) -> Result<Asked> {
        if (store::count_requests_to(tx, request.guardian_email) >= kRequestsPerAddress)
            return invalid("email", _msg("guardians.email_busy"));
        TRY(accounts_.hold_handle(tx, *account));
        store::insert_request(tx, permit, request);
        mail_request(tx, request, _msg("guardians.mail_ask_subject"), _msg("guardians.mail_ask_text"));
        return Asked{request.id, sealed("waiting", request.id.text())};
    });
}

Result<Waited> Service::waited(std::string_view cookie) const {
    const auto id = unseal<ConsentId>("waiting", cookie);
    TRY(access::permit<SeeWaiting>(Actor{}, {.holds = id.has_value()}));
    return database_.read([&](sql::Reader& reader) -> Result<Waited> {
        auto request = store::request(reader, *id);
        if (!request) {
            return Waited{store::tie(reader, *id) ? Outcome::consented : Outcome::ended, {}};
        }
        return Waited{Outcome::waiting,
                      {*id, std::move(request->handle), std::move(request->guardian_email),
                       request->created_at, request->expires_at, request->mailed_at,
                       std::max(0, settings_.resends + 1 - request->mails), request->said()}};
    });
}

Result<void> Service::send_again(std::string_view cookie) {
    const auto id = unseal<ConsentId>("waiting", cookie);
    const auto permit = TRY(access::permit<SeeWaiting>(Actor{}, {.holds = id.has_value()}));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto request = store::request(tx, *id);
        if (!request) return not_found("no longer waiting");
        const Timestamp now = clock_.now();
        if (request->mails > settings_.resends) return often_enough();
        if (const Duration since = now - request->mailed_at; since < settings_.resend_wait)
            return too_soon(settings_.resend_wait - since);
        store::count_mail(tx, permit, *id, now);
        mail_request(tx, *request, _msg("guardians.mail_ask_subject"), _msg("guardians.mail_ask_text"));
        return {};
    });
}

Result<void> Service::stop_waiting(std::string_view cookie) {
    const auto id = unseal<ConsentId>("waiting", cookie);
    TRY(access::permit<SeeWaiting>(Actor{}, {.holds = id.has_value()}));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto request = store::request(tx, *id);
        if (!request) return not_found("no longer waiting");
        accounts_.release_handle(tx, request->handle);
        store::delete_request(tx, *id);
        return {};
    });
}

bool Service::knows(std::string_view handle) {
    handle = trim(handle);
    if (handle.starts_with('@')) handle.remove_prefix(1);
    return database_.read([&](sql::Reader& reader) {
        return store::request_by_handle(reader, ascii_lower(handle)).has_value();
    });
}

Result<std::optional<std::string>> Service::come_back(std::string_view handle, std::string_view password) {
    handle = trim(handle);
    if (handle.starts_with('@')) handle.remove_prefix(1);
    const auto request = database_.read(
        [&](sql::Reader& reader) { return store::request_by_handle(reader, ascii_lower(handle)); });
    const bool right =
        TRY(accounts_.matches(request ? std::optional(request->password_hash) : std::nullopt, password));
    if (!right) return std::optional<std::string>{};
    return std::optional(sealed("waiting", request->id.text()));
}

}  // namespace braid::guardians
