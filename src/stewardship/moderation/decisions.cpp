// Deciding, the second person, and what decisions do to things and people.
#include <algorithm>

#include "audit/api.h"
#include "base/text.h"
#include "interests/works/api.h"
#include "platform/i18n/i18n.h"
#include "stewardship/moderation/events.h"
#include "stewardship/moderation/service.h"

namespace braid::moderation {

using std::chrono::hours;

namespace {

constexpr std::int64_t kMostDays = 3650;

std::optional<Rating> parse_rating(std::string_view name) {
    if (name == "teen") return Rating::teen;
    if (name == "mature") return Rating::mature;
    return std::nullopt;
}

audit::Object object_of(const DecisionRow& decision) {
    return {decision.kind, decision.object};
}

// What the audit log says of a decision: the measure, its end, and the reason as it was given.
std::string said(const DecisionRow& decision) {
    std::string text(sql::detail::enum_name(decision.measure));
    if (decision.ends_at.micros > 0) text += " until " + to_rfc3339(decision.ends_at);
    return text + ": " + decision.reason;
}

}  // namespace

Result<DecisionRow> Service::read_form(const Found& found, const Actor& actor, const DecisionForm& form,
                                       const Object& object) const {
    const auto measure = parse_measure(form.measure);
    if (!measure) return invalid("measure", _msg("moderation.measure_missing"));
    const bool judged_elsewhere = !object.judged_kind.empty();
    DecisionRow row{.case_id = found.row.id,
                    .kind = judged_elsewhere ? object.judged_kind : found.row.kind,
                    .object = judged_elsewhere ? object.judged_id : found.row.object,
                    .subject = found.row.subject,
                    .measure = *measure,
                    .made_by = actor.person.value_or(PersonId{}),
                    .made_at = clock_.now()};
    row.reason = TRY(
        check_words("reason", form.reason, *measure == Measure::dismiss ? Words::optional : Words::required));
    const Kind* kind = kinds_.find(row.kind);
    if (is_about_object(*measure) ? kind == nullptr || !kind->takes(*measure)
                                  : *measure != Measure::dismiss && !row.subject) {
        return invalid("measure", _msg("moderation.measure_does_not_fit"));
    }
    if (*measure == Measure::rerate) {
        const auto rating = parse_rating(form.rating);
        if (!rating || (object.rating && *rating <= *object.rating))
            return invalid("rating", _msg("moderation.rating_not_higher"));
        row.rating = static_cast<int>(*rating);
    }
    if (form.days < 0 || form.hours < 0 || form.days > kMostDays || form.hours > 24 * kMostDays)
        return invalid("days", _msg("moderation.days_wrong"));
    const Duration length = hours(24 * form.days + form.hours);
    std::optional<Duration> ends;
    if (lasts(*measure) && length.count() > 0) ends = length;
    if (*measure == Measure::quiet && !ends) return invalid("days", _msg("moderation.pause_needs_end"));
    if (ends) row.ends_at = row.made_at + *ends;
    row.state = needs_two(row.kind, *measure, ends) ? DecisionState::proposed
                : lasts(*measure)                   ? DecisionState::in_force
                                                    : DecisionState::done;
    return row;
}

Result<DecisionRow> Service::decide_case(const Actor& actor, CaseId id, const DecisionForm& form) {
    return database_.write([&](sql::Tx& tx) -> Result<DecisionRow> {
        const Found found = TRY(find(tx, actor, id));
        const auto permit = TRY(access::permit<Decide>(
            actor, {found.facts, parse_measure(form.measure).value_or(Measure::dismiss)}));
        Object object;
        if (const Kind* kind = kinds_.find(found.row.kind)) {
            auto now = kind->look(tx, actor, found.row.object);
            if (now.ok()) object = std::move(*now);
        }
        DecisionRow row = TRY(read_form(found, actor, form, object));
        row.id = ids_.make<DecisionId>();
        store::insert_decision(tx, permit, row);
        if (row.state == DecisionState::proposed) {
            store::set_state(tx, id, CaseState::proposed, {});
        } else {
            TRY(enforce(tx, actor, row));
            if (!form.keep_open) close_case(tx, found.row, row.measure);
        }
        audit::record(tx, clock_.now(), permit, object_of(row), row.subject,
                      (row.state == DecisionState::proposed ? "proposed " : "") + said(row));
        return row;
    });
}

Result<void> Service::confirm_decision(const Actor& actor, DecisionId id) {
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        auto row = store::decision(tx, id);
        if (!row) return not_found("no such decision");
        const auto permit = TRY(access::permit<ConfirmDecision>(actor, row->facts()));
        const Timestamp now = clock_.now();
        // The time begins when it comes into force.
        if (row->ends_at.micros > 0) row->ends_at = row->ends_at + (now - row->made_at);
        row->state = DecisionState::in_force;
        row->confirmed_by = *actor.person;
        row->confirmed_at = now;
        store::confirm(tx, permit, id, row->state, row->ends_at, now);
        TRY(enforce(tx, actor, *row));
        if (const auto about = store::find_case(tx, row->case_id)) close_case(tx, *about, row->measure);
        audit::record(tx, now, permit, object_of(*row), row->subject, said(*row));
        return success();
    });
}

Result<void> Service::refuse_decision(const Actor& actor, DecisionId id, std::string_view typed) {
    const std::string why = TRY(check_words("why", typed, Words::required));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto row = store::decision(tx, id);
        if (!row) return not_found("no such decision");
        // Who proposed may take it back; anybody else is the second person.
        if (!actor.is(row->made_by)) {
            TRY(access::permit<ConfirmDecision>(actor, row->facts()));
        } else if (row->state != DecisionState::proposed) {
            return conflict(_msg("moderation.not_proposed"));
        }
        const Found found = TRY(find(tx, actor, row->case_id));
        const auto permit = TRY(access::permit<HandleCase>(actor, found.facts));
        const Timestamp now = clock_.now();
        store::close_decision(tx, id, DecisionState::refused, *actor.person, now);
        store::set_state(tx, row->case_id, CaseState::open, {});
        store::insert_note(tx, permit, row->case_id, {ids_.make<NoteId>(), *actor.person, now, why});
        audit::record(
            tx, now, actor,
            {audit::Kind::action, ConfirmDecision::kName, object_of(*row), row->subject, "refused: " + why});
        return success();
    });
}

Result<void> Service::lift_decision(const Actor& actor, DecisionId id, std::string_view typed) {
    const std::string why = TRY(check_words("why", typed, Words::required));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto row = store::decision(tx, id);
        if (!row) return not_found("no such decision");
        const auto permit = TRY(access::permit<LiftDecision>(actor, row->facts()));
        TRY(undo(tx, actor, *row, DecisionState::lifted, NoticeKind::taken_back));
        audit::record(tx, clock_.now(), permit, object_of(*row), row->subject, why);
        return success();
    });
}

// ---- Effects

void Service::append(sql::Tx& tx, const DecisionRow& decision) {
    outbox_.append(tx, DecisionChanged{decision.id.text(), decision.subject.text(),
                                       std::string(sql::detail::enum_name(decision.measure)),
                                       std::string(sql::detail::enum_name(decision.state))});
}

Result<void> Service::enforce(sql::Tx& tx, const Actor& by, const DecisionRow& decision) {
    if (decision.measure == Measure::dismiss) {
        // A first post that waits goes out, and counts as one that was looked at.
        const Kind* kind = kinds_.find(decision.kind);
        const auto now = kind != nullptr ? kind->look(tx, by, decision.object) : Result<Object>(not_found());
        if (now.ok() && now->hold == Hold::waiting) {
            TRY(settle_object(tx, by, decision.kind, decision.object, decision.subject));
            TRY(accounts_.note_reviewed(tx, by, decision.subject));
        }
        return success();
    }
    TRY(settle(tx, by, decision));
    append(tx, decision);
    if (decision.subject) notify(tx, decision.subject, NoticeKind::decided, decision.case_id, &decision);
    return success();
}

Result<void> Service::undo(sql::Tx& tx, const Actor& by, const DecisionRow& decision, DecisionState state,
                           NoticeKind notice) {
    DecisionRow now = decision;
    now.state = state;
    store::close_decision(tx, decision.id, state, by.person.value_or(PersonId{}), clock_.now());
    TRY(settle(tx, by, now));
    append(tx, now);
    if (decision.subject) notify(tx, decision.subject, notice, decision.case_id, &now);
    return success();
}

Result<void> Service::settle(sql::Tx& tx, const Actor& by, const DecisionRow& decision) {
    switch (decision.measure) {
        case Measure::dismiss:
        case Measure::warn:
            return success();
        case Measure::hide:
        case Measure::rerate:
        case Measure::remove:
            if (decision.kind == kProfile) return settle_person(tx, by, PersonId{decision.object});
            return settle_object(tx, by, decision.kind, decision.object, decision.subject);
        case Measure::quiet:
        case Measure::suspend:
        case Measure::remove_account:
            return settle_person(tx, by, decision.subject);
    }
    return success();
}

Result<void> Service::settle_object(sql::Tx& tx, const Actor& by, std::string_view name, std::int64_t object,
                                    PersonId owner) {
    const Kind* kind = kinds_.find(name);
    if (kind == nullptr) return success();
    Hold hold = Hold::none;
    std::optional<Rating> rating;
    // What belongs to a removed account is hidden with it.
    for (const DecisionRow& decision : store::in_force_about(tx, owner)) {
        if (decision.measure == Measure::remove_account) hold = Hold::hidden;
    }
    for (const DecisionRow& decision : store::in_force_on(tx, name, object)) {
        if (decision.measure == Measure::hide) hold = std::max(hold, Hold::hidden);
        if (decision.measure == Measure::remove) hold = Hold::removed;
        if (decision.measure == Measure::rerate)
            rating = std::max(rating.value_or(Rating::everyone), static_cast<Rating>(decision.rating));
    }
    auto settled = kind->settle(tx, by, object, hold, rating);
    // What its author deleted meanwhile needs no holding.
    if (!settled.ok() && settled.error().code == ErrorCode::not_found) return success();
    return settled;
}

Result<void> Service::settle_person(sql::Tx& tx, const Actor& by, PersonId person) {
    accounts::Restrictions standing;
    DecisionId because;
    for (const DecisionRow& decision : store::in_force_about(tx, person)) {
        const Timestamp ends = decision.ends_at.micros == 0 ? accounts::kNoEnd : decision.ends_at;
        switch (decision.measure) {
            case Measure::remove_account:
                standing.face = accounts::Face::removed;
                [[fallthrough]];
            case Measure::suspend:
                if (ends > standing.suspended_until) {
                    standing.suspended_until = ends;
                    because = decision.id;
                }
                break;
            case Measure::quiet:
                standing.quiet_until = std::max(standing.quiet_until, ends);
                break;
            case Measure::hide:
                if (decision.kind == kProfile)
                    standing.face = std::max(standing.face, accounts::Face::hidden);
                break;
            default:
                break;
        }
    }
    const auto before = accounts_.restrictions(tx, person);
    if (!before) return success();  // the account is gone
    if (before->suspended_until != standing.suspended_until)
        TRY(accounts_.suspend(tx, by, person, standing.suspended_until,
                              because ? appeal_path(because) : std::string()));
    if (before->quiet_until != standing.quiet_until)
        TRY(accounts_.quieten(tx, by, person, standing.quiet_until));
    if (before->face != standing.face) TRY(accounts_.set_face(tx, by, person, standing.face));
    return success();
}

void Service::settle_things_of(PersonId person) {
    constexpr int kBatch = 50;
    const Actor program = accounts::operator_actor();
    for (const auto& kind : kinds_.all()) {
        for (std::int64_t last = 0;;) {
            const auto ids = database_.read(
                [&](sql::Reader& reader) { return kind->all_of(reader, program, person, last, kBatch); });
            for (const std::int64_t id : ids) {
                (void)database_.write([&](sql::Tx& tx) -> Result<void> {
                    const auto now = kind->look(tx, program, id);
                    // A first post that waits goes on waiting for somebody to look at it.
                    if (!now.ok() || now->hold == Hold::waiting) return success();
                    return settle_object(tx, program, kind->name(), id, person);
                });
            }
            if (ids.size() < kBatch) break;
            last = ids.back();
        }
    }
}

int Service::end_expired(int limit) {
    const auto over =
        database_.read([&](sql::Reader& reader) { return store::ending(reader, clock_.now(), limit); });
    int ended = 0;
    for (const DecisionRow& decision : over) {
        const auto done = database_.write([&](sql::Tx& tx) -> Result<bool> {
            const auto row = store::decision(tx, decision.id);
            if (!row || row->state != DecisionState::in_force || row->ends_at > clock_.now()) return false;
            TRY(undo(tx, accounts::operator_actor(), *row, DecisionState::ended, NoticeKind::ended));
            audit::record(tx, clock_.now(), accounts::operator_actor(),
                          {audit::Kind::action, LiftDecision::kName, object_of(*row), row->subject,
                           "its time is over"});
            return true;
        });
        if (done.ok() && *done) ++ended;
    }
    return ended;
}

void Service::close_case(sql::Tx& tx, const CaseRow& row, Measure measure) {
    const Timestamp now = clock_.now();
    store::set_state(tx, row.id, CaseState::closed, now);
    const NoticeKind what =
        measure == Measure::dismiss ? NoticeKind::report_no_breach : NoticeKind::report_acted;
    for (const PersonId reporter : store::reporters(tx, row.id)) {
        if (reporter != row.subject) notify(tx, reporter, what, row.id, nullptr);
    }
}

}  // namespace braid::moderation
