// works::Library over the store.
#pragma once

#include "interests/works/api.h"

namespace braid::works {

class StoredLibrary final : public Library {
  public:
    WorkPage list(sql::Session& session, const Actor& actor, const WorkQuery& query) const override;
    Result<WorkCard> work(sql::Session& session, const Actor& actor, WorkId id) const override;
    Result<WorkView> view(sql::Session& session, const Actor& actor, WorkId id) const override;
    std::vector<WorkCard> works(sql::Session& session, const Actor& actor,
                                std::span<const WorkId> ids) const override;
    std::vector<ChapterLine> contents(sql::Session& session, WorkId id) const override;
    Result<ChapterView> chapter_head(sql::Session& session, const Actor& actor, WorkId work,
                                     ChapterId id) const override;
    ChapterText text(sql::Session& session, ChapterId id) const override;
    Result<ChapterView> chapter(sql::Session& session, const Actor& actor, WorkId work,
                                ChapterId id) const override;
    Result<ChapterFacts> chapter_facts(sql::Session& session, const Actor& actor,
                                       ChapterId id) const override;
    std::optional<std::string> paragraph_text(sql::Session& session, ChapterId chapter,
                                              std::string_view key) const override;
    std::vector<OpenDraft> open_drafts(sql::Session& session, const Actor& actor, int limit) const override;
    std::vector<TagCount> popular_tags(sql::Session& session, const Actor& actor, int limit) const override;
    std::optional<TagCount> tag(sql::Session& session, const Actor& actor,
                                std::string_view key) const override;
};

}  // namespace braid::works
