// What others may use: whether an account asks for more than its password.
#pragma once

#include "identity/sessions/api.h"

namespace braid::factors {

// Stateless: one query of the tables of this module.
class KnownFactors final : public sessions::SecondStep {
  public:
    [[nodiscard]] bool asked_of(sql::Session& session, access::PersonId person) const override;
};

// Whether browsers make passkeys for a site at that address: for names over https, and for localhost; never
// for bare addresses.
bool passkeys_possible(std::string_view public_url);

}  // namespace braid::factors
