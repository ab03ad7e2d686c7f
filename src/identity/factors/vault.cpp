#include "identity/factors/vault.h"

#include <sodium.h>

#include <cstring>

#include "base/text.h"

namespace braid::factors {

namespace {

constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t kCodeLength = 10;

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::array<unsigned char, 32> derive(std::string_view purpose, std::string_view secret) {
    std::string text(purpose);
    text.append(":").append(secret);
    std::array<unsigned char, 32> key{};
    crypto_generichash(key.data(), key.size(), bytes(text), text.size(), nullptr, 0);
    return key;
}

std::string labelled(PersonId person, std::string_view text) {
    return person.text() + "\n" + std::string(text);
}

}  // namespace

Vault::Vault(std::string_view site_secret)
    : box_key_(derive("secrets of code apps", site_secret)),
      code_key_(derive("recovery codes", site_secret)) {}

sql::Bytes Vault::close(PersonId person, std::string_view secret, Random& random) const {
    const std::string plain = labelled(person, secret);
    sql::Bytes box(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain.size());
    random.fill(std::span(box).first(crypto_secretbox_NONCEBYTES));
    auto* out = reinterpret_cast<unsigned char*>(box.data());
    crypto_secretbox_easy(out + crypto_secretbox_NONCEBYTES, bytes(plain), plain.size(), out,
                          box_key_.data());
    return box;
}

std::optional<std::string> Vault::open(PersonId person, const sql::Bytes& box) const {
    constexpr std::size_t kAround = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    if (box.size() < kAround) return std::nullopt;
    std::string plain(box.size() - kAround, '\0');
    const auto* in = reinterpret_cast<const unsigned char*>(box.data());
    if (crypto_secretbox_open_easy(reinterpret_cast<unsigned char*>(plain.data()),
                                   in + crypto_secretbox_NONCEBYTES, box.size() - crypto_secretbox_NONCEBYTES,
                                   in, box_key_.data()) != 0) {
        return std::nullopt;
    }
    const std::string label = labelled(person, "");
    if (!plain.starts_with(label)) return std::nullopt;
    return plain.substr(label.size());
}

std::string Vault::hash_code(PersonId person, std::string_view normal_code) const {
    const std::string text = labelled(person, normal_code);
    std::string out(32, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(), bytes(text), text.size(),
                       code_key_.data(), code_key_.size());
    return base64url(out);
}

std::string make_recovery_code(Random& random) {
    std::array<std::byte, kCodeLength> drawn{};
    random.fill(drawn);
    std::string code;
    for (const std::byte b : drawn) {
        if (code.size() == kCodeLength / 2) code += '-';
        code += kAlphabet[std::to_integer<unsigned>(b) & 31U];
    }
    return code;
}

std::optional<std::string> normal_recovery_code(std::string_view typed) {
    std::string code;
    for (char c : ascii_lower(typed)) {
        if (c == '-' || c == ' ') continue;
        if (c == 'o') c = '0';
        if (c == 'i' || c == 'l') c = '1';
        if (kAlphabet.find(c) == std::string_view::npos) return std::nullopt;
        code += c;
    }
    if (code.size() != kCodeLength) return std::nullopt;
    return code;
}

}  // namespace braid::factors
