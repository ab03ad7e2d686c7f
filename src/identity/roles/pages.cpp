#include "identity/roles/pages.h"

#include "base/text.h"
#include "identity/roles/invitations.html.h"
#include "identity/roles/people.html.h"
#include "identity/roles/views.h"

namespace braid::roles {

namespace {

using access::actor_of;

sessions::Current current_of(const http::Request& request) {
    const auto* current = request.attached<sessions::Current>();
    return current != nullptr ? *current : sessions::Current{};
}

std::string path_of(const http::Request& request) {
    return "/admin/people/" + percent_encode(request.path_text("handle"));
}

class Pages {
  public:
    Pages(Service& service, Invitations& invitations, std::string public_url)
        : service_(service), invitations_(invitations), public_url_(std::move(public_url)) {}

    Result<http::Response> people(const http::Request& request) const {
        PeopleView view{shell::frame(request, shell::text(request, _msg("roles.people.title"))),
                        std::string(trim(request.query.get("q"))),
                        std::string(request.query.get("role")),
                        {}};
        view.frame.path = "/admin/people";
        view.found = TRY(service_.find(actor_of(request), view.words, accounts::parse_role(view.role)));
        return shell::page(request, 200, [&](html::Out& out) { people_page(out, view); });
    }

    Result<http::Response> person(const http::Request& request) const { return show(request, {}, nullptr); }

    Result<http::Response> grant(const http::Request& request) const {
        TRY(access::permit<accounts::SeePeople>(actor_of(request), {}));
        const Wish wish{std::string(request.form.get("role")), std::string(request.form.get("scope")),
                        std::string(request.form.get("until"))};
        return answer(
            request, wish,
            service_.grant(actor_of(request), current_of(request), request.path_text("handle"), wish),
            _msg("roles.person.given"));
    }

    Result<http::Response> revoke(const http::Request& request) const {
        TRY(access::permit<accounts::SeePeople>(actor_of(request), {}));
        return answer(request, {},
                      service_.revoke(actor_of(request), current_of(request), request.path_text("handle"),
                                      request.form.get("role"), request.form.get("scope")),
                      _msg("roles.person.taken"));
    }

    // --- invitations

    Result<http::Response> invitations(const http::Request& request) const {
        return show_invitations(request, {}, nullptr);
    }

    Result<http::Response> invite(const http::Request& request) const {
        InvitationsView view;
        view.typed = {std::string(request.form.get("role")), std::string(request.form.get("scope")),
                      std::string(request.form.get("until"))};
        view.note = request.form.get("note");
        auto made = invitations_.invite(actor_of(request), current_of(request), view.typed, view.note);
        if (!made.ok()) {
            if (made.error().message_key == "roles.prove_first")
                return http::Response::see_other(
                    "/settings/second-factor/again?next=%2Fsettings%2Finvitations");
            if (made.error().code != ErrorCode::invalid && made.error().code != ErrorCode::forbidden &&
                made.error().code != ErrorCode::not_found)
                return made.error();
            return show_invitations(request, std::move(view), &made.error());
        }
        InvitationsView fresh;
        fresh.made = std::move(*made);
        return show_invitations(request, std::move(fresh), nullptr);
    }

    Result<http::Response> withdraw(const http::Request& request) const {
        TRY(invitations_.withdraw(actor_of(request), request.path_id<InvitationId>("invitation")));
        return shell::redirect_with(request, "/settings/invitations", _msg("roles.invitation.withdrawn"));
    }

    Result<http::Response> invitation(const http::Request& request) const {
        return show_invitation(request, nullptr);
    }

    Result<http::Response> accept(const http::Request& request) const {
        const auto accepted = invitations_.accept(actor_of(request), request.path_text("token"));
        if (accepted.ok()) return shell::redirect_with(request, "/", _msg("roles.invitation.accepted"));
        if (accepted.error().code == ErrorCode::gone || accepted.error().code == ErrorCode::forbidden)
            return show_invitation(request, &accepted.error());
        return accepted.error();
    }

  private:
    Result<http::Response> show_invitations(const http::Request& request, InvitationsView view,
                                            const Error* error) const {
        view.waiting = TRY(invitations_.waiting(actor_of(request)));
        view.frame = shell::frame(request, shell::text(request, _msg("roles.invitation.title")));
        view.frame.path = "/settings/invitations";
        view.site = public_url_;
        view.error = error;
        const int status = error == nullptr ? 200 : error->code == ErrorCode::invalid ? 422 : 403;
        return shell::page(request, status, [&](html::Out& out) { invitations_page(out, view); });
    }

    Result<http::Response> show_invitation(const http::Request& request, const Error* error) const {
        InvitationView view;
        view.token = request.path_text("token");
        auto read = invitations_.read(view.token);
        view.frame = shell::frame(request, shell::text(request, _msg("roles.invitation.page_title")));
        view.signed_in = actor_of(request).signed_in();
        view.ended = !read.ok() || (error != nullptr && error->code == ErrorCode::gone);
        if (read.ok()) view.invitation = std::move(*read);
        view.error = error;
        const int status = view.ended ? 410 : error != nullptr ? 403 : 200;
        return shell::page(request, status, [&](html::Out& out) { invitation_page(out, view); });
    }

    Result<http::Response> answer(const http::Request& request, const Wish& wish, const Result<void>& done,
                                  std::string_view message) const {
        if (done.ok()) return shell::redirect_with(request, path_of(request), message);
        const Error& error = done.error();
        // Asked for now; what was wanted is done after it.
        if (error.message_key == "roles.prove_first") {
            return http::Response::see_other("/settings/second-factor/again?next=" +
                                             percent_encode(path_of(request)));
        }
        if (error.code != ErrorCode::invalid && error.code != ErrorCode::forbidden) return error;
        return show(request, wish, &error);
    }

    Result<http::Response> show(const http::Request& request, const Wish& typed, const Error* error) const {
        PersonView view;
        view.person = TRY(service_.person(actor_of(request), request.path_text("handle")));
        view.frame = shell::frame(request, view.person.card.display_name);
        view.frame.path = path_of(request);
        view.typed = typed;
        view.stale = service_.proof(current_of(request)) == Proof::stale;
        view.error = error;
        const int status = error == nullptr ? 200 : error->code == ErrorCode::forbidden ? 403 : 422;
        return shell::page(request, status, [&](html::Out& out) { person_page(out, view); });
    }

    Service& service_;
    Invitations& invitations_;
    std::string public_url_;
};

}  // namespace

void add_pages(http::Router& router, Service& service, Invitations& invitations, std::string public_url) {
    const Pages pages(service, invitations, std::move(public_url));
    const auto on = [pages](auto method) {
        return [pages, method](const http::Request& request) { return (pages.*method)(request); };
    };
    const http::RouteOptions form{.max_body = 16 << 10, .per_minute = 60};
    const auto see = access::action<accounts::SeePeople>();
    router.get("/admin/people", see, on(&Pages::people));
    router.get("/admin/people/{handle:text}", see, on(&Pages::person));
    router.post("/admin/people/{handle:text}/grant", see, on(&Pages::grant), form);
    router.post("/admin/people/{handle:text}/revoke", see, on(&Pages::revoke), form);

    const auto invite = access::action<Invite>();
    router.get("/settings/invitations", invite, on(&Pages::invitations));
    router.post("/settings/invitations", invite, on(&Pages::invite), form);
    router.post("/settings/invitations/{invitation:id}/withdraw", invite, on(&Pages::withdraw), form);
    router.get("/invitations/{token:text}", access::action<SeeInvitation>(), on(&Pages::invitation));
    router.post("/invitations/{token:text}", access::action<AcceptInvitation>(), on(&Pages::accept), form);
}

}  // namespace braid::roles
