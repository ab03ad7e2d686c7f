#include "identity/accounts/model.h"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity/accounts/password.h"

namespace braid::accounts {
namespace {

Timestamp at(int year, unsigned month, unsigned day, int hour = 12) {
    const std::chrono::sys_days days =
        std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day};
    return {std::chrono::duration_cast<Duration>(days.time_since_epoch() + std::chrono::hours(hour)).count()};
}

template <class T>
std::string complaint(const Result<T>& result) {
    return result.ok() ? "" : result.error().fields.empty() ? "?" : result.error().fields.front().message_key;
}

// --- ages

TEST(Age, CountsBirthdays) {
    EXPECT_EQ(age_on({2010, 6, 15}, {2023, 6, 14}), 12);
    EXPECT_EQ(age_on({2010, 6, 15}, {2023, 6, 15}), 13);
    EXPECT_EQ(age_on({2010, 12, 31}, {2023, 1, 1}), 12);
}

TEST(Age, LeapDayIsReachedOnTheFirstOfMarchInCommonYears) {
    EXPECT_EQ(age_on({2012, 2, 29}, {2025, 2, 28}), 12);
    EXPECT_EQ(age_on({2012, 2, 29}, {2025, 3, 1}), 13);
    EXPECT_EQ(age_on({2012, 2, 29}, {2028, 2, 28}), 15);
    EXPECT_EQ(age_on({2012, 2, 29}, {2028, 2, 29}), 16);
}

TEST(Age, TheEarliestDateOnEarthIsTwelveHoursBehind) {
    EXPECT_EQ(earliest_date(at(2026, 3, 1, 11)), (Date{2026, 2, 28}));
    EXPECT_EQ(earliest_date(at(2026, 3, 1, 12)), (Date{2026, 3, 1}));
    EXPECT_EQ(earliest_date(at(2024, 3, 1, 0)), (Date{2024, 2, 29}));
    EXPECT_EQ(earliest_date({-1}), (Date{1969, 12, 31}));
}

TEST(Age, BandChangesOnTheFirstOfTheMonthAfterTheBirthday) {
    const BirthMonth june{2010, 6};
    EXPECT_EQ(band_at(june, at(2023, 6, 1)), AgeBand::child);
    EXPECT_EQ(band_at(june, at(2023, 6, 30)), AgeBand::child);
    EXPECT_EQ(band_at(june, at(2023, 7, 1, 11)), AgeBand::child) << "it is still June somewhere";
    EXPECT_EQ(band_at(june, at(2023, 7, 1, 12)), AgeBand::teen);
    EXPECT_EQ(band_at(june, at(2028, 6, 30)), AgeBand::teen);
    EXPECT_EQ(band_at(june, at(2028, 7, 1)), AgeBand::adult);
    EXPECT_EQ(band_at({2010, 12}, at(2023, 12, 31)), AgeBand::child);
    EXPECT_EQ(band_at({2010, 12}, at(2024, 1, 1)), AgeBand::teen);
    EXPECT_EQ(band_at({2012, 2}, at(2025, 3, 1)), AgeBand::teen)
        << "born on 29 February or any other day of it";
}

// Whatever the day of birth and wherever she is, nobody is put into a band she has not reached.
TEST(Age, TheMonthNeverMakesAnybodyOlder) {
    using namespace std::chrono;
    for (sys_days birth = 2011y / 11 / 1; birth < sys_days(2012y / 4 / 1); birth += days(1)) {
        const year_month_day b{birth};
        const Date exact{static_cast<int>(b.year()), static_cast<int>(static_cast<unsigned>(b.month())),
                         static_cast<int>(static_cast<unsigned>(b.day()))};
        for (sys_days today = 2024y / 10 / 1; today < sys_days(2025y / 5 / 15); today += days(1)) {
            const Timestamp now{duration_cast<Duration>(today.time_since_epoch() + hours(23)).count()};
            const int certain = certain_age({exact.year, exact.month}, now);
            const int real = age_on(exact, earliest_date(now));
            ASSERT_LE(certain, real);
            ASSERT_GE(certain, real - 1);
        }
    }
}

TEST(Birth, RefusesWhatIsNoDate) {
    const Timestamp now = at(2026, 1, 15);
    EXPECT_EQ(*parse_birth("2010", " 6 ", "15", now), (Date{2010, 6, 15}));
    EXPECT_EQ(*parse_birth("2012", "2", "29", now), (Date{2012, 2, 29}));
    EXPECT_EQ(complaint(parse_birth("2011", "2", "29", now)), "accounts.birth_impossible");
    EXPECT_EQ(complaint(parse_birth("2010", "13", "1", now)), "accounts.birth_impossible");
    EXPECT_EQ(complaint(parse_birth("2010", "6", "0", now)), "accounts.birth_impossible");
    EXPECT_EQ(complaint(parse_birth("2010", "6", "-1", now)), "accounts.birth_impossible");
    EXPECT_EQ(complaint(parse_birth("2026", "1", "16", now)), "accounts.birth_impossible") << "not born yet";
    EXPECT_EQ(complaint(parse_birth("1905", "1", "14", now)), "accounts.birth_impossible");
    EXPECT_EQ(complaint(parse_birth("10", "6", "15", now)), "accounts.birth_impossible");
    EXPECT_EQ(complaint(parse_birth("", "", "", now)), "accounts.birth_incomplete");
    EXPECT_EQ(parse_birth("2010", "", "15", now).error().fields.at(0).field, "birth_month");
    EXPECT_EQ(complaint(parse_birth("99999999999999999999", "1", "1", now)), "accounts.birth_incomplete");
}

// --- names

TEST(Handle, IsLoweredAndChecked) {
    EXPECT_EQ(*parse_handle("  @Abigail "), "abigail");
    EXPECT_EQ(*parse_handle("night_owl-7"), "night_owl-7");
    EXPECT_EQ(complaint(parse_handle("ab")), "accounts.handle_short");
    EXPECT_EQ(complaint(parse_handle(std::string(31, 'a'))), "accounts.handle_long");
    EXPECT_EQ(complaint(parse_handle("niño")), "accounts.handle_characters");
    EXPECT_EQ(complaint(parse_handle("a b c")), "accounts.handle_characters");
    EXPECT_EQ(complaint(parse_handle("-abi")), "accounts.handle_edges");
    EXPECT_EQ(complaint(parse_handle("abi_")), "accounts.handle_edges");
    EXPECT_EQ(complaint(parse_handle("12345")), "accounts.handle_edges");
}

TEST(Handle, TheSitesOwnAccountsMayBearItsWords) {
    for (const char* handle : {"library", "admin", "staff"}) {
        EXPECT_EQ(complaint(parse_handle(handle, HandleFor::the_site)), "") << handle;
    }
    EXPECT_EQ(complaint(parse_handle("-admin", HandleFor::the_site)), "accounts.handle_edges");
}

TEST(Handle, ReservesWhatSpeaksForTheSite) {
    for (const char* handle :
         {"admin", "Admin", "adm1n", "a-d-m-i-n", "admin2", "moderator", "m0derat0r", "support", "braid",
          "braid-team", "br41d", "staff", "sign-in", "settings", "help", "moderadora"}) {
        EXPECT_EQ(complaint(parse_handle(handle)), "accounts.handle_reserved") << handle;
    }
    for (const char* handle :
         {"abigail", "braidwood", "adminton", "helper-bee", "modesty", "yolanda", "supporter1"}) {
        EXPECT_EQ(complaint(parse_handle(handle)), "") << handle;
    }
}

TEST(DisplayName, FoldsSpacesAndRefusesDisguises) {
    EXPECT_EQ(*parse_display_name("  Abi \n  Ward "), "Abi Ward");
    EXPECT_EQ(*parse_display_name("Núria 💛"), "Núria 💛");
    EXPECT_EQ(complaint(parse_display_name("   ")), "accounts.name_missing");
    EXPECT_EQ(complaint(parse_display_name(std::string(41, 'x'))), "accounts.name_long");
    EXPECT_TRUE(parse_display_name(std::string(40, 'x')).ok());
    EXPECT_EQ(complaint(parse_display_name("Abi\u202Eimoc")), "accounts.name_characters")
        << "turns direction";
    EXPECT_EQ(complaint(parse_display_name("\u200B")), "accounts.name_characters") << "invisible";
    EXPECT_EQ(complaint(parse_display_name("a\x01")), "accounts.name_characters");
    EXPECT_EQ(complaint(parse_display_name("\xFF")), "accounts.name_characters");
}

TEST(Email, IsTrimmedAndLowered) {
    EXPECT_EQ(*parse_email(" Abi@Example.ORG "), "abi@example.org");
    EXPECT_EQ(*parse_email("  "), std::nullopt);
    for (const char* bad :
         {"abi", "abi@", "@example.org", "a b@example.org", "abi@example.org\nBcc: x@example.org"}) {
        EXPECT_EQ(complaint(parse_email(bad)), "accounts.email_malformed") << bad;
    }
}

// --- passwords

TEST(Password, LengthIsInCodePoints) {
    EXPECT_EQ(complaint(check_password("ñandúñand", "abi", "Abi")), "accounts.password_short");
    EXPECT_EQ(complaint(check_password(std::string(201, 'x'), "abi", "Abi")), "accounts.password_long");
    EXPECT_EQ(complaint(check_password("\xFFlighthouse keeper", "abi", "Abi")),
              "accounts.password_characters");
}

TEST(Password, RefusesWhatIsTriedFirst) {
    for (const char* common : {"password123", "Password123!", "P@ssw0rd2024", "1234567890", "0987654321",
                               "qwertyuiop", "aaaaaaaaaaaa", "abcabcabcabc", "iloveyou2011", "letmein12345",
                               "contraseña123", "1q2w3e4r5t", "1qaz2wsx3edc", "summer2024!!", "welcome2025",
                               "abigail2010", "AbigailWard1", "football123", "asdfghjkl123"}) {
        EXPECT_EQ(complaint(check_password(common, "abigail", "Abigail Ward")), "accounts.password_common")
            << common;
    }
}

TEST(Password, TakesWhatIsNot) {
    for (const char* good :
         {"the lamp counts stairs", "correct horse battery staple", "mi gato come lunas", "kX9#vT2mQp",
          "salt-road-otter-9", "ночной маяк считает", "灯塔看守人数着台阶走"}) {
        EXPECT_EQ(complaint(check_password(good, "abigail", "Abigail Ward")), "") << good;
    }
}

TEST(Hasher, ProvesAndForgets) {
    PasswordHasher hasher({1, 8}, 2);
    const std::string stored = *hasher.hash("the lamp counts stairs");
    EXPECT_TRUE(stored.starts_with("$argon2id$"));
    EXPECT_NE(stored, *hasher.hash("the lamp counts stairs")) << "salted";
    EXPECT_TRUE(*hasher.verify(stored, "the lamp counts stairs"));
    EXPECT_FALSE(*hasher.verify(stored, "the lamp counts stars"));
    EXPECT_FALSE(*hasher.verify(std::nullopt, ""));
    EXPECT_FALSE(*hasher.verify("", "")) << "an account without a password lets nobody in";
    EXPECT_FALSE(*hasher.verify("not a hash", "x"));
    EXPECT_FALSE(hasher.outdated(stored));
    EXPECT_TRUE(PasswordHasher({2, 16}, 1).outdated(stored));
}

// The stand-in for an account that does not exist is a hash that libsodium computes, not one that it rejects
// at a glance.
TEST(Hasher, NobodyCostsAsMuchAsSomebody) {
    PasswordHasher hasher({2, 8 << 10}, 1);
    const std::string stored = *hasher.hash("the lamp counts stairs");
    const auto once = [&](const std::optional<std::string>& of) {
        const auto begin = std::chrono::steady_clock::now();
        EXPECT_FALSE(*hasher.verify(of, "the lamp counts stars"));
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    // In turn, and the fastest of each: what else runs on the machine hits both.
    double somebody = 1e9, nobody = 1e9;
    for (int i = 0; i < 15; ++i) {
        somebody = std::min(somebody, once(stored));
        nobody = std::min(nobody, once(std::nullopt));
    }
    EXPECT_GT(nobody, somebody * 0.5);
    EXPECT_LT(nobody, somebody * 2.0);
}

TEST(Seal, HoldsForItsKeyAndValue) {
    const std::string mark = seal("key", "value");
    EXPECT_TRUE(seal_holds("key", "value", mark));
    EXPECT_FALSE(seal_holds("other", "value", mark));
    EXPECT_FALSE(seal_holds("key", "other", mark));
    EXPECT_FALSE(seal_holds("key", "value", ""));
}

}  // namespace
}  // namespace braid::accounts
