// People: handle, display name, age band, profile. What other modules may ask.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "platform/sql/sql.h"

namespace braid::accounts {

using access::AgeBand;
using access::PersonId;

// How a person appears to others.
struct PersonCard {
    PersonId id;
    std::string handle;        // lower case ASCII letters, digits, '-', '_'; 3 to 30; unique
    std::string display_name;  // 1 to 40 code points
    AgeBand band = AgeBand::child;
    std::string bio_html;      // sanitised
    bool listed = false;       // profile may be seen by visitors; never for minors by default
};

class People {
  public:
    virtual ~People() = default;
    // Missing ids are left out. Order is not kept.
    virtual std::vector<PersonCard> cards(sql::Session& session, std::span<const PersonId> ids) const = 0;
    virtual std::optional<PersonCard> card(sql::Session& session, PersonId id) const = 0;
    virtual std::optional<PersonCard> by_handle(sql::Session& session, std::string_view handle) const = 0;
};

}  // namespace braid::accounts
