// Signing in through a provider: setting out, coming back, and the tie between its account and ours.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "identity/accounts/api.h"
#include "identity/oidc/luggage.h"
#include "identity/oidc/provider.h"
#include "identity/oidc/store.h"
#include "identity/sessions/api.h"
#include "platform/sql/sql.h"

namespace braid::oidc {

inline constexpr Duration kJourneyLife = std::chrono::minutes(10);
inline constexpr Duration kGuestLife = std::chrono::minutes(20);

// Somebody whom the provider vouches for and whom no account of ours is tied to yet.
struct Guest {
    std::string subject, username, name, email;
};

struct Departure {
    std::string url;     // of the provider
    std::string cookie;  // to be brought back
};

// What came of coming back. Exactly one of `entry` and `guest`.
struct Arrival {
    std::string next;  // a path of this site, or ""
    std::optional<sessions::Entry> entry;
    std::optional<Guest> guest;
};

// Thread-safe.
class Service {
  public:
    Service(sql::Database& database, const Clock& clock, Random& random, accounts::Accounts& accounts,
            sessions::Doors& doors, Provider& provider);

    [[nodiscard]] const Settings& settings() const { return provider_.settings(); }

    Result<Departure> set_out(const Actor& actor, std::string_view next);
    // `gone` when the cookie is not the one of this journey or has ended; as Provider::redeem besides.
    // `conflict` when somebody signed in comes back as whom another account is tied to.
    Result<Arrival> come_back(const Actor& actor, std::string_view cookie, std::string_view state,
                              std::string_view code, std::string_view issuer, const sessions::Caller& caller);

    // The guest of a cookie that was made for her.
    [[nodiscard]] std::string pack(const Guest& guest) const;
    [[nodiscard]] std::optional<Guest> guest(std::string_view cookie) const;

    // A new account for the guest, tied to her in the same transaction; the form's password is not used.
    // Fails as Accounts::prepare_sign_up and sign_up do; `conflict` when she is tied to an account already.
    Result<sessions::Entry> join(const Actor& actor, const Guest& guest, accounts::SignUpForm form,
                                 const sessions::Caller& caller);

    Result<std::optional<store::Link>> link(const Actor& actor);
    // Ties the guest to the account; its owner is told by mail. `conflict` when either is tied already.
    Result<void> tie(const Actor& actor, const Guest& guest);
    // Asks for the password first: without one the account would have no way in. `invalid` on `password`.
    Result<void> untie(const Actor& actor, std::string_view password, const sessions::Caller& caller);

  private:
    sql::Database& database_;
    const Clock& clock_;
    Random& random_;
    accounts::Accounts& accounts_;
    sessions::Doors& doors_;
    Provider& provider_;
    Luggage journeys_, guests_;
};

}  // namespace braid::oidc
