// An authenticator in software, for tests: makes keys of each kind that is taken, and signs as WebAuthn says.
#pragma once

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/text.h"

namespace braid::factors {

// Writers of CBOR, as much as is needed here.
inline std::string cbor_head(unsigned major, std::uint64_t number) {
    std::string out;
    const auto first = [&](unsigned low) { out += static_cast<char>(major << 5 | low); };
    int size = number < 24 ? 0 : number < 256 ? 1 : number < 65536 ? 2 : 4;
    first(size == 0 ? static_cast<unsigned>(number) : size == 1 ? 24 : size == 2 ? 25 : 26);
    for (int i = size - 1; i >= 0; --i)
        out += static_cast<char>(number >> (8 * i) & 255);
    return out;
}
inline std::string cbor_int(std::int64_t n) {
    return n >= 0 ? cbor_head(0, static_cast<std::uint64_t>(n))
                  : cbor_head(1, static_cast<std::uint64_t>(-1 - n));
}
inline std::string cbor_bytes(std::string_view text) {
    return cbor_head(2, text.size()) + std::string(text);
}
inline std::string cbor_text(std::string_view text) {
    return cbor_head(3, text.size()) + std::string(text);
}

class SoftAuthenticator {
  public:
    enum class Kind { es256, eddsa, rs256 };

    explicit SoftAuthenticator(Kind kind, std::string id = "the credential of a test")
        : credential(std::move(id)), kind_(kind), key_(make(kind), &EVP_PKEY_free) {}

    std::string credential;
    std::string rp_id = "braid.test", origin = "https://braid.test";
    unsigned flags = 1 | 4;  // present, verified
    std::uint32_t count = 1;
    std::string extra;  // in the client data, before its end

    [[nodiscard]] std::string client_data(std::string_view type, std::string_view challenge) const {
        return R"({"type":")" + std::string(type) + R"(","challenge":")" + std::string(challenge) +
               R"(","origin":")" + origin + R"(")" + extra + "}";
    }
    [[nodiscard]] std::string authenticator_data(bool attested) const {
        std::string data = sha256(rp_id);
        data += static_cast<char>(flags | (attested ? 64U : 0U));
        for (int i = 3; i >= 0; --i)
            data += static_cast<char>(count >> (8 * i) & 255);
        if (attested) {
            data += std::string(16, '\0');
            data += static_cast<char>(credential.size() >> 8);
            data += static_cast<char>(credential.size() & 255);
            data += credential + cose_key();
        }
        return data;
    }
    [[nodiscard]] std::string attestation() const {
        return cbor_head(5, 3) + cbor_text("fmt") + cbor_text("none") + cbor_text("attStmt") +
               cbor_head(5, 0) + cbor_text("authData") + cbor_bytes(authenticator_data(true));
    }
    [[nodiscard]] std::string sign(std::string_view message) const {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                              &EVP_MD_CTX_free);
        EVP_DigestSignInit(context.get(), nullptr, kind_ == Kind::eddsa ? nullptr : EVP_sha256(), nullptr,
                           key_.get());
        std::size_t size = 0;
        const auto* in = reinterpret_cast<const unsigned char*>(message.data());
        EVP_DigestSign(context.get(), nullptr, &size, in, message.size());
        std::string out(size, '\0');
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, in,
                       message.size());
        out.resize(size);
        return out;
    }
    [[nodiscard]] std::string signature(std::string_view client_data) const {
        return sign(authenticator_data(false) + sha256(client_data));
    }
    [[nodiscard]] std::string cose_key() const {
        if (kind_ == Kind::eddsa) {
            std::string x(32, '\0');
            std::size_t size = x.size();
            EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(x.data()), &size);
            return cbor_head(5, 4) + cbor_int(1) + cbor_int(1) + cbor_int(3) + cbor_int(-8) + cbor_int(-1) +
                   cbor_int(6) + cbor_int(-2) + cbor_bytes(x);
        }
        if (kind_ == Kind::rs256) {
            return cbor_head(5, 4) + cbor_int(1) + cbor_int(3) + cbor_int(3) + cbor_int(-257) + cbor_int(-1) +
                   cbor_bytes(number("n")) + cbor_int(-2) + cbor_bytes(number("e"));
        }
        return cbor_head(5, 5) + cbor_int(1) + cbor_int(2) + cbor_int(3) + cbor_int(-7) + cbor_int(-1) +
               cbor_int(1) + cbor_int(-2) + cbor_bytes(coordinate("qx")) + cbor_int(-3) +
               cbor_bytes(coordinate("qy"));
    }
    static std::string sha256(std::string_view text) {
        std::string digest(SHA256_DIGEST_LENGTH, '\0');
        SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
               reinterpret_cast<unsigned char*>(digest.data()));
        return digest;
    }

  private:
    static EVP_PKEY* make(Kind kind) {
        switch (kind) {
            case Kind::eddsa:
                return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
            case Kind::rs256:
                return EVP_RSA_gen(2048);
            case Kind::es256:
                break;
        }
        return EVP_EC_gen("P-256");
    }
    [[nodiscard]] std::string number(const char* name) const {
        BIGNUM* value = nullptr;
        EVP_PKEY_get_bn_param(key_.get(), name, &value);
        std::string out(static_cast<std::size_t>(BN_num_bytes(value)), '\0');
        BN_bn2bin(value, reinterpret_cast<unsigned char*>(out.data()));
        BN_free(value);
        return out;
    }
    [[nodiscard]] std::string coordinate(const char* name) const {
        const std::string value = number(name);
        return std::string(32 - value.size(), '\0') + value;
    }

    Kind kind_;
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

}  // namespace braid::factors
