// Sending through libcurl (RFC 5321, STARTTLS by RFC 3207, implicit TLS by RFC 8314).
#include <curl/curl.h>

#include <cstring>
#include <stdexcept>

#include "base/text.h"
#include "platform/mail/mail.h"

namespace braid::mail {

namespace {

struct Target {
    std::string url;
    bool loopback = false;
};

Target parse_target(const std::string& url) {
    std::string_view rest = url;
    if (rest.starts_with("smtps://")) {
        rest.remove_prefix(8);
    } else if (rest.starts_with("smtp://")) {
        rest.remove_prefix(7);
    } else {
        throw std::invalid_argument(
            "not an address of a mail server (smtp://host:port or smtps://host:port): " + url);
    }
    const auto authority = rest.substr(0, rest.find_first_of("/?#"));
    if (authority.empty() || authority.find('@') != std::string_view::npos) {
        throw std::invalid_argument(
            "name and password of the mail server belong into their own options, not into its address");
    }
    const std::string_view host = authority.starts_with('[') ? authority.substr(1, authority.find(']') - 1)
                                                             : authority.substr(0, authority.rfind(':'));
    return {url, host == "localhost" || host == "127.0.0.1" || host == "::1"};
}

struct Upload {
    std::string_view rest;
};

std::size_t read_upload(char* buffer, std::size_t size, std::size_t count, void* context) {
    auto& upload = *static_cast<Upload*>(context);
    const std::size_t bytes = std::min(size * count, upload.rest.size());
    std::memcpy(buffer, upload.rest.data(), bytes);
    upload.rest.remove_prefix(bytes);
    return bytes;
}

// What a session tells goes nowhere: answers are in curl's error text.
std::size_t discard(char*, std::size_t size, std::size_t count, void*) {
    return size * count;
}

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

void initialise_curl() {
    static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (once != CURLE_OK) throw std::runtime_error("libcurl cannot start");
}

class Session {
  public:
    Session(const SmtpOptions& options, const Target& target) : handle_(curl_easy_init(), curl_easy_cleanup) {
        if (!handle_) throw std::runtime_error("libcurl cannot make a handle");
        set(CURLOPT_URL, target.url.c_str());
        set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        set(CURLOPT_ERRORBUFFER, error_);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_CONNECTTIMEOUT_MS, 10'000L);
        set(CURLOPT_TIMEOUT_MS, 60'000L);
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        // Falling back to plain text would let anyone between read and change mails; this machine's own
        // server may do without.
        set(CURLOPT_USE_SSL, static_cast<long>(target.loopback ? CURLUSESSL_TRY : CURLUSESSL_ALL));
        if (target.loopback && !options.certificate_authorities.empty())
            set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
        if (!options.certificate_authorities.empty())
            set(CURLOPT_CAINFO, options.certificate_authorities.c_str());
        if (!options.user.empty()) {
            set(CURLOPT_USERNAME, options.user.c_str());
            set(CURLOPT_PASSWORD, options.password.c_str());
        }
        set(CURLOPT_WRITEFUNCTION, &discard);
    }

    template <class Value>
    void set(CURLoption option, Value value) {
        if (const CURLcode code = curl_easy_setopt(handle_.get(), option, value); code != CURLE_OK) {
            throw std::runtime_error(std::string("libcurl refuses an option: ") + curl_easy_strerror(code));
        }
    }

    Result<void> run() {
        const CURLcode code = curl_easy_perform(handle_.get());
        if (code == CURLE_OK) return success();
        long answer = 0;
        curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &answer);
        std::string detail = "mail server: ";
        detail += error_[0] != '\0' ? error_ : curl_easy_strerror(code);
        if (answer != 0) detail += " (answer " + std::to_string(answer) + ")";
        return unavailable(std::move(detail), 60);
    }

  private:
    char error_[CURL_ERROR_SIZE] = "";
    Handle handle_;
};

class SmtpSender final : public Sender {
  public:
    SmtpSender(SmtpOptions options, const Clock& clock, Random& random)
        : options_(std::move(options)), target_(parse_target(options_.url)), clock_(clock), random_(random) {
        auto from = parse_mailbox(options_.from);
        if (!from) throw std::invalid_argument("not a mail address: " + options_.from);
        from_ = *std::move(from);
        initialise_curl();
    }

    Result<void> send(const Message& message) override {
        const std::string text = TRY(to_rfc5322(message, from_, clock_.now(), random_.token(18)));
        const std::string envelope_from = "<" + from_.address + ">";
        const std::string envelope_to = "<" + message.to + ">";
        const List recipients(curl_slist_append(nullptr, envelope_to.c_str()), curl_slist_free_all);
        Upload upload{text};
        Session session(options_, target_);
        session.set(CURLOPT_MAIL_FROM, envelope_from.c_str());
        session.set(CURLOPT_MAIL_RCPT, recipients.get());
        session.set(CURLOPT_READFUNCTION, &read_upload);
        session.set(CURLOPT_READDATA, static_cast<void*>(&upload));
        session.set(CURLOPT_UPLOAD, 1L);
        return session.run();
    }

  private:
    const SmtpOptions options_;
    const Target target_;
    Mailbox from_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace

std::unique_ptr<Sender> smtp_sender(SmtpOptions options, const Clock& clock, Random& random) {
    return std::make_unique<SmtpSender>(std::move(options), clock, random);
}

Result<void> probe_smtp(const SmtpOptions& options) {
    initialise_curl();
    Session session(options, parse_target(options.url));
    session.set(CURLOPT_CUSTOMREQUEST, "NOOP");
    session.set(CURLOPT_NOBODY, 1L);
    return session.run();
}

}  // namespace braid::mail
