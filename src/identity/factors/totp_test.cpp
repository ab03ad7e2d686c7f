// TOTP against RFC 4226 and RFC 6238, and against oathtool where it is installed.
#include "identity/factors/totp.h"

#include <gmock/gmock.h>

#include <cstdio>
#include <memory>

#include "base/random.h"
#include "base/text.h"
#include "identity/factors/qr.h"
#include "identity/factors/vault.h"

namespace braid::factors {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

constexpr std::string_view kSecret = "12345678901234567890";  // of the RFCs' own examples

Timestamp at(std::int64_t seconds) {
    return {seconds * 1'000'000};
}

TEST(Base32, IsThatOfRfc4648) {
    EXPECT_EQ(base32(""), "");
    EXPECT_EQ(base32("f"), "MY");
    EXPECT_EQ(base32("fo"), "MZXQ");
    EXPECT_EQ(base32("foo"), "MZXW6");
    EXPECT_EQ(base32("foob"), "MZXW6YQ");
    EXPECT_EQ(base32("fooba"), "MZXW6YTB");
    EXPECT_EQ(base32("foobar"), "MZXW6YTBOI");
    EXPECT_EQ(grouped("MZXW6YTBOI"), "MZXW 6YTB OI");
}

TEST(Hotp, GivesTheCodesOfRfc4226AppendixD) {
    const char* codes[] = {"755224", "287082", "359152", "969429", "338314",
                           "254676", "287922", "162583", "399871", "520489"};
    for (std::uint64_t counter = 0; counter < 10; ++counter)
        EXPECT_EQ(hotp(kSecret, counter), codes[counter]);
}

TEST(Totp, GivesTheCodesOfRfc6238AppendixBInSixDigits) {
    const std::pair<std::int64_t, const char*> cases[] = {{59, "287082"},         {1111111109, "081804"},
                                                          {1111111111, "050471"}, {1234567890, "005924"},
                                                          {2000000000, "279037"}, {20000000000, "353130"}};
    for (const auto& [seconds, code] : cases)
        EXPECT_EQ(matching_step(kSecret, code, at(seconds), 0), seconds / 30) << seconds;
}

std::string output_of(const std::string& command) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), &pclose);
    std::string text;
    char buffer[128];
    while (pipe && std::fgets(buffer, sizeof buffer, pipe.get()) != nullptr)
        text += buffer;
    return std::string(trim(text));
}

TEST(Totp, AgreesWithOathtool) {
    if (output_of("command -v oathtool").empty()) GTEST_SKIP() << "oathtool is not installed";
    SeededRandom random(3);
    for (int i = 0; i < 40; ++i) {
        std::string secret(kSecretBytes, '\0');
        random.fill(std::as_writable_bytes(std::span(secret)));
        std::uint32_t seconds = 0;
        random.fill(std::as_writable_bytes(std::span(&seconds, 1)));
        const std::string theirs = output_of("oathtool --totp --base32 " + base32(secret) + " --now '@" +
                                             std::to_string(seconds) + "'");
        EXPECT_EQ(hotp(secret, static_cast<std::uint64_t>(step_at(at(seconds)))), theirs) << seconds;
    }
}

TEST(Totp, TakesTheStepBeforeAndAfterAndNoOther) {
    const Timestamp now = at(1'800'000'000);
    const auto code = [&](std::int64_t shift) {
        return hotp(kSecret, static_cast<std::uint64_t>(step_at(now) + shift));
    };
    EXPECT_FALSE(matching_step(kSecret, code(-2), now, 0));
    EXPECT_EQ(matching_step(kSecret, code(-1), now, 0), step_at(now) - 1);
    EXPECT_EQ(matching_step(kSecret, code(0), now, 0), step_at(now));
    EXPECT_EQ(matching_step(kSecret, code(1), now, 0), step_at(now) + 1);
    EXPECT_FALSE(matching_step(kSecret, code(2), now, 0));
}

TEST(Totp, RefusesWhatWasUsedAndWhatIsOlder) {
    const Timestamp now = at(1'800'000'000);
    const std::int64_t step = step_at(now);
    EXPECT_FALSE(matching_step(kSecret, hotp(kSecret, static_cast<std::uint64_t>(step)), now, step));
    EXPECT_FALSE(matching_step(kSecret, hotp(kSecret, static_cast<std::uint64_t>(step - 1)), now, step));
    EXPECT_TRUE(matching_step(kSecret, hotp(kSecret, static_cast<std::uint64_t>(step + 1)), now, step));
}

TEST(Totp, TakesSpacesAndNothingElseThatIsNoDigit) {
    const Timestamp now = at(59);
    EXPECT_TRUE(matching_step(kSecret, "287 082", now, 0));
    for (const char* bad : {"", "28708", "2870820", "28708a", "287082\n", "-87082", "٢٨٧٠٨٢"})
        EXPECT_FALSE(matching_step(kSecret, bad, now, 0)) << bad;
}

TEST(TheAddressForApps, NamesSiteAndHandle) {
    EXPECT_EQ(
        otpauth_uri("Harbour City", "abi", "foobar"),
        "otpauth://totp/Harbour%20City:abi?secret=MZXW6YTBOI&issuer=Harbour%20City&algorithm=SHA1&digits=6&"
        "period=30");
}

TEST(QrPictures, HaveAQuietZoneAndTheThreeFinders) {
    const QrPicture picture = qr_picture(otpauth_uri("Braid", "abi", kSecret));
    ASSERT_GT(picture.side, 30);
    // Each finder's outer edge is a run of seven modules at a corner of the code.
    EXPECT_THAT(picture.path, AllOf(HasSubstr("M4 4h7v1h-7z"),
                                    HasSubstr("M" + std::to_string(picture.side - 11) + " 4h7v1h-7z"),
                                    HasSubstr("M4 " + std::to_string(picture.side - 5) + "h7v1h-7z")));
    EXPECT_EQ(qr_picture(std::string(5000, 'x')).side, 0);
}

// --- what is kept

TEST(TheVault, OpensWhatItClosedForThatPersonAlone) {
    SeededRandom random(5);
    const Vault vault("a secret");
    const PersonId abi{17};
    const auto box = vault.close(abi, kSecret, random);
    EXPECT_EQ(vault.open(abi, box), std::string(kSecret));
    EXPECT_FALSE(vault.open(PersonId{18}, box)) << "moved to another's row";
    EXPECT_FALSE(Vault("another").open(abi, box));
    EXPECT_NE(vault.close(abi, kSecret, random), box) << "a nonce of its own";
    EXPECT_FALSE(vault.open(abi, {}));
    for (std::size_t i = 0; i < box.size(); ++i) {
        auto changed = box;
        changed[i] ^= std::byte{1};
        EXPECT_FALSE(vault.open(abi, changed)) << i;
    }
}

TEST(TheVault, HoldsNoSecretInClear) {
    SeededRandom random(5);
    const auto box = Vault("a secret").close(PersonId{17}, kSecret, random);
    const std::string text(reinterpret_cast<const char*>(box.data()), box.size());
    EXPECT_EQ(text.find(kSecret.substr(0, 4)), std::string::npos);
}

TEST(RecoveryCodes, AreReadAsPeopleTypeThem) {
    SeededRandom random(5);
    const std::string code = make_recovery_code(random);
    EXPECT_THAT(code, MatchesRegex("[0-9a-z]{5}-[0-9a-z]{5}"));
    EXPECT_NE(make_recovery_code(random), code);
    EXPECT_EQ(normal_recovery_code("K3V9M 2XQ7T"), "k3v9m2xq7t");
    EXPECT_EQ(normal_recovery_code(" oOiIl-23456 "), "0011123456");
    for (const char* bad : {"", "k3v9m-2xq7", "k3v9m-2xq7tt", "k3v9m-2xq7u", "287082", "k3v9m_2xq7t"})
        EXPECT_FALSE(normal_recovery_code(bad)) << bad;
}

TEST(RecoveryCodes, HashDifferentlyForEveryPersonAndSite) {
    const Vault vault("a secret");
    EXPECT_EQ(vault.hash_code(PersonId{1}, "k3v9m2xq7t"), vault.hash_code(PersonId{1}, "k3v9m2xq7t"));
    EXPECT_NE(vault.hash_code(PersonId{1}, "k3v9m2xq7t"), vault.hash_code(PersonId{2}, "k3v9m2xq7t"));
    EXPECT_NE(vault.hash_code(PersonId{1}, "k3v9m2xq7t"),
              Vault("another").hash_code(PersonId{1}, "k3v9m2xq7t"));
}

}  // namespace
}  // namespace braid::factors
