// Reporting, and looking after cases. Deciding is in decisions.cpp, the other side in appeals.cpp.
#include "stewardship/moderation/service.h"

#include <algorithm>

#include "audit/api.h"
#include "base/text.h"
#include "platform/http/security.h"
#include "platform/i18n/i18n.h"
#include "stewardship/moderation/events.h"
#include "stewardship/moderation/listed.h"

namespace braid::moderation {

namespace {

constexpr int kReportsShown = 100, kHistoryShown = 20;
constexpr std::size_t kWordsKept = 4'000, kAddressKept = 500;
constexpr std::size_t kListedAtMost = 500, kListedShown = 40;

}  // namespace

Service::Service(sql::Database& database, const Clock& clock, IdMaker& ids, events::Outbox& outbox,
                 jobs::Queue& queue, accounts::Accounts& accounts, const Kinds& kinds, Settings settings)
    : database_(database),
      clock_(clock),
      ids_(ids),
      outbox_(outbox),
      queue_(queue),
      accounts_(accounts),
      kinds_(kinds),
      settings_(std::move(settings)) {}

// ---- Reporting

Result<Object> Service::reportable(sql::Session& session, const Actor& actor, std::string_view kind,
                                   std::int64_t object) const {
    TRY(access::permit<Report>(actor, {}));
    if (kind == kElsewhere) return Object{};
    const Kind* found = kinds_.find(kind);
    if (found == nullptr) return not_found("no such kind of report");
    return found->seen(session, actor, object);
}

// What the address leads to, when it is that person's and others may see it. She who reports may have turned
// away from her, so it is asked for as by anybody; she is told nothing of what was found.
std::optional<Service::Reported> Service::at_address(sql::Session& session, const Actor& actor,
                                                     PersonId owner, std::string_view address) const {
    const auto place = thing_at(address, settings_.public_url);
    const Kind* kind = place ? kinds_.find(place->kind) : nullptr;
    if (kind == nullptr) return std::nullopt;
    auto seen = kind->seen(session, blocks::anybody_like(actor), place->object);
    if (!seen.ok() || seen->owner != owner) return std::nullopt;
    return Reported{std::string(place->kind), std::move(*seen), {}};
}

Result<Service::Reported> Service::reported(sql::Session& session, const Actor& actor, const ReportForm& form,
                                            std::string words) const {
    Object object = TRY(reportable(session, actor, form.kind, form.object));
    const std::string_view address = trim(form.where);
    if (form.kind != kProfile || address.empty()) return Reported{form.kind, std::move(object), words};
    if (auto there = at_address(session, actor, object.owner, address)) {
        there->words = std::move(words);
        return std::move(*there);
    }
    // Moderators are told what she was, whatever it is.
    words.append(words.empty() ? "" : "\n\n").append(ellipsis(address, kAddressKept));
    return Reported{form.kind, std::move(object), std::move(words)};
}

Result<ReportId> Service::report(const Actor& actor, const ReportForm& form) {
    const auto permit = TRY(access::permit<Report>(actor, {}));
    const auto category = parse_category(form.category);
    if (!category) return invalid("category", _msg("moderation.category_missing"));
    const bool elsewhere = form.kind == kElsewhere;
    const std::string words =
        TRY(check_words("words", form.words, elsewhere ? Words::required : Words::optional));
    return database_.write([&](sql::Tx& tx) -> Result<ReportId> {
        Reported what = TRY(reported(tx, actor, form, words));
        Object& object = what.object;
        const Timestamp now = clock_.now();
        const PersonId reporter = actor.person.value_or(PersonId{});
        ReportRow report{ids_.make<ReportId>(), {}, reporter, *category, now, what.words};
        auto open = elsewhere ? std::nullopt : store::open_case(tx, what.kind, object.id);
        if (open) {
            report.case_id = open->id;
            if (reporter && store::reports_by(tx, open->id, reporter) >= kReportsEach) return report.id;
            open->category = std::min(open->category, *category);
            open->due_at = std::min(open->due_at, now + time_to_look(*category));
            store::add_to_case(tx, *open);
            store::insert_report(tx, permit, report);
            return report.id;
        }
        CaseRow row{.id = ids_.make<CaseId>(),
                    .kind = std::move(what.kind),
                    .object = object.id,
                    .subject = object.owner,
                    .category = *category,
                    .due_at = now + time_to_look(*category),
                    .opened_at = now,
                    .reports = 1,
                    .title = std::move(object.title),
                    .words = ellipsis(object.words, kWordsKept),
                    .href = std::move(object.href)};
        if (elsewhere) {
            row.object = row.id.value;
            row.href = http::local_path(form.where, "");
            row.title = ellipsis(words, 80);
        }
        store::insert_case(tx, row);
        report.case_id = row.id;
        store::insert_report(tx, permit, report);
        outbox_.append(
            tx, CaseOpened{row.id.text(), row.kind, std::string(sql::detail::enum_name(row.category))});
        return report.id;
    });
}

void Service::open_waiting(sql::Tx& tx, std::string_view kind, std::int64_t object, Origin why) {
    if (store::open_case(tx, kind, object)) return;
    const Kind* found = kinds_.find(kind);
    if (found == nullptr) return;
    auto looked = found->look(tx, accounts::operator_actor(), object);
    if (!looked.ok() || looked->hold != Hold::waiting) return;
    insert_case_of(tx, kind, *looked, why);
}

void Service::insert_case_of(sql::Tx& tx, std::string_view kind, const Object& looked, Origin why) {
    const Timestamp now = clock_.now();
    const CaseRow row{.id = ids_.make<CaseId>(),
                      .kind = std::string(kind),
                      .object = looked.id,
                      .subject = looked.owner,
                      .origin = why,
                      .category = Category::other,
                      .due_at = now + kTimeForFirstPost,
                      .opened_at = now,
                      .title = looked.title,
                      .words = ellipsis(looked.words, kWordsKept),
                      .href = looked.href};
    store::insert_case(tx, row);
    outbox_.append(tx,
                   CaseOpened{row.id.text(), row.kind, std::string(sql::detail::enum_name(row.category))});
}

void Service::flag_listed(std::string_view name, std::int64_t object) {
    const Kind* kind = kinds_.find(name);
    if (kind == nullptr || settings_.lists.empty()) return;
    const auto all = database_.read([&](sql::Reader& reader) {
        return listed_in(settings_.lists, kind->passages(reader, accounts::operator_actor(), object),
                         kListedAtMost);
    });
    if (all.empty()) return;
    database_.with_tx([&](sql::Tx& tx) {
        const auto looked = kind->look(tx, accounts::operator_actor(), object);
        if (!looked.ok()) return true;  // gone meanwhile
        bool news = false;
        for (const Listed& one : all)
            news = store::flag(tx, name, object, one.mark, looked->owner, clock_.now()) || news;
        // Whoever has an open case before her sees it there.
        if (news && !store::open_case(tx, name, object)) insert_case_of(tx, name, *looked, Origin::words);
        return true;
    });
}

// ---- Looking after cases

Result<Service::Found> Service::find(sql::Session& session, const Actor& actor, CaseId id) const {
    auto row = store::find_case(session, id);
    if (!row) return not_found("no such case");
    Found found{std::move(*row), {}};
    found.facts = {.subject = found.row.subject,
                   .reported_by_actor =
                       actor.person && *actor.person && store::reports_by(session, id, *actor.person) > 0,
                   .claimed_by = found.row.claimed_by,
                   .state = found.row.state};
    return found;
}

Result<CaseFile> Service::open_case(const Actor& actor, CaseId id) {
    auto opened = database_.write([&](sql::Tx& tx) -> Result<CaseFile> {
        Found found = TRY(find(tx, actor, id));
        TRY(access::permit<OpenCase>(actor, found.facts));
        CaseFile file{.row = std::move(found.row)};
        const CaseRow& row = file.row;
        if (const Kind* kind = kinds_.find(row.kind)) {
            auto now = kind->look(tx, actor, row.object);
            if (now.ok()) file.now = std::move(*now);
        }
        file.reports = store::reports(tx, id, kReportsShown);
        file.notes = store::notes(tx, id);
        file.decisions = store::decisions_of_case(tx, id);
        for (const PersonId reporter : store::reporters(tx, id)) {
            if (file.reporters.size() == kHistoryShown) break;
            file.reporters.push_back({reporter, store::reporter_history(tx, reporter, id)});
        }
        if (row.subject) {
            for (DecisionRow& decision : store::decisions_about(tx, row.subject, kHistoryShown)) {
                if (decision.case_id != id) file.about_subject.push_back(std::move(decision));
            }
            file.other_cases = store::cases_about(tx, row.subject, id, kHistoryShown);
            file.standing = accounts_.restrictions(tx, row.subject);
        }
        for (const DecisionRow& decision : file.decisions) {
            if (auto appeal = store::appeal_against(tx, decision.id)) file.appeal = std::move(*appeal);
        }
        file.may_handle = decide(HandleCase{}, actor, found.facts).allowed();
        audit::record_view(tx, clock_.now(), actor, OpenCase::kName, {row.kind, row.object},
                           row.subject ? std::optional(row.subject) : std::nullopt);
        return file;
    });
    // A whole book may have to be read for it: not while others wait to write.
    if (opened.ok() && opened->now && opened->now->hold == Hold::waiting) {
        const Kind* kind = kinds_.find(opened->row.kind);
        opened->contact = database_.read(
            [&](sql::Reader& reader) { return kind->contact(reader, actor, opened->row.object); });
    }
    if (opened.ok() && opened->row.origin == Origin::words) {
        const Kind* kind = kinds_.find(opened->row.kind);
        opened->listed = database_.read([&](sql::Reader& reader) {
            return listed_in(settings_.lists, kind->passages(reader, actor, opened->row.object),
                             kListedShown);
        });
    }
    return opened;
}

Result<void> Service::claim_case(const Actor& actor, CaseId id) {
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const Found found = TRY(find(tx, actor, id));
        const auto permit = TRY(access::permit<HandleCase>(actor, found.facts));
        if (found.row.state == CaseState::closed) return conflict(_msg("moderation.closed_already"));
        if (actor.is(found.row.claimed_by)) return success();
        if (found.row.claimed_by && !actor.has(access::Role::administrator))
            return conflict(_msg("moderation.claimed_by_other"));
        store::claim(tx, permit, id, *actor.person, clock_.now());
        audit::record(tx, clock_.now(), permit, {"case", id.value}, found.row.subject, "claim");
        return success();
    });
}

Result<void> Service::release_case(const Actor& actor, CaseId id) {
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const Found found = TRY(find(tx, actor, id));
        const auto permit = TRY(access::permit<HandleCase>(actor, found.facts));
        if (!found.row.claimed_by) return success();
        if (!actor.is(found.row.claimed_by) && !actor.has(access::Role::administrator))
            return conflict(_msg("moderation.claimed_by_other"));
        store::claim(tx, permit, id, {}, {});
        audit::record(tx, clock_.now(), permit, {"case", id.value}, found.row.subject, "release");
        return success();
    });
}

Result<void> Service::assign_case(const Actor& actor, CaseId id, std::string_view handle) {
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const Found found = TRY(find(tx, actor, id));
        const auto permit = TRY(access::permit<HandleCase>(actor, found.facts));
        if (found.row.state == CaseState::closed) return conflict(_msg("moderation.closed_already"));
        const auto card = accounts_.by_handle(tx, trim(handle));
        const auto reach = card ? accounts_.contact(tx, card->id) : std::nullopt;
        if (!reach || !reach->staff) return invalid("to", _msg("moderation.no_moderator"));
        if (card->id == found.row.subject || store::reports_by(tx, id, card->id) > 0)
            return invalid("to", _msg("moderation.own_affair"));
        store::claim(tx, permit, id, card->id, clock_.now());
        audit::record(tx, clock_.now(), permit, {"case", id.value}, found.row.subject,
                      "assign to @" + card->handle);
        return success();
    });
}

Result<void> Service::add_note(const Actor& actor, CaseId id, std::string_view typed) {
    const std::string text = TRY(check_words("note", typed, Words::required));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const Found found = TRY(find(tx, actor, id));
        const auto permit = TRY(access::permit<HandleCase>(actor, found.facts));
        store::insert_note(tx, permit, id, {ids_.make<NoteId>(), *actor.person, clock_.now(), text});
        audit::record(tx, clock_.now(), permit, {"case", id.value}, found.row.subject, "note");
        return success();
    });
}

}  // namespace braid::moderation
