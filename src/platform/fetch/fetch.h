// Asking other servers over HTTP, for addresses that an operator has configured.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace braid::fetch {

struct Answer {
    int status = 0;
    std::string body;
};

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Request {
    std::string url;             // https; http towards this machine alone
    Fields form;                 // sent as application/x-www-form-urlencoded by POST; none: GET
    std::string user, password;  // sent by HTTP Basic when `user` is not empty
};

// Thread-safe. Blocks: never on a thread of the network, never inside a transaction.
class Client {
  public:
    virtual ~Client() = default;
    // `unavailable` when there was no answer in time, it was too large, or the address is not one of the
    // above; any status is an answer. Redirects are not followed.
    virtual Result<Answer> ask(const Request& request) = 0;
};

struct Options {
    std::filesystem::path certificate_authorities;  // PEM file of whom to trust; empty: the system's
    Duration time = std::chrono::seconds(10);
    std::size_t size = 1 << 20;
};
std::unique_ptr<Client> client(Options options);

// Whether a URL is one that may be asked.
bool may_ask(std::string_view url);

}  // namespace braid::fetch
