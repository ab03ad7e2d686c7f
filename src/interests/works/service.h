// The use cases of writing: one function each, one transaction each.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/guard.h"
#include "base/id.h"
#include "base/random.h"
#include "base/time.h"
#include "interests/works/api.h"
#include "interests/works/model.h"
#include "interests/works/store.h"
#include "platform/blobs/blobs.h"
#include "platform/events/events.h"
#include "platform/sql/sql.h"

namespace braid::works {

// A chapter as its editor shows it.
struct Editing {
    store::Work work;
    store::Chapter chapter;
    ChapterDraft draft;               // what was written last: the draft, else the published text
    Timestamp saved_at;               // 0: nothing written yet
    std::vector<store::Copy> copies;  // versions other windows wrote meanwhile
};

// What saving came to.
struct Saved {
    std::int64_t version = 0;  // to base the next save on
    std::int64_t words = 0;
    Timestamp at;
};

struct Published {
    int number = 0;
    int revision = 1;
    bool first = false;  // the chapter's first publication
    Visibility visibility = Visibility::me;
    Hold hold = Hold::none;  // waiting: a moderator looks at it first
    bool contact = false;    // because of contact details in it
};

// A chapter of the author's contents page.
struct Outline {
    store::Work work;
    std::vector<store::Chapter> chapters;
};

struct CoverFiles {
    blobs::Blob large, small;
};

// Thread-safe. Every function asks the policy; what the actor may not know of is not_found.
class Writing {
  public:
    Writing(sql::Database& database, const Clock& clock, IdMaker& ids, events::Outbox& outbox,
            blobs::Store& blobs, const access::Guard& guard, Screen screen = {})
        : database_(database),
          clock_(clock),
          ids_(ids),
          outbox_(outbox),
          blobs_(blobs),
          guard_(guard),
          screen_(std::move(screen)) {}

    // invalid with fields; forbidden when a minor chooses mature, or her guardians keep something from her.
    Result<WorkId> create_work(const Actor& actor, const WorkForm& form);
    // As above. Appends WorkChanged when anything readers see of it changed.
    Result<void> edit_work(const Actor& actor, WorkId id, const WorkForm& form);
    // With every chapter, revision and draft. Appends WorkDeleted.
    Result<void> delete_work(const Actor& actor, WorkId id);
    // Every work of an account that is being erased, inside that transaction.
    Result<void> delete_works_of(sql::Tx& tx, PersonId author);
    // Keeps the files (counted against the author's quota: too_large when over), or with nothing goes back to
    // the generated cover.
    Result<void> set_cover(const Actor& actor, WorkId id, const std::optional<CoverFiles>& files);

    // An empty draft at the end of the work; the one that is there already, when it was never written in.
    Result<ChapterId> add_chapter(const Actor& actor, WorkId work);
    // `order`: every chapter once, else conflict (somebody added or deleted one meanwhile).
    Result<void> reorder_chapters(const Actor& actor, WorkId work, const std::vector<ChapterId>& order);
    enum class Direction { up, down };
    Result<void> move_chapter(const Actor& actor, WorkId work, ChapterId id, Direction direction);
    // Appends ChapterDeleted.
    Result<void> delete_chapter(const Actor& actor, WorkId work, ChapterId id);

    [[nodiscard]] Result<Editing> editing(const Actor& actor, WorkId work, ChapterId id) const;
    [[nodiscard]] Result<Outline> outline(const Actor& actor, WorkId work) const;

    // Saves what is written in the window `editor`, which began with the version `base`. When the chapter has
    // moved on since, the text becomes this window's copy beside the draft and the answer is a conflict
    // ("works.draft_conflict"): nothing is lost.
    Result<Saved> save_draft(const Actor& actor, WorkId work, ChapterId id, const ChapterDraft& draft,
                             std::int64_t base, std::string_view editor);
    // The copy of a window becomes the draft; the draft there was becomes a copy.
    Result<Saved> take_copy(const Actor& actor, WorkId work, ChapterId id, std::string_view editor);
    Result<void> drop_copy(const Actor& actor, WorkId work, ChapterId id, std::string_view editor);
    // Back to the published text.
    Result<void> discard_draft(const Actor& actor, WorkId work, ChapterId id);

    // Saves `draft` when given, as save_draft does, then makes what is written the published text: a new
    // revision when it differs from the newest. Appends ChapterPublished or ChapterRevised, and WorkPublished
    // with the first chapter of a work.
    Result<Published> publish_chapter(const Actor& actor, WorkId work, ChapterId id,
                                      const std::optional<ChapterDraft>& draft, std::int64_t base,
                                      std::string_view editor);
    // Readers no longer find it; the author goes on writing. Appends ChapterUnpublished.
    Result<void> unpublish_chapter(const Actor& actor, WorkId work, ChapterId id);
    // An earlier text becomes the draft; a draft there was becomes a copy.
    Result<Saved> restore_revision(const Actor& actor, WorkId work, ChapterId id, int revision);

    struct RevisionPage {
        store::Work work;
        store::Chapter chapter;
        std::vector<store::RevisionLine> lines;  // newest first
        std::optional<int> next;                 // show those before this number
    };
    [[nodiscard]] Result<RevisionPage> revisions(const Actor& actor, WorkId work, ChapterId id,
                                                 std::optional<int> before, int limit) const;
    struct OldText {
        store::Work work;
        store::Chapter chapter;
        int revision = 1;
        store::Text text;
    };
    [[nodiscard]] Result<OldText> old_text(const Actor& actor, WorkId work, ChapterId id, int revision) const;

    struct Shelf {
        std::vector<store::ShelfRow> works;
        std::vector<store::WaitingRow> waiting;
        std::optional<Cursor> next;
    };
    [[nodiscard]] Result<Shelf> shelf(const Actor& actor, const std::optional<Cursor>& after,
                                      int limit) const;

    // Renders anew what an older sanitiser made, at most `limit` texts; returns how many. Run by a timer.
    int render_again(int limit);

  private:
    struct Prepared {
        ChapterDraft draft;
        bool new_revision = true;  // false: the newest revision has this very text
        store::NewRevision revision;
        bool contact = false;  // brings contact details that the published text had not
    };
    // Renders and aligns outside the transaction.
    Prepared prepare(PersonId author, const store::Chapter& chapter, const ChapterDraft& draft) const;
    void write_publication(sql::Tx& tx, const Permit<PublishChapter>& permit, const store::Work& work,
                           const store::Chapter& chapter, const Prepared& prepared, Timestamp at);

    // The work was shown, or is to be: true when it waits instead, and the moderators are told why.
    bool wait_first(sql::Tx& tx, const auto& permit, const store::Work& work);
    bool wait_for_contact(sql::Tx& tx, const auto& permit, const store::Work& work, const auto& brings);

    sql::Database& database_;
    const Clock& clock_;
    IdMaker& ids_;
    events::Outbox& outbox_;
    blobs::Store& blobs_;
    const access::Guard& guard_;
    Screen screen_;

    friend class Importer;
};

}  // namespace braid::works
