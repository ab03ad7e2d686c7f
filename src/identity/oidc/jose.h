// Signed tokens of a provider: JWS in compact form (RFC 7515), JSON Web Keys (RFC 7517), and the claims of an
// ID token (OpenID Connect Core 1.0).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "platform/crypto/public_key.h"

namespace braid::oidc {

// RS256, ES256 and EdDSA (RFC 7518, RFC 8037). "none" and keys that are shared secrets are never taken.
enum class Algorithm { rs256, es256, eddsa };

struct Key {
    std::string id;  // "kid", may be empty
    Algorithm algorithm;
    crypto::PublicKey key;
};

// The keys for signatures in a set that are of a kind we take; others are left out. Nothing when it is no
// set of keys.
std::optional<std::vector<Key>> parse_keys(std::string_view json);

struct Claims {
    std::string subject;
    // What the provider calls her; may be empty, and is a suggestion alone.
    std::string username, name, email;
};

struct Expected {
    std::string_view issuer, client_id, nonce;
    Timestamp now;
};

// Why a token was not taken. unknown_key: it names a key that is not in the set; asking the provider for its
// keys again may help.
enum class Refusal { malformed, unknown_key, bad_signature, wrong_claims };

struct Checked {
    std::optional<Claims> claims;
    Refusal refusal = Refusal::malformed;
    std::string detail;  // for the log
};

// Section 3.1.3.7 of OpenID Connect Core: signature, iss, aud and azp, exp, iat, nonce, sub. A minute of
// difference between clocks is allowed.
Checked check_id_token(std::string_view token, const std::vector<Key>& keys, const Expected& expected);

}  // namespace braid::oidc
