// What the tests of sessions share: a site with two people, asked in process through the middleware that
// stands before every handler.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.h"
#include "identity/accounts/module.h"
#include "identity/sessions/module.h"
#include "platform/mail/mail.h"
#include "shell/shell.h"
#include "support/databases.h"
#include "support/nobody_waits.h"

namespace braid::audit {
std::span<const sql::Migration> migrations();
}

namespace braid::sessions {

inline constexpr const char* kPassword = "the lamp counts stairs";
inline constexpr const char* kFirefox =
    "Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0";

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
    SiteTest() {
        described_.push_back(accounts_module_.describe());
        described_.push_back(sessions_module_.describe());
        for (access::Module& module : described_) {
            module.policies(book_);
            module.routes(router_);
            module.background(subscribers_, runner_);
        }
        mail::handle_jobs(runner_, mailbox_);
        book_.require_all(router_);
        chain_ = {shell::page_context(clock_), sessions_module_.attach_actor(shell::error_page),
                  access::require_needs(book_, router_, shell::error_page)};
        abi_ = *accounts().create_person(accounts::operator_actor(), {.handle = "abigail",
                                                                      .display_name = "Abi",
                                                                      .password = kPassword,
                                                                      .birth_year = 2010,
                                                                      .birth_month = 6,
                                                                      .email = "abi@example.org"});
        deniz_ = *accounts().create_person(accounts::operator_actor(), {.handle = "deniz",
                                                                        .display_name = "Deniz",
                                                                        .password = kPassword,
                                                                        .birth_year = 1980,
                                                                        .birth_month = 1});
    }

    accounts::Accounts& accounts() { return accounts_module_.accounts(); }
    Service& service() { return sessions_module_.service(); }
    static access::Actor actor(access::PersonId person) {
        access::Actor actor;
        actor.person = person;
        actor.band = access::AgeBand::teen;
        return actor;
    }
    Entry enter(std::string_view name = "abigail", std::string_view address = "192.0.2.7") {
        return *service().sign_in(access::Actor{}, name, kPassword, {std::string(address), kFirefox, {}});
    }

    // One browser: keeps cookies, follows nothing.
    class Browser {
      public:
        explicit Browser(SiteTest& site) : site_(site) {}
        std::map<std::string, std::string> cookies;
        std::vector<std::pair<std::string, std::string>> headers;
        std::string address = "192.0.2.7";

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
            if (const auto mark = target.find("?next="); mark != std::string_view::npos) {
                request.query.add("next", *percent_decode(target.substr(mark + 6)));
            }
            request.remote_address = address;
            request.headers = headers;
            request.headers.emplace_back("user-agent", kFirefox);
            std::string sent;
            for (const auto& [name, value] : cookies)
                sent.append(sent.empty() ? "" : "; ").append(name).append("=").append(value);
            if (!sent.empty()) request.headers.emplace_back("cookie", sent);
            for (auto& [name, value] : form)
                request.form.fields.add(name, value);
            http::Response response = site_.dispatch(request);
            for (const http::Cookie& cookie : response.cookies) {
                if (cookie.max_age < Duration(0)) {
                    cookies.erase(cookie.name);
                } else {
                    cookies[cookie.name] = cookie.value;
                }
            }
            return response;
        }

      private:
        SiteTest& site_;
    };

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

    FakeClock clock_;
    IdMaker ids_{clock_, 1};
    SeededRandom random_{7};
    braid::testing::TestDatabase database_{GetParam(),
                                           {jobs::migrations(), audit::migrations(), blocks::migrations(),
                                            accounts::migrations(), migrations()}};
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
    // Who is asked for more than a password.
    struct Asked final : SecondStep {
        bool asked_of(sql::Session&, PersonId person) const override { return people.contains(person); }
        std::set<PersonId> people;
    };
    Asked asked_;
    braid::testing::NobodyWaits nobody_waits_;
    SessionsModule sessions_module_{*database_, clock_,        ids_,
                                    random_,    outbox_,       accounts_module_.accounts(),
                                    asked_,     nobody_waits_, Settings{.secret = "a secret of the tests"}};
    std::vector<access::Module> described_;
    access::PolicyBook book_;
    http::Router router_;
    events::Subscribers subscribers_;
    jobs::Runner runner_{*database_, subscribers_, ids_, clock_, random_, {}};
    Mailbox mailbox_;
    std::vector<http::Middleware> chain_;
    access::PersonId abi_, deniz_;
};

}  // namespace braid::sessions
