// The pages of people with an account: guardians, minors about their guardians, staff who record consents.
#include "identity/guardians/guardian_pages.h"

#include "base/text.h"
#include "identity/guardians/birth.html.h"
#include "identity/guardians/desk.html.h"
#include "identity/guardians/form_file.h"
#include "identity/guardians/guardian.html.h"
#include "identity/guardians/views.h"
#include "identity/guardians/words.h"
#include "shell/shell.h"

namespace braid::guardians {

namespace {

using access::actor_of;

shell::Frame frame(const http::Request& request, std::string title, std::string path) {
    shell::Frame frame = shell::frame(request, std::move(title));
    frame.path = std::move(path);
    return frame;
}

class Pages {
  public:
    Pages(Service& service, blobs::Store& blobs) : service_(service), blobs_(blobs) {}

    Result<http::Response> overview(const http::Request& request) const {
        const OverviewPage view{
            frame(request, shell::text(request, _msg("guardians.overview.title")), "/guardian"),
            TRY(service_.overview(actor_of(request)))};
        return shell::page(request, 200, [&](html::Out& out) { overview_page(out, view); });
    }

    Result<http::Response> child(const http::Request& request) const {
        return show_child(request, 200, nullptr);
    }

    Result<http::Response> choose(const http::Request& request) const {
        TRY(service_.choose(actor_of(request), child_of(request), choices_of(request.form)));
        return back(request, _msg("guardians.child.choices_saved"));
    }

    Result<http::Response> birth_form(const http::Request& request) const {
        return show_birth(request, 200, {}, nullptr);
    }

    Result<http::Response> put_birth_right(const http::Request& request) const {
        const auto& form = request.form;
        const BirthForm typed{std::string(form.get("birth_year")), std::string(form.get("birth_month")),
                              std::string(form.get("reason")), std::string(form.get("email"))};
        const auto done = service_.put_birth_right(actor_of(request), request.path_text("handle"), typed);
        if (done.ok())
            return shell::redirect_with(request, person_path(request), _msg("guardians.right.done"));
        if (done.error().code != ErrorCode::invalid) return done.error();
        return show_birth(request, 422, typed, &done.error());
    }

    Result<http::Response> correct(const http::Request& request) const {
        return back_or_form(
            request,
            service_.correct(actor_of(request), child_of(request), request.form.get("display_name"),
                             request.form.get("birth_year"), request.form.get("birth_month")),
            _msg("guardians.child.corrected"));
    }

    Result<http::Response> withdraw(const http::Request& request) const {
        TRY(service_.withdraw(actor_of(request), child_of(request)));
        return back(request, _msg("guardians.child.withdrew"));
    }

    Result<http::Response> give_again(const http::Request& request) const {
        TRY(service_.give_again(actor_of(request), child_of(request)));
        return back(request, _msg("guardians.child.returned"));
    }

    Result<http::Response> invite(const http::Request& request) const {
        const auto invited = service_.invite(actor_of(request), child_of(request), request.form.get("email"));
        return back_or_form(request, invited.ok() ? success() : Result<void>(invited.error()),
                            _msg("guardians.child.invited"));
    }

    Result<http::Response> end_tie(const http::Request& request) const {
        TRY(service_.end_tie(actor_of(request), request.path_id<ConsentId>("tie")));
        return shell::redirect_with(request, actor_of(request).minor() ? "/settings/guardians" : "/guardian",
                                    _msg("guardians.child.ended"));
    }

    Result<http::Response> invitation(const http::Request& request) const {
        auto open = TRY(service_.open_invitation(actor_of(request), request.path_text("token")));
        const InvitationPage view{
            frame(request, shell::text(request, _msg("guardians.invitation.page")), "/guardian"),
            std::move(open), std::string(request.path_text("token"))};
        return shell::page(request, 200, [&](html::Out& out) { invitation_page(out, view); });
    }

    Result<http::Response> accept(const http::Request& request) const {
        const PersonId child = TRY(service_.accept(actor_of(request), request.path_text("token")));
        return shell::redirect_with(request, "/guardian/children/" + child.text(),
                                    _msg("guardians.invitation.accepted"));
    }

    // --- one's own

    Result<http::Response> own(const http::Request& request) const { return show_own(request, 200, nullptr); }

    Result<http::Response> invite_own(const http::Request& request) const {
        const Actor& actor = actor_of(request);
        const auto invited = service_.invite(actor, *actor.person, request.form.get("email"));
        if (invited.ok())
            return shell::redirect_with(request, "/settings/guardians", _msg("guardians.child.invited"));
        if (invited.error().code != ErrorCode::invalid) return invited.error();
        return show_own(request, 422, &invited.error());
    }

    // --- staff

    Result<http::Response> desk(const http::Request& request) const {
        TRY(access::permit<SeeDesk>(actor_of(request), {}));
        return show_desk(request, 200, desk_view(request), nullptr);
    }

    Result<http::Response> find(const http::Request& request) const {
        DeskPage view = desk_view(request);
        view.number = request.form.get("number");
        view.handle = request.form.get("handle");
        auto found = service_.find_request(actor_of(request), view.number, view.handle);
        if (found.ok()) {
            view.request = std::move(*found);
            return show_desk(request, 200, std::move(view), nullptr);
        }
        TRY(access::permit<SeeDesk>(actor_of(request), {}));
        const Error error = invalid("number", _msg("guardians.desk.not_found"));
        return show_desk(request, 422, std::move(view), &error);
    }

    Result<http::Response> record(const http::Request& request) const {
        const auto id = request.path_id<ConsentId>("request");
        DeskPage view = desk_view(request);
        // Whoever may not look at the desk learns nothing of the request, and no file of hers is opened.
        view.request = TRY(service_.find_request(actor_of(request), id.text(), request.form.get("handle")));
        RecordForm& form = view.typed;
        form.method = request.form.get("method") == sql::detail::enum_name(Method::school)
                          ? Method::school
                          : Method::signed_form;
        form.birth_year = request.form.get("birth_year");
        form.birth_month = request.form.get("birth_month");
        form.on_behalf = request.form.get("on_behalf");
        form.choices = choices_of(request.form);
        TRY(access::permit<RecordConsent>(actor_of(request), {form.method}));
        const http::Upload* upload = request.form.upload("form");
        if (form.method == Method::signed_form && upload != nullptr) {
            const auto picture = make_form_picture(upload->path);
            if (!picture.ok()) return show_desk(request, 422, std::move(view), &picture.error());
            form.form = TRY(blobs_.put(*picture, "image/webp"));
        }
        const auto child = service_.record(actor_of(request), id, form);
        if (child.ok())
            return shell::redirect_with(request, "/consent-desk", _msg("guardians.desk.recorded"));
        if (child.error().code != ErrorCode::invalid) return child.error();
        return show_desk(request, 422, std::move(view), &child.error());
    }

    Result<http::Response> form_file(const http::Request& request) const {
        const auto tie =
            TRY(service_.tie_with_form(actor_of(request), request.path_id<ConsentId>("request")));
        if (!blobs::is_digest(tie.form)) return not_found("no form");
        const auto path = blobs_.path_of(tie.form);
        std::error_code failed;
        const auto size = std::filesystem::file_size(path, failed);
        if (failed) return not_found("the file is gone");
        http::Response response = http::Response::file({path, static_cast<std::int64_t>(size)}, "image/webp");
        response.set("cache-control", "private, no-store");
        return response;
    }

  private:
    static std::string person_path(const http::Request& request) {
        return "/admin/people/" + percent_encode(request.path_text("handle"));
    }
    Result<http::Response> show_birth(const http::Request& request, int status, BirthForm typed,
                                      const Error* error) const {
        const auto card = TRY(service_.to_put_right(actor_of(request), request.path_text("handle")));
        const BirthPage view{frame(request, shell::text(request, _msg("guardians.right.title")),
                                   person_path(request) + "/birth"),
                             card.handle, std::move(typed), error};
        return shell::page(request, status, [&](html::Out& out) { birth_page(out, view); });
    }
    static PersonId child_of(const http::Request& request) { return request.path_id<PersonId>("child"); }
    static Result<http::Response> back(const http::Request& request, std::string_view says) {
        return shell::redirect_with(request, "/guardian/children/" + child_of(request).text(), says);
    }
    Result<http::Response> back_or_form(const http::Request& request, const Result<void>& done,
                                        std::string_view says) const {
        if (done.ok()) return back(request, says);
        if (done.error().code != ErrorCode::invalid) return done.error();
        return show_child(request, 422, &done.error());
    }
    Result<http::Response> show_child(const http::Request& request, int status, const Error* error) const {
        ChildPage view{{}, TRY(service_.child(actor_of(request), child_of(request)))};
        view.frame =
            frame(request, view.child.card.display_name, "/guardian/children/" + child_of(request).text());
        const bool typed = error != nullptr && !request.form.get("display_name").empty();
        view.typed_name =
            typed ? std::string(request.form.get("display_name")) : view.child.card.display_name;
        view.typed_year =
            typed ? std::string(request.form.get("birth_year")) : std::to_string(view.child.birth.year);
        view.typed_month =
            typed ? std::string(request.form.get("birth_month")) : month_text(view.child.birth.month);
        view.typed_email = request.form.get("email");
        view.error = error;
        return shell::page(request, status, [&](html::Out& out) { child_page(out, view); });
    }
    Result<http::Response> show_own(const http::Request& request, int status, const Error* error) const {
        const OwnPage view{
            frame(request, shell::text(request, _msg("guardians.own.title")), "/settings/guardians"),
            TRY(service_.own(actor_of(request))), actor_of(request).minor(),
            std::string(request.form.get("email")), error};
        return shell::page(request, status, [&](html::Out& out) { own_page(out, view); });
    }
    static DeskPage desk_view(const http::Request& request) {
        DeskPage view{frame(request, shell::text(request, _msg("guardians.desk.title")), "/consent-desk")};
        view.may_forms = decide(RecordConsent{}, actor_of(request), {Method::signed_form}).allowed();
        if (!view.may_forms) view.typed.method = Method::school;
        return view;
    }
    static Result<http::Response> show_desk(const http::Request& request, int status, DeskPage view,
                                            const Error* error) {
        view.error = error;
        return shell::page(request, status, [&](html::Out& out) { desk_page(out, view); });
    }

    Service& service_;
    blobs::Store& blobs_;
};

}  // namespace

void add_guardian_pages(http::Router& router, Service& service, blobs::Store& blobs) {
    const Pages pages(service, blobs);
    const auto on = [pages](auto method) {
        return [pages, method](const http::Request& request) { return (pages.*method)(request); };
    };
    const http::RouteOptions form{.max_body = 16 << 10, .per_minute = 60};
    const http::RouteOptions mails{.max_body = 16 << 10, .per_minute = 10};
    const std::string child = "/guardian/children/{child:id}";
    router.get("/guardian", access::action<SeeChildren>(), on(&Pages::overview));
    router.get(child, access::action<SeeChild>(), on(&Pages::child));
    router.post(child + "/choices", access::action<DecideMentors>(), on(&Pages::choose), form);
    router.post(child + "/correct", access::action<DecideForChild>(), on(&Pages::correct), form);
    router.post(child + "/withdraw", access::action<DecideForChild>(), on(&Pages::withdraw), form);
    router.post(child + "/return", access::action<DecideForChild>(), on(&Pages::give_again), form);
    router.post(child + "/invite", access::action<InviteGuardian>(), on(&Pages::invite), mails);
    router.post("/guardian/ties/{tie:id}/end", access::action<EndTie>(), on(&Pages::end_tie), form);
    router.get("/guardian/accept/{token:text}", access::action<AcceptInvitation>(), on(&Pages::invitation));
    router.post("/guardian/accept/{token:text}", access::action<AcceptInvitation>(), on(&Pages::accept),
                form);
    router.get("/settings/guardians", access::action<SeeGuardians>(), on(&Pages::own));
    router.post("/settings/guardians/invite", access::action<InviteGuardian>(), on(&Pages::invite_own),
                mails);
    const std::string birth = "/admin/people/{handle:text}/birth";
    router.get(birth, access::action<CorrectBirth>(), on(&Pages::birth_form));
    router.post(birth, access::action<CorrectBirth>(), on(&Pages::put_birth_right), form);
    router.get("/consent-desk", access::action<SeeDesk>(), on(&Pages::desk));
    router.post("/consent-desk", access::action<SeeDesk>(), on(&Pages::find), form);
    router.post("/consent-desk/{request:id}", access::action<RecordConsent>(), on(&Pages::record),
                {.max_body = kMaxFormBytes + (64 << 10), .accepts_uploads = true, .per_minute = 30});
    router.get("/consent-desk/{request:id}/form", access::action<SeeForm>(), on(&Pages::form_file));
}

}  // namespace braid::guardians
