#include "platform/log/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace braid::log {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const auto kWhen = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'772'384'709'250));

std::string json(std::string_view event, Fields fields) {
    return line(Format::json, false, kWhen, Level::info, event, fields);
}
std::string text(std::string_view event, Fields fields) {
    return line(Format::text, false, kWhen, Level::info, event, fields);
}

TEST(Log, writes_one_json_object_per_line) {
    EXPECT_EQ(
        json("http.request", {{"route", "/works/{work:id}"}, {"status", 200}, {"ms", 1.5}, {"hit", true}}),
        R"({"at":"2026-03-01T17:05:09.250Z","level":"info","event":"http.request","route":"/works/{work:id}",)"
        R"("status":200,"ms":1.5,"hit":true})");
}

TEST(Log, writes_readable_lines_for_a_terminal) {
    EXPECT_EQ(text("http.request", {{"route", "/works"}, {"agent", "a b"}, {"status", 200}}),
              "17:05:09.250 info    http.request route=/works agent=\"a b\" status=200");
}

TEST(Log, colours_only_when_asked) {
    EXPECT_THAT(line(Format::text, true, kWhen, Level::error, "x", {}), HasSubstr("\x1b[1;31merror"));
    EXPECT_THAT(text("x", {{"a", 1}}), Not(HasSubstr("\x1b")));
}

TEST(Log, never_shows_a_secret) {
    const Secret secret{"hunter2"};
    for (const std::string& shown :
         {json("x", {{"key", secret}}), text("x", {{"key", secret}}), json("x", {{"password", "hunter2"}}),
          json("x", {{"New-Password", "hunter2"}}), text("x", {{"session_token", "hunter2"}}),
          json("x", {{"cookie", "hunter2"}}), json("x", {{"Set-Cookie", "hunter2"}}),
          text("x", {{"Authorization", "Bearer hunter2"}}), json("x", {{"client_secret", "hunter2"}}),
          text("x", {{"smtp.password", "hunter2"}}), json("x", {{"token", "hunter2"}}),
          json("x", {{"database", "postgres://braid:hunter2@db.example/braid"}}),
          text("x", {{"error", "cannot reach postgres://braid:hunter2@db.example: timeout"}})}) {
        EXPECT_THAT(shown, Not(HasSubstr("hunter2")));
        EXPECT_THAT(shown, HasSubstr("•••"));
    }
}

TEST(Log, hides_only_the_password_of_a_url) {
    EXPECT_EQ(hide_url_passwords("postgres://braid:p@ss@db/x and https://a.example/?q=1"),
              "postgres://braid:•••@db/x and https://a.example/?q=1");
    EXPECT_EQ(hide_url_passwords("http://127.0.0.1:8080/a@b"), "http://127.0.0.1:8080/a@b");
    EXPECT_EQ(hide_url_passwords("nothing here"), "nothing here");
}

TEST(Log, a_value_cannot_forge_a_line) {
    const std::string value = "a\n12:00:00 error fake\x1b[31m\"}";
    EXPECT_THAT(text("x", {{"v", value}}), Not(HasSubstr("\n")));
    EXPECT_THAT(text("x", {{"v", value}}), Not(HasSubstr("\x1b")));
    EXPECT_EQ(json("x", {{"v", "a\nb\"\\\x01"}}),
              R"({"at":"2026-03-01T17:05:09.250Z","level":"info","event":"x","v":"a\nb\"\\\u0001"})");
}

TEST(Log, broken_utf8_becomes_replacement_characters) {
    EXPECT_THAT(json("x", {{"v", "a\xff"}}), HasSubstr("a\xEF\xBF\xBD"));
    EXPECT_THAT(json("x", {{"v", "señal"}}), HasSubstr("señal"));
}

TEST(Log, capture_sees_what_is_written) {
    Capture capture;
    info("works.published", {{"work", "7"}});
    EXPECT_THAT(capture.lines(), ElementsAre(HasSubstr(R"("event":"works.published","work":"7")")));
}

TEST(Log, writes_to_a_file_from_many_threads_and_reopens_it) {
    const auto folder = std::filesystem::temp_directory_path() / ("braid-log-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    const auto file = folder / "braid.log";
    configure({.level = Level::info, .format = Format::json, .file = file});
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([t] {
                for (int i = 0; i < 500; ++i)
                    info("line", {{"thread", t}, {"i", i}});
            });
        }
    }
    debug("not.shown");
    std::filesystem::rename(file, folder / "braid.log.1");
    reopen();
    warning("after.rotation");
    configure({.level = Level::warning});  // joins the writer of the file

    const auto read = [](const std::filesystem::path& path) {
        std::ifstream in(path);
        std::vector<std::string> lines;
        for (std::string one; std::getline(in, one);)
            lines.push_back(one);
        return lines;
    };
    EXPECT_EQ(read(folder / "braid.log.1").size(), 2000U);
    EXPECT_THAT(read(file), ElementsAre(HasSubstr("after.rotation")));
    EXPECT_EQ(dropped(), 0U);
    std::filesystem::remove_all(folder);
}

TEST(Log, a_file_that_cannot_be_opened_changes_nothing) {
    EXPECT_THROW(configure({.level = Level::info, .format = Format::json, .file = "/proc/none/braid.log"}),
                 std::runtime_error);
    EXPECT_FALSE(enabled(Level::debug));
}

TEST(Log, knows_its_levels) {
    EXPECT_EQ(parse_level("warning"), Level::warning);
    EXPECT_EQ(parse_level("loud"), std::nullopt);
    EXPECT_EQ(name(Level::error), "error");
}

}  // namespace
}  // namespace braid::log
