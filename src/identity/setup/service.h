// The first administrator of a site.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "identity/accounts/api.h"
#include "identity/setup/policy.h"

namespace braid::setup {

using accounts::PersonId;

struct Form {
    std::string handle, display_name, password, email;
    std::string birth_year, birth_month;
    i18n::Language language = i18n::Language::en;
};

// Thread-safe.
class Service {
  public:
    Service(sql::Database& database, const Clock& clock, Random& random, accounts::Accounts& accounts)
        : database_(database), clock_(clock), random_(random), accounts_(accounts) {}

    // A new secret for the link, in place of the one before; nothing on a site that has an administrator.
    std::optional<std::string> open();
    // `not_found` when it is not the secret, was used, or there is an administrator.
    Result<void> look(const Actor& actor, std::string_view secret) const;
    // Makes the administrator and ends the link; of two at once one wins. `invalid` or `conflict` with the
    // fields of the form. Hashes.
    Result<PersonId> finish(const Actor& actor, std::string_view secret, const Form& form);

  private:
    [[nodiscard]] bool administrated() const;

    sql::Database& database_;
    const Clock& clock_;
    Random& random_;
    accounts::Accounts& accounts_;
};

}  // namespace braid::setup
