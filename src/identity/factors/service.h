// A second step at the door: setting it up, showing it, taking it away.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "identity/factors/policy.h"
#include "identity/factors/store.h"
#include "identity/factors/vault.h"
#include "identity/sessions/api.h"
#include "platform/events/events.h"

namespace braid::factors {

using sessions::Caller;
using sessions::Entry;
using sessions::SessionId;

struct Settings {
    sessions::StaffFactor staff_factor = sessions::StaffFactor::required;
    std::string site_secret;  // the same on every node, kept across restarts
    std::string public_url;   // whose host passkeys are made for
};

// The step that a password opened has ended.
Error step_ended();

// What one has set up.
struct Overview {
    std::optional<Timestamp> app_since;
    int codes_left = 0;
    bool required = false;  // the site asks accounts like this one for a second step
    int passkeys = 0;
    [[nodiscard]] bool any() const { return app_since.has_value() || passkeys > 0; }
};

// What the app has to be told, once.
struct AppSetup {
    std::string key;  // base 32, in groups of four
    std::string uri;  // the same as otpauth:
};

// Recovery codes in clear: to be shown in this answer and never again. Empty when the old ones stay.
using FreshCodes = std::vector<std::string>;

// Thread-safe. Functions that take a password hash it: only on workers.
class Service {
  public:
    Service(sql::Database& database, const Clock& clock, Random& random, events::Outbox& outbox,
            accounts::Accounts& accounts, sessions::Doors& doors, const Settings& settings);

    Result<Overview> overview(const Actor& actor);

    // --- an app that makes codes
    // Makes a secret that waits for its first code, in place of one that waits. It counts for nothing yet.
    Result<void> begin_app(const Actor& actor);
    // `not_found` when none waits.
    Result<AppSetup> waiting_app(const Actor& actor);
    // With the password and the first code: from now on the app is asked for, in place of an older one. This
    // session counts as having shown it, every other ends. The first factor brings recovery codes.
    Result<FreshCodes> confirm_app(const Actor& actor, SessionId session, std::string_view password,
                                   std::string_view code, const Caller& caller);
    // With the password and a code. Recovery codes go with the last factor. `forbidden` where one must stay.
    Result<void> remove_app(const Actor& actor, std::string_view password, std::string_view code,
                            const Caller& caller);

    // --- recovery codes
    // Ten new ones in place of all old ones. `conflict` without a factor that they could stand in for.
    Result<FreshCodes> renew_codes(const Actor& actor, std::string_view password, const Caller& caller);

    // --- showing it: a code of the app, or a recovery code, which is used up. A code works once.
    // `gone` when the step that the password opened has ended.
    struct Finished {
        Entry entry;
        sessions::Doors::Step step;
    };
    Result<Finished> finish_sign_in(const Actor& actor, std::string_view step_token, std::string_view code,
                                    const Caller& caller);
    Result<void> prove_again(const Actor& actor, SessionId session, std::string_view code,
                             const Caller& caller);

    // By an operator, for who has lost everything: all factors and codes go, and every session ends.
    // `not_found` when there is nothing.
    Result<void> clear(const Actor& by, PersonId person);

    // Removes set-ups that were begun and left.
    void sweep();

    // --- what passkeys share with it, inside their transactions
    FreshCodes make_codes();
    void store_codes(sql::Tx& tx, const access::Permit<SetUpFactor>& permit, PersonId person,
                     const FreshCodes& codes);
    [[nodiscard]] RemoveFactor::Facts removal(const Actor& actor, bool last) const;
    // Recovery codes, and that sessions have shown a factor, go with the last one.
    void after_removal(sql::Tx& tx, const access::Permit<RemoveFactor>& permit, PersonId person);
    // Appends the event and mails the owner.
    void tell(sql::Tx& tx, PersonId person, std::string_view factor, std::string_view change,
              std::string_view mail_text);

  private:
    // Uses up the code that was typed. `invalid` on the field `code` when it is none or was used.
    Result<void> use_code(sql::Tx& tx, const store::ShowRight& right, PersonId person,
                          std::string_view typed);

    sql::Database& database_;
    const Clock& clock_;
    Random& random_;
    events::Outbox& outbox_;
    accounts::Accounts& accounts_;
    sessions::Doors& doors_;
    sessions::StaffFactor staff_factor_;
    Vault vault_;
};

}  // namespace braid::factors
