// Public keys of COSE (RFC 9052, RFC 9053) and their signatures, by OpenSSL.
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>
#include <optional>
#include <string>

#include "identity/factors/cbor.h"
#include "identity/factors/webauthn.h"

namespace braid::factors {

namespace {

template <auto Free>
struct With {
    template <class T>
    void operator()(T* pointer) const {
        Free(pointer);
    }
};
using Key = std::unique_ptr<EVP_PKEY, With<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, With<EVP_PKEY_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, With<EVP_MD_CTX_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, With<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, With<OSSL_PARAM_free>>;
using Number = std::unique_ptr<BIGNUM, With<BN_free>>;

// RFC 9053 and RFC 8812: labels of a key, and the algorithms that are taken.
constexpr std::int64_t kKty = 1, kAlg = 3, kCrv = -1, kX = -2, kY = -3, kN = -1, kE = -2;
constexpr std::int64_t kEs256 = -7, kEdDsa = -8, kRs256 = -257;

struct PublicKey {
    Key key;
    const EVP_MD* digest = nullptr;  // Ed25519 has its own
};

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

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

Key from_params(const char* kind, OSSL_PARAM_BLD* builder) {
    const Params params(OSSL_PARAM_BLD_to_param(builder));
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
    EVP_PKEY* key = nullptr;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
        return nullptr;
    }
    Key made(key);
    // For EC: that the point is on the curve and not its identity.
    const KeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, made.get(), nullptr));
    if (!check || EVP_PKEY_public_check(check.get()) != 1) return nullptr;
    return made;
}

Key es256(const cbor::Value& cose) {
    const std::string_view x = bytes_at(cose, kX), y = bytes_at(cose, kY);
    if (number_at(cose, kKty) != 2 || number_at(cose, kCrv) != 1 || x.size() != 32 || y.size() != 32)
        return nullptr;
    const std::string point = "\x04" + std::string(x) + std::string(y);
    const Builder builder(OSSL_PARAM_BLD_new());
    if (!builder ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                         point.size()) != 1) {
        return nullptr;
    }
    return from_params("EC", builder.get());
}

Key ed25519(const cbor::Value& cose) {
    const std::string_view x = bytes_at(cose, kX);
    if (number_at(cose, kKty) != 1 || number_at(cose, kCrv) != 6 || x.size() != 32) return nullptr;
    return Key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(x), x.size()));
}

Key rs256(const cbor::Value& cose) {
    const std::string_view n = bytes_at(cose, kN), e = bytes_at(cose, kE);
    if (number_at(cose, kKty) != 3 || n.size() < 256 || n.size() > 512 || e.empty() || e.size() > 4)
        return nullptr;
    const Number modulus(BN_bin2bn(bytes(n), static_cast<int>(n.size()), nullptr));
    const Number exponent(BN_bin2bn(bytes(e), static_cast<int>(e.size()), nullptr));
    if (!modulus || !exponent || BN_num_bits(modulus.get()) < 2048 || BN_is_odd(exponent.get()) == 0)
        return nullptr;
    const Builder builder(OSSL_PARAM_BLD_new());
    if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1) {
        return nullptr;
    }
    return from_params("RSA", builder.get());
}

PublicKey read_key(std::string_view text) {
    const auto cose = cbor::parse(text);
    if (!cose) return {};
    switch (number_at(*cose, kAlg).value_or(0)) {
        case kEs256:
            return {es256(*cose), EVP_sha256()};
        case kEdDsa:
            return {ed25519(*cose), nullptr};
        case kRs256:
            return {rs256(*cose), EVP_sha256()};
        default:
            return {};
    }
}

}  // namespace

bool key_is_good(std::string_view cose_key) {
    return read_key(cose_key).key != nullptr;
}

bool signature_holds(std::string_view cose_key, std::string_view message, std::string_view signature) {
    const PublicKey key = read_key(cose_key);
    const Digest digest(EVP_MD_CTX_new());
    return key.key && digest &&
           EVP_DigestVerifyInit(digest.get(), nullptr, key.digest, nullptr, key.key.get()) == 1 &&
           EVP_DigestVerify(digest.get(), bytes(signature), signature.size(), bytes(message),
                            message.size()) == 1;
}

}  // namespace braid::factors
