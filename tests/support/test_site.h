// The whole program in this process on a free port, with a database of its own, for tests that ask as people
// ask.
//
//   TestSite site(sql::Engine::sqlite);
//   site.add_person("abi", 14);
//   auto abi = site.signed_in("abi");
//   EXPECT_EQ(abi.get("/write").status, 200);
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/program.h"
#include "support/databases.h"
#include "support/http_client.h"
#include "support/statements.h"

namespace braid::testing {

struct SiteOptions {
    bool fake_clock = false;  // stands still at FakeClock's start until told
    bool development = true;
    bool rate_limits = false;
    std::function<void(app::Settings&)> adjust = {};
    Statements* statements = nullptr;  // hears what the program runs; must outlive the site
};

class TestSite {
  public:
    explicit TestSite(sql::Engine engine = sql::Engine::sqlite, SiteOptions options = {});
    ~TestSite();
    TestSite(const TestSite&) = delete;
    TestSite& operator=(const TestSite&) = delete;

    static constexpr std::string_view kPassword = "the lamp counts stairs";

    [[nodiscard]] app::Program& program() { return *program_; }
    [[nodiscard]] FakeClock& clock() { return clock_; }
    [[nodiscard]] int port() const { return program_->port(); }
    [[nodiscard]] int admin_port() const { return program_->admin_port(); }

    // Adults are 18 and above. The password is kPassword, the address HANDLE@example.org.
    access::PersonId add_person(const std::string& handle, int age = 15,
                                std::vector<access::Role> roles = {});
    // As the use cases see her.
    [[nodiscard]] access::Actor actor(const std::string& handle);

    [[nodiscard]] test::HttpClient visitor() { return test::HttpClient(port()); }
    // Through the sign-in page. Fails the test when that does not work.
    [[nodiscard]] test::HttpClient signed_in(const std::string& handle);

    // A work with one published chapter, by the use cases. `visibility`: me, signed_in, everyone; `rating`:
    // everyone, teen, mature.
    struct Story {
        std::string work, chapter;  // ids as in addresses
        [[nodiscard]] std::string work_path() const { return "/works/" + work; }
        [[nodiscard]] std::string chapter_path() const { return work_path() + "/chapters/" + chapter; }
    };
    Story add_story(const std::string& author, const std::string& title,
                    const std::string& visibility = "everyone", const std::string& rating = "everyone");

    struct Mail {
        std::string to, subject, text;
    };
    // Waits until `count` mails were sent (at most ten seconds) and returns every mail so far.
    std::vector<Mail> mails(std::size_t count);

  private:
    class Mailbox;
    TestDatabase database_;
    TempFolder folder_;
    FakeClock clock_;
    std::unique_ptr<Mailbox> mailbox_;
    std::unique_ptr<app::Program> program_;
};

}  // namespace braid::testing
