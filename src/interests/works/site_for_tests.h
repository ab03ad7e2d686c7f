// A place to write in, for the tests of this module: both engines, a clock that stands still, and people of
// every age.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "interests/works/library.h"
#include "interests/works/model.h"
#include "interests/works/service.h"
#include "platform/jobs/jobs.h"
#include "support/databases.h"
#include "support/guard.h"

namespace braid::works {

std::span<const sql::Migration> migrations();

namespace testing {

inline Actor person(std::int64_t id, access::AgeBand band) {
    Actor actor;
    actor.person = PersonId{id};
    actor.band = band;
    return actor;
}

inline const Actor kVisitor{};
inline const Actor kAbi = person(11, access::AgeBand::teen);      // writes
inline const Actor kOkafor = person(12, access::AgeBand::adult);  // writes too
inline const Actor kChild = person(21, access::AgeBand::child);
inline const Actor kTeen = person(22, access::AgeBand::teen);
inline const Actor kAdult = person(23, access::AgeBand::adult);

inline WorkForm form(std::string title = "The Lamp Room", Visibility visibility = Visibility::everyone,
                     Rating rating = Rating::everyone, std::string tags = "ghost stories, lighthouses") {
    WorkForm form;
    form.title = std::move(title);
    form.summary = "Wren keeps a *lighthouse*.";
    form.language = "en";
    form.tags = std::move(tags);
    form.rating = rating_name(rating);
    form.licence = "cc_by_nc";
    form.visibility = visibility_name(visibility);
    form.status = "ongoing";
    form.comments = "open";
    form.warnings_said = "none";
    return form;
}

class Site : public braid::testing::OnBothEngines {
  protected:
    WorkId new_work(const Actor& author = kAbi, WorkForm typed = form()) {
        const auto id = writing_.create_work(author, typed);
        EXPECT_TRUE(id.ok()) << (id.ok() ? "" : id.error().detail);
        return id.ok() ? *id : WorkId{};
    }
    ChapterId new_chapter(const Actor& author, WorkId work) {
        const auto id = writing_.add_chapter(author, work);
        EXPECT_TRUE(id.ok());
        return id.ok() ? *id : ChapterId{};
    }
    std::int64_t version(WorkId work, ChapterId chapter) {
        return database_->read(
            [&](sql::Reader& reader) { return store::chapter(reader, work, chapter)->version; });
    }
    Published publish(const Actor& author, WorkId work, ChapterId chapter, std::string title,
                      std::string text) {
        const auto published = writing_.publish_chapter(
            author, work, chapter, ChapterDraft{std::move(title), std::move(text), {}, {}},
            version(work, chapter), "window");
        EXPECT_TRUE(published.ok()) << (published.ok()
                                            ? ""
                                            : published.error().message_key + published.error().detail);
        return published.ok() ? *published : Published{};
    }
    // A work with one published chapter.
    std::pair<WorkId, ChapterId> published_work(const Actor& author = kAbi, WorkForm typed = form()) {
        const WorkId work = new_work(author, std::move(typed));
        const ChapterId chapter = new_chapter(author, work);
        publish(author, work, chapter, "One", "It began.\n\nIt went on.");
        clock_.advance(std::chrono::seconds(1));
        return {work, chapter};
    }
    template <class Body>
    auto read(Body&& body) {
        return database_->read(std::forward<Body>(body));
    }
    Result<ChapterView> chapter(const Actor& actor, WorkId work, ChapterId id) {
        return read([&](sql::Reader& reader) { return library_.chapter(reader, actor, work, id); });
    }
    std::vector<WorkId> listed(const Actor& actor, const WorkQuery& query = {}) {
        std::vector<WorkId> ids;
        for (const auto& card :
             read([&](sql::Reader& reader) { return library_.list(reader, actor, query); }).works) {
            ids.push_back(card.id);
        }
        return ids;
    }
    std::vector<std::string> events();

    FakeClock clock_;
    IdMaker ids_{clock_, 1};
    events::Outbox outbox_{ids_, clock_};
    braid::testing::TempFolder folder_;
    braid::testing::TestDatabase database_{
        GetParam(), {jobs::migrations(), blocks::migrations(), blobs::migrations(), works::migrations()}};
    blobs::Store blobs_{*database_, clock_, {folder_.path(), std::int64_t{1} << 20}};
    braid::testing::NobodyGuards guard_;
    Writing writing_{*database_, clock_, ids_, outbox_, blobs_, guard_};
    StoredLibrary library_;
};

}  // namespace testing
}  // namespace braid::works
