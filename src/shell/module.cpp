#include "shell/module.h"

#include <algorithm>

#include "platform/web/assets.h"
#include "shell/cookies.h"
#include "shell/cover.h"
#include "shell/errors.html.h"
#include "shell/mailbox.h"
#include "shell/policy.h"
#include "shell/styleguide.html.h"

namespace braid::shell {

namespace {

constexpr Duration kYear = std::chrono::hours(24 * 365);

http::Cookie choice(std::string_view name, std::string_view value) {
    // Scripts read and write these too. An empty value is the default: no cookie.
    return {.name = std::string(name),
            .value = std::string(value),
            .max_age = value.empty() ? Duration(-1) : kYear,
            .http_only = false};
}

Result<http::Response> asset(const http::Request& request) {
    if (auto response = web::serve(request.path_text("file"))) return std::move(*response);
    return not_found("no such asset");
}

Result<http::Response> service_worker(const http::Request& /*request*/) {
    http::Response response = web::serve_fresh("sw.js");
    // What the worker may fetch; its page's own policy does not hold for it.
    response.set("content-security-policy", "default-src 'none'; connect-src 'self'");
    return response;
}

Result<http::Response> offline(const http::Request& request) {
    // Kept by the service worker for everybody on this device, so nobody is named in it.
    Frame shown = frame(request, text(request, _msg("shell.offline.heading")));
    PageContext nobody = *shown.context;
    nobody.viewer.reset();
    nobody.csrf_token.clear();
    shown.context = &nobody;
    shown.path = "/";
    shown.flash.reset();
    return page(request, 200, [&](html::Out& out) { offline_body(out, shown); });
}

Result<http::Response> switch_language(const http::Request& request) {
    http::Response response = http::Response::see_other(http::local_path(request.form.get("next"), "/"));
    i18n::Language language{};
    if (i18n::parse_language(request.form.get("language"), language)) {
        response.add_cookie(choice(kLanguageCookie, i18n::tag(language)));
    }
    return response;
}

Result<http::Response> reading_settings(const http::Request& request) {
    const Frame shown = frame(request, text(request, _msg("shell.reading.title")));
    const std::string next = http::local_path(request.query.get("next"), "/");
    return page(request, 200, [&](html::Out& out) { reading_page(out, shown, next); });
}

Result<http::Response> save_reading_settings(const http::Request& request) {
    http::Response response =
        redirect_with(request, http::local_path(request.form.get("next"), "/settings/reading"),
                      _msg("shell.reading.saved"));
    const auto keep = [&](std::string_view cookie, std::span<const std::string_view> allowed) {
        const auto value = request.form.fields.find(cookie);
        if (!value) return;
        const bool known = std::ranges::find(allowed, *value) != allowed.end();
        response.add_cookie(choice(cookie, known ? *value : std::string_view()));
    };
    keep(kThemeCookie, kThemes);
    keep(kTextCookie, kTextSizes);
    keep(kFontCookie, kFonts);
    keep(kWidthCookie, kWidths);
    return response;
}

Result<http::Response> styleguide(const http::Request& request) {
    const Frame shown = frame(request, "Styleguide");
    return page(request, 200, [&](html::Out& out) { styleguide_page(out, shown); });
}

Result<http::Response> sample_chapter(const http::Request& request) {
    Frame shown = frame(request, "The stairs that count back");
    shown.reading = true;
    shown.section = "The Lamp Room";
    shown.section_href = "/styleguide";
    shown.percent = 38;
    return page(request, 200, [&](html::Out& out) { styleguide_chapter(out, shown); });
}

Result<http::Response> sample_thread(const http::Request& request) {
    return fragment(request, 200, [](html::Out& out) { styleguide_thread(out); });
}

Result<http::Response> sample_picture(const http::Request& request) {
    http::Response response = http::Response::text(200, cover_svg(request.query.get("title"), "styleguide"));
    response.set("content-type", "image/svg+xml");
    return response;
}

}  // namespace

access::Module ShellModule::describe() const {
    access::Module module;
    module.name = "shell";
    module.policies = [](access::PolicyBook& book) {
        const auto nothing = [](const access::Actor& /*actor*/) { return std::monostate{}; };
        book.add<SeeShell>({{"style, script, offline page", nothing}});
        book.add<ChooseLook>({{"language and reading settings", nothing}});
    };
    module.routes = [development = development_, mails = mails_](http::Router& router) {
        const auto see = access::action<SeeShell>();
        const auto choose = access::action<ChooseLook>();
        router.get("/assets/{file:text}", see, asset);
        router.get("/sw.js", see, service_worker);
        router.get("/offline", see, offline);
        router.post("/language", choose, switch_language, {.cost = http::Cost::reads, .max_body = 4 << 10});
        router.get("/settings/reading", see, reading_settings);
        router.post("/settings/reading", choose, save_reading_settings,
                    {.cost = http::Cost::reads, .max_body = 4 << 10});
        if (development == Development::yes) {
            router.get("/dev/mail", see, mailbox(mails), {.cost = http::Cost::waits});
            router.get("/styleguide", see, styleguide);
            router.get("/styleguide/chapter", see, sample_chapter);
            router.get("/styleguide/thread", see, sample_thread);
            router.get("/styleguide/cover", see, sample_picture);
        }
    };
    return module;
}

}  // namespace braid::shell
