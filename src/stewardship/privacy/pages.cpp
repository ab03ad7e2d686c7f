#include "stewardship/privacy/pages.h"

#include <algorithm>

#include "shell/shell.h"
#include "stewardship/privacy/data.html.h"
#include "stewardship/privacy/views.h"

namespace braid::privacy {

namespace {

using access::actor_of;
using access::OnErasure;
using access::Personal;

constexpr std::string_view kOwn = "/settings/data";

std::string children_path(PersonId child) {
    return "/guardian/children/" + child.text() + "/data";
}

bool about_people(const access::Table& table) {
    return !table.belonging.table.empty() ||
           std::ranges::any_of(table.columns, [](const access::Column& column) {
               return column.personal == Personal::subject || column.personal == Personal::data ||
                      column.personal == Personal::secret;
           });
}

std::string period(i18n::Language language, const access::Table& table) {
    if (table.retention.after.count() > 0) return period_of(language, table.retention.after);
    if (table.on_erasure != OnErasure::keep) return i18n::format(language, _msg("privacy.retention.account"));
    const bool passing = table.name == "jobs";
    return i18n::format(language,
                        passing ? _msg("privacy.retention.done") : _msg("privacy.retention.for_good"));
}

RetentionLine line_of(i18n::Language language, const access::Table& table) {
    RetentionLine line;
    line.what = words_of(language, table.name, table.holds);
    line.period = period(language, table);
    line.erasure =
        i18n::format(language, table.on_erasure == OnErasure::erase_row ? _msg("privacy.retention.erased")
                               : table.on_erasure == OnErasure::blank   ? _msg("privacy.retention.blanked")
                                                                        : _msg("privacy.retention.kept"));
    if (!table.kept_because.empty()) line.reason = reason_of(language, table.kept_because);
    if (!table.hold.because.empty()) line.hold = reason_of(language, table.hold.because);
    return line;
}

class Pages {
  public:
    Pages(Service& service, sessions::Doors& doors) : service_(service), doors_(doors) {}

    Result<http::Response> data(const http::Request& request) const { return show(request, nullptr); }

    Result<http::Response> ask_export(const http::Request& request) const {
        const auto asked = service_.ask_export(actor_of(request), whose(request));
        if (asked.ok()) return shell::redirect_with(request, path(request), _msg("privacy.export.asked"));
        if (asked.error().code != ErrorCode::conflict && asked.error().code != ErrorCode::too_many_requests)
            return asked.error();
        return show(request, &asked.error());
    }

    Result<http::Response> fetch(const http::Request& request) const {
        return download(service_,
                        TRY(service_.fetch(actor_of(request), request.path_id<ExportId>("export"))));
    }

    Result<http::Response> end(const http::Request& request) const {
        const auto asked = service_.ask_erasure(actor_of(request), whose(request),
                                                proof_of(request, doors_, request.form.get("password")));
        if (asked.ok()) {
            return own(request) ? shell::redirect_with(request, "/", _msg("privacy.end.asked"))
                                : shell::redirect_with(request, path(request), _msg("privacy.end.asked_of"));
        }
        if (asked.error().code != ErrorCode::invalid && asked.error().code != ErrorCode::too_many_requests)
            return asked.error();
        return show(request, &asked.error());
    }

    Result<http::Response> take_back(const http::Request& request) const {
        TRY(service_.take_back(actor_of(request), whose(request)));
        return shell::redirect_with(request, path(request), _msg("privacy.end.taken_back"));
    }

    Result<http::Response> retention(const http::Request& request) const {
        RetentionPage view{shell::frame(request, shell::text(request, _msg("privacy.retention.title"))), {}};
        view.frame.path = "/privacy/retention";
        for (const access::Table& table : service_.engine().tables()) {
            if (about_people(table)) view.lines.push_back(line_of(view.frame.context->language, table));
        }
        return shell::page(request, 200, [&](html::Out& out) { retention_page(out, view); });
    }

  private:
    static bool own(const http::Request& request) { return !request.path_parameters.has("child"); }
    static PersonId whose(const http::Request& request) {
        return own(request) ? *actor_of(request).person : request.path_id<PersonId>("child");
    }
    static std::string path(const http::Request& request) {
        return own(request) ? std::string(kOwn) : children_path(whose(request));
    }

    Result<http::Response> show(const http::Request& request, const Error* error) const {
        DataPage view;
        view.data = TRY(service_.look(actor_of(request), whose(request)));
        view.path = path(request);
        view.just_proved = service_.just_proved(proof_of(request, doors_, {}).current);
        view.frame =
            shell::frame(request, view.data.herself ? shell::text(request, _msg("privacy.data.title"))
                                                    : shell::text(request, _msg("privacy.data.title_of"),
                                                                  {{"name", view.data.person.display_name}}));
        view.frame.path = view.path;
        view.error = error;
        const int status = error == nullptr                              ? 200
                           : error->code == ErrorCode::conflict          ? 409
                           : error->code == ErrorCode::too_many_requests ? 429
                                                                         : 422;
        return shell::page(request, status, [&](html::Out& out) { data_page(out, view); });
    }

    Service& service_;
    sessions::Doors& doors_;
};

}  // namespace

Proof proof_of(const http::Request& request, const sessions::Doors& doors, std::string_view password) {
    const auto* current = request.attached<sessions::Current>();
    return {std::string(password), current != nullptr ? *current : sessions::Current{},
            doors.caller(request)};
}

http::Response download(const Service& service, const store::Export& file) {
    auto response = http::Response::file({service.path_of(file), file.size}, "application/zip");
    response.set("content-disposition", "attachment; filename=\"data.zip\"");
    response.set("cache-control", "private, no-store");
    return response;
}

void add_pages(http::Router& router, Service& service, sessions::Doors& doors) {
    const Pages pages(service, doors);
    const auto on = [pages](auto method) {
        return [pages, method](const http::Request& request) { return (pages.*method)(request); };
    };
    const http::RouteOptions form{.max_body = 16 << 10, .per_minute = 20};
    const http::RouteOptions waits{.cost = http::Cost::waits};
    const auto take = access::action<TakeData>();
    const auto end = access::action<EndAccount>();
    const std::string child = "/guardian/children/{child:id}/data";
    for (const std::string& at : {std::string(kOwn), child}) {
        router.get(at, take, on(&Pages::data), waits);
        router.post(at + "/export", take, on(&Pages::ask_export), form);
        router.post(at + "/end", end, on(&Pages::end), form);
        router.post(at + "/keep", take, on(&Pages::take_back), form);
    }
    router.get("/settings/data/exports/{export:id}", take, on(&Pages::fetch), waits);
    router.get("/privacy/retention", access::action<SeeRetention>(), on(&Pages::retention));
}

}  // namespace braid::privacy
