// The shell's routes and error pages, asked through the router as the server would. With BRAID_RENDER=FOLDER
// in the environment the pages are written there too, to be looked at.
#include "shell/shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "platform/http/security.h"
#include "platform/web/assets.h"
#include "shell/module.h"
#include "shell/pieces.h"

namespace braid::shell {
namespace {

using testing::HasSubstr;
using testing::Not;

class Shell : public testing::Test {
  protected:
    Shell() { ShellModule(Development::yes).describe().routes(router_); }

    http::Request request(http::Method method, std::string target) {
        http::Request made;
        made.method = method;
        made.target = target;
        made.path = target.substr(0, target.find('?'));
        made.id = "7f3a";
        made.received = clock_.now();
        made.attach(http::CspNonce{"nonce"});
        made.attach(http::CsrfToken{"token"});
        return made;
    }
    http::Response answer(http::Request& asked) {
        return page_context(clock_)(asked, [&](http::Request& inner) {
            const auto match = router_.find(inner.method, inner.path);
            if (match.route == nullptr) return error_page(inner, not_found());
            inner.path_parameters = match.parameters;
            auto result = match.route->handler(inner);
            return result.ok() ? std::move(*result) : error_page(inner, result.error());
        });
    }
    http::Response fail(http::Request& asked, const Error& error) {
        return page_context(clock_)(asked, [&](http::Request& inner) { return error_page(inner, error); });
    }
    static std::string body(const http::Response& response) { return std::get<std::string>(response.body); }
    static std::string header(const http::Response& response, std::string_view name) {
        for (const auto& [key, value] : response.headers) {
            if (ascii_iequals(key, name)) return value;
        }
        return {};
    }
    static void show(const std::string& name, const std::string& html) {
        const char* folder = std::getenv("BRAID_RENDER");
        if (folder == nullptr) return;
        const auto file = std::filesystem::path(folder) / (name + ".html");
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << html;
    }

    FakeClock clock_;
    http::Router router_;
};

TEST_F(Shell, ThePageNamesWhatItNeeds) {
    auto asked = request(http::Method::get, "/styleguide");
    const auto response = answer(asked);
    EXPECT_EQ(response.status, 200);
    const std::string html = body(response);
    show("styleguide", html);
    EXPECT_THAT(html, testing::StartsWith("<!doctype html>"));
    EXPECT_THAT(html, HasSubstr(web::url("app.css")));
    EXPECT_THAT(html, HasSubstr(web::url("app.js")));
    EXPECT_THAT(html, HasSubstr("<html lang=\"en\""));
    EXPECT_THAT(html, HasSubstr("href=\"/sign-in?next=%2Fstyleguide\""));
    EXPECT_THAT(html, Not(HasSubstr(" style=")));
    EXPECT_THAT(html, Not(HasSubstr("shell.")));
}

TEST_F(Shell, AChapterHasTheQuietHeader) {
    auto asked = request(http::Method::get, "/styleguide/chapter");
    const std::string html = body(answer(asked));
    show("chapter", html);
    EXPECT_THAT(html, HasSubstr("class=\"top reading\""));
    EXPECT_THAT(html, HasSubstr("literata-latin-400-normal"));
    EXPECT_THAT(html, Not(HasSubstr("bottom-bar")));
    EXPECT_THAT(html, HasSubstr("id=\"reading-settings\""));
    auto part = request(http::Method::get, "/styleguide/thread");
    part.headers.emplace_back("hx-request", "true");
    const std::string thread = body(answer(part));
    show("styleguide/thread", thread);
    EXPECT_THAT(thread, testing::StartsWith("<section"));
}

TEST_F(Shell, TheLanguageFollowsTheCookieThenTheBrowser) {
    auto spanish = request(http::Method::get, "/offline");
    spanish.headers.emplace_back("accept-language", "es-MX,es;q=0.9");
    const std::string offline = body(answer(spanish));
    show("offline-es", offline);
    EXPECT_THAT(offline, HasSubstr("<html lang=\"es\""));

    auto chosen = request(http::Method::get, "/offline");
    chosen.headers.emplace_back("accept-language", "es");
    chosen.headers.emplace_back("cookie", "language=en");
    EXPECT_THAT(body(answer(chosen)), HasSubstr("<html lang=\"en\""));
}

TEST_F(Shell, TheViewersOwnLanguageCountsWhenNoneWasChosenHere) {
    auto asked = request(http::Method::get, "/offline");
    page_context(clock_)(asked, [&](http::Request& inner) {
        inner.attach(Viewer{"1", "abi", "Abi", false, i18n::Language::es});
        EXPECT_EQ(context_of(inner).language, i18n::Language::es);
        EXPECT_EQ(context_of(inner).viewer->handle, "abi");
        return http::Response::no_content();
    });
}

TEST_F(Shell, TheOfflinePageNamesNobody) {
    auto asked = request(http::Method::get, "/offline");
    asked.attach(Viewer{"1", "abi", "Abi", false, {}});
    const std::string html = body(answer(asked));
    EXPECT_THAT(html, Not(HasSubstr("Abi")));
    EXPECT_THAT(html, Not(HasSubstr("token")));
}

TEST_F(Shell, ReadingSettingsAreKeptInCookiesAndDrawn) {
    auto saving = request(http::Method::post, "/settings/reading");
    saving.form.fields.add("theme", "dark");
    saving.form.fields.add("text", "xl");
    saving.form.fields.add("width", "javascript:");
    saving.form.fields.add("next", "//elsewhere.example");
    const auto saved = answer(saving);
    EXPECT_EQ(saved.status, 303);
    EXPECT_EQ(header(saved, "location"), "/settings/reading");
    std::map<std::string, std::string> cookies;
    for (const auto& cookie : saved.cookies)
        cookies[cookie.name] = cookie.value;
    EXPECT_EQ(cookies["theme"], "dark");
    EXPECT_EQ(cookies["text"], "xl");
    EXPECT_EQ(cookies["width"], "");
    EXPECT_EQ(cookies.count("font"), 0U);

    auto drawn = request(http::Method::get, "/settings/reading?next=%2Fread");
    drawn.query.add("next", "/read");
    drawn.headers.emplace_back("cookie", "theme=dark; text=xl; font=<b>; flash=shell.reading.saved");
    const auto response = answer(drawn);
    const std::string html = body(response);
    show("reading-settings", html);
    EXPECT_THAT(html, HasSubstr("data-theme=\"dark\" data-text=\"xl\""));
    EXPECT_THAT(html, Not(HasSubstr("data-font")));
    EXPECT_THAT(html, HasSubstr("Chapters look like this from now on"));
    ASSERT_EQ(response.cookies.size(), 1U);
    EXPECT_LT(response.cookies[0].max_age.count(), 0);
}

TEST_F(Shell, AFlashSaysOnlyWhatTheCatalogueKnows) {
    auto asked = request(http::Method::get, "/settings/reading");
    asked.headers.emplace_back("cookie", "flash=send_money_to_me");
    EXPECT_THAT(body(answer(asked)), Not(HasSubstr("send_money")));
}

TEST_F(Shell, EveryErrorIsAPageWithAWayOut) {
    const std::pair<ErrorCode, int> cases[] = {
        {ErrorCode::invalid, 422},     {ErrorCode::forbidden, 403},
        {ErrorCode::not_found, 404},   {ErrorCode::conflict, 409},
        {ErrorCode::gone, 410},        {ErrorCode::too_large, 413},
        {ErrorCode::unsupported, 415}, {ErrorCode::too_many_requests, 429},
        {ErrorCode::unavailable, 503}, {ErrorCode::internal, 500},
    };
    for (const auto& [code, status] : cases) {
        auto asked = request(http::Method::get, "/works/7");
        Error error{code,
                    code == ErrorCode::not_found ? "error.not_found" : "error.internal",
                    "secret detail",
                    {},
                    {},
                    3};
        const auto response = fail(asked, error);
        EXPECT_EQ(response.status, status);
        const std::string html = body(response);
        show("error-" + std::to_string(status), html);
        EXPECT_THAT(html, HasSubstr("href=\"/read\""));
        EXPECT_THAT(html, Not(HasSubstr("secret")));
        EXPECT_EQ(header(response, "retry-after"), "3");
    }
}

TEST_F(Shell, SigningInComesFirstAndLeadsBack) {
    auto asked = request(http::Method::get, "/write?sort=new");
    const auto response = fail(asked, unauthenticated());
    EXPECT_EQ(response.status, 303);
    EXPECT_EQ(header(response, "location"), "/sign-in?next=%2Fwrite%3Fsort%3Dnew");

    auto part = request(http::Method::post, "/works/7/kudos");
    part.headers.emplace_back("hx-request", "true");
    EXPECT_EQ(header(fail(part, unauthenticated()), "hx-redirect"), "/sign-in?next=%2F");
}

TEST_F(Shell, ProgramsGetAProblemDocument) {
    auto asked = request(http::Method::get, "/api/v1/works/7");
    const auto response = fail(asked, not_found());
    EXPECT_EQ(response.status, 404);
    EXPECT_THAT(body(response), HasSubstr("\"status\":404"));
}

TEST_F(Shell, AFieldSaysWhatIsWrongWithIt) {
    const Error error = invalid("title", "error.bad_text");
    html::Out out(i18n::Language::en, "nonce");
    field(out, {.label = "Title",
                .name = "title",
                .value = "<b>",
                .hint = "Hint",
                .error = &error,
                .required = true});
    EXPECT_THAT(out.text(), HasSubstr("aria-describedby=\"h-title e-title\""));
    EXPECT_THAT(out.text(), HasSubstr("aria-invalid=\"true\""));
    EXPECT_THAT(out.text(), HasSubstr("value=\"&lt;b&gt;\""));
    EXPECT_THAT(out.text(), HasSubstr("id=\"e-title\""));
    html::Out summary(i18n::Language::en, "nonce");
    error_summary(summary, &error);
    EXPECT_THAT(summary.text(), HasSubstr("href=\"#f-title\""));
}

TEST_F(Shell, APasswordIsNeverSentBack) {
    html::Out out(i18n::Language::en, "nonce");
    field(out, {.label = "Password", .name = "password", .value = "hunter2", .type = "password"});
    EXPECT_THAT(out.text(), Not(HasSubstr("hunter2")));
}

TEST_F(Shell, InitialsAreOfTheFirstAndLastWord) {
    const auto initials_of = [](std::string_view name) {
        html::Out out(i18n::Language::en, "");
        avatar(out, name, "seed");
        return out.text();
    };
    EXPECT_THAT(initials_of("Noor bint Aziz"), HasSubstr("data-initials=\"NA\""));
    EXPECT_THAT(initials_of("Abi"), HasSubstr("data-initials=\"Ab\""));
    EXPECT_THAT(initials_of("Íñigo"), HasSubstr("data-initials=\"Íñ\""));
    EXPECT_THAT(initials_of(" "), HasSubstr("data-initials=\"?\""));
}

TEST_F(Shell, AssetsAndTheWorkerAreServed) {
    auto style = request(http::Method::get, std::string(web::url("app.css")));
    EXPECT_EQ(answer(style).status, 200);
    auto nothing = request(http::Method::get, "/assets/app.css");
    EXPECT_EQ(answer(nothing).status, 404);
    auto worker = request(http::Method::get, "/sw.js");
    EXPECT_EQ(header(answer(worker), "cache-control"), "no-cache");
}

TEST(ShellInProduction, HasNoStyleguide) {
    http::Router router;
    ShellModule(Development::no).describe().routes(router);
    EXPECT_EQ(router.find(http::Method::get, "/styleguide").route, nullptr);
}

}  // namespace
}  // namespace braid::shell
