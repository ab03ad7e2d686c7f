#include "identity/oidc/provider.h"

#include <sodium.h>

#include <algorithm>

#include "base/text.h"
#include "platform/api/json.h"
#include "platform/i18n/i18n.h"

namespace braid::oidc {

namespace {

using api::Json;

constexpr Duration kDiscoveryLife = std::chrono::hours(1);
// A token that names an unknown key makes us ask for the keys again, no more often than this: so a provider
// may change its keys at any time, and nobody makes us ask without end.
constexpr Duration kKeysAtLeast = std::chrono::seconds(5);
constexpr Duration kKeysLife = std::chrono::hours(24);

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

bool lists(const Json& object, std::string_view name, std::string_view word) {
    const Json* list = object.find(name);
    return list != nullptr && list->kind == Json::Kind::list &&
           std::ranges::any_of(list->items, [&](const Json& item) { return item.text == word; });
}

Error not_there(std::string detail) {
    Error error = unavailable("sign-in provider: " + std::move(detail), 30);
    error.message_key = _msg("oidc.not_there");
    return error;
}

Error refused(std::string detail) {
    return forbidden(_msg("oidc.refused"), "sign-in provider: " + std::move(detail));
}

std::string challenge(std::string_view verifier) {
    std::string hash(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                       reinterpret_cast<const unsigned char*>(verifier.data()), verifier.size());
    return base64url(hash);
}

// RFC 6749, 2.3.1: name and secret are form-encoded before they are sent by Basic.
std::string encoded(std::string_view text) {
    return percent_encode(text);
}

}  // namespace

Provider::Provider(Settings settings, std::unique_ptr<fetch::Client> client, const Clock& clock)
    : settings_(std::move(settings)), client_(std::move(client)), clock_(clock) {}

Result<Provider::Discovered> Provider::discovered() {
    const Timestamp now = clock_.now();
    std::optional<Discovered> old;
    {
        const std::lock_guard lock(mutex_);
        if (discovered_ && now - discovered_->at < kDiscoveryLife) return *discovered_;
        old = discovered_;
    }
    std::string base = settings_.issuer;
    if (base.ends_with('/')) base.pop_back();
    const auto answer = client_->ask({.url = base + "/.well-known/openid-configuration"});
    if (!answer.ok() || answer->status != 200) {
        if (old) return *old;  // better than nobody coming in
        return not_there(answer.ok() ? "discovery answered " + std::to_string(answer->status)
                                     : answer.error().detail);
    }
    const auto said = object_of(answer->body);
    if (!said) return not_there("discovery is not JSON");
    // Discovery 1.0, 4.3: it must be the one that was asked, to the letter.
    if (text_at(*said, "issuer") != settings_.issuer)
        return not_there("discovery is of issuer " + text_at(*said, "issuer"));
    Discovered found{text_at(*said, "authorization_endpoint"), text_at(*said, "token_endpoint"),
                     text_at(*said, "jwks_uri"), true, now};
    for (const std::string* url : {&found.authorization, &found.token, &found.keys}) {
        if (!fetch::may_ask(*url)) return not_there("discovery names no https address: " + *url);
    }
    found.basic = said->find("token_endpoint_auth_methods_supported") == nullptr ||
                  lists(*said, "token_endpoint_auth_methods_supported", "client_secret_basic");
    const std::lock_guard lock(mutex_);
    discovered_ = found;
    return found;
}

Result<Provider::SharedKeys> Provider::keys(const Discovered& where, Freshness freshness) {
    const Timestamp now = clock_.now();
    {
        const std::lock_guard lock(mutex_);
        const Duration life = freshness == Freshness::now ? kKeysAtLeast : kKeysLife;
        if (keys_ && now - keys_->at < life) return keys_;
    }
    const auto answer = client_->ask({.url = where.keys});
    if (!answer.ok()) return not_there(answer.error().detail);
    auto keys = answer->status == 200 ? parse_keys(answer->body) : std::nullopt;
    if (!keys) return not_there("its keys cannot be read");
    auto fresh = std::make_shared<const KnownKeys>(KnownKeys{*std::move(keys), now});
    const std::lock_guard lock(mutex_);
    keys_ = fresh;
    return SharedKeys(std::move(fresh));
}

Result<std::string> Provider::authorization_url(const Journey& journey) {
    const Discovered where = TRY(discovered());
    std::string url = where.authorization;
    url += url.find('?') == std::string::npos ? '?' : '&';
    const auto add = [&](std::string_view name, std::string_view value) {
        if (url.back() != '?' && url.back() != '&') url += '&';
        url.append(name).append("=").append(percent_encode(value));
    };
    add("response_type", "code");
    add("client_id", settings_.client_id);
    add("redirect_uri", settings_.redirect_uri());
    add("scope", "openid profile email");
    add("state", journey.state);
    add("nonce", journey.nonce);
    add("code_challenge", challenge(journey.verifier));
    add("code_challenge_method", "S256");
    return url;
}

Result<std::string> Provider::id_token(const Discovered& where, std::string_view code,
                                       const Journey& journey) {
    fetch::Request request{.url = where.token,
                           .form = {{"grant_type", "authorization_code"},
                                    {"code", std::string(code)},
                                    {"redirect_uri", settings_.redirect_uri()},
                                    {"code_verifier", journey.verifier}}};
    if (!settings_.client_secret.empty() && where.basic) {
        request.user = encoded(settings_.client_id);
        request.password = encoded(settings_.client_secret);
    } else {
        request.form.emplace_back("client_id", settings_.client_id);
        if (!settings_.client_secret.empty())
            request.form.emplace_back("client_secret", settings_.client_secret);
    }
    const auto answer = client_->ask(request);
    if (!answer.ok()) return not_there(answer.error().detail);
    if (answer->status >= 500) return not_there("token endpoint answered " + std::to_string(answer->status));
    const auto said = object_of(answer->body);
    if (answer->status != 200 || !said) {
        return refused("token endpoint answered " + std::to_string(answer->status) + " " +
                       (said ? text_at(*said, "error") : std::string()));
    }
    std::string token = text_at(*said, "id_token");
    if (token.empty()) return refused("no ID token in its answer");
    return token;
}

Result<Claims> Provider::redeem(std::string_view code, std::string_view issuer, const Journey& journey) {
    if (!issuer.empty() && issuer != settings_.issuer) return refused("iss of the answer is another's");
    const Discovered where = TRY(discovered());
    const std::string token = TRY(id_token(where, code, journey));
    const Expected expected{settings_.issuer, settings_.client_id, journey.nonce, clock_.now()};
    for (const Freshness freshness : {Freshness::usual, Freshness::now}) {
        const SharedKeys known = TRY(keys(where, freshness));
        Checked checked = check_id_token(token, known->keys, expected);
        if (checked.claims) return *std::move(checked.claims);
        if (checked.refusal != Refusal::unknown_key || freshness == Freshness::now)
            return refused("ID token: " + checked.detail);
    }
    return refused("ID token");
}

}  // namespace braid::oidc
