#include "stewardship/moderation/module.h"

#include "stewardship/moderation/api_v1.h"
#include "stewardship/moderation/pages.h"
#include "stewardship/moderation/subscribers.h"

namespace braid::moderation {

std::span<const sql::Migration> migrations();

namespace {

using access::OnErasure;
using access::Personal;
constexpr auto no = Personal::no, data = Personal::data, subject = Personal::subject;

constexpr auto secret = Personal::secret, other = Personal::other;
constexpr std::string_view kOpenCase = "a report about it is being looked at";

std::vector<access::Table> tables() {
    return {
        access::Table{"moderation_cases",
                      "What was reported or looked at, with its words of that time",
                      OnErasure::blank,
                      {{"id", no},
                       {"kind", no},
                       {"object", no},
                       {"subject", subject},
                       {"origin", no},
                       {"category", secret, "category"},
                       {"state", no},
                       {"due_at", no},
                       {"opened_at", secret, "opened_at"},
                       {"closed_at", no},
                       {"claimed_by", no},
                       {"claimed_at", no},
                       {"reports", no},
                       {"title", secret, "''"},
                       {"words", secret, "''"},
                       {"href", secret, "''"}}}
            .held_while("state <> 'closed'", kOpenCase),
        access::Table{"moderation_reports",
                      "What you reported, and your words about it",
                      OnErasure::blank,
                      {{"id", no},
                       {"case_id", no},
                       {"reporter", subject},
                       {"category", data, "category"},
                       {"made_at", data, "made_at"},
                       {"words", data, "''"}}}
            .belongs_to("case_id", "moderation_cases")
            .held_while("case_id IN (SELECT id FROM moderation_cases WHERE state <> 'closed')", kOpenCase)
            .kept_from_guardians(),
        access::Table{
            "moderation_notes",
            "What moderators wrote to one another about a case",
            OnErasure::blank,
            {{"id", no}, {"case_id", no}, {"author", other}, {"made_at", no}, {"text", secret, "''"}}}
            .belongs_to("case_id", "moderation_cases")
            .held_while("case_id IN (SELECT id FROM moderation_cases WHERE state <> 'closed')", kOpenCase),
        access::Table{
            "moderation_decisions",
            "What moderators decided about you or what you wrote, why, and until when",
            OnErasure::blank,
            {{"id", no},
             {"case_id", no},
             {"kind", no},
             {"object", no},
             {"subject", subject},
             {"measure", data, "measure"},
             {"state", data, "CASE WHEN state IN ('in_force', 'proposed') THEN 'done' ELSE state END"},
             {"rating", no},
             {"ends_at", data, "ends_at"},
             {"made_by", other},
             {"made_at", data, "made_at"},
             {"confirmed_by", other},
             {"confirmed_at", no},
             {"closed_by", other},
             {"closed_at", data, "closed_at"},
             {"reason", data, "''"}}}
            .held_while(
                "case_id IN (SELECT id FROM moderation_cases WHERE state <> 'closed') OR id IN (SELECT "
                "decision FROM moderation_appeals WHERE state = 'open')",
                kOpenCase),
        access::Table{"moderation_appeals",
                      "Your appeals and the answers",
                      OnErasure::blank,
                      {{"id", no},
                       {"decision", no},
                       {"subject", subject},
                       {"state", data, "state"},
                       {"made_at", data, "made_at"},
                       {"due_at", no},
                       {"decided_by", other},
                       {"decided_at", data, "decided_at"},
                       {"words", data, "''"},
                       {"answer", data, "''"}}}
            .held_while("state = 'open'", kOpenCase),
        access::Table{
            "moderation_flags",
            "Where the site's word lists had found something in what you wrote, as hashes, so that "
            "nobody is asked about it twice",
            OnErasure::erase_row,
            {{"kind", no}, {"object", no}, {"mark", secret}, {"subject", subject}, {"flagged_at", data}}},
        access::Table{"moderation_notices",
                      "What moderators told you, and whether you have read it",
                      OnErasure::erase_row,
                      {{"id", no},
                       {"person", subject},
                       {"what", data},
                       {"case_id", no},
                       {"decision", no},
                       {"made_at", data},
                       {"read_at", data}}}
            .deleted_after("made_at", std::chrono::hours(24 * 365))
            .kept_from_guardians(),
    };
}

}  // namespace

ModerationModule::ModerationModule(sql::Database& database, const Clock& clock, IdMaker& ids,
                                   events::Outbox& outbox, jobs::Queue& queue, accounts::Accounts& accounts,
                                   const works::Library& library, works::Oversight& works,
                                   feedback::Oversight& comments, Settings settings,
                                   std::function<bool()> has_holds)
    : queue_(queue),
      service_(database, clock, ids, outbox, queue, accounts, kinds_, std::move(settings)),
      has_holds_(std::move(has_holds)) {
    add_work_kinds(kinds_, library, works);
    add_comment_kind(kinds_, library, comments);
    add_profile_kind(kinds_, accounts);
}

access::Module ModerationModule::describe() {
    return {
        .name = "moderation",
        .migrations = migrations(),
        .tables = tables(),
        .policies = add_policies,
        .routes =
            [this](http::Router& router) {
                add_public_pages(router, service_);
                add_staff_pages(router, service_, has_holds_);
            },
        .background = [this](events::Subscribers& subscribers,
                             jobs::Runner& runner) { add_background(service_, queue_, subscribers, runner); },
        .api = [this](api::Api& api) { declare_api(api, service_); }};
}

}  // namespace braid::moderation
