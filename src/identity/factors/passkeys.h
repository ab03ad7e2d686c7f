// Passkeys: adding, showing, renaming, taking away.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/factors/challenges.h"
#include "identity/factors/service.h"
#include "identity/factors/webauthn.h"

namespace braid::factors {

// What a page hands to navigator.credentials; binary things as base64url.
struct Wanted {
    std::string challenge, rp_id;
    std::string user_id, handle, display_name;  // of a new one
    std::vector<std::string> credentials;  // to leave out of a new one; to choose from otherwise, empty: any
};

// What a browser brings back, in base64url, as it came.
struct Made {
    std::string_view client_data, attestation;
};
struct Shown {
    std::string_view credential, client_data, authenticator_data, signature, user_handle;
};

struct PasskeyLine {
    PasskeyId id;
    std::string name;
    Timestamp created_at;
    std::optional<Timestamp> last_used_at;
};

// Thread-safe. Everything that was refused is `invalid` with factors.passkey_refused, whatever the reason;
// the reason is in the detail, for the log.
class Passkeys {
  public:
    Passkeys(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random,
             accounts::Accounts& accounts, sessions::Doors& doors, Service& service,
             const Settings& settings);

    // Browsers make passkeys for names over https, and for localhost; never for bare addresses.
    [[nodiscard]] bool possible() const { return possible_; }

    // --- what a page asks the browser for
    Result<Wanted> wanted_new(const Actor& actor);
    [[nodiscard]] Wanted wanted_to_sign_in();
    // Those of whose password was right; `gone` when that step has ended.
    Result<Wanted> wanted_for_step(std::string_view step_token);
    Result<Wanted> wanted_again(const Actor& actor);

    // --- adding; with the password. The first factor brings recovery codes and ends other sessions.
    Result<FreshCodes> add(const Actor& actor, SessionId session, std::string_view name,
                           std::string_view password, const Made& made, const Caller& caller);

    // --- showing
    // Alone, in place of password and code: only when the device has verified who held it.
    Result<Entry> sign_in(const Actor& actor, const Shown& shown, const Caller& caller);
    Result<Service::Finished> finish_sign_in(const Actor& actor, std::string_view step_token,
                                             const Shown& shown, const Caller& caller);
    Result<void> prove_again(const Actor& actor, SessionId session, const Shown& shown, const Caller& caller);

    // --- one's own, the newest first
    Result<std::vector<PasskeyLine>> list(const Actor& actor);
    Result<void> rename(const Actor& actor, PasskeyId id, std::string_view name);
    // With the password. `forbidden` where the last factor must stay.
    Result<void> remove(const Actor& actor, PasskeyId id, std::string_view password, const Caller& caller);

    // Forgets used challenges that have run out.
    void sweep();

  private:
    [[nodiscard]] Wanted wanted(std::string_view purpose);
    // The challenge is ours, for this purpose, fresh, and from now on used.
    Result<void> use_challenge(sql::Tx& tx, std::string_view client_data, Ceremony ceremony,
                               std::string_view purpose);
    // Whose passkey it was that signed; its count and last use are written.
    Result<PersonId> check(sql::Tx& tx, const store::ShowRight& right, const Shown& shown,
                           std::string_view purpose, UserVerification verification);

    sql::Database& database_;
    const Clock& clock_;
    IdMaker& ids_;
    Random& random_;
    accounts::Accounts& accounts_;
    sessions::Doors& doors_;
    Service& service_;
    Challenges challenges_;
    RelyingParty site_;
    bool possible_;
};

}  // namespace braid::factors
