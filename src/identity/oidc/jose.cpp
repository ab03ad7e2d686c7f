#include "identity/oidc/jose.h"

#include <algorithm>

#include "base/text.h"
#include "platform/api/json.h"

namespace braid::oidc {

namespace {

using api::Json;

constexpr std::int64_t kLeeway = 60;         // seconds between two clocks
constexpr std::int64_t kOldest = 24 * 3600;  // a token issued longer ago is none of this sign-in's
constexpr std::size_t kMostToken = 64 << 10, kMostSubject = 255;

std::optional<Json> object_of(std::string_view text) {
    std::string problem;
    auto json = api::parse_json(text, problem);
    if (!json || json->kind != Json::Kind::object) return std::nullopt;
    return json;
}

std::string text_at(const Json& object, std::string_view name) {
    const Json* value = object.find(name);
    return value != nullptr && value->kind == Json::Kind::text ? value->text : std::string();
}

std::optional<std::int64_t> seconds_at(const Json& object, std::string_view name) {
    const Json* value = object.find(name);
    if (value == nullptr) return std::nullopt;
    if (value->kind == Json::Kind::integer) return value->integer;
    if (value->kind == Json::Kind::real && value->real > -1e15 && value->real < 1e15)
        return static_cast<std::int64_t>(value->real);
    return std::nullopt;
}

std::string bytes_at(const Json& object, std::string_view name) {
    return from_base64url(text_at(object, name)).value_or(std::string());
}

std::optional<Algorithm> algorithm_of(std::string_view name) {
    if (name == "RS256") return Algorithm::rs256;
    if (name == "ES256") return Algorithm::es256;
    if (name == "EdDSA") return Algorithm::eddsa;
    return std::nullopt;
}

std::optional<Key> read_key(const Json& json) {
    if (json.kind != Json::Kind::object) return std::nullopt;
    const std::string use = text_at(json, "use");
    if (!use.empty() && use != "sig") return std::nullopt;
    const std::string kind = text_at(json, "kty"), curve = text_at(json, "crv");
    std::optional<crypto::PublicKey> key;
    Algorithm algorithm = Algorithm::rs256;
    if (kind == "RSA") {
        key = crypto::PublicKey::rsa(bytes_at(json, "n"), bytes_at(json, "e"));
    } else if (kind == "EC" && curve == "P-256") {
        algorithm = Algorithm::es256;
        key = crypto::PublicKey::p256(bytes_at(json, "x"), bytes_at(json, "y"));
    } else if (kind == "OKP" && curve == "Ed25519") {
        algorithm = Algorithm::eddsa;
        key = crypto::PublicKey::ed25519(bytes_at(json, "x"));
    }
    if (!key) return std::nullopt;
    const std::string said = text_at(json, "alg");
    if (!said.empty() && algorithm_of(said) != algorithm) return std::nullopt;
    return Key{text_at(json, "kid"), algorithm, *std::move(key)};
}

Checked refuse(Refusal refusal, std::string detail) {
    return {std::nullopt, refusal, std::move(detail)};
}

// Whether `aud`, a text or a list of texts, names `client`; several only with ours as authorised party.
bool is_for(const Json& claims, std::string_view client) {
    const Json* audience = claims.find("aud");
    const std::string party = text_at(claims, "azp");
    if (!party.empty() && party != client) return false;
    if (audience == nullptr) return false;
    if (audience->kind == Json::Kind::text) return audience->text == client;
    if (audience->kind != Json::Kind::list || audience->items.empty()) return false;
    const bool named = std::ranges::any_of(audience->items, [&](const Json& item) {
        return item.kind == Json::Kind::text && item.text == client;
    });
    return named && (audience->items.size() == 1 || party == client);
}

std::string wrong_claim(const Json& claims, const Expected& expected) {
    const std::int64_t now = expected.now.micros / 1'000'000;
    if (text_at(claims, "iss") != expected.issuer) return "iss is " + text_at(claims, "iss");
    if (!is_for(claims, expected.client_id)) return "aud or azp is not us";
    const auto ends = seconds_at(claims, "exp"), issued = seconds_at(claims, "iat");
    if (!ends || *ends + kLeeway <= now) return "exp has passed";
    if (!issued || *issued > now + kLeeway || *issued < now - kOldest) return "iat is not of now";
    if (text_at(claims, "nonce") != expected.nonce) return "nonce is not ours";
    const std::string subject = text_at(claims, "sub");
    if (subject.empty() || subject.size() > kMostSubject) return "sub is empty or too long";
    return {};
}

bool signed_by_one_of(const std::vector<Key>& keys, std::string_view key_id, Algorithm algorithm,
                      std::string_view message, std::string_view signature) {
    return std::ranges::any_of(keys, [&](const Key& key) {
        return key.algorithm == algorithm && (key_id.empty() || key.id == key_id) &&
               key.key.signed_by(message, signature, crypto::EcdsaForm::fixed);
    });
}

}  // namespace

std::optional<std::vector<Key>> parse_keys(std::string_view json) {
    const auto set = object_of(json);
    const Json* list = set ? set->find("keys") : nullptr;
    if (list == nullptr || list->kind != Json::Kind::list) return std::nullopt;
    std::vector<Key> keys;
    for (const Json& item : list->items) {
        if (auto key = read_key(item)) keys.push_back(*std::move(key));
    }
    return keys;
}

Checked check_id_token(std::string_view token, const std::vector<Key>& keys, const Expected& expected) {
    if (token.size() > kMostToken) return refuse(Refusal::malformed, "too long");
    const auto parts = split(token, '.');
    if (parts.size() != 3) return refuse(Refusal::malformed, "not three parts");
    const auto head_text = from_base64url(parts[0]), body_text = from_base64url(parts[1]),
               signature = from_base64url(parts[2]);
    if (!head_text || !body_text || !signature) return refuse(Refusal::malformed, "not base64url");
    const auto head = object_of(*head_text), claims = object_of(*body_text);
    if (!head || !claims) return refuse(Refusal::malformed, "not JSON");
    // RFC 7515, 4.1.11: what must be understood and is not.
    if (head->find("crit") != nullptr) return refuse(Refusal::malformed, "crit");
    const auto algorithm = algorithm_of(text_at(*head, "alg"));
    if (!algorithm) return refuse(Refusal::malformed, "alg is " + text_at(*head, "alg"));
    const std::string key_id = text_at(*head, "kid");
    const bool known = std::ranges::any_of(keys, [&](const Key& key) {
        return key.algorithm == *algorithm && (key_id.empty() || key.id == key_id);
    });
    if (!known) return refuse(Refusal::unknown_key, "kid is " + key_id);
    const std::string_view message = token.substr(0, parts[0].size() + 1 + parts[1].size());
    if (!signed_by_one_of(keys, key_id, *algorithm, message, *signature))
        return refuse(Refusal::bad_signature, "signature");
    if (std::string wrong = wrong_claim(*claims, expected); !wrong.empty())
        return refuse(Refusal::wrong_claims, std::move(wrong));
    return {Claims{text_at(*claims, "sub"), text_at(*claims, "preferred_username"), text_at(*claims, "name"),
                   text_at(*claims, "email")},
            Refusal::malformed,
            {}};
}

}  // namespace braid::oidc
