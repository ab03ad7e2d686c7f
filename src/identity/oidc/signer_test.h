// A provider's key of the tests: P-256, made anew each time.
#pragma once

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace braid::oidc {

class Signer {
  public:
    explicit Signer(std::string id) : id_(std::move(id)), key_(EVP_EC_gen("P-256"), EVP_PKEY_free) {}

    [[nodiscard]] std::string key() const {
        unsigned char point[65];
        std::size_t size = 0;
        EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &size);
        const std::string_view text(reinterpret_cast<char*>(point), size);
        return R"({"kty":"EC","crv":"P-256","use":"sig","kid":")" + id_ + R"(","x":")" +
               base64url(text.substr(1, 32)) + R"(","y":")" + base64url(text.substr(33)) + "\"}";
    }
    [[nodiscard]] std::string key_set() const { return "{\"keys\":[" + key() + "]}"; }

    [[nodiscard]] std::string sign(std::string_view claims, std::string head = {}) const {
        if (head.empty()) head = R"({"alg":"ES256","kid":")" + id_ + "\"}";
        const std::string text = base64url(head) + "." + base64url(claims);
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                              EVP_MD_CTX_free);
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
        std::vector<unsigned char> der(128);
        std::size_t size = der.size();
        EVP_DigestSign(context.get(), der.data(), &size, reinterpret_cast<const unsigned char*>(text.data()),
                       text.size());
        const unsigned char* at = der.data();
        const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> signature(
            d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)), ECDSA_SIG_free);
        std::string fixed(64, '\0');
        BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), reinterpret_cast<unsigned char*>(fixed.data()), 32);
        BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), reinterpret_cast<unsigned char*>(fixed.data()) + 32,
                     32);
        return text + "." + base64url(fixed);
    }

  private:
    std::string id_;
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

}  // namespace braid::oidc
