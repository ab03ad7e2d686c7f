#include "interests/works/service.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "interests/works/events.h"
#include "interests/works/rendering.h"
#include "platform/i18n/i18n.h"

namespace braid::works {
namespace {

constexpr std::size_t kMaxEditor = 64;

Result<store::Work> find(sql::Session& session, const Actor& actor, WorkId id) {
    auto work = store::work(session, actor, id);
    if (!work) return not_found("work");
    return std::move(*work);
}

Result<store::Chapter> find(sql::Session& session, WorkId work, ChapterId id) {
    auto chapter = store::chapter(session, work, id);
    if (!chapter) return not_found("chapter");
    return std::move(*chapter);
}

// "mature" refused where its field is.
Result<void> check_rating(const Actor& actor, Rating wanted, Rating current) {
    auto allowed = access::permit<ChooseRating>(actor, {wanted, current});
    if (allowed.ok()) return success();
    if (allowed.error().code != ErrorCode::forbidden) return std::move(allowed).error();
    return invalid("rating", allowed.error().message_key);
}

// Kept by a guardian: refused where its field is.
Result<void> check_visibility(const Actor& actor, Visibility wanted, Visibility current) {
    auto allowed = access::permit<ChooseVisibility>(actor, {wanted, current});
    if (allowed.ok()) return success();
    if (allowed.error().code != ErrorCode::forbidden) return std::move(allowed).error();
    return invalid("visibility", allowed.error().message_key);
}

std::int64_t words_of(std::string_view text) {
    return words_in(text);
}

// The generated names of windows; anything else of a request is cut to something storable.
std::string editor_name(std::string_view editor) {
    std::string name;
    for (const char c : editor.substr(0, kMaxEditor)) {
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
            c == '_')
            name += c;
    }
    return name.empty() ? "unnamed" : name;
}

Error draft_conflict() {
    return conflict(_msg("works.draft_conflict"), "the draft moved on");
}

// Everything of a work that readers see beside its chapters.
std::string words_of(const WorkDetails& details) {
    std::string words = details.title + "\n\n" + details.summary + "\n\n" + details.warnings.other;
    for (const Tag& tag : details.tags)
        words += "\n\n" + tag.label;
    return words;
}
std::string words_of(const ChapterDraft& draft) {
    return draft.title + "\n\n" + draft.notes_before + "\n\n" + draft.text + "\n\n" + draft.notes_after;
}

// The published chapters of a work and their revisions.
using Revisions = std::vector<std::pair<ChapterId, int>>;
Revisions published(sql::Session& session, WorkId id) {
    Revisions revisions;
    for (const store::Chapter& chapter : store::chapters(session, id)) {
        if (chapter.number > 0) revisions.emplace_back(chapter.id, chapter.revision);
    }
    return revisions;
}

// What the chapters of a work that nobody else sees yet would show.
struct Chapters {
    Revisions read;
    bool contact = false;
};
Chapters read_hidden(sql::Database& database, const Screen& screen, WorkId id) {
    return database.read([&](sql::Reader& reader) {
        Chapters chapters;
        const auto work = store::work(reader, id);
        if (!work || work->visibility != Visibility::me || !screen.guards(reader, work->author))
            return chapters;
        chapters.read = published(reader, id);
        for (const auto& [chapter, revision] : chapters.read) {
            if (chapters.contact) break;
            if (const auto text = store::revision(reader, chapter, revision))
                chapters.contact = !contact::find_contact(words_of(text->draft())).empty();
            const auto rendered = store::rendered(reader, chapter);
            for (const KeyedText& one :
                 rendered ? keyed_texts(unpack(rendered->paragraphs)) : std::vector<KeyedText>{})
                chapters.contact = chapters.contact || !contact::find_contact(one.plain).empty();
        }
        return chapters;
    });
}

ChapterDraft current_text(sql::Session& session, const store::Chapter& chapter,
                          Timestamp* saved_at = nullptr) {
    auto text = chapter.drafted ? store::draft(session, chapter.id) : std::nullopt;
    if (!text && chapter.revision > 0) text = store::revision(session, chapter.id, chapter.revision);
    if (!text) return {};
    if (saved_at != nullptr) *saved_at = text->at;
    return text->draft();
}

}  // namespace

// ---- Works

Result<WorkId> Writing::create_work(const Actor& actor, const WorkForm& form) {
    const auto permit = TRY(access::permit<CreateWork>(actor, {}));
    store::NewWork work;
    work.details = TRY(check(form));
    TRY(check_rating(actor, work.details.rating, Rating::everyone));
    TRY(check_visibility(actor, work.details.visibility, Visibility::me));
    work.id = ids_.make<WorkId>();
    work.summary = render_summary(work.details.summary);
    work.at = clock_.now();
    return database_.write([&](sql::Tx& tx) -> Result<WorkId> {
        TRY(guard_.confirm(tx, actor));
        store::insert_work(tx, permit, work);
        return work.id;
    });
}

bool Writing::wait_first(sql::Tx& tx, const auto& permit, const store::Work& work) {
    if (work.hold != Hold::none || !screen_.holds_first(tx, work.author)) return false;
    store::set_hold(tx, permit, work.id, Hold::waiting);
    outbox_.append(tx, WorkWaits{work.id.text(), work.author.text()});
    return true;
}

bool Writing::wait_for_contact(sql::Tx& tx, const auto& permit, const store::Work& work, const auto& brings) {
    if (work.hold != Hold::none || !screen_.guards(tx, work.author) || !brings()) return false;
    store::set_hold(tx, permit, work.id, Hold::waiting);
    outbox_.append(tx, ContactFound{work.id.text(), work.author.text()});
    return true;
}

Result<void> Writing::edit_work(const Actor& actor, WorkId id, const WorkForm& form) {
    auto checked = check(form);
    // Long texts are read before the writer is asked for.
    const bool shows = checked.ok() && checked->visibility != Visibility::me;
    const Chapters chapters = shows && screen_.minor ? read_hidden(database_, screen_, id) : Chapters{};
    const bool holds = shows && screen_.minor && contact::brings_contact(words_of(*checked), "");
    const Timestamp now = clock_.now();
    const store::Summary summary = checked.ok() ? render_summary(checked->summary) : store::Summary{};
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        TRY(guard_.confirm(tx, actor));
        const auto work = TRY(find(tx, actor, id));
        const auto permit = TRY(access::permit<EditWork>(actor, work.facts()));
        if (!checked.ok()) return checked.error();
        TRY(check_rating(actor, checked->rating, static_cast<Rating>(work.rating)));
        if (static_cast<int>(checked->rating) < work.staff_rating)
            return invalid("rating", _msg("works.rating_by_staff"));
        TRY(check_visibility(actor, checked->visibility, work.visibility));
        if (*checked == work.details()) return success();
        const bool first = work.visibility == Visibility::me && shows && work.chapters > 0;
        if (first && screen_.guards(tx, work.author) && chapters.read != published(tx, id))
            return draft_conflict();
        store::update_work(tx, permit, id, work.byline, *checked, summary, now);
        if (first && wait_first(tx, permit, work)) return success();
        if (shows && work.chapters > 0 && wait_for_contact(tx, permit, work, [&] {
                return (first && chapters.contact) ||
                       (holds &&
                        contact::brings_contact(words_of(*checked), first ? "" : words_of(work.details())));
            }))
            return success();
        outbox_.append(tx, WorkChanged{id.text(), work.author.text()});
        return success();
    });
}

Result<void> Writing::delete_work(const Actor& actor, WorkId id) {
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        TRY(guard_.confirm(tx, actor));
        const auto work = TRY(find(tx, actor, id));
        const auto permit = TRY(access::permit<DeleteWork>(actor, work.facts()));
        store::delete_work(tx, permit, id);
        blobs_.release(tx, "works.cover:" + id.text());
        blobs_.release(tx, "works.cover_small:" + id.text());
        outbox_.append(tx, WorkDeleted{id.text(), work.author.text()});
        return success();
    });
}

Result<void> Writing::delete_works_of(sql::Tx& tx, PersonId author) {
    Actor herself;
    herself.person = author;
    for (const WorkId id : store::all_of(tx, author)) {
        const auto work = TRY(find(tx, herself, id));
        const auto permit = TRY(access::permit<DeleteWork>(herself, work.facts()));
        store::delete_work(tx, permit, id);
        blobs_.release(tx, "works.cover:" + id.text());
        blobs_.release(tx, "works.cover_small:" + id.text());
        outbox_.append(tx, WorkDeleted{id.text(), author.text()});
    }
    return success();
}

Result<void> Writing::set_cover(const Actor& actor, WorkId id, const std::optional<CoverFiles>& files) {
    const Timestamp now = clock_.now();
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        TRY(guard_.confirm(tx, actor));
        const auto work = TRY(find(tx, actor, id));
        const auto permit = TRY(access::permit<EditWork>(actor, work.facts()));
        const std::string large = "works.cover:" + id.text(), small = "works.cover_small:" + id.text();
        if (files) {
            TRY(blobs_.keep(tx, large, work.author.value, files->large));
            TRY(blobs_.keep(tx, small, work.author.value, files->small));
            store::set_cover(tx, permit, id, files->large.digest, files->small.digest, now);
        } else {
            blobs_.release(tx, large);
            blobs_.release(tx, small);
            store::set_cover(tx, permit, id, "", "", now);
        }
        outbox_.append(tx, WorkChanged{id.text(), work.author.text()});
        return success();
    });
}

// ---- The order of chapters

Result<ChapterId> Writing::add_chapter(const Actor& actor, WorkId id) {
    const Timestamp now = clock_.now();
    const auto chapter = ids_.make<ChapterId>();
    return database_.write([&](sql::Tx& tx) -> Result<ChapterId> {
        TRY(guard_.confirm(tx, actor));
        const auto work = TRY(find(tx, actor, id));
        const auto permit = TRY(access::permit<EditWork>(actor, work.facts()));
        const auto chapters = store::chapters(tx, id);
        if (!chapters.empty() && chapters.back().revision == 0 && !chapters.back().drafted)
            return chapters.back().id;
        if (chapters.size() >= kMaxChapters) return conflict(_msg("works.chapters_full"));
        store::insert_chapter(tx, permit, id, chapter, now);
        return chapter;
    });
}

Result<void> Writing::reorder_chapters(const Actor& actor, WorkId id, const std::vector<ChapterId>& order) {
    const Timestamp now = clock_.now();
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        TRY(guard_.confirm(tx, actor));
        const auto work = TRY(find(tx, actor, id));
        const auto permit = TRY(access::permit<EditWork>(actor, work.facts()));
        std::vector<ChapterId> there, wanted = order;
        for (const auto& chapter : store::chapters(tx, id))
            there.push_back(chapter.id);
        std::sort(there.begin(), there.end());
        std::sort(wanted.begin(), wanted.end());
        if (there != wanted) return conflict(_msg("works.order_conflict"), "not every chapter once");
        store::reorder(tx, permit, id, order, now);
        outbox_.append(tx, WorkChanged{id.text(), work.author.text()});
        return success();
    });
}

Result<void> Writing::move_chapter(const Actor& actor, WorkId id, ChapterId chapter, Direction direction) {
    const Timestamp now = clock_.now();
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        TRY(guard_.confirm(tx, actor));
        const auto work = TRY(find(tx, actor, id));
        const auto permit = TRY(access::permit<EditWork>(actor, work.facts()));
        std::vector<ChapterId> order;
        for (const auto& there : store::chapters(tx, id))
            order.push_back(there.id);
        const auto at = std::find(order.begin(), order.end(), chapter);
        if (at == order.end()) return not_found("chapter");
        if (direction == Direction::up ? at == order.begin() : std::next(at) == order.end()) return success();
        std::iter_swap(at, direction == Direction::up ? std::prev(at) : std::next(at));
        store::reorder(tx, permit, id, order, now);
        outbox_.append(tx, WorkChanged{id.text(), work.author.text()});
        return success();
    });
}

Result<void> Writing::delete_chapter(const Actor& actor, WorkId id, ChapterId chapter) {
    const Timestamp now = clock_.now();
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        TRY(guard_.confirm(tx, actor));
        const auto work = TRY(find(tx, actor, id));
        const auto permit = TRY(access::permit<EditWork>(actor, work.facts()));
        TRY(find(tx, id, chapter));
        store::delete_chapter(tx, permit, id, chapter, now);
        outbox_.append(tx, ChapterDeleted{id.text(), chapter.text(), work.author.text()});
        return success();
    });
}

// ---- Drafts

Result<Editing> Writing::editing(const Actor& actor, WorkId id, ChapterId chapter) const {
    return database_.read([&](sql::Reader& reader) -> Result<Editing> {
        Editing editing;
        editing.work = TRY(find(reader, actor, id));
        TRY(access::permit<EditChapter>(actor, editing.work.facts()));
        editing.chapter = TRY(find(reader, id, chapter));
        editing.draft = current_text(reader, editing.chapter, &editing.saved_at);
        editing.copies = store::copies(reader, chapter);
        return editing;
    });
}

Result<Outline> Writing::outline(const Actor& actor, WorkId id) const {
    return database_.read([&](sql::Reader& reader) -> Result<Outline> {
        Outline outline;
        outline.work = TRY(find(reader, actor, id));
        TRY(access::permit<EditWork>(actor, outline.work.facts()));
        outline.chapters = store::chapters(reader, id);
        return outline;
    });
}

Result<Saved> Writing::save_draft(const Actor& actor, WorkId id, ChapterId chapter_id,
                                  const ChapterDraft& typed, std::int64_t base, std::string_view editor) {
    const auto draft = TRY(check_draft(typed));
    const std::int64_t words = words_of(draft.text);
    const Timestamp now = clock_.now();
    const std::string name = editor_name(editor);
    bool moved_on = false;
    auto saved = database_.write([&](sql::Tx& tx) -> Result<Saved> {
        TRY(guard_.confirm(tx, actor));
        moved_on = false;
        const auto work = TRY(find(tx, actor, id));
        const auto permit = TRY(access::permit<EditChapter>(actor, work.facts()));
        const auto chapter = TRY(find(tx, id, chapter_id));
        if (draft == current_text(tx, chapter)) {  // nothing new: the same text from wherever is no conflict
            store::drop_copy(tx, permit, chapter_id, name);
            return Saved{chapter.version, words, now};
        }
        if (!store::advance(tx, chapter_id, base, now)) {
            store::put_copy(tx, permit, chapter_id, name, draft, now);
            moved_on = true;
            return Saved{chapter.version, words, now};
        }
        store::put_draft(tx, permit, chapter, draft, words, now);
        store::drop_copy(tx, permit, chapter_id, name);
        return Saved{base + 1, words, now};
    });
    if (saved.ok() && moved_on) return draft_conflict();
    return saved;
}

Result<Saved> Writing::take_copy(const Actor& actor, WorkId id, ChapterId chapter_id,
                                 std::string_view editor) {
    const Timestamp now = clock_.now();
    return database_.write([&](sql::Tx& tx) -> Result<Saved> {
        TRY(guard_.confirm(tx, actor));
        const auto work = TRY(find(tx, actor, id));
        const auto permit = TRY(access::permit<EditChapter>(actor, work.facts()));
        const auto chapter = TRY(find(tx, id, chapter_id));
        const auto copies = store::copies(tx, chapter_id);
        const auto copy =
            std::find_if(copies.begin(), copies.end(), [&](const auto& one) { return one.editor == editor; });
        if (copy == copies.end()) return not_found("copy");
        const ChapterDraft there = current_text(tx, chapter);
        const ChapterDraft taken{copy->title, copy->text, copy->notes_before, copy->notes_after};
        store::drop_copy(tx, permit, chapter_id, editor);
        if (chapter.drafted)
            store::put_copy(tx, permit, chapter_id, "draft-" + std::to_string(chapter.version), there, now);
        const std::int64_t words = words_of(taken.text);
        if (!store::advance(tx, chapter_id, chapter.version, now)) return draft_conflict();
        store::put_draft(tx, permit, chapter, taken, words, now);
        return Saved{chapter.version + 1, words, now};
    });
}

Result<void> Writing::drop_copy(const Actor& actor, WorkId id, ChapterId chapter_id,
                                std::string_view editor) {
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        TRY(guard_.confirm(tx, actor));
        const auto work = TRY(find(tx, actor, id));
        const auto permit = TRY(access::permit<EditChapter>(actor, work.facts()));
        TRY(find(tx, id, chapter_id));
        store::drop_copy(tx, permit, chapter_id, editor);
        return success();
    });
}

Result<void> Writing::discard_draft(const Actor& actor, WorkId id, ChapterId chapter_id) {
    const Timestamp now = clock_.now();
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        TRY(guard_.confirm(tx, actor));
        const auto work = TRY(find(tx, actor, id));
        const auto permit = TRY(access::permit<EditChapter>(actor, work.facts()));
        const auto chapter = TRY(find(tx, id, chapter_id));
        if (!chapter.drafted) return success();
        if (chapter.number == 0) return conflict(_msg("works.nothing_published"), "a draft is all there is");
        if (!store::advance(tx, chapter_id, chapter.version, now)) return draft_conflict();
        store::drop_draft(tx, permit, chapter_id);
        return success();
    });
}

// ---- Publishing

Writing::Prepared Writing::prepare(PersonId author, const store::Chapter& chapter,
                                   const ChapterDraft& draft) const {
    Prepared prepared;
    prepared.draft = draft;
    struct Before {
        std::optional<store::Text> newest;
        std::vector<KeyedText> old, retired;
        std::string plain;
        bool guarded = false;
    };
    auto before = database_.read([&](sql::Reader& reader) {
        Before found;
        found.guarded = screen_.guards(reader, author);
        if (chapter.revision == 0) return found;
        found.newest = store::revision(reader, chapter.id, chapter.revision);
        if (const auto rendered = store::rendered(reader, chapter.id))
            found.old = keyed_texts(unpack(rendered->paragraphs));
        for (const KeyedText& text : found.old)
            found.plain += text.plain + "\n\n";
        found.retired = store::retired(reader, chapter.id);
        return found;
    });
    prepared.new_revision = !before.newest || before.newest->draft() != draft;
    if (!prepared.new_revision) return prepared;
    const auto blocks = blocks_of(draft.text);
    store::NewRevision& revision = prepared.revision;
    revision.revision = chapter.revision + 1;
    revision.draft = draft;
    revision.words = words_in(blocks);
    revision.alignment = align(before.old, before.retired, blocks, chapter.next_key);
    revision.rendered = render_chapter(draft, blocks, revision.alignment);
    // As it is written and as it is read: Markdown can hide one in the other.
    const bool shown = chapter.number > 0 && before.newest;
    const std::string had = shown ? words_of(before.newest->draft()) : std::string();
    std::string read;
    for (const auto& block : blocks)
        read += block.plain + "\n\n";
    prepared.contact = before.guarded && (contact::brings_contact(words_of(draft), had) ||
                                          contact::brings_contact(read, had + "\n\n" + before.plain));
    return prepared;
}

void Writing::write_publication(sql::Tx& tx, const Permit<PublishChapter>& permit, const store::Work& work,
                                const store::Chapter& chapter, const Prepared& prepared, Timestamp at) {
    if (prepared.new_revision) {
        auto revision = prepared.revision;
        revision.at = at;
        store::put_revision(tx, permit, chapter.id, revision);
    }
    store::publish(tx, permit, chapter, at);

    const std::string work_id = work.id.text(), chapter_id = chapter.id.text(), author = work.author.text();
    const bool first = work.published_at.micros == 0;
    if (work.visibility != Visibility::me) {
        if (first && wait_first(tx, permit, work)) return;
        const auto brings = [&] {
            return prepared.contact || (first && contact::brings_contact(words_of(work.details()), ""));
        };
        if (wait_for_contact(tx, permit, work, brings)) return;
    }
    if (work.hold != Hold::none) return;  // nobody finds it: it is told when it may be found
    if (chapter.number == 0) {
        const auto now = store::chapter(tx, work.id, chapter.id);
        outbox_.append(tx, ChapterPublished{work_id, chapter_id, author, prepared.draft.title,
                                            now ? now->number : 0, chapter.published_at.micros != 0});
        if (work.published_at.micros == 0) {
            outbox_.append(tx, WorkPublished{work_id, author, work.title,
                                             std::string(visibility_name(work.visibility)), work.rating});
        }
    } else if (prepared.new_revision) {
        ChapterRevised revised{work_id, chapter_id, author, prepared.revision.revision, {}};
        for (const KeyedText& gone : prepared.revision.alignment.retired)
            revised.gone.push_back(gone.key);
        outbox_.append(tx, revised);
    }
}

Result<Published> Writing::publish_chapter(const Actor& actor, WorkId id, ChapterId chapter_id,
                                           const std::optional<ChapterDraft>& typed, std::int64_t base,
                                           std::string_view editor) {
    // Saved first, so that whatever happens next nothing written is lost.
    if (typed) base = TRY(save_draft(actor, id, chapter_id, *typed, base, editor)).version;

    const auto [chapter, draft] =
        TRY(database_.read([&](sql::Reader& reader) -> Result<std::pair<store::Chapter, ChapterDraft>> {
            const auto work = TRY(find(reader, actor, id));
            TRY(access::permit<PublishChapter>(actor, work.facts()));
            auto chapter = TRY(find(reader, id, chapter_id));
            auto draft = current_text(reader, chapter);
            return std::pair{std::move(chapter), std::move(draft)};
        }));
    if (chapter.version != base) return draft_conflict();
    TRY(check_publishable(draft));
    const Prepared prepared = prepare(*actor.person, chapter, draft);
    if (prepared.new_revision && prepared.revision.alignment.keys.empty()) {
        return invalid("text", _msg("works.error.chapter_empty"));
    }
    const Timestamp now = clock_.now();
    return database_.write([&, &chapter = chapter](sql::Tx& tx) -> Result<Published> {
        TRY(guard_.confirm(tx, actor));
        const auto work = TRY(find(tx, actor, id));
        const auto permit = TRY(access::permit<PublishChapter>(actor, work.facts()));
        const auto before = TRY(find(tx, id, chapter_id));
        // What was rendered is what is published: nobody wrote in between, and the keys were not given to
        // anything else.
        if (before.next_key != chapter.next_key || !store::advance(tx, chapter_id, chapter.version, now))
            return draft_conflict();
        write_publication(tx, permit, work, before, prepared, now);
        const auto after = TRY(find(tx, id, chapter_id));
        const Hold hold = TRY(find(tx, actor, id)).hold;
        return Published{after.number,    after.revision, before.published_at.micros == 0,
                         work.visibility, hold,           hold != Hold::none && prepared.contact};
    });
}

Result<void> Writing::unpublish_chapter(const Actor& actor, WorkId id, ChapterId chapter_id) {
    const Timestamp now = clock_.now();
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        TRY(guard_.confirm(tx, actor));
        const auto work = TRY(find(tx, actor, id));
        const auto permit = TRY(access::permit<UnpublishChapter>(actor, work.facts()));
        const auto chapter = TRY(find(tx, id, chapter_id));
        if (chapter.number == 0) return success();
        if (!store::advance(tx, chapter_id, chapter.version, now)) return draft_conflict();
        store::unpublish(tx, permit, chapter, now);
        outbox_.append(tx, ChapterUnpublished{id.text(), chapter_id.text(), work.author.text()});
        return success();
    });
}

Result<Saved> Writing::restore_revision(const Actor& actor, WorkId id, ChapterId chapter_id, int revision) {
    const Timestamp now = clock_.now();
    return database_.write([&](sql::Tx& tx) -> Result<Saved> {
        TRY(guard_.confirm(tx, actor));
        const auto work = TRY(find(tx, actor, id));
        TRY(access::permit<ReadRevisions>(actor, work.facts()));
        const auto permit = TRY(access::permit<EditChapter>(actor, work.facts()));
        const auto chapter = TRY(find(tx, id, chapter_id));
        const auto old = store::revision(tx, chapter_id, revision);
        if (!old) return not_found("revision");
        const ChapterDraft there = current_text(tx, chapter);
        if (there == old->draft()) return Saved{chapter.version, old->words, now};
        if (chapter.drafted)
            store::put_copy(tx, permit, chapter_id, "draft-" + std::to_string(chapter.version), there, now);
        if (!store::advance(tx, chapter_id, chapter.version, now)) return draft_conflict();
        store::put_draft(tx, permit, chapter, old->draft(), old->words, now);
        return Saved{chapter.version + 1, old->words, now};
    });
}

// ---- Looking back

Result<Writing::RevisionPage> Writing::revisions(const Actor& actor, WorkId id, ChapterId chapter,
                                                 std::optional<int> before, int limit) const {
    return database_.read([&](sql::Reader& reader) -> Result<RevisionPage> {
        RevisionPage page;
        page.work = TRY(find(reader, actor, id));
        TRY(access::permit<ReadRevisions>(actor, page.work.facts()));
        page.chapter = TRY(find(reader, id, chapter));
        page.lines =
            store::revisions(reader, chapter, before.value_or(std::numeric_limits<int>::max()), limit + 1);
        if (page.lines.size() > static_cast<std::size_t>(limit)) {
            page.lines.resize(static_cast<std::size_t>(limit));
            page.next = page.lines.back().revision;
        }
        return page;
    });
}

Result<Writing::OldText> Writing::old_text(const Actor& actor, WorkId id, ChapterId chapter,
                                           int revision) const {
    return database_.read([&](sql::Reader& reader) -> Result<OldText> {
        OldText old;
        old.work = TRY(find(reader, actor, id));
        TRY(access::permit<ReadRevisions>(actor, old.work.facts()));
        old.chapter = TRY(find(reader, id, chapter));
        auto text = store::revision(reader, chapter, revision);
        if (!text) return not_found("revision");
        old.revision = revision;
        old.text = std::move(*text);
        return old;
    });
}

Result<Writing::Shelf> Writing::shelf(const Actor& actor, const std::optional<Cursor>& after,
                                      int limit) const {
    TRY(access::permit<ListMyWorks>(actor, {}));
    return database_.read([&](sql::Reader& reader) -> Result<Shelf> {
        Shelf shelf;
        shelf.works = store::shelf(reader, *actor.person, after, limit + 1);
        if (shelf.works.size() > static_cast<std::size_t>(limit)) {
            shelf.works.resize(static_cast<std::size_t>(limit));
            shelf.next = Cursor{shelf.works.back().touched_at.micros, shelf.works.back().card.id.value};
        }
        shelf.waiting = store::waiting(reader, *actor.person, 200);
        return shelf;
    });
}

// ---- After the sanitiser changed

int Writing::render_again(int limit) {
    int done = 0;
    struct Old {
        store::Chapter chapter;
        store::Text text;
        std::vector<KeyedText> keyed, retired;
    };
    const auto chapters = database_.read(
        [&](sql::Reader& reader) { return store::texts_older_than(reader, html::kSanitiserVersion, limit); });
    for (const ChapterId id : chapters) {
        auto old = database_.read([&](sql::Reader& reader) -> std::optional<Old> {
            auto chapter = store::chapter(reader, id);
            const auto rendered = store::rendered(reader, id);
            if (!chapter || !rendered) return std::nullopt;
            auto text = store::revision(reader, id, chapter->revision);
            if (!text) return std::nullopt;
            return Old{std::move(*chapter), std::move(*text), keyed_texts(unpack(rendered->paragraphs)),
                       store::retired(reader, id)};
        });
        if (!old) continue;
        const auto blocks = blocks_of(old->text.text);
        const auto alignment = align(old->keyed, old->retired, blocks, old->chapter.next_key);
        const auto rendered = render_chapter(old->text.draft(), blocks, alignment);
        const auto written = database_.write([&](sql::Tx& tx) -> Result<void> {
            store::replace_rendered(tx, old->chapter, rendered, alignment);
            return success();
        });
        if (written.ok()) ++done;
    }
    const auto works = database_.read([&](sql::Reader& reader) {
        return store::summaries_older_than(reader, html::kSanitiserVersion, limit);
    });
    for (const WorkId id : works) {
        const auto work = database_.read([&](sql::Reader& reader) { return store::work(reader, id); });
        if (!work) continue;
        const auto summary = render_summary(work->summary);
        const auto written = database_.write([&](sql::Tx& tx) -> Result<void> {
            store::replace_summary(tx, id, work->summary, summary);
            return success();
        });
        if (written.ok()) ++done;
    }
    return done;
}

}  // namespace braid::works
