// The provider a site trusts: where it is, its keys, and what it says of somebody who comes back from it.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "identity/oidc/jose.h"
#include "platform/fetch/fetch.h"

namespace braid::oidc {

struct Settings {
    std::string issuer;                    // empty: there is none
    std::string client_id, client_secret;  // secret empty: a public client, PKCE alone
    std::string name;                      // of the school or provider, on buttons
    std::string public_url;                // the site's
    std::string secret;                    // the site's
    [[nodiscard]] bool on() const { return !issuer.empty(); }
    [[nodiscard]] std::string redirect_uri() const { return public_url + "/sign-in/school/back"; }
};

// What one browser takes along to the provider and must bring back.
struct Journey {
    std::string state, nonce;
    std::string verifier;  // of PKCE (RFC 7636), 43 characters
};

// Thread-safe. Everything asks the network when what is known is too old: `unavailable` when the provider
// does not answer or says what cannot be.
class Provider {
  public:
    Provider(Settings settings, std::unique_ptr<fetch::Client> client, const Clock& clock);

    [[nodiscard]] const Settings& settings() const { return settings_; }
    // Where the browser is sent (OpenID Connect Core, 3.1.2.1; code challenge S256).
    Result<std::string> authorization_url(const Journey& journey);
    // Exchanges the code and checks the ID token. `forbidden` when the provider refuses the code or the token
    // does not hold. `issuer` is what the browser brought by RFC 9207; may be empty.
    Result<Claims> redeem(std::string_view code, std::string_view issuer, const Journey& journey);

  private:
    struct Discovered {
        std::string authorization, token, keys;
        bool basic = true;  // how the client shows its secret
        Timestamp at;
    };
    struct KnownKeys {
        std::vector<Key> keys;
        Timestamp at;
    };
    using SharedKeys = std::shared_ptr<const KnownKeys>;  // readers keep theirs while newer ones are fetched
    enum class Freshness { usual, now };

    Result<Discovered> discovered();
    Result<SharedKeys> keys(const Discovered& where, Freshness freshness);
    Result<std::string> id_token(const Discovered& where, std::string_view code, const Journey& journey);

    const Settings settings_;
    const std::unique_ptr<fetch::Client> client_;
    const Clock& clock_;
    std::mutex mutex_;  // of what follows; not held while asking
    std::optional<Discovered> discovered_;
    SharedKeys keys_;
};

}  // namespace braid::oidc
