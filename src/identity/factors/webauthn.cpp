#include "identity/factors/webauthn.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <boost/json.hpp>

#include "base/text.h"
#include "identity/factors/cbor.h"
#include "platform/i18n/i18n.h"

namespace braid::factors {

namespace {

constexpr std::size_t kClientDataMost = 4096;
// Section 6.1: flags of the authenticator data.
constexpr unsigned kUserPresent = 1, kUserVerified = 4, kAttested = 64, kExtensions = 128;

Error refused(std::string why) {
    Error error;
    error.code = ErrorCode::invalid;
    error.message_key = _msg("factors.passkey_refused");
    error.detail = std::move(why);
    return error;
}

std::string sha256(std::string_view text) {
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
           reinterpret_cast<unsigned char*>(digest.data()));
    return digest;
}

struct AuthenticatorData {
    unsigned flags = 0;
    std::uint32_t sign_count = 0;
    std::string_view credential_id, cose_key;  // empty unless attested
};

std::uint32_t number32(std::string_view bytes) {
    std::uint32_t number = 0;
    for (const char c : bytes)
        number = number << 8 | static_cast<unsigned char>(c);
    return number;
}

// Section 6.1: rpIdHash (32), flags (1), signCount (4), then what the flags say, and nothing after it.
Result<AuthenticatorData> parse_authenticator_data(std::string_view data, const RelyingParty& site,
                                                   UserVerification verification) {
    if (data.size() < 37) return refused("authenticator data too short");
    if (data.substr(0, 32) != sha256(site.id)) return refused("made for another site");
    AuthenticatorData parsed{static_cast<unsigned char>(data[32]), number32(data.substr(33, 4)), {}, {}};
    if ((parsed.flags & kUserPresent) == 0) return refused("nobody was present");
    if (verification == UserVerification::required && (parsed.flags & kUserVerified) == 0)
        return refused("who it was is not verified");
    std::string_view rest = data.substr(37);
    if ((parsed.flags & kAttested) != 0) {
        // Section 6.5.1: aaguid (16), length of the id (2), id, public key.
        if (rest.size() < 18) return refused("attested data too short");
        const std::size_t length = number32(rest.substr(16, 2));
        rest.remove_prefix(18);
        if (length == 0 || length > 1023 || rest.size() < length)
            return refused("credential id of a wrong length");
        parsed.credential_id = rest.substr(0, length);
        rest.remove_prefix(length);
        const std::string_view from = rest;
        if (!cbor::take(rest)) return refused("public key is no CBOR");
        parsed.cose_key = from.substr(0, from.size() - rest.size());
    }
    if ((parsed.flags & kExtensions) != 0) {
        const auto extensions = cbor::take(rest);
        if (!extensions || extensions->get<cbor::Map>() == nullptr) return refused("extensions are no map");
    }
    if (!rest.empty()) return refused("something after the authenticator data");
    return parsed;
}

std::string_view text_of(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                  : std::string_view();
}

}  // namespace

Result<std::string> challenge_of(std::string_view json, Ceremony ceremony, const RelyingParty& site) {
    if (json.size() > kClientDataMost || !is_valid_utf8(json))
        return refused("client data too long or no UTF-8");
    boost::system::error_code failed;
    const boost::json::value parsed = boost::json::parse(json, failed);
    const auto* data = failed ? nullptr : parsed.if_object();
    if (data == nullptr) return refused("client data are no JSON object");
    if (text_of(*data, "type") != (ceremony == Ceremony::create ? "webauthn.create" : "webauthn.get"))
        return refused("client data of another type");
    if (text_of(*data, "origin") != site.origin)
        return refused("made at another origin: " + std::string(text_of(*data, "origin")));
    const auto* crossed = data->if_contains("crossOrigin");
    if (crossed != nullptr && !(crossed->is_bool() && !crossed->get_bool()))
        return refused("inside another's page");
    auto challenge = from_base64url(text_of(*data, "challenge"));
    if (!challenge || challenge->empty()) return refused("no challenge");
    return std::move(*challenge);
}

Result<NewCredential> check_attestation(std::string_view object, const RelyingParty& site,
                                        UserVerification verification) {
    const auto attestation = cbor::parse(object);
    const auto* held = attestation ? attestation->at("authData") : nullptr;
    const auto* bytes = held != nullptr ? held->get<cbor::Bytes>() : nullptr;
    const auto* format = attestation ? attestation->at("fmt") : nullptr;
    const auto* statement = attestation ? attestation->at("attStmt") : nullptr;
    if (bytes == nullptr || format == nullptr || format->get<cbor::Text>() == nullptr ||
        statement == nullptr || statement->get<cbor::Map>() == nullptr) {
        return refused("no attestation object");
    }
    const auto data = TRY(parse_authenticator_data(bytes->value, site, verification));
    if (data.credential_id.empty()) return refused("no credential in it");
    if (!key_is_good(data.cose_key)) return refused("a key of a kind that is not taken");
    return NewCredential{std::string(data.credential_id), std::string(data.cose_key), data.sign_count,
                         (data.flags & kUserVerified) != 0};
}

Result<Assertion> check_assertion(std::string_view cose_key, std::uint32_t last_count,
                                  std::string_view authenticator_data, std::string_view client_data_json,
                                  std::string_view signature, const RelyingParty& site,
                                  UserVerification verification) {
    const auto data = TRY(parse_authenticator_data(authenticator_data, site, verification));
    if (!signature_holds(cose_key, std::string(authenticator_data) + sha256(client_data_json), signature))
        return refused("the signature does not hold");
    // Step 21: an authenticator that counts, counts up. One that does not always says 0.
    if ((data.sign_count != 0 || last_count != 0) && data.sign_count <= last_count) {
        Error error = conflict(_msg("factors.passkey_copied"), "the signature count did not rise");
        return error;
    }
    return Assertion{data.sign_count, (data.flags & kUserVerified) != 0};
}

}  // namespace braid::factors
