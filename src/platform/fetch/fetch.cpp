#include "platform/fetch/fetch.h"

#include <curl/curl.h>

#include <stdexcept>

#include "base/text.h"

namespace braid::fetch {

namespace {

struct Body {
    std::string text;
    std::size_t most = 0;
};

std::size_t take(char* data, std::size_t size, std::size_t count, void* context) {
    auto& body = *static_cast<Body*>(context);
    if (body.text.size() + size * count > body.most) return 0;  // ends the transfer
    body.text.append(data, size * count);
    return size * count;
}

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

std::string urlencoded(const Fields& fields) {
    std::string out;
    for (const auto& [name, value] : fields) {
        if (!out.empty()) out += '&';
        out.append(percent_encode(name)).append("=").append(percent_encode(value));
    }
    return out;
}

class CurlClient final : public Client {
  public:
    explicit CurlClient(Options options) : options_(std::move(options)) {
        static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
        if (once != CURLE_OK) throw std::runtime_error("libcurl cannot start");
    }

    Result<Answer> ask(const Request& request) override {
        if (!may_ask(request.url))
            return unavailable("an address that is neither https nor this machine's: " + request.url);
        const Handle handle(curl_easy_init(), curl_easy_cleanup);
        if (!handle) throw std::runtime_error("libcurl cannot make a handle");
        const auto set = [&](CURLoption option, auto value) {
            if (curl_easy_setopt(handle.get(), option, value) != CURLE_OK)
                throw std::runtime_error("libcurl refuses an option");
        };
        char problem[CURL_ERROR_SIZE] = "";
        Body body{{}, options_.size};
        const std::string form = urlencoded(request.form);
        const List headers(curl_slist_append(nullptr, "Accept: application/json"), curl_slist_free_all);
        set(CURLOPT_URL, request.url.c_str());
        set(CURLOPT_PROTOCOLS_STR, "http,https");
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_ERRORBUFFER, problem);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.time.count() / 1000));
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        if (!options_.certificate_authorities.empty())
            set(CURLOPT_CAINFO, options_.certificate_authorities.c_str());
        set(CURLOPT_HTTPHEADER, headers.get());
        set(CURLOPT_WRITEFUNCTION, &take);
        set(CURLOPT_WRITEDATA, static_cast<void*>(&body));
        if (!request.form.empty()) {
            set(CURLOPT_POSTFIELDSIZE, static_cast<long>(form.size()));
            set(CURLOPT_POSTFIELDS, form.c_str());
        }
        if (!request.user.empty()) {
            set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
            set(CURLOPT_USERNAME, request.user.c_str());
            set(CURLOPT_PASSWORD, request.password.c_str());
        }
        const CURLcode code = curl_easy_perform(handle.get());
        if (code != CURLE_OK) {
            return unavailable(request.url + ": " + (problem[0] != '\0' ? problem : curl_easy_strerror(code)),
                               30);
        }
        long status = 0;
        curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
        return Answer{static_cast<int>(status), std::move(body.text)};
    }

  private:
    const Options options_;
};

}  // namespace

bool may_ask(std::string_view url) {
    constexpr std::string_view kSafe = "https://", kPlain = "http://";
    const bool plain = url.starts_with(kPlain);
    if (!plain && !url.starts_with(kSafe)) return false;
    const std::string_view rest = url.substr(plain ? kPlain.size() : kSafe.size());
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#\\"));
    if (authority.empty() || authority.find('@') != std::string_view::npos) return false;
    if (!plain) return true;
    const std::string_view host = authority.starts_with('[') ? authority.substr(0, authority.find(']') + 1)
                                                             : authority.substr(0, authority.rfind(':'));
    return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

std::unique_ptr<Client> client(Options options) {
    return std::make_unique<CurlClient>(std::move(options));
}

}  // namespace braid::fetch
