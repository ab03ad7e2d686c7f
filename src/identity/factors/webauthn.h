// Passkeys as Web Authentication Level 2 (W3C Recommendation, 8 April 2021) lets a site check them: what a
// browser hands over after navigator.credentials.create() and .get(). Pure; signatures by OpenSSL.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace braid::factors {

enum class UserVerification { preferred, required };

// What this site expects of a browser.
struct RelyingParty {
    std::string id;      // the site's host: "braid.example"
    std::string origin;  // "https://braid.example"
};

// What the browser was told to do. Section 5.8.1: the type of the client data.
enum class Ceremony { create, get };

// The challenge that client data answer, after type and origin were checked; whether it is ours and fresh is
// for the caller. Malformed, of another type, of another origin or from a page inside another's: an error.
Result<std::string> challenge_of(std::string_view client_data_json, Ceremony ceremony,
                                 const RelyingParty& site);

struct NewCredential {
    std::string id;        // as the authenticator made it
    std::string cose_key;  // the public key as it came (RFC 9053)
    std::uint32_t sign_count = 0;
    bool user_verified = false;
};

// Section 7.1, steps 13 to 19 and 21, of which attestation is left out: it is asked for as "none", and what
// make an authenticator is of proves nothing about its owner.
Result<NewCredential> check_attestation(std::string_view attestation_object, const RelyingParty& site,
                                        UserVerification verification);

struct Assertion {
    std::uint32_t sign_count = 0;
    bool user_verified = false;
};

// Section 7.2, steps 15 to 21 (the signature count too): the signature is over authenticator data and the
// hash of the client data. `conflict` when the count did not rise where it should: the key was copied.
Result<Assertion> check_assertion(std::string_view cose_key, std::uint32_t last_count,
                                  std::string_view authenticator_data, std::string_view client_data_json,
                                  std::string_view signature, const RelyingParty& site,
                                  UserVerification verification);

// Keys a site takes: ES256 (-7) on P-256, EdDSA (-8) on Ed25519, RS256 (-257) of 2048 bits and more.
bool key_is_good(std::string_view cose_key);
// Whether `signature` is over `message` by that key. False for a key that is not good.
bool signature_holds(std::string_view cose_key, std::string_view message, std::string_view signature);

}  // namespace braid::factors
