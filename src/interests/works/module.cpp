#include "interests/works/module.h"

#include <chrono>

#include "interests/works/api_v1.h"
#include "interests/works/policy.h"

namespace braid::works {

std::span<const sql::Migration> migrations();

WorksModule::WorksModule(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random,
                         events::Outbox& outbox, blobs::Store& blobs, const access::Guard& guard,
                         Screen screen)
    : database_(database),
      oversight_(outbox),
      writing_(database, clock, ids, outbox, blobs, guard, std::move(screen)),
      pages_(database, writing_, blobs, random) {}

ImportReport WorksModule::import_works(std::span<const std::filesystem::path> paths,
                                       const ImportOptions& options, const ImportProgress& progress) {
    return Importer(writing_).run(paths, options, progress);
}

access::Module WorksModule::describe() {
    using access::OnErasure;
    using access::Personal;
    constexpr auto no = Personal::no, data = Personal::data;
    return {
        .name = "works",
        .migrations = migrations(),
        .tables =
            {
                {"works",
                 "Works: title, summary, tags, rating, warnings, licence, who may see them",
                 OnErasure::erase_row,
                 {{"id", no},
                  {"author", Personal::subject},
                  {"byline", data},
                  {"title", data},
                  {"language", data},
                  {"rating", data},
                  {"visibility", data},
                  {"status", data},
                  {"comments", data},
                  {"licence", data},
                  {"warnings_said", data},
                  {"warnings", data},
                  {"warnings_other", data},
                  {"audience", no},
                  {"chapters", no},
                  {"words", no},
                  {"cover", data},
                  {"cover_small", data},
                  {"cover_version", no},
                  {"created_at", data},
                  {"updated_at", data},
                  {"touched_at", data},
                  {"published_at", data},
                  {"tags", data},
                  {"summary_plain", Personal::secret},
                  {"sanitiser", no},
                  {"summary_html", Personal::secret},
                  {"summary", data},
                  {"hold", data},
                  {"staff_rating", data},
                  {"own_rating", data},
                  {"reach", no}}},
                access::Table{"work_tags",
                              "Which tags a work carries",
                              OnErasure::erase_row,
                              {{"work", no},
                               {"tag", data},
                               {"label", data},
                               {"audience", no},
                               {"rating", no},
                               {"updated_at", no}}}
                    .belongs_to("work", "works"),
                {"tag_counts",
                 "How many works carry a tag",
                 OnErasure::keep,
                 {{"circle", no}, {"tag", no}, {"label", no}, {"works", no}}},
                access::Table{"chapters",
                              "Chapters: title, order, when they were published and revised",
                              OnErasure::erase_row,
                              {{"id", no},
                               {"work", no},
                               {"place", data},
                               {"number", no},
                               {"title", data},
                               {"words", no},
                               {"revision", no},
                               {"version", no},
                               {"drafted", no},
                               {"next_key", no},
                               {"created_at", data},
                               {"touched_at", data},
                               {"published_at", data},
                               {"revised_at", data}}}
                    .belongs_to("work", "works"),
                access::Table{"chapter_texts",
                              "What readers are sent of a chapter",
                              OnErasure::erase_row,
                              {{"chapter", no},
                               {"sanitiser", no},
                               {"paragraphs", Personal::secret},
                               {"notes_before_html", Personal::secret},
                               {"notes_after_html", Personal::secret}}}
                    .belongs_to("chapter", "chapters"),
                access::Table{"revisions",
                              "Every text of a chapter that was published",
                              OnErasure::erase_row,
                              {{"chapter", no},
                               {"revision", no},
                               {"created_at", data},
                               {"words", no},
                               {"title", data},
                               {"notes_before", data},
                               {"notes_after", data},
                               {"text", data}}}
                    .belongs_to("chapter", "chapters"),
                access::Table{"drafts",
                              "What is written and not yet published",
                              OnErasure::erase_row,
                              {{"chapter", no},
                               {"saved_at", data},
                               {"words", no},
                               {"title", data},
                               {"notes_before", data},
                               {"notes_after", data},
                               {"text", data}}}
                    .belongs_to("chapter", "chapters"),
                access::Table{"draft_copies",
                              "Second versions of a draft, written in another window",
                              OnErasure::erase_row,
                              {{"chapter", no},
                               {"editor", no},
                               {"saved_at", data},
                               {"title", data},
                               {"notes_before", data},
                               {"notes_after", data},
                               {"text", data}}}
                    .belongs_to("chapter", "chapters")
                    .deleted_after("saved_at", std::chrono::hours(24 * 90)),
                access::Table{"retired_paragraphs",
                              "Paragraphs that are no longer in their chapter, so that comments find them "
                              "when they come "
                              "back",
                              OnErasure::erase_row,
                              {{"chapter", no}, {"paragraph", no}, {"plain", data}}}
                    .belongs_to("chapter", "chapters"),
                access::Table{"imports",
                              "Which file an imported work came from",
                              OnErasure::erase_row,
                              {{"source", no}, {"work", no}, {"digest", no}, {"imported_at", no}}}
                    .belongs_to("work", "works"),
            },
        .policies = [](access::PolicyBook& book) { add_policies(book); },
        .routes = [this](http::Router& router) { pages_.add_routes(router); },
        .background =
            [this](events::Subscribers&, jobs::Runner& runner) {
                // After an upgrade of the sanitiser: a few hundred texts at a time, until none is left.
                runner.every("works.render_again", std::chrono::minutes(1), [this]() -> Result<void> {
                    writing_.render_again(200);
                    return success();
                });
            },
        .api = [this](api::Api& api) { declare_api(api, database_, library_, writing_); },
        .forget = [this](sql::Tx& tx, PersonId person) { return writing_.delete_works_of(tx, person); },
    };
}

}  // namespace braid::works
