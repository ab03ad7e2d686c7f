#include "platform/config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace braid::config {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class Config : public ::testing::Test {
  protected:
    Config() {
        schema.text("database", database, "Where everything is kept.");
        schema.group("http", "The pages.");
        schema.text("http.listen", listen, "Address and port.");
        schema.integer("http.workers", workers, {1, 1024}, "Threads.");
        schema.boolean("http.compress", compress, "Compress answers.");
        schema.duration("http.idle_time", idle, {seconds(1), seconds(600)},
                        "How long a quiet connection is kept.");
        schema.size("http.max_body", body, {1, 1 << 30}, "Largest form.");
        schema.choice("log.format", format, {"automatic", "text", "json"}, "Form of the lines.");
        schema.list("http.hosts", hosts, "Names answered to.");
        schema.path("data", data, "Folder of files.");
        schema.text("mail.password", password, "Of the mail server.", Secrecy::secret);
        schema.check("http.listen", [](const std::string& value) -> std::optional<std::string> {
            if (value.find(':') == std::string::npos) return "expected ADDRESS:PORT";
            return std::nullopt;
        });
    }
    std::vector<std::string> texts(const std::vector<Problem>& problems) {
        std::vector<std::string> all;
        for (const Problem& problem : problems)
            all.push_back(problem.text());
        return all;
    }
    Shown shown(std::string_view name) {
        for (const Shown& option : schema.show()) {
            if (option.name == name) return option;
        }
        return {};
    }

    std::string database = "sqlite:braid.db", listen = "127.0.0.1:8080", format = "automatic", password;
    std::int64_t workers = 64, body = 256 << 10;
    bool compress = true;
    milliseconds idle = seconds(75);
    std::vector<std::string> hosts;
    std::filesystem::path data = "var";
    Schema schema;
};

TEST_F(Config, reads_every_type_from_toml) {
    EXPECT_THAT(schema.read_toml(R"(
database = "postgres://db/braid"
data = "/srv/braid"
[http]
listen = "0.0.0.0:80"
workers = 8
compress = false
idle_time = "2m"
max_body = "1MB"
hosts = ["braid.example", "www.braid.example"]
[log]
format = "json"
)",
                                 "braid.toml"),
                IsEmpty());
    EXPECT_EQ(database, "postgres://db/braid");
    EXPECT_EQ(listen, "0.0.0.0:80");
    EXPECT_EQ(workers, 8);
    EXPECT_FALSE(compress);
    EXPECT_EQ(idle, seconds(120));
    EXPECT_EQ(body, 1 << 20);
    EXPECT_THAT(hosts, ElementsAre("braid.example", "www.braid.example"));
    EXPECT_EQ(format, "json");
    EXPECT_EQ(data, "/srv/braid");
}

TEST_F(Config, an_unknown_key_names_place_and_the_likely_one) {
    EXPECT_THAT(
        texts(schema.read_toml("[http]\nlisten = \"a:1\"\n  worker = 3\n", "braid.toml")),
        ElementsAre("braid.toml:3:3: http.worker: there is no such option; did you mean http.workers?"));
    EXPECT_THAT(texts(schema.read_toml("listen = \"a:1\"\n", "braid.toml")),
                ElementsAre(HasSubstr("did you mean http.listen?")));
    EXPECT_THAT(texts(schema.read_toml("[htpt]\n", "braid.toml")),
                ElementsAre(HasSubstr("braid.toml:1:2: htpt: there is no such table")));
    EXPECT_THAT(texts(schema.read_toml("zzzzzzzzzzzz = 1\n", "braid.toml")),
                ElementsAre(HasSubstr("`braid config` lists")));
}

TEST_F(Config, a_bad_value_says_what_was_expected_and_changes_nothing) {
    const auto problems = texts(schema.read_toml(R"([http]
listen = "nowhere"
workers = 0
compress = "yes"
idle_time = "soon"
max_body = "2GB"
hosts = "one"
[log]
format = "xml"
)",
                                                 "braid.toml"));
    EXPECT_THAT(
        problems,
        ElementsAre("braid.toml:2:1: http.listen: expected ADDRESS:PORT",
                    "braid.toml:3:1: http.workers: expected a whole number from 1 to 1024, not \"0\"",
                    "braid.toml:4:1: http.compress: expected true or false without quotes",
                    AllOf(HasSubstr("braid.toml:5:1"), HasSubstr("\"30s\""), HasSubstr("from 1s to 10m")),
                    HasSubstr("from 1B to 1GB, not \"2GB\""), HasSubstr("an array of texts"),
                    "braid.toml:9:1: log.format: expected one of: automatic, text, json, not \"xml\""));
    EXPECT_EQ(workers, 64);
    EXPECT_EQ(listen, "127.0.0.1:8080");
    EXPECT_EQ(shown("http.listen").origin, Origin::built_in);
}

TEST_F(Config, text_that_is_no_toml_names_line_and_column) {
    const auto problems = schema.read_toml("[http]\nworkers = = 3\n", "braid.toml");
    ASSERT_THAT(problems, SizeIs(1));
    EXPECT_THAT(problems[0].text(), HasSubstr("braid.toml:2:11: "));
    EXPECT_THAT(schema.read_file("/none/braid.toml")[0].text(), HasSubstr("cannot be read"));
    EXPECT_THAT(schema.read_file("/tmp")[0].text(), HasSubstr("folder"));
}

TEST_F(Config, environment_overrides_the_file_and_flags_override_both) {
    EXPECT_THAT(schema.read_toml("[http]\nworkers = 8\nlisten = \"a:1\"\nhosts = [\"x\"]\n", "braid.toml"),
                IsEmpty());
    EXPECT_THAT(schema.read_environment(
                    {"PATH=/bin", "BRAID_HTTP_WORKERS=9", "BRAID_HTTP_HOSTS=a, b", "BRAID_SHARED_DATA=x"},
                    {"BRAID_SHARED_DATA"}),
                IsEmpty());
    EXPECT_THAT(schema.set("http.workers", "10", "--set http.workers"), IsEmpty());
    EXPECT_EQ(workers, 10);
    EXPECT_THAT(hosts, ElementsAre("a", "b"));
    EXPECT_EQ(shown("http.workers").origin, Origin::flag);
    EXPECT_EQ(shown("http.hosts").place, "BRAID_HTTP_HOSTS");
    EXPECT_EQ(shown("http.listen").place, "braid.toml:3:1");
    EXPECT_EQ(shown("http.workers").default_value, "64");
}

TEST_F(Config, unknown_variables_and_flags_are_problems) {
    EXPECT_THAT(
        texts(schema.read_environment({"BRAID_HTTP_WORKER=9"})),
        ElementsAre("BRAID_HTTP_WORKER: there is no option of this name; did you mean http.workers?"));
    EXPECT_THAT(
        texts(schema.read_environment({"BRAID_HTTP_WORKERS=many"})),
        ElementsAre(
            "BRAID_HTTP_WORKERS: http.workers: expected a whole number from 1 to 1024, not \"many\""));
    EXPECT_THAT(texts(schema.set("http.wrokers", "1", "--set")),
                ElementsAre(HasSubstr("did you mean http.workers?")));
}

TEST_F(Config, a_secret_is_never_shown) {
    EXPECT_THAT(schema.set("mail.password", "hunter2", "--set"), IsEmpty());
    EXPECT_EQ(password, "hunter2");
    EXPECT_EQ(shown("mail.password").value, "•••");
    EXPECT_THAT(texts(schema.set("mail.password", "hunter2\n", "--set")),
                ElementsAre(Not(HasSubstr("hunter2"))));
    EXPECT_THAT(schema.example(), Not(HasSubstr("hunter2")));
}

TEST_F(Config, the_example_is_valid_and_changes_nothing_even_when_uncommented) {
    const std::string example = schema.example();
    EXPECT_THAT(schema.read_toml(example, "example"), IsEmpty());
    EXPECT_EQ(shown("http.workers").origin, Origin::built_in);
    std::string open;
    for (std::size_t at = 0; at < example.size();) {
        const auto end = example.find('\n', at);
        std::string line = example.substr(at, end - at);
        if (line.size() > 1 && line[0] == '#' && line[1] != ' ') line.erase(0, 1);
        open += line + "\n";
        at = end + 1;
    }
    EXPECT_THAT(texts(schema.read_toml(open, "example")), IsEmpty());
    for (const Shown& option : schema.show()) {
        EXPECT_EQ(option.origin, Origin::file) << option.name;
        EXPECT_EQ(option.value, option.default_value) << option.name;
    }
}

TEST(ConfigValues, durations_and_sizes_come_back) {
    for (const char* text : {"250ms", "30s", "5m", "12h", "7d", "0s"})
        EXPECT_EQ(write_duration(*parse_duration(text)), text);
    for (const char* text : {"0B", "512B", "64KB", "10MB", "2GB", "1TB"})
        EXPECT_EQ(write_size(*parse_size(text)), text);
    for (const char* text : {"", "s", "3", "-3s", "3 weeks", "99999999999999999999s", "9223372036854775807d"})
        EXPECT_FALSE(parse_duration(text)) << text;
    EXPECT_FALSE(parse_size("10mb"));
}

TEST(ConfigValues, edit_distance_counts_swaps_as_one) {
    EXPECT_EQ(edit_distance("workers", "wrokers"), 1U);
    EXPECT_EQ(edit_distance("", "abc"), 3U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

}  // namespace
}  // namespace braid::config
