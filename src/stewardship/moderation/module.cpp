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

std::vector<access::Table> tables() {
    return {
        {"moderation_cases",
         "What was reported or looked at, with its words of that time; kept while moderators may be asked "
         "about it",
         OnErasure::keep,
         {{"id", no},
          {"kind", no},
          {"object", no},
          {"subject", subject},
          {"origin", no},
          {"category", data},
          {"state", no},
          {"due_at", no},
          {"opened_at", data},
          {"closed_at", no},
          {"claimed_by", no},
          {"claimed_at", no},
          {"reports", no},
          {"title", data},
          {"words", data},
          {"href", no}}},
        {"moderation_reports",
         "What you reported, and your words about it",
         OnErasure::blank,
         {{"id", no},
          {"case_id", no},
          {"reporter", subject},
          {"category", data},
          {"made_at", data},
          {"words", data}}},
        {"moderation_notes",
         "What moderators wrote to one another about a case",
         OnErasure::keep,
         {{"id", no}, {"case_id", no}, {"author", no}, {"made_at", no}, {"text", no}}},
        {"moderation_decisions",
         "What moderators decided about you or what you wrote, why, and until when; kept so that it can be "
         "appealed and "
         "counted",
         OnErasure::keep,
         {{"id", no},
          {"case_id", no},
          {"kind", no},
          {"object", no},
          {"subject", subject},
          {"measure", data},
          {"state", data},
          {"rating", no},
          {"ends_at", data},
          {"made_by", no},
          {"made_at", data},
          {"confirmed_by", no},
          {"confirmed_at", no},
          {"closed_by", no},
          {"closed_at", data},
          {"reason", data}}},
        {"moderation_appeals",
         "Your appeals and the answers",
         OnErasure::keep,
         {{"id", no},
          {"decision", no},
          {"subject", subject},
          {"state", data},
          {"made_at", data},
          {"due_at", no},
          {"decided_by", no},
          {"decided_at", data},
          {"words", data},
          {"answer", data}}},
        {"moderation_notices",
         "What moderators told you, and whether you have read it",
         OnErasure::erase_row,
         {{"id", no},
          {"person", subject},
          {"what", data},
          {"case_id", no},
          {"decision", no},
          {"made_at", data},
          {"read_at", data}}},
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
