#include "interests/feedback/module.h"

#include "interests/feedback/api_v1.h"
#include "interests/feedback/policy.h"
#include "interests/feedback/store.h"
#include "interests/feedback/subscribers.h"

namespace braid::feedback {

std::span<const sql::Migration> migrations();

FeedbackModule::FeedbackModule(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random,
                               events::Outbox& outbox, const works::Library& library,
                               const accounts::People& people, const access::Guard& guard,
                               PublishLive publish, works::Screen screen)
    : database_(database),
      people_(people),
      service_(database, clock, ids, outbox, library, guard, std::move(publish), std::move(screen)),
      pages_(database, service_, people, random) {}

access::Module FeedbackModule::describe() {
    using access::OnErasure;
    using access::Personal;
    return {
        .name = "feedback",
        .migrations = migrations(),
        .tables =
            {
                {"comments",
                 "Comments on paragraphs and chapters: the words, when, on what",
                 OnErasure::blank,
                 {{"id", Personal::no},
                  {"work", Personal::no},
                  {"chapter", Personal::no},
                  {"work_author", Personal::no},
                  {"paragraph", Personal::no},
                  {"thread", Personal::no},
                  {"answers", Personal::no},
                  {"author", Personal::subject},
                  {"state", Personal::data, "'deleted'"},
                  {"created_at", Personal::data, "created_at"},
                  {"edited_at", Personal::data, "0"},
                  {"token", Personal::secret, "CAST(id AS TEXT)"},
                  {"sanitiser", Personal::no},
                  {"quote", Personal::data, "''"},
                  {"html", Personal::secret, "''"},
                  {"text", Personal::data, "''"},
                  {"hold", Personal::data, "'none'"},
                  {"withheld", Personal::data, "'no'"}}},
                access::Table{"comment_versions",
                              "What a comment said before it was edited or deleted, for moderators",
                              OnErasure::erase_row,
                              {{"id", Personal::no},
                               {"comment", Personal::no},
                               {"replaced_at", Personal::data},
                               {"text", Personal::data}}}
                    .belongs_to("comment", "comments")
                    .deleted_after("replaced_at", std::chrono::hours(24 * 365)),
                {"chapter_paragraph_counts",
                 "How many comments a paragraph has",
                 OnErasure::keep,
                 {{"chapter", Personal::no},
                  {"paragraph", Personal::no},
                  {"shown", Personal::no},
                  {"hidden", Personal::no}}},
                {"kudos",
                 "Which works a person gave kudos to",
                 OnErasure::erase_row,
                 {{"work", Personal::data}, {"person", Personal::subject}, {"given_at", Personal::data}}},
                {"work_kudos",
                 "How many kudos a work has",
                 OnErasure::keep,
                 {{"work", Personal::no}, {"kudos", Personal::no}}},
                {"bookmarks",
                 "Which works a person keeps a bookmark on",
                 OnErasure::erase_row,
                 {{"person", Personal::subject}, {"work", Personal::data}, {"made_at", Personal::data}}},
            },
        .policies = [](access::PolicyBook& book) { add_policies(book); },
        .routes = [this](http::Router& router) { pages_.add_routes(router); },
        .background =
            [this](events::Subscribers& subscribers, jobs::Runner& runner) {
                add_subscribers(subscribers);
                // After an upgrade of the sanitiser: a few hundred comments at a time, until none is left.
                runner.every("feedback.render_again", std::chrono::minutes(1), [this]() -> Result<void> {
                    service_.render_stale(200);
                    return success();
                });
            },
        .api = [this](api::Api& api) { declare_api(api, database_, service_, people_); },
        .forget = [](sql::Tx& tx, access::PersonId person) -> Result<void> {
            store::forget_person(tx, person);
            return success();
        },
    };
}

std::vector<guardians::Contact> contacts_of(sql::Session& session, access::PersonId person) {
    return store::contacts(session, person);
}

}  // namespace braid::feedback
