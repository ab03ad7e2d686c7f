#include "identity/setup/module.h"

#include "identity/setup/setup.html.h"

namespace braid::setup {

using access::actor_of;
using access::OnErasure;
using access::Personal;

namespace {

Result<http::Response> show(const http::Request& request, const About& about, Form typed,
                            const Error* error) {
    SetupView view;
    view.frame = shell::frame(request, shell::text(request, _msg("setup.title")));
    view.secret = request.path_text("token");
    view.typed = std::move(typed);
    view.typed.password.clear();
    view.about = about;
    view.error = error;
    const int status = error == nullptr ? 200 : error->code == ErrorCode::conflict ? 409 : 422;
    return shell::page(request, status, [&](html::Out& out) { setup_page(out, view); });
}

}  // namespace

void SetupModule::add_pages(http::Router& router) {
    router.get("/setup/{token:text}", access::action<SetUp>(),
               [this](const http::Request& request) -> Result<http::Response> {
                   TRY(service_.look(actor_of(request), request.path_text("token")));
                   return show(request, about_, {}, nullptr);
               });
    router.post("/setup/{token:text}", access::action<SetUp>(),
                [this](const http::Request& request) -> Result<http::Response> {
                    const auto text = [&](std::string_view name) {
                        return std::string(request.form.get(name));
                    };
                    Form form{text("handle"),
                              text("display_name"),
                              text("password"),
                              text("email"),
                              text("birth_year"),
                              text("birth_month"),
                              shell::context_of(request).language};
                    const auto made = service_.finish(actor_of(request), request.path_text("token"), form);
                    // The sign-in page leads her to her second step, as it does all staff.
                    if (made.ok()) return shell::redirect_with(request, "/sign-in", _msg("setup.done"));
                    const Error& error = made.error();
                    if (error.code != ErrorCode::invalid && error.code != ErrorCode::conflict) return error;
                    return show(request, about_, std::move(form), &error);
                });
}

access::Module SetupModule::describe() {
    access::Module module;
    module.name = "setup";
    module.migrations = migrations();
    module.tables = {{"setup_links",
                      "The link with which the first administrator is made, until it was used",
                      OnErasure::keep,
                      {{"id", Personal::no}, {"token_hash", Personal::no}, {"made_at", Personal::no}}}};
    module.policies = add_policies;
    module.routes = [this](http::Router& router) { add_pages(router); };
    return module;
}

}  // namespace braid::setup
