// Settings: who I am to others, my address. What needs sessions (joining, signing in, passwords) is in
// identity/sessions.
#include "identity/accounts/pages.h"

#include "identity/accounts/settings.html.h"
#include "identity/accounts/views.h"
#include "platform/html/richtext.h"
#include "shell/pieces.h"
#include "shell/shell.h"

namespace braid::accounts {

namespace {

using access::actor_of;

class Pages {
  public:
    Pages(sql::Database& database, Service& service) : database_(database), service_(service) {}

    Result<http::Response> overview(const http::Request& request) const {
        OverviewView view{frame(request, _msg("accounts.settings.title")), TRY(own(request)),
                          actor_of(request).has(Role::administrator)};
        view.gives_roles = database_.read(
            [&](sql::Reader& reader) { return gives_roles(service_.grants(reader, view.me.id)); });
        view.provider = service_.settings().provider;
        return shell::page(request, 200, [&](html::Out& out) { overview_page(out, view); });
    }

    Result<http::Response> profile(const http::Request& request) const {
        return show_profile(request, 200, TRY(own(request)), false, nullptr);
    }

    Result<http::Response> save_profile(const http::Request& request) const {
        const auto saved = service_.edit_profile(actor_of(request), typed_profile(request));
        if (saved.ok())
            return shell::redirect_with(request, "/settings/profile", _msg("accounts.profile.saved"));
        if (saved.error().code != ErrorCode::invalid) return saved.error();
        return show_profile(request, 422, TRY(typed_over_own(request)), true, &saved.error());
    }

    Result<http::Response> preview_profile(const http::Request& request) const {
        return show_profile(request, 200, TRY(typed_over_own(request)), true, nullptr);
    }

    Result<http::Response> account(const http::Request& request) const {
        return show_account(request, 200, {}, nullptr);
    }

    Result<http::Response> save_email(const http::Request& request) const {
        const std::string_view typed = request.form.get("email");
        const auto saved = service_.change_email(actor_of(request), typed, request.form.get("password"));
        if (saved.ok())
            return shell::redirect_with(request, "/settings/account", _msg("accounts.email.changed"));
        if (saved.error().code != ErrorCode::invalid && saved.error().code != ErrorCode::too_many_requests)
            return saved.error();
        return show_account(request, saved.error().code == ErrorCode::invalid ? 422 : 429, typed,
                            &saved.error());
    }

    Result<http::Response> resend(const http::Request& request) const {
        const auto sent = service_.resend_confirmation(actor_of(request));
        if (sent.ok())
            return shell::redirect_with(request, "/settings/account", _msg("accounts.email.resent"));
        if (sent.error().code != ErrorCode::too_many_requests) return sent.error();
        return show_account(request, 429, {}, &sent.error());
    }

    Result<http::Response> cancel_email(const http::Request& request) const {
        TRY(service_.cancel_email(actor_of(request)));
        return shell::redirect_with(request, "/settings/account", _msg("accounts.email.cancelled"));
    }

    // Shown first and confirmed by a button: programs that look into mails follow links too.
    Result<http::Response> confirm(const http::Request& request) const {
        ConfirmView view{frame(request, _msg("accounts.confirm.title")),
                         std::string(request.path_text("token"))};
        return shell::page(request, 200, [&](html::Out& out) { confirm_page(out, view); });
    }

    Result<http::Response> confirmed(const http::Request& request) const {
        const auto done = service_.confirm_email(actor_of(request), request.path_text("token"));
        if (done.ok()) {
            const bool inside = actor_of(request).signed_in();
            return shell::redirect_with(request, inside ? "/settings/account" : "/",
                                        _msg("accounts.email.confirmed"));
        }
        ConfirmView view{frame(request, _msg("accounts.confirm.title")),
                         std::string(request.path_text("token")), &done.error()};
        return shell::page(request, done.error().code == ErrorCode::conflict ? 409 : 410,
                           [&](html::Out& out) { confirm_page(out, view); });
    }

  private:
    static shell::Frame frame(const http::Request& request, std::string_view title) {
        return shell::frame(request, shell::text(request, title));
    }
    Result<OwnAccount> own(const http::Request& request) const {
        return database_.read([&](sql::Reader& reader) { return service_.own(reader, actor_of(request)); });
    }
    static ProfileEdit typed_profile(const http::Request& request) {
        ProfileEdit edit;
        edit.display_name = std::string(request.form.get("display_name"));
        edit.bio = std::string(request.form.get("bio"));
        edit.listed = request.form.get("listed") == "1";
        auto language = i18n::Language::en;
        if (i18n::parse_language(request.form.get("language"), language)) edit.language = language;
        return edit;
    }
    Result<OwnAccount> typed_over_own(const http::Request& request) const {
        OwnAccount me = TRY(own(request));
        const ProfileEdit edit = typed_profile(request);
        me.display_name = *edit.display_name;
        me.bio = *edit.bio;
        me.listed = *edit.listed;
        if (edit.language) me.language = i18n::tag(*edit.language);
        return me;
    }
    static Result<http::Response> show_profile(const http::Request& request, int status, OwnAccount me,
                                               bool previewed, const Error* error) {
        ProfileView view{frame(request, _msg("accounts.profile.title")), std::move(me), {}, previewed, error};
        view.frame.path = "/settings/profile";
        view.bio = html::render(view.me.bio, html::Dialect::comment);
        return shell::page(request, status, [&](html::Out& out) { profile_page(out, view); });
    }
    Result<http::Response> show_account(const http::Request& request, int status, std::string_view typed,
                                        const Error* error) const {
        AccountView view{frame(request, _msg("accounts.account.title")), TRY(own(request)),
                         std::string(typed), error};
        view.frame.path = "/settings/account";
        return shell::page(request, status, [&](html::Out& out) { account_page(out, view); });
    }

    sql::Database& database_;
    Service& service_;
};

}  // namespace

void birth_question(html::Out& out, const SignUpForm& typed, const Error* error) {
    birth_fields(out, typed, error);
}

void settings_nav(html::Out& out, std::string_view current_path) {
    settings_nav_list(out, current_path);
}

void add_pages(http::Router& router, sql::Database& database, Service& service) {
    const Pages pages(database, service);
    const auto on = [pages](auto method) {
        return [pages, method](const http::Request& request) { return (pages.*method)(request); };
    };
    const http::RouteOptions form{.max_body = 32 << 10, .per_minute = 60};
    const http::RouteOptions rare{.max_body = 16 << 10, .per_minute = 10};
    router.get("/settings", access::action<SeeSettings>(), on(&Pages::overview));
    router.get("/settings/profile", access::action<SeeSettings>(), on(&Pages::profile));
    router.post("/settings/profile", access::action<EditProfile>(), on(&Pages::save_profile), form);
    router.post("/settings/profile/preview", access::action<SeeSettings>(), on(&Pages::preview_profile),
                form);
    router.get("/settings/account", access::action<SeeSettings>(), on(&Pages::account));
    router.post("/settings/account/email", access::action<ChangeEmail>(), on(&Pages::save_email), rare);
    router.post("/settings/account/email/resend", access::action<ChangeEmail>(), on(&Pages::resend), rare);
    router.post("/settings/account/email/cancel", access::action<ChangeEmail>(), on(&Pages::cancel_email),
                rare);
    router.get("/settings/account/confirm/{token:text}", access::action<ConfirmEmail>(), on(&Pages::confirm));
    router.post("/settings/account/confirm/{token:text}", access::action<ConfirmEmail>(),
                on(&Pages::confirmed), rare);
}

}  // namespace braid::accounts
