// What people are told, and their answer: notices, mails, appeals.
#include <sodium.h>

#include <array>

#include "audit/api.h"
#include "base/text.h"
#include "platform/i18n/i18n.h"
#include "platform/mail/mail.h"
#include "stewardship/moderation/service.h"
#include "stewardship/moderation/words.h"

namespace braid::moderation {

namespace {

// BLAKE2b-128 keyed with the site's secret: says that we made the link, and for which decision.
std::string mark_of(DecisionId id, std::string_view secret) {
    std::array<unsigned char, 32> key{};
    const std::string label = "braid-appeal-1\n" + std::string(secret);
    crypto_generichash(key.data(), key.size(), reinterpret_cast<const unsigned char*>(label.data()),
                       label.size(), nullptr, 0);
    std::array<unsigned char, 16> mark{};
    const std::string text = id.text();
    crypto_generichash(mark.data(), mark.size(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size(), key.data(), key.size());
    return base64url({reinterpret_cast<const char*>(mark.data()), mark.size()});
}

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

AppealFacts facts_of(const DecisionRow& decision, bool appealed) {
    return {decision.subject, decision.measure, decision.state, appealed};
}

}  // namespace

// ---- Links

std::string Service::appeal_path(DecisionId id) const {
    return "/appeals/" + id.text() + "." + mark_of(id, settings_.secret);
}

std::optional<DecisionId> Service::decision_of(std::string_view token) const {
    const auto dot = token.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto id = DecisionId::parse(token.substr(0, dot));
    if (!id || !same(token.substr(dot + 1), mark_of(*id, settings_.secret))) return std::nullopt;
    return id;
}

// ---- Telling

std::string Service::title_for(sql::Session& session, PersonId person, const CaseRow& about) {
    const bool apart = about.kind != kProfile && blocks::apart(session, person, about.subject);
    return apart ? std::string() : about.title;
}

void Service::notify(sql::Tx& tx, PersonId person, NoticeKind what, CaseId about,
                     const DecisionRow* decision) {
    store::insert_notice(tx, ids_.make<NoticeId>(), person, what, about,
                         decision != nullptr ? decision->id : DecisionId{}, clock_.now());
    const auto reach = accounts_.contact(tx, person);
    if (!reach || !reach->email) return;
    const i18n::Language language = reach->language;
    const auto row = store::find_case(tx, about);
    const std::string title = row ? title_for(tx, person, *row) : std::string();
    const std::string path = decision != nullptr ? appeal_path(decision->id) : "/notices";
    const std::string link = settings_.public_url + path;
    const std::string sentence = notice_sentence(language, what, decision, title, clock_.now());
    mail::enqueue(
        tx, queue_,
        {.to = *reach->email,
         .subject = i18n::format(language, _msg("moderation.mail.subject"), {{"site", settings_.site_name}}),
         .text =
             i18n::format(language,
                          decision != nullptr && what == NoticeKind::decided ? _msg("moderation.mail.decided")
                                                                             : _msg("moderation.mail.other"),
                          {{"sentence", sentence},
                           {"reason", decision != nullptr ? decision->reason : std::string()},
                           {"link", link},
                           {"site", settings_.site_name}})});
}

Result<Told> Service::tell(sql::Session& session, const Actor& actor, const DecisionRow& decision) const {
    Told told;
    told.decision = decision;
    told.notice.decision = decision.id;
    told.notice.case_id = decision.case_id;
    told.notice.made_at = decision.made_at;
    told.kind = decision.kind;
    if (const auto row = store::find_case(session, decision.case_id)) {
        told.title = row->title;
        told.href = row->href;
    }
    told.appeal = store::appeal_against(session, decision.id);
    told.may_appeal = decide(Appeal{}, actor, facts_of(decision, told.appeal.has_value())).allowed();
    return told;
}

Result<std::vector<Told>> Service::notices(const Actor& actor, std::optional<NoticeId> before, int limit) {
    const auto permit = TRY(access::permit<SeeNotices>(actor, {}));
    return database_.write([&](sql::Tx& tx) -> Result<std::vector<Told>> {
        std::vector<Told> all;
        for (const NoticeRow& notice : store::notices(tx, *actor.person, before, limit)) {
            Told told;
            const auto decision =
                notice.decision ? store::decision(tx, notice.decision) : std::optional<DecisionRow>();
            if (decision) {
                told = TRY(tell(tx, actor, *decision));
                told.may_appeal = told.may_appeal && notice.what == NoticeKind::decided;
            } else if (const auto row = store::find_case(tx, notice.case_id)) {
                told.title = title_for(tx, *actor.person, *row);
                told.kind = row->kind;
            }
            told.notice = notice;
            all.push_back(std::move(told));
        }
        if (!before) store::mark_read(tx, permit, clock_.now());
        return all;
    });
}

Result<Told> Service::told(const Actor& actor, DecisionId id) {
    TRY(access::permit<SeeNotices>(actor, {}));
    return database_.read([&](sql::Reader& reader) -> Result<Told> {
        const auto decision = store::decision(reader, id);
        if (!decision || !actor.is(decision->subject) || decision->state == DecisionState::proposed ||
            decision->state == DecisionState::refused || decision->measure == Measure::dismiss)
            return not_found("no decision about her");
        return tell(reader, actor, *decision);
    });
}

Result<Told> Service::told_by_link(const Actor& actor, std::string_view token) {
    const auto id = decision_of(token);
    if (!id) return not_found("not a link of ours");
    return database_.read([&](sql::Reader& reader) -> Result<Told> {
        const auto decision = store::decision(reader, *id);
        if (!decision) return not_found("no such decision");
        Told told = TRY(tell(reader, actor, *decision));
        told.may_appeal =
            decide(AppealByLink{}, actor, facts_of(*decision, told.appeal.has_value())).allowed();
        return told;
    });
}

// ---- Appealing

Result<AppealId> Service::take_appeal(sql::Tx& tx, const access::AnyPermit<Appeal, AppealByLink>& permit,
                                      const DecisionRow& decision, const std::string& words) {
    const Timestamp now = clock_.now();
    const AppealRow row{.id = ids_.make<AppealId>(),
                        .decision = decision.id,
                        .subject = decision.subject,
                        .made_at = now,
                        .due_at = now + kTimeForAppeal,
                        .words = words};
    if (!store::insert_appeal(tx, permit, row)) return conflict(_msg("moderation.appealed_already"));
    return row.id;
}

Result<AppealId> Service::appeal(const Actor& actor, DecisionId id, std::string_view typed) {
    const std::string words = TRY(check_words("words", typed, Words::required));
    return database_.write([&](sql::Tx& tx) -> Result<AppealId> {
        const auto decision = store::decision(tx, id);
        const bool appealed = store::appeal_against(tx, id).has_value();
        if (!decision) return not_found("no such decision");
        const auto permit = TRY(access::permit<Appeal>(actor, facts_of(*decision, appealed)));
        return take_appeal(tx, permit, *decision, words);
    });
}

Result<AppealId> Service::appeal_by_link(const Actor& actor, std::string_view token, std::string_view typed) {
    const auto id = decision_of(token);
    if (!id) return not_found("not a link of ours");
    const std::string words = TRY(check_words("words", typed, Words::required));
    return database_.write([&](sql::Tx& tx) -> Result<AppealId> {
        const auto decision = store::decision(tx, *id);
        if (!decision) return not_found("no such decision");
        const auto permit = TRY(access::permit<AppealByLink>(
            actor, facts_of(*decision, store::appeal_against(tx, *id).has_value())));
        return take_appeal(tx, permit, *decision, words);
    });
}

Result<Service::AppealFile> Service::open_appeal(const Actor& actor, AppealId id) {
    return database_.write([&](sql::Tx& tx) -> Result<AppealFile> {
        auto appeal = store::appeal(tx, id);
        if (!appeal) return not_found("no such appeal");
        auto decision = store::decision(tx, appeal->decision);
        auto about = decision ? store::find_case(tx, decision->case_id) : std::nullopt;
        if (!about) return not_found("its decision is gone");
        TRY(access::permit<OpenCase>(actor, {.subject = about->subject}));
        AppealFile file{std::move(*appeal), std::move(*decision), std::move(*about), {}, false};
        if (const Kind* kind = kinds_.find(file.about.kind)) {
            auto now = kind->look(tx, actor, file.about.object);
            if (now.ok()) file.now = std::move(*now);
        }
        file.may_decide = file.appeal.state == AppealState::open &&
                          decide(DecideAppeal{}, actor, file.decision.facts()).allowed();
        audit::record_view(tx, clock_.now(), actor, OpenCase::kName, {file.about.kind, file.about.object},
                           file.about.subject);
        return file;
    });
}

Result<void> Service::decide_appeal(const Actor& actor, AppealId id, AppealState state,
                                    std::string_view typed) {
    const std::string answer = TRY(check_words("answer", typed, Words::required));
    if (state == AppealState::open) return invalid("state", _msg("moderation.appeal_state_missing"));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto appeal = store::appeal(tx, id);
        if (!appeal) return not_found("no such appeal");
        const auto decision = store::decision(tx, appeal->decision);
        if (!decision) return not_found("its decision is gone");
        const auto permit = TRY(access::permit<DecideAppeal>(actor, decision->facts()));
        if (appeal->state != AppealState::open) return conflict(_msg("moderation.appeal_decided"));
        store::decide_appeal(tx, permit, id, state, answer, clock_.now());
        if (state == AppealState::overturned) {
            TRY(undo(tx, actor, *decision, DecisionState::overturned, NoticeKind::appeal_overturned));
        } else {
            notify(tx, decision->subject, NoticeKind::appeal_upheld, decision->case_id, &*decision);
        }
        audit::record(tx, clock_.now(), permit, {decision->kind, decision->object}, decision->subject,
                      std::string(sql::detail::enum_name(state)) + ": " + answer);
        return success();
    });
}

}  // namespace braid::moderation
