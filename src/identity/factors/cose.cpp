// Public keys of COSE (RFC 9052, RFC 9053) and their signatures.
#include <optional>
#include <string>

#include "identity/factors/cbor.h"
#include "identity/factors/webauthn.h"
#include "platform/crypto/public_key.h"

namespace braid::factors {

namespace {

using crypto::PublicKey;

// RFC 9053 and RFC 8812: labels of a key, and the algorithms that are taken.
constexpr std::int64_t kKty = 1, kAlg = 3, kCrv = -1, kX = -2, kY = -3, kN = -1, kE = -2;
constexpr std::int64_t kEs256 = -7, kEdDsa = -8, kRs256 = -257;

std::optional<std::int64_t> number_at(const cbor::Value& key, std::int64_t label) {
    const auto* value = key.at(label);
    const auto* number = value != nullptr ? value->get<std::int64_t>() : nullptr;
    return number != nullptr ? std::optional(*number) : std::nullopt;
}

std::string_view bytes_at(const cbor::Value& key, std::int64_t label) {
    const auto* value = key.at(label);
    const auto* found = value != nullptr ? value->get<cbor::Bytes>() : nullptr;
    return found != nullptr ? found->value : std::string_view();
}

std::optional<PublicKey> read_key(std::string_view text) {
    const auto cose = cbor::parse(text);
    if (!cose) return std::nullopt;
    const auto kind = number_at(*cose, kKty), curve = number_at(*cose, kCrv);
    switch (number_at(*cose, kAlg).value_or(0)) {
        case kEs256:
            if (kind != 2 || curve != 1) return std::nullopt;
            return PublicKey::p256(bytes_at(*cose, kX), bytes_at(*cose, kY));
        case kEdDsa:
            if (kind != 1 || curve != 6) return std::nullopt;
            return PublicKey::ed25519(bytes_at(*cose, kX));
        case kRs256:
            if (kind != 3) return std::nullopt;
            return PublicKey::rsa(bytes_at(*cose, kN), bytes_at(*cose, kE));
        default:
            return std::nullopt;
    }
}

}  // namespace

bool key_is_good(std::string_view cose_key) {
    return read_key(cose_key).has_value();
}

bool signature_holds(std::string_view cose_key, std::string_view message, std::string_view signature) {
    const auto key = read_key(cose_key);
    return key && key->signed_by(message, signature);
}

}  // namespace braid::factors
