#include "identity/factors/webauthn.h"

#include <gmock/gmock.h>

#include "base/random.h"
#include "base/text.h"
#include "identity/factors/cbor.h"
#include "identity/factors/challenges.h"
#include "identity/factors/soft_authenticator_test.h"

namespace braid::factors {
namespace {

using Kind = SoftAuthenticator::Kind;
using ::testing::HasSubstr;

const RelyingParty kSite{"braid.test", "https://braid.test"};

// --- CBOR

std::string from_hex(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
    return bytes;
}

TEST(Cbor, ReadsTheExamplesOfRfc8949AppendixA) {
    const auto number = [](std::string_view text) {
        const std::string bytes = from_hex(text);
        const auto value = cbor::parse(bytes);
        return value && value->get<std::int64_t>() != nullptr ? *value->get<std::int64_t>() : -99;
    };
    EXPECT_EQ(number("00"), 0);
    EXPECT_EQ(number("17"), 23);
    EXPECT_EQ(number("1818"), 24);
    EXPECT_EQ(number("1903e8"), 1000);
    EXPECT_EQ(number("1a000f4240"), 1000000);
    EXPECT_EQ(number("1b000000e8d4a51000"), 1000000000000);
    EXPECT_EQ(number("20"), -1);
    EXPECT_EQ(number("3863"), -100);
    EXPECT_EQ(number("3903e7"), -1000);
    const std::string nested = from_hex("a26161016162820203");  // {"a": 1, "b": [2, 3]}
    const auto map = cbor::parse(nested);
    ASSERT_TRUE(map);
    EXPECT_EQ(*map->at("a")->get<std::int64_t>(), 1);
    EXPECT_EQ(map->at("b")->get<cbor::Array>()->size(), 2U);
    EXPECT_EQ(map->at("c"), nullptr);
    EXPECT_EQ(map->at(1), nullptr);
    EXPECT_EQ(*cbor::parse(std::string_view("\xf5"))->get<bool>(), true);
}

TEST(Cbor, RefusesEverythingElse) {
    for (const char* bad : {
             "",                    // nothing
             "18",                  // cut short
             "1817",                // not the shortest
             "190018",              // nor this
             "1a0000ffff",          // nor this
             "1bffffffffffffffff",  // beyond a signed number
             "3bffffffffffffffff",  // nor below one
             "41",                  // a string without its byte
             "5f42010243030405ff",  // of indefinite length
             "9fff",
             "bfff",                        // these too
             "61ff",                        // no UTF-8
             "a2010201 03",                 // a key twice
             "a1f501",                      // a key that is no number or text
             "c074",                        // a tag
             "f93c00",                      // a float
             "f7",                          // undefined
             "8281",                        // an array cut short
             "0000",                        // something after it
             "9b7fffffffffffffff",          // more items than bytes
             "81818181818181818181818100",  // too deep
         }) {
        std::string text;
        for (const char* c = bad; *c != '\0'; ++c) {
            if (*c != ' ') text += *c;
        }
        EXPECT_FALSE(cbor::parse(from_hex(text))) << bad;
    }
}

// --- challenges

TEST(TheChallenge, IsForOnePurposeAndTenMinutes) {
    FakeClock clock;
    SeededRandom random(4);
    const Challenges challenges("a secret");
    const std::string one = challenges.make("sign in", random, clock.now());
    EXPECT_NE(one, challenges.make("sign in", random, clock.now()));
    EXPECT_TRUE(challenges.holds(one, "sign in", clock.now()));
    EXPECT_FALSE(challenges.holds(one, "add for 1", clock.now()));
    EXPECT_FALSE(Challenges("another").holds(one, "sign in", clock.now()));
    for (std::size_t i = 0; i < one.size(); ++i) {
        std::string changed = one;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(challenges.holds(changed, "sign in", clock.now())) << i;
    }
    EXPECT_FALSE(challenges.holds("", "sign in", clock.now()));
    clock.advance(std::chrono::minutes(10));
    EXPECT_FALSE(challenges.holds(one, "sign in", clock.now()));
}

// --- client data

TEST(ClientData, AreOfThisSiteAndCeremony) {
    const SoftAuthenticator device(Kind::es256);
    const std::string challenge = base64url("a challenge");
    const auto read = [](const std::string& json) { return challenge_of(json, Ceremony::get, kSite); };
    EXPECT_EQ(*read(device.client_data("webauthn.get", challenge)), "a challenge");
    EXPECT_FALSE(read(device.client_data("webauthn.create", challenge)).ok());
    EXPECT_FALSE(read(device.client_data("webauthn.get", "")).ok());
    EXPECT_FALSE(read(device.client_data("webauthn.get", "!!")).ok());
    SoftAuthenticator other(Kind::es256);
    for (const char* origin : {"https://evil.test", "http://braid.test", "https://braid.test:8443",
                               "https://braid.test.evil.test", "https://sub.braid.test", ""}) {
        other.origin = origin;
        EXPECT_FALSE(read(other.client_data("webauthn.get", challenge)).ok()) << origin;
    }
    SoftAuthenticator framed(Kind::es256);
    framed.extra = R"(,"crossOrigin":true)";
    EXPECT_FALSE(read(framed.client_data("webauthn.get", challenge)).ok());
    framed.extra = R"(,"crossOrigin":false,"other":{"keys":"may come"})";
    EXPECT_TRUE(read(framed.client_data("webauthn.get", challenge)).ok());
    for (const char* bad : {"", "{", "[]", "null", "\xff\xff"})
        EXPECT_FALSE(read(bad).ok()) << bad;
    EXPECT_FALSE(read(std::string(5000, ' ') + device.client_data("webauthn.get", challenge)).ok());
}

// --- keys of every kind

class EveryKind : public ::testing::TestWithParam<Kind> {};
INSTANTIATE_TEST_SUITE_P(Kinds, EveryKind, ::testing::Values(Kind::es256, Kind::eddsa, Kind::rs256));

TEST_P(EveryKind, ComesInAndSigns) {
    SoftAuthenticator device(GetParam());
    const auto made = check_attestation(device.attestation(), kSite, UserVerification::required);
    ASSERT_TRUE(made.ok()) << made.error().detail;
    EXPECT_EQ(made->id, device.credential);
    EXPECT_TRUE(made->user_verified);
    device.count = 2;
    const std::string client = device.client_data("webauthn.get", base64url("x"));
    const auto check = [&](std::string_view data, std::string_view json, std::string_view signature) {
        return check_assertion(made->cose_key, made->sign_count, data, json, signature, kSite,
                               UserVerification::required);
    };
    const std::string data = device.authenticator_data(false), signature = device.signature(client);
    EXPECT_EQ(check(data, client, signature)->sign_count, 2U);
    EXPECT_FALSE(check(data, client + " ", signature).ok()) << "other client data";
    EXPECT_FALSE(check(data, client, SoftAuthenticator(GetParam()).signature(client)).ok())
        << "another's key";
    EXPECT_FALSE(check(data, client, "").ok());
    for (std::size_t i = 0; i < signature.size(); i += 7) {
        std::string changed = signature;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(check(data, client, changed).ok()) << i;
    }
    for (std::size_t i = 0; i < data.size(); ++i) {
        std::string changed = data;
        changed[i] = static_cast<char>(changed[i] ^ 2);
        EXPECT_FALSE(check(changed, client, signature).ok()) << i;
    }
}

TEST_P(EveryKind, IsRefusedWhenItIsCutOrChanged) {
    const SoftAuthenticator device(GetParam());
    const std::string whole = device.attestation();
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(check_attestation(whole.substr(0, size), kSite, UserVerification::preferred).ok())
            << size;
    EXPECT_FALSE(check_attestation(whole + "x", kSite, UserVerification::preferred).ok());
}

TEST(Attestation, IsForThisSiteWithSomebodyThere) {
    const auto check = [](const SoftAuthenticator& device, UserVerification verification) {
        return check_attestation(device.attestation(), kSite, verification);
    };
    SoftAuthenticator device(Kind::es256);
    device.rp_id = "evil.test";
    EXPECT_FALSE(check(device, UserVerification::preferred).ok());
    device.rp_id = "braid.test";
    device.flags = 4;
    EXPECT_FALSE(check(device, UserVerification::preferred).ok()) << "nobody was there";
    device.flags = 1;
    EXPECT_TRUE(check(device, UserVerification::preferred).ok());
    EXPECT_FALSE(check(device, UserVerification::required).ok());
    device.credential = "";
    EXPECT_FALSE(check(device, UserVerification::preferred).ok());
    device.credential = std::string(1024, 'c');
    EXPECT_FALSE(check(device, UserVerification::preferred).ok());
}

TEST(SignatureCounts, RiseOrStayZero) {
    SoftAuthenticator device(Kind::es256);
    const std::string client = device.client_data("webauthn.get", base64url("x"));
    const auto check = [&](std::uint32_t last, std::uint32_t now) {
        device.count = now;
        return check_assertion(device.cose_key(), last, device.authenticator_data(false), client,
                               device.signature(client), kSite, UserVerification::preferred);
    };
    EXPECT_TRUE(check(0, 0).ok()) << "one that does not count";
    EXPECT_TRUE(check(0, 1).ok());
    EXPECT_TRUE(check(7, 9).ok());
    EXPECT_EQ(check(7, 7).error().code, ErrorCode::conflict);
    EXPECT_EQ(check(7, 3).error().code, ErrorCode::conflict);
    EXPECT_EQ(check(7, 0).error().code, ErrorCode::conflict);
}

TEST(Keys, ThatAreWeakOrNoneAreRefused) {
    const std::string x(32, '\x11'), y(32, '\x22');
    const auto ec = [](std::int64_t kty, std::int64_t alg, std::int64_t crv, const std::string& x,
                       const std::string& y) {
        return cbor_head(5, 5) + cbor_int(1) + cbor_int(kty) + cbor_int(3) + cbor_int(alg) + cbor_int(-1) +
               cbor_int(crv) + cbor_int(-2) + cbor_bytes(x) + cbor_int(-3) + cbor_bytes(y);
    };
    EXPECT_FALSE(key_is_good(ec(2, -7, 1, x, y))) << "a point beside the curve";
    EXPECT_FALSE(key_is_good(ec(2, -7, 1, std::string(32, '\0'), std::string(32, '\0'))));
    EXPECT_FALSE(key_is_good(ec(2, -7, 1, x, "")));
    EXPECT_FALSE(key_is_good(ec(2, -35, 2, x, y))) << "another curve";
    EXPECT_FALSE(key_is_good(ec(1, -7, 1, x, y)));
    const auto rsa = [](const std::string& n, const std::string& e) {
        return cbor_head(5, 4) + cbor_int(1) + cbor_int(3) + cbor_int(3) + cbor_int(-257) + cbor_int(-1) +
               cbor_bytes(n) + cbor_int(-2) + cbor_bytes(e);
    };
    EXPECT_FALSE(key_is_good(rsa(std::string(128, '\xff'), "\x01\x01"))) << "1024 bits";
    EXPECT_FALSE(key_is_good(rsa(std::string(256, '\0') + "\x01", "\x01\x01")));
    EXPECT_FALSE(key_is_good(""));
    EXPECT_FALSE(key_is_good("nonsense"));
}

}  // namespace
}  // namespace braid::factors
