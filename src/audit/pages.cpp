#include "audit/pages.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "audit/audit.html.h"
#include "audit/store.h"
#include "base/text.h"

namespace braid::audit {

using access::actor_of;

namespace {

constexpr int kPerPage = 50;

struct Asked {
    store::Filter filter;
    std::int64_t before = std::numeric_limits<std::int64_t>::max();
};

// The filters of the query, with what is wrong named by field.
Result<Asked> read_query(sql::Session& session, const http::Request& request, const Names& names,
                         AuditPage& page) {
    Asked asked;
    Error wrong = invalid("", "error.invalid");
    wrong.fields.clear();
    const auto text = [&](std::string_view name) { return std::string(trim(request.query.get(name))); };
    page.kind = text("kind");
    page.action = text("action");
    page.object_kind = text("object_kind");
    page.object = text("object");
    page.actor = text("actor");
    page.subject = text("subject");
    if (page.kind == "view" || page.kind == "action") asked.filter.kind = page.kind;
    asked.filter.action = page.action;
    asked.filter.object_kind = page.object_kind;
    if (!page.object.empty()) {
        if (const auto id = id_from_text(page.object)) {
            asked.filter.object = *id;
        } else {
            wrong.fields.push_back({"object", _msg("audit.no_id"), {}});
        }
    }
    const auto person = [&](std::string_view field, const std::string& handle, PersonId& into) {
        if (handle.empty()) return;
        if (const auto id = names.by_handle(session, handle)) {
            into = *id;
        } else {
            wrong.fields.push_back({std::string(field), _msg("audit.no_such_person"), {}});
        }
    };
    person("actor", page.actor, asked.filter.actor);
    person("subject", page.subject, asked.filter.subject);
    if (const auto before = request.query.find("before")) {
        const auto seq = parse_integer(*before);
        if (!seq || *seq < 1) return not_found("malformed position");
        asked.before = *seq;
    }
    page.filtered =
        !(page.kind + page.action + page.object_kind + page.object + page.actor + page.subject).empty();
    if (!wrong.fields.empty()) return wrong;
    return asked;
}

std::string url_of(const AuditPage& page, std::int64_t before) {
    std::string url = "/admin/audit?";
    const auto add = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) url.append(name).append("=").append(percent_encode(value)).append("&");
    };
    add("kind", page.kind);
    add("action", page.action);
    add("object_kind", page.object_kind);
    add("object", page.object);
    add("actor", page.actor);
    add("subject", page.subject);
    if (before > 0) add("before", std::to_string(before));
    url.pop_back();
    return url;
}

std::vector<Line> lines_of(sql::Session& session, const http::Request& request, const Names& names,
                           const std::vector<Row>& rows) {
    std::vector<PersonId> ids;
    for (const Row& row : rows) {
        for (const PersonId id : {row.actor, row.subject}) {
            if (id && std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
        }
    }
    std::unordered_map<PersonId, std::string> known;
    if (!ids.empty()) {
        for (Named& one : names.of(session, ids))
            known.emplace(one.id, std::move(one.name));
    }
    const i18n::Language language = shell::context_of(request).language;
    const auto named = [&](PersonId id, std::string_view nobody) -> std::string {
        if (!id) return std::string(nobody);
        const auto found = known.find(id);
        return found != known.end() ? found->second : i18n::format(language, _msg("audit.gone"));
    };
    std::vector<Line> lines;
    for (const Row& row : rows) {
        Line& line = lines.emplace_back();
        line.seq = row.seq;
        line.at = i18n::moment(language, row.at);
        line.actor = named(row.actor, i18n::format(language, _msg("audit.program")));
        line.subject = named(row.subject, "");
        line.action = row.action;
        line.object_kind = row.object_kind;
        line.object_id = id_to_text(row.object);
        line.reason = row.reason;
        line.view = row.kind == Kind::view;
        line.hash = row.hash.substr(0, 12);
    }
    return lines;
}

Result<http::Response> show(const http::Request& request, sql::Database& database, const Names& names) {
    AuditPage page;
    Error problem;
    TRY(database.read([&](sql::Reader& reader) -> Result<void> {
        const auto permit = TRY(access::permit<SeeAudit>(actor_of(request), {}));
        const Head head = store::head(reader);
        page.rows = head.seq;
        page.head = head.hash.substr(0, 12);
        page.actions = store::actions(reader);
        page.object_kinds = store::object_kinds(reader);
        const auto asked = read_query(reader, request, names, page);
        if (!asked.ok()) {
            if (asked.error().code != ErrorCode::invalid) return asked.error();
            problem = asked.error();
            page.error = &problem;
            return success();
        }
        auto rows = store::before(reader, permit, asked->filter, asked->before, kPerPage + 1);
        if (rows.size() > kPerPage) {
            rows.resize(kPerPage);
            page.next_url = url_of(page, rows.back().seq);
        }
        if (request.query.has("before")) page.first_url = url_of(page, 0);
        page.lines = lines_of(reader, request, names, rows);
        return success();
    }));
    page.frame = shell::frame(request, shell::text(request, _msg("audit.title")));
    return shell::page(request, page.error != nullptr ? 422 : 200,
                       [&](html::Out& out) { audit_page(out, page); });
}

}  // namespace

void add_pages(http::Router& router, sql::Database& database, const Names& names) {
    router.get("/admin/audit", access::action<SeeAudit>(),
               [&database, &names](const http::Request& request) { return show(request, database, names); });
}

}  // namespace braid::audit
