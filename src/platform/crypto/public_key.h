// Public keys that came from elsewhere, and signatures made with them, by OpenSSL.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

struct evp_pkey_st;

namespace braid::crypto {

// How an ECDSA signature is written: as DER (RFC 3279, WebAuthn) or as r and s of 32 bytes each (RFC 7518,
// JWS).
enum class EcdsaForm { der, fixed };

// Immutable; may be copied and used by several threads.
class PublicKey {
  public:
    // Each: nothing when the key is malformed or too weak.
    //
    // RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017), 2048 to 4096 bits; `modulus` and `exponent` are big-endian.
    static std::optional<PublicKey> rsa(std::string_view modulus, std::string_view exponent);
    // ECDSA on P-256 with SHA-256; coordinates of 32 bytes.
    static std::optional<PublicKey> p256(std::string_view x, std::string_view y);
    // Ed25519 (RFC 8032), 32 bytes.
    static std::optional<PublicKey> ed25519(std::string_view x);

    // Whether `signature` is over `message` by this key. `form` matters for P-256 alone.
    [[nodiscard]] bool signed_by(std::string_view message, std::string_view signature,
                                 EcdsaForm form = EcdsaForm::der) const;

  private:
    enum class Kind { rsa, p256, ed25519 };
    using Handle = std::shared_ptr<evp_pkey_st>;  // shared by the copies of a key, which never change it
    PublicKey(Kind kind, Handle key) : kind_(kind), key_(std::move(key)) {}

    Kind kind_;
    Handle key_;
};

}  // namespace braid::crypto
