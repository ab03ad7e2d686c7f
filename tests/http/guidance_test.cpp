// What is for somebody, asked as people ask: it follows what she does at once, says why, takes no for an
// answer, and shows nothing that is hidden from her.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "interests/feedback/service.h"
#include "interests/guidance/module.h"
#include "interests/works/module.h"
#include "support/test_site.h"

namespace braid::testing {
namespace {

using test::HttpClient;
using test::Reply;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class GuidancePages : public OnBothEngines {
  protected:
    GuidancePages() {
        site.add_person("reader", 15);
        for (const char* author : {"noor", "mina", "theo"})
            site.add_person(author, 16);
        salt = site.add_story("noor", "The Salt Road");
        signal = site.add_story("mina", "Signal Fires");
        // Five people liked both: enough to learn from.
        for (int i = 0; i < 5; ++i) {
            const std::string handle = "fan" + std::to_string(i);
            site.add_person(handle, 15);
            like(handle, salt);
            like(handle, signal);
        }
        until([this] {
            guidance().models().train();
            return guidance().models().current()->row().weights > 0;
        });
    }
    guidance::GuidanceModule& guidance() { return site.program().modules().guidance(); }
    void like(const std::string& handle, const TestSite::Story& story) {
        const auto given = site.program().modules().feedback().give_kudos(site.actor(handle),
                                                                          *works::WorkId::parse(story.work));
        ASSERT_TRUE(given.ok()) << given.error().detail;
    }
    // Looks again and again for a second, which is what a change may take; whether it came.
    template <class Condition>
    static bool until(Condition condition) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(1);
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end) return condition();
            std::this_thread::yield();
        }
        return true;
    }
    TestSite site{GetParam()};
    TestSite::Story salt, signal;
};
BRAID_ON_BOTH_ENGINES(GuidancePages);

TEST_P(GuidancePages, follow_a_kudos_within_a_second_and_say_why) {
    HttpClient reader = site.signed_in("reader");
    EXPECT_THAT(reader.get("/guidance").body,
                AllOf(HasSubstr("Nothing to go by yet"), Not(HasSubstr("Signal Fires"))));
    EXPECT_EQ(reader.post(salt.work_path() + "/kudos").status, 303);
    EXPECT_TRUE(until([&] {
        return reader.get("/").body.find("Because you gave kudos to The Salt Road.") != std::string::npos;
    }));
    EXPECT_THAT(reader.get("/guidance").body, HasSubstr("href=\"" + signal.work_path() + "\""));
    const Reply api = reader.get("/api/v1/guidance");
    EXPECT_EQ(api.status, 200);
    EXPECT_THAT(api.body, HasSubstr("\"because\":\"Because you gave kudos to The Salt Road.\""));
    EXPECT_EQ(reader.post(salt.work_path() + "/kudos", {{"undo", "1"}}).status, 303);
    EXPECT_TRUE(
        until([&] { return reader.get("/guidance").body.find("Signal Fires") == std::string::npos; }));
}

TEST_P(GuidancePages, take_no_for_an_answer_and_take_it_back) {
    HttpClient reader = site.signed_in("reader");
    like("reader", salt);
    ASSERT_TRUE(
        until([&] { return reader.get("/guidance").body.find("Signal Fires") != std::string::npos; }));
    const std::string path = signal.work_path() + "/not-for-me";
    const Reply said = reader.post(path, {{"next", "/"}});
    EXPECT_EQ(said.status, 303);
    EXPECT_EQ(said.header("location"), "/");
    EXPECT_THAT(reader.get("/api/v1/guidance").body, Not(HasSubstr(signal.work)));
    EXPECT_THAT(reader.get("/guidance").body, AllOf(HasSubstr("Not for you"), HasSubstr("Signal Fires")));
    EXPECT_THAT(reader.get("/api/v1/guidance/declined").body, HasSubstr(signal.work));
    EXPECT_EQ(reader.post(path, {{"undo", "1"}}).status, 303);
    EXPECT_THAT(reader.get("/api/v1/guidance").body, HasSubstr(signal.work));
    EXPECT_EQ(reader.post("/works/1c4gzk0e5z/not-for-me").status, 404);
    EXPECT_NE(site.visitor().post(path).status, 200);
}

TEST_P(GuidancePages, lose_what_is_hidden_in_the_same_moment) {
    HttpClient reader = site.signed_in("reader");
    like("reader", salt);
    ASSERT_TRUE(
        until([&] { return reader.get("/guidance").body.find("Signal Fires") != std::string::npos; }));
    const std::string after = salt.chapter_path() + "/next";
    EXPECT_THAT(reader.get(after).body, HasSubstr("Signal Fires"));
    EXPECT_THAT(site.visitor().get(after).body, HasSubstr("Signal Fires"));
    works::Oversight& oversight = site.program().modules().works().oversight();
    site.add_person("sam", 40, {access::Role::moderator});
    const auto hold = [&](const TestSite::Story& story, works::Hold hold) {
        const auto done = site.program().database().write([&](sql::Tx& tx) {
            return oversight.hold(tx, site.actor("sam"), *works::WorkId::parse(story.work), hold);
        });
        ASSERT_TRUE(done.ok()) << done.error().detail;
    };
    hold(signal, works::Hold::hidden);
    for (const std::string& path : {std::string("/"), std::string("/guidance"), after,
                                    std::string("/api/v1/guidance"), "/api/v1" + after}) {
        EXPECT_THAT(reader.get(path).body, Not(HasSubstr("Signal Fires"))) << path;
        EXPECT_THAT(site.visitor().get(path).body, Not(HasSubstr("Signal Fires"))) << path;
    }
    hold(signal, works::Hold::none);
    EXPECT_THAT(reader.get("/guidance").body, HasSubstr("The Salt Road"));  // as the reason
    hold(salt, works::Hold::hidden);
    for (const char* path : {"/", "/guidance", "/api/v1/guidance"})
        EXPECT_THAT(reader.get(path).body, Not(HasSubstr("The Salt Road"))) << path;
    EXPECT_EQ(reader.get(after).status, 404);
    EXPECT_EQ(reader.get("/api/v1" + after).status, 404);
}

TEST_P(GuidancePages, are_for_the_person_alone) {
    EXPECT_EQ(site.visitor().get("/api/v1/guidance").status, 401);
    EXPECT_EQ(site.visitor().get("/guidance").status, 303);
    like("reader", salt);
    HttpClient other = site.signed_in("theo");
    EXPECT_THAT(other.get("/guidance").body, Not(HasSubstr("The Salt Road")));
}

}  // namespace
}  // namespace braid::testing
