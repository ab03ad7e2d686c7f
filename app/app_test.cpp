// The pieces of the program beside its pages: options, the data folder, backup and restore, the command line,
// the demo city.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <limits>

#include "app/archive.h"
#include "app/backup.h"
#include "app/cli.h"
#include "app/commands/plain_json.h"
#include "app/data_folder.h"
#include "app/demo.h"
#include "app/doctor.h"
#include "app/progress.h"
#include "base/text.h"
#include "identity/accounts/api.h"
#include "interests/works/module.h"
#include "platform/sql/maintenance.h"
#include "support/databases.h"

namespace braid::app {
namespace {

using braid::testing::TempFolder;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
namespace fs = std::filesystem;

std::string content(const fs::path& file) {
    return read_file(file).value_or("(none)");
}

Settings settings_in(const fs::path& folder) {
    Settings settings;
    settings.data = folder / "data";
    settings.http.listen = "127.0.0.1:0";
    settings.http.admin_listen = "";
    settings.accounts.password_memory = 64 << 10;
    settings.accounts.password_passes = 1;
    return settings;
}

TEST(Endpoints, are_address_and_port) {
    EXPECT_EQ(parse_endpoint("127.0.0.1:8080")->port, 8080);
    EXPECT_EQ(parse_endpoint("[::1]:80")->address, "::1");
    EXPECT_EQ(parse_endpoint(":80")->address, "0.0.0.0");
    EXPECT_EQ(parse_endpoint("localhost:80")->address, "127.0.0.1");
    for (const char* bad : {"", "80", "a b:80", "1.2.3.4:", "1.2.3.4:70000", "::1:80", "[]:80", "x:-1"})
        EXPECT_FALSE(parse_endpoint(bad)) << bad;
}

TEST(Options, are_all_explained_and_their_example_reads_back) {
    Settings settings;
    config::Schema schema = declare(settings);
    EXPECT_THAT(schema.read_toml(schema.example(), "example"), IsEmpty());
    for (const config::Shown& option : schema.show()) {
        EXPECT_GE(option.meaning.size(), 10U) << option.name;
        EXPECT_TRUE(option.meaning.ends_with('.')) << option.name;
    }
}

TEST(Options, that_do_not_fit_together_are_refused) {
    Settings settings;
    EXPECT_THAT(cross_check(settings), IsEmpty());
    settings.tls.certificate = "a.pem";
    settings.mail.user = "me";
    settings.node = 2;
    EXPECT_THAT(cross_check(settings), SizeIs(3));
}

TEST(PublicUrl, follows_the_listener_until_it_is_set) {
    Settings settings;
    EXPECT_EQ(settings.public_url(), "http://127.0.0.1:8080");
    settings.http.listen = "0.0.0.0:80";
    EXPECT_EQ(settings.public_url(), "http://127.0.0.1:80");
    EXPECT_FALSE(settings.secure());
    settings.http.public_url = "https://braid.example";
    EXPECT_TRUE(settings.secure());
}

TEST(TheDataFolder, is_its_owners_alone_and_keeps_one_secret) {
    const TempFolder temp;
    SeededRandom random(1);
    auto data = DataFolder::open(temp.path() / "data", Use::shared);
    ASSERT_TRUE(data.ok());
    const std::string secret = data->secret(random);
    EXPECT_EQ(secret.size(), 43U);
    EXPECT_EQ(data->secret(random), secret);
    struct stat info {};
    ASSERT_EQ(::stat((data->path() / kSecretFile).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600U);
    ASSERT_EQ(::stat(data->path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700U);
    EXPECT_TRUE(DataFolder::open(temp.path() / "data", Use::shared).ok());
    EXPECT_FALSE(DataFolder::open(temp.path() / "data", Use::exclusive).ok());
}

TEST(WritingFiles, replaces_whole_or_refuses) {
    const TempFolder temp;
    const fs::path file = temp.path() / "x";
    EXPECT_TRUE(write_file(file, "one", 0600, false));
    EXPECT_FALSE(write_file(file, "two", 0600, false));
    EXPECT_EQ(content(file), "one");
    EXPECT_TRUE(write_file(file, "two", 0600, true));
    EXPECT_EQ(content(file), "two");
    EXPECT_THROW(write_file(temp.path() / "none" / "x", "", 0600, true), std::system_error);
    EXPECT_EQ(std::distance(fs::directory_iterator(temp.path()), {}), 1);  // nothing unfinished is left
}

class Archives : public ::testing::Test {
  protected:
    fs::path write() {
        auto archive = ArchiveWriter::create(file);
        EXPECT_TRUE(archive.ok());
        EXPECT_TRUE(write_file(temp.path() / "big", big, 0600, true));
        EXPECT_TRUE(archive->add_file("blobs/ab/cd/" + std::string(64, 'e'), temp.path() / "big", {}).ok());
        EXPECT_TRUE(archive->add_text("site.secret", "hush").ok());
        EXPECT_TRUE(archive->add_text("empty", "").ok());
        EXPECT_TRUE(archive->finish().ok());
        return file;
    }
    void flip(std::size_t at) {
        std::fstream io(file, std::ios::in | std::ios::out | std::ios::binary);
        io.seekg(static_cast<std::streamoff>(at));
        const char byte = static_cast<char>(io.get() ^ 1);
        io.seekp(static_cast<std::streamoff>(at));
        io.put(byte);
    }
    std::string refused() {
        const auto out = unpack(file, temp.path() / "out", {});
        EXPECT_FALSE(out.ok());
        EXPECT_FALSE(fs::exists(temp.path() / "out"));
        return out.ok() ? "" : out.error().detail;
    }
    const TempFolder temp;
    const fs::path file = temp.path() / "a.tar";
    const std::string big = std::string(3 << 20, 'b');
};

TEST_F(Archives, come_back_as_they_were) {
    write();
    const auto out = unpack(file, temp.path() / "out", {});
    ASSERT_TRUE(out.ok()) << out.error().detail;
    EXPECT_EQ(out->size(), 3U);
    EXPECT_EQ(content(temp.path() / "out/blobs/ab/cd" / std::string(64, 'e')), big);
    EXPECT_EQ(content(temp.path() / "out/site.secret"), "hush");
    EXPECT_FALSE(unpack(file, temp.path() / "out", {}).ok());  // never over something
    EXPECT_FALSE(ArchiveWriter::create(file).ok());
}

TEST_F(Archives, can_be_read_by_tar) {
    write();
    EXPECT_EQ(std::system(("tar tf " + file.string() + " >" + (temp.path() / "list").string()).c_str()), 0);
    EXPECT_THAT(content(temp.path() / "list"), AllOf(HasSubstr("site.secret"), HasSubstr("MANIFEST")));
}

TEST_F(Archives, that_were_changed_anywhere_are_refused) {
    write();
    const auto size = fs::file_size(file);
    // Header, content, manifest: one bit in every eighth of the file, and in every block around its end.
    for (std::size_t at = 100; at < size - 1024; at += size / 8) {
        flip(at);
        const auto out = unpack(file, temp.path() / "out", {});
        EXPECT_FALSE(out.ok()) << at;
        EXPECT_FALSE(fs::exists(temp.path() / "out")) << at;
        fs::remove_all(temp.path() / "out");
        flip(at);
    }
    EXPECT_TRUE(unpack(file, temp.path() / "out", {}).ok());
}

TEST_F(Archives, that_are_cut_short_are_refused) {
    write();
    const auto size = fs::file_size(file);
    for (const std::uintmax_t left :
         {size - 1024, size - 2048, size / 2, std::uintmax_t{512}, std::uintmax_t{10}, std::uintmax_t{0}}) {
        fs::resize_file(file, left);
        refused();
    }
}

TEST_F(Archives, cannot_write_outside_their_folder) {
    auto archive = ArchiveWriter::create(file);
    ASSERT_TRUE(archive.ok());
    ASSERT_TRUE(archive->add_text("../evil", "x").ok());
    ASSERT_TRUE(archive->finish().ok());
    EXPECT_THAT(refused(), HasSubstr("../evil"));
    EXPECT_FALSE(fs::exists(temp.path() / "evil"));
}

class Keeping : public ::testing::Test {
  protected:
    Keeping() {
        Program program(settings);
        program.migrate();
        accounts::NewPerson person{.handle = "abi",
                                   .display_name = "Abi",
                                   .password = "the lamp counts stairs",
                                   .birth_year = 2010,
                                   .birth_month = 4};
        EXPECT_TRUE(program.modules().accounts().create_person(accounts::operator_actor(), person).ok());
    }
    static bool knows_abi(const Settings& in) {
        Program program(in);
        return program.database().read([&](sql::Reader& reader) {
            return program.modules().accounts().by_handle(reader, "abi").has_value();
        });
    }
    const TempFolder temp;
    const Settings settings = settings_in(temp.path());
    const fs::path file = temp.path() / "b.tar";
};

TEST_F(Keeping, a_backup_made_while_the_site_runs_brings_everything_back) {
    std::string secret;
    {
        Program running(settings);  // holds the folder as a server does
        fs::create_directories(running.data().blobs() / "ab/cd");
        write_file(running.data().blobs() / "ab/cd/abcd", "a cover", 0600, true);
        const auto backed = back_up(settings, file, {});
        ASSERT_TRUE(backed.ok()) << backed.error().detail;
        EXPECT_EQ(backed->files, 1U);
        SeededRandom random(1);
        secret = running.data().secret(random);
        EXPECT_FALSE(restore(settings, file, Existing::set_aside, {}).ok()) << "while somebody is there";
    }
    EXPECT_FALSE(back_up(settings, file, {}).ok()) << "never over another";
    Settings other = settings;
    other.data = temp.path() / "other";
    ASSERT_TRUE(restore(other, file, Existing::refuse, {}).ok());
    EXPECT_TRUE(knows_abi(other));
    EXPECT_EQ(content(other.data / "blobs/ab/cd/abcd"), "a cover");
    EXPECT_EQ(trim(content(other.data / kSecretFile)), secret);
    EXPECT_FALSE(restore(other, file, Existing::refuse, {}).ok());
    ASSERT_TRUE(restore(other, file, Existing::set_aside, {}).ok());
    EXPECT_TRUE(knows_abi(other));
}

TEST_F(Keeping, a_broken_backup_changes_nothing) {
    ASSERT_TRUE(back_up(settings, file, {}).ok());
    fs::resize_file(file, fs::file_size(file) - 5000);
    EXPECT_FALSE(restore(settings, file, Existing::set_aside, {}).ok());
    EXPECT_TRUE(knows_abi(settings));
    EXPECT_EQ(std::distance(fs::directory_iterator(temp.path()), {}), 2);  // the data and the archive
}

TEST_F(Keeping, the_doctor_finds_what_is_wrong) {
    const auto found = [&](const Settings& in) {
        std::vector<std::string> all;
        for (const Finding& finding : examine(in)) {
            all.push_back((finding.health == Health::ok     ? "ok "
                           : finding.health == Health::warn ? "warn "
                                                            : "fail ") +
                          finding.subject + ": " + finding.found);
            EXPECT_EQ(finding.advice.empty(), finding.health == Health::ok) << finding.found;
        }
        return all;
    };
    Settings good = settings;
    good.development = true;
    good.accounts.password_memory = 19 << 20;
    EXPECT_THAT(found(good), Not(Contains(HasSubstr("fail "))));
    EXPECT_THAT(found(good), Contains(HasSubstr("ok migrations")));

    Settings weak = settings;
    weak.http.listen = "0.0.0.0:80";
    weak.http.admin_listen = "0.0.0.0:81";
    weak.development = true;
    fs::permissions(settings.data / kSecretFile, fs::perms::all);
    const auto bad = found(weak);
    EXPECT_THAT(bad, Contains(HasSubstr("fail site secret")));
    EXPECT_THAT(bad, Contains(HasSubstr("fail settings: Development mode on 0.0.0.0:80")));
    EXPECT_THAT(bad, Contains(HasSubstr("fail settings: Pages are served over plain http")));
    EXPECT_THAT(bad, Contains(HasSubstr("warn settings: /metrics is open")));

    std::ofstream(settings.data / "braid.sqlite", std::ios::in | std::ios::out).seekp(4096)
        << std::string(8192, 'x');
    EXPECT_THAT(found(good), Contains(HasSubstr("fail database")));
}

// Runs the program itself; standard output and error in one text.
struct Ran {
    int status;
    std::string text;
};
Ran braid(const std::string& arguments, const std::string& environment = "") {
    const TempFolder temp;
    const std::string out = (temp.path() / "out").string();
    const int code = std::system(
        (environment + " " BRAID_BINARY " " + arguments + " >" + out + " 2>&1 </dev/null").c_str());
    return {WEXITSTATUS(code), content(out)};
}

TEST(CommandLine, says_what_it_can_and_what_was_wrong) {
    EXPECT_EQ(braid("--version").text, "braid " BRAID_VERSION "\n");
    for (const char* command : {"",
                                "serve",
                                "migrate",
                                "demo",
                                "import works",
                                "backup",
                                "restore",
                                "doctor",
                                "config",
                                "routes",
                                "user add",
                                "user list",
                                "user password",
                                "user role grant",
                                "user role revoke",
                                "jobs list",
                                "jobs retry",
                                "jobs drop",
                                "guidance explain",
                                "guidance rebuild"}) {
        const Ran help = braid(std::string(command) + " --help");
        EXPECT_EQ(help.status, kOk) << command;
        EXPECT_THAT(help.text, HasSubstr("Examples:")) << command;
    }
    EXPECT_EQ(braid("").status, kUsage);
    EXPECT_EQ(braid("sreve").status, kUsage);
    EXPECT_EQ(braid("serve --nonsense").status, kUsage);
    EXPECT_EQ(braid("import works").status, kUsage);
}

TEST(CommandLine, stops_at_a_configuration_that_is_wrong) {
    const TempFolder temp;
    const std::string file = (temp.path() / "braid.toml").string();
    std::ofstream(file) << "[http]\nlisten = \"127.0.0.1:0\"\nworkres = 8\n";
    const Ran ran = braid("migrate --config " + file + " --data " + (temp.path() / "data").string());
    EXPECT_EQ(ran.status, kUsage);
    EXPECT_THAT(ran.text,
                HasSubstr(file + ":3:1: http.workres: there is no such option; did you mean http.workers?"));
    EXPECT_FALSE(fs::exists(temp.path() / "data"));
    EXPECT_EQ(braid("migrate --set http.workers=0").status, kUsage);
    EXPECT_THAT(braid("migrate", "BRAID_HTTP_WORKERS=many").text,
                HasSubstr("BRAID_HTTP_WORKERS: http.workers: expected a whole number"));
    EXPECT_THAT(braid("config --set site.secret=0123456789012345678901234567890123456789").text,
                AllOf(HasSubstr("•••"), Not(HasSubstr("01234567890123")), HasSubstr("(from --set)")));
}

TEST(CommandLine, people_and_jobs) {
    const TempFolder temp;
    const std::string data =
        " --data " + (temp.path() / "data").string() + " --set accounts.password_memory=1MB";
    EXPECT_EQ(std::system(("echo 'the lamp counts stairs' | " BRAID_BINARY
                           " user add deniz --name 'Deniz K' --born 1990-04" +
                           data + " >/dev/null")
                              .c_str()),
              0);
    EXPECT_NE(std::system(("echo 'the lamp counts stairs' | " BRAID_BINARY " user add deniz --born 1990-04" +
                           data + " >/dev/null 2>&1")
                              .c_str()),
              0);
    EXPECT_EQ(braid("user role grant deniz moderator" + data).status, kOk);
    EXPECT_THAT(braid("user list" + data).text, AllOf(HasSubstr("deniz"), HasSubstr("Deniz K (moderator)")));
    EXPECT_EQ(braid("user role grant deniz king" + data).status, kUsage);
    EXPECT_EQ(braid("user role grant nobody moderator" + data).status, kFailed);
    EXPECT_EQ(braid("user add x --born yesterday" + data).status, kUsage);
    EXPECT_THAT(braid("jobs list" + data).text, HasSubstr("0 parked"));
    EXPECT_EQ(braid("jobs retry 1c4gzk0e5m" + data).status, kFailed);
    EXPECT_EQ(braid("jobs drop NOT-AN-ID" + data).status, kUsage);
}

TEST(CommandLine, works_from_a_file_and_again) {
    const TempFolder temp;
    const std::string data = " --data " + (temp.path() / "data").string();
    const fs::path good = temp.path() / "good.json";
    const fs::path bad = temp.path() / "bad.json";
    std::ofstream(good)
        << R"({"title":"The Lamp Room","author":"A. Keeper","year":1901,"language":"en","licence":"Public domain","subjects":["Ghosts"],)"
           R"("chapters":[{"n":1,"title":"One","text":"He _counted_ the stairs."}]})";
    std::ofstream(bad)
        << R"({"title":"No chapters","author":"A. Keeper","language":"en","licence":"Public domain"})";
    EXPECT_THAT(braid("import works " + good.string() + data).text,
                HasSubstr("1 added, 0 updated, 0 unchanged, 0 failed."));
    EXPECT_THAT(braid("import works " + good.string() + data).text,
                HasSubstr("0 added, 0 updated, 1 unchanged, 0 failed."));
    const Ran ran = braid("import works " + bad.string() + data);
    EXPECT_EQ(ran.status, kFailed);
    EXPECT_THAT(ran.text, AllOf(HasSubstr(bad.string()), HasSubstr("/chapters")));
}

TEST(Demo, loads_once_into_an_empty_database) {
    const TempFolder temp;
    Settings settings = settings_in(temp.path());
    FakeClock clock(SystemClock().now());
    const Timestamp now = clock.now();
    Program program(settings, {.clock = &clock});
    program.migrate();
    const auto loaded = load_demo(program, clock, now, demo_files(), {});
    ASSERT_TRUE(loaded.ok()) << loaded.error().detail;
    EXPECT_GE(loaded->people, 10);
    EXPECT_GE(loaded->works, 10);
    EXPECT_GE(loaded->comments, 30);
    EXPECT_EQ(clock.now(), now);
    EXPECT_EQ(jobs::Runner::lag(program.database(), clock).waiting, 0);
    program.database().read([&](sql::Reader& reader) {
        const auto page = program.modules().works().library().list(reader, {}, {});
        EXPECT_GE(page.works.size(), 5U);  // a visitor finds enough
        for (const auto& work : page.works)
            EXPECT_LT(work.updated_at, now);
    });
    // What is wrong with the data is named.
    const DemoFile broken[]{{"works/x.md", "+++\ntitle = \"X\"\n+++\n# One\n"}};
    EXPECT_THAT(load_demo(program, clock, now, broken, {}).error().detail,
                HasSubstr("demo/works/x.md: `author` is missing"));
}

TEST(PlainJson, has_no_powers_of_ten) {
    const boost::json::value value = {{"ndcg", 0.0316899},
                                      {"tiny", 1e-7},
                                      {"large", 2.5e20},
                                      {"whole", 3.0},
                                      {"text", "a \"1E-2\""},
                                      {"list", {1, nullptr, true, boost::json::object{}}},
                                      {"none", std::numeric_limits<double>::quiet_NaN()}};
    EXPECT_EQ(commands::plain_json(value),
              R"({"ndcg":0.0316899,"tiny":0.0000001,"large":250000000000000000000,"whole":3,)"
              R"("text":"a \"1E-2\"","list":[1,null,true,{}],"none":null})");
}

TEST(ProgressBar, fits_and_tells) {
    EXPECT_EQ(bar("works", 0, 0, {}, 80), "works  ▕██████████████████████████████▏ 100 %  0 of 0");
    EXPECT_THAT(bar("works", 1204, 2310, std::chrono::seconds(10), 100),
                AllOf(HasSubstr(" 52 %  1,204 of 2,310"), HasSubstr("about 10 s")));
    EXPECT_EQ(bar("works", 5, 10, {}, 10), "works   50 %  5 of 10");
    EXPECT_LE(count_code_points(bar("works", 5, 10, std::chrono::hours(3), 60)), 60U);
}

}  // namespace
}  // namespace braid::app
