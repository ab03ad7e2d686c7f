// What the tests of factors share: a site with a writer and a moderator, asked in process through the
// middleware that stands before every handler.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.h"
#include "identity/accounts/module.h"
#include "identity/factors/api.h"
#include "identity/factors/module.h"
#include "identity/factors/totp.h"
#include "identity/sessions/module.h"
#include "platform/mail/mail.h"
#include "shell/shell.h"
#include "support/databases.h"
#include "support/nobody_waits.h"

namespace braid::factors {

inline constexpr const char* kPassword = "the lamp counts stairs";

class Mailbox final : public mail::Sender {
  public:
    Result<void> send(const mail::Message& message) override {
        mails.push_back(message);
        return {};
    }
    std::vector<mail::Message> mails;
};

class SiteTest : public braid::testing::OnBothEngines {
  protected:
    explicit SiteTest(sessions::StaffFactor staff = sessions::StaffFactor::required) : staff_(staff) {
        for (access::Module module :
             {accounts_module_.describe(), sessions_module_.describe(), factors_module_.describe()}) {
            module.policies(book_);
            module.routes(router_);
            module.background(subscribers_, runner_);
        }
        // Something only staff do, and something anybody does.
        book_.add({"test.staff_work", access::Needs::staff, access::Scope::read, {}});
        book_.add({"test.read", access::Needs::nobody, access::Scope::read, {}});
        const auto fine = [](const http::Request&) -> Result<http::Response> {
            return http::Response::text(200, "fine");
        };
        router_.get("/desk", http::ActionRef("test.staff_work"), fine);
        router_.get("/read", http::ActionRef("test.read"), fine);
        router_.get("/", http::ActionRef("test.read"), fine);
        mail::handle_jobs(runner_, mailbox_);
        book_.require_all(router_);
        chain_ = {shell::page_context(clock_), sessions_module_.attach_actor(shell::error_page),
                  access::require_needs(book_, router_, shell::error_page)};
        abi_ = add("abigail", 1990, {});
        sam_ = add("sam", 1980, {access::Role::moderator});
    }

    access::PersonId add(const std::string& handle, int born, std::vector<access::Role> roles) {
        return *accounts().create_person(accounts::operator_actor(), {.handle = handle,
                                                                      .display_name = handle,
                                                                      .password = kPassword,
                                                                      .birth_year = born,
                                                                      .birth_month = 6,
                                                                      .email = handle + "@example.org",
                                                                      .roles = std::move(roles)});
    }
    accounts::Accounts& accounts() { return accounts_module_.accounts(); }
    Service& service() { return factors_module_.service(); }
    access::Actor actor_of(const std::string& handle) {
        access::Actor actor;
        database_->read([&](sql::Reader& reader) {
            actor.person = accounts().by_handle(reader, handle)->id;
            for (const access::Role role : accounts().roles(reader, *actor.person))
                actor.roles |= 1U << static_cast<unsigned>(role);
            return true;
        });
        return actor;
    }
    std::vector<mail::Message>& mails() {
        runner_.run_pending();
        return mailbox_.mails;
    }

    // One browser: keeps cookies, follows nothing.
    class Browser {
      public:
        explicit Browser(SiteTest& site, std::string from = "192.0.2.7")
            : address(std::move(from)), site_(&site) {}
        std::map<std::string, std::string> cookies;
        std::vector<std::pair<std::string, std::string>> headers;
        std::string address;

        http::Response get(std::string_view target) { return ask(http::Method::get, target, {}); }
        http::Response post(std::string_view target,
                            std::vector<std::pair<std::string, std::string>> form = {}) {
            return ask(http::Method::post, target, std::move(form));
        }
        http::Response ask(http::Method method, std::string_view target,
                           std::vector<std::pair<std::string, std::string>> form) {
            http::Request request;
            request.method = method;
            request.target = target;
            request.path = target.substr(0, target.find('?'));
            if (const auto mark = target.find("?next="); mark != std::string_view::npos)
                request.query.add("next", *percent_decode(target.substr(mark + 6)));
            request.remote_address = address;
            request.headers = headers;
            std::string sent;
            for (const auto& [name, value] : cookies)
                sent.append(sent.empty() ? "" : "; ").append(name).append("=").append(value);
            if (!sent.empty()) request.headers.emplace_back("cookie", sent);
            for (auto& [name, value] : form)
                request.form.fields.add(name, value);
            http::Response response = site_->dispatch(request);
            for (const http::Cookie& cookie : response.cookies) {
                if (cookie.max_age < Duration(0)) {
                    cookies.erase(cookie.name);
                } else {
                    cookies[cookie.name] = cookie.value;
                }
            }
            return response;
        }
        http::Response sign_in(const std::string& name, const std::string& password = kPassword) {
            return post("/sign-in", {{"name", name}, {"password", password}});
        }

      private:
        SiteTest* site_;
    };

    Browser signed_in(const std::string& name) {
        Browser browser(*this);
        browser.sign_in(name);
        return browser;
    }

    // The secret that the page of the app shows.
    static std::string key_on(const std::string& page) {
        const std::string mark = "id=\"key\">";
        const auto from = page.find(mark) + mark.size();
        std::string key;
        for (const char c : page.substr(from, page.find('<', from) - from)) {
            if (c != ' ') key += c;
        }
        static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        std::string bytes;
        std::uint32_t held = 0;
        int bits = 0;
        for (const char c : key) {
            held = held << 5 | static_cast<std::uint32_t>(kAlphabet.find(c));
            bits += 5;
            if (bits >= 8) bytes += static_cast<char>(held >> (bits -= 8) & 255);
        }
        return bytes;
    }
    static std::vector<std::string> codes_on(const std::string& page) {
        const std::string mark = "<pre class=\"codes\" id=\"codes\"><code>";
        const auto from = page.find(mark);
        std::vector<std::string> codes;
        if (from == std::string::npos) return codes;
        const std::string all =
            page.substr(from + mark.size(), page.find('<', from + mark.size()) - from - mark.size());
        for (const std::string_view code : split(all, '\n')) {
            if (!code.empty()) codes.emplace_back(code);
        }
        return codes;
    }
    std::string code_of(const std::string& secret, std::int64_t shift = 0) {
        return hotp(secret, static_cast<std::uint64_t>(step_at(clock_.now()) + shift));
    }
    struct Armed {
        std::string secret;
        std::vector<std::string> codes;
    };
    // Sets an app up, as a person does.
    Armed set_up(Browser& browser) {
        browser.post("/settings/second-factor/app");
        Armed up;
        up.secret = key_on(body(browser.get("/settings/second-factor/app")));
        const auto done = browser.post("/settings/second-factor/app/confirm",
                                       {{"code", code_of(up.secret)}, {"password", kPassword}});
        EXPECT_EQ(done.status, 200) << body(done);
        up.codes = codes_on(body(done));
        clock_.advance(std::chrono::seconds(60));  // past the code that was used
        return up;
    }

    http::Response dispatch(http::Request& request) {
        auto match = router_.find(request.method, request.path);
        request.matched = match.route;
        if (match.route != nullptr) request.route = match.route->pattern;
        request.path_parameters = std::move(match.parameters);
        const http::Next handler = [](http::Request& asked) -> http::Response {
            if (asked.matched == nullptr) return shell::error_page(asked, not_found());
            auto result = asked.matched->handler(asked);
            return result.ok() ? std::move(*result) : shell::error_page(asked, result.error());
        };
        return run(0, request, handler);
    }
    http::Response run(std::size_t at, http::Request& request, const http::Next& handler) {
        if (at == chain_.size()) return handler(request);
        return chain_[at](request, [&, at](http::Request& inner) { return run(at + 1, inner, handler); });
    }
    static std::string body(const http::Response& response) {
        const auto* text = std::get_if<std::string>(&response.body);
        return text != nullptr ? *text : std::string();
    }
    static std::string header(const http::Response& response, std::string_view name) {
        for (const auto& [key, value] : response.headers) {
            if (ascii_iequals(key, name)) return value;
        }
        return {};
    }

    sessions::StaffFactor staff_;
    FakeClock clock_;
    IdMaker ids_{clock_, 1};
    SeededRandom random_{7};
    braid::testing::TestDatabase database_{GetParam(),
                                           {jobs::migrations(), blocks::migrations(), accounts::migrations(),
                                            sessions::migrations(), migrations()}};
    events::Outbox outbox_{ids_, clock_};
    jobs::Queue queue_{ids_, clock_};
    accounts::AccountsModule accounts_module_{
        *database_,
        clock_,
        ids_,
        random_,
        outbox_,
        queue_,
        accounts::Settings{
            .password_cost = {1, 8}, .public_url = "https://braid.test", .secret = "a secret of the tests"}};
    KnownFactors known_;
    braid::testing::NobodyWaits nobody_waits_;
    sessions::SessionsModule sessions_module_{
        *database_,
        clock_,
        ids_,
        random_,
        outbox_,
        accounts_module_.accounts(),
        known_,
        nobody_waits_,
        sessions::Settings{.staff_factor = staff_, .secret = "a secret of the tests"}};
    FactorsModule factors_module_{*database_,
                                  clock_,
                                  ids_,
                                  random_,
                                  outbox_,
                                  accounts_module_.accounts(),
                                  sessions_module_.doors(),
                                  Settings{.staff_factor = staff_,
                                           .site_secret = "a secret of the tests",
                                           .public_url = "https://braid.test"}};
    access::PolicyBook book_;
    http::Router router_;
    events::Subscribers subscribers_;
    jobs::Runner runner_{*database_, subscribers_, ids_, clock_, random_, {}};
    Mailbox mailbox_;
    std::vector<http::Middleware> chain_;
    access::PersonId abi_, sam_;
};

}  // namespace braid::factors
