#include "platform/crypto/public_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <string>

namespace braid::crypto {

namespace {

template <auto Free>
struct With {
    template <class T>
    void operator()(T* pointer) const {
        Free(pointer);
    }
};
using Context = std::unique_ptr<EVP_PKEY_CTX, With<EVP_PKEY_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, With<EVP_MD_CTX_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, With<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, With<OSSL_PARAM_free>>;
using Number = std::unique_ptr<BIGNUM, With<BN_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, With<ECDSA_SIG_free>>;

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

Number number(std::string_view text) {
    return Number(BN_bin2bn(bytes(text), static_cast<int>(text.size()), nullptr));
}

std::shared_ptr<EVP_PKEY> held(EVP_PKEY* key) {
    return key == nullptr ? nullptr : std::shared_ptr<EVP_PKEY>(key, EVP_PKEY_free);
}

std::shared_ptr<EVP_PKEY> from_params(const char* kind, OSSL_PARAM_BLD* builder) {
    const Params params(OSSL_PARAM_BLD_to_param(builder));
    const Context context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
    EVP_PKEY* key = nullptr;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
        return nullptr;
    }
    auto made = held(key);
    // For EC: that the point is on the curve and not its identity.
    const Context check(EVP_PKEY_CTX_new_from_pkey(nullptr, made.get(), nullptr));
    if (!check || EVP_PKEY_public_check(check.get()) != 1) return nullptr;
    return made;
}

// r and s of 32 bytes each → DER. Empty when it is neither.
std::string to_der(std::string_view fixed) {
    if (fixed.size() != 64) return {};
    const Signature signature(ECDSA_SIG_new());
    Number r = number(fixed.substr(0, 32)), s = number(fixed.substr(32));
    if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return {};
    (void)r.release();  // the signature's now
    (void)s.release();
    unsigned char* out = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &out);
    if (size <= 0) return {};
    std::string der(reinterpret_cast<char*>(out), static_cast<std::size_t>(size));
    OPENSSL_free(out);
    return der;
}

}  // namespace

std::optional<PublicKey> PublicKey::rsa(std::string_view modulus, std::string_view exponent) {
    if (modulus.size() < 256 || modulus.size() > 512 || exponent.empty() || exponent.size() > 4)
        return std::nullopt;
    const Number n = number(modulus), e = number(exponent);
    if (!n || !e || BN_num_bits(n.get()) < 2048 || BN_is_odd(e.get()) == 0) return std::nullopt;
    const Builder builder(OSSL_PARAM_BLD_new());
    if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
        return std::nullopt;
    }
    auto key = from_params("RSA", builder.get());
    return key ? std::optional(PublicKey(Kind::rsa, std::move(key))) : std::nullopt;
}

std::optional<PublicKey> PublicKey::p256(std::string_view x, std::string_view y) {
    if (x.size() != 32 || y.size() != 32) return std::nullopt;
    const std::string point = "\x04" + std::string(x) + std::string(y);
    const Builder builder(OSSL_PARAM_BLD_new());
    if (!builder ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                         point.size()) != 1) {
        return std::nullopt;
    }
    auto key = from_params("EC", builder.get());
    return key ? std::optional(PublicKey(Kind::p256, std::move(key))) : std::nullopt;
}

std::optional<PublicKey> PublicKey::ed25519(std::string_view x) {
    if (x.size() != 32) return std::nullopt;
    auto key = held(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(x), x.size()));
    return key ? std::optional(PublicKey(Kind::ed25519, std::move(key))) : std::nullopt;
}

bool PublicKey::signed_by(std::string_view message, std::string_view signature, EcdsaForm form) const {
    std::string der;
    if (kind_ == Kind::p256 && form == EcdsaForm::fixed) {
        der = to_der(signature);
        if (der.empty()) return false;
        signature = der;
    }
    const Digest digest(EVP_MD_CTX_new());
    const EVP_MD* hash = kind_ == Kind::ed25519 ? nullptr : EVP_sha256();  // Ed25519 has its own
    return digest && EVP_DigestVerifyInit(digest.get(), nullptr, hash, nullptr, key_.get()) == 1 &&
           EVP_DigestVerify(digest.get(), bytes(signature), signature.size(), bytes(message),
                            message.size()) == 1;
}

}  // namespace braid::crypto
