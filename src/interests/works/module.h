// Writing: works, chapters, drafts, revisions, covers, tags, and the library others read through.
#pragma once

#include <filesystem>
#include <span>

#include "access/module.h"
#include "base/random.h"
#include "interests/works/import.h"
#include "interests/works/library.h"
#include "interests/works/oversight.h"
#include "interests/works/pages.h"
#include "interests/works/reach.h"
#include "interests/works/service.h"

namespace braid::works {

class WorksModule {
  public:
    // All references must outlive the module.
    WorksModule(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random,
                events::Outbox& outbox, blobs::Store& blobs, const access::Guard& guard, Screen screen = {});

    [[nodiscard]] const Library& library() const { return library_; }
    [[nodiscard]] Oversight& oversight() { return oversight_; }
    // The use cases, for the demo, commands and tests.
    [[nodiscard]] Writing& writing() { return writing_; }
    // For the guardians of authors.
    [[nodiscard]] guardians::Reach& reach() { return reach_; }
    // `braid import works FILE…`; see import.h.
    ImportReport import_works(std::span<const std::filesystem::path> paths, const ImportOptions& options,
                              const ImportProgress& progress);

    // The module must outlive what it describes.
    access::Module describe();

  private:
    sql::Database& database_;
    StoredLibrary library_;
    StoredOversight oversight_;
    AuthorReach reach_;
    Writing writing_;
    Pages pages_;
};

}  // namespace braid::works
