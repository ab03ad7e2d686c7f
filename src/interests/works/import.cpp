#include "interests/works/import.h"

#include <algorithm>
#include <fstream>
#include <unordered_set>

#include <sodium.h>

#include "base/text.h"
#include "interests/works/events.h"
#include "interests/works/rendering.h"
#include "platform/i18n/i18n.h"

namespace braid::works {
namespace {

namespace fs = std::filesystem;

// New works in one transaction: enough to share a sync, few enough to keep it short.
constexpr std::size_t kBatchWorks = 16;
constexpr std::size_t kBatchBytes = 8U << 20;

std::string sha256(std::string_view bytes) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    return hex({reinterpret_cast<const char*>(digest), sizeof digest});
}

Error unreadable(std::string_view key) {
    return invalid("", std::string(key));
}

Result<std::string> read_file(const fs::path& file) {
    std::error_code failed;
    const auto size = fs::file_size(file, failed);
    if (failed || !fs::is_regular_file(file, failed)) return unreadable(_msg("works.import.no_file"));
    if (size > kMaxImportBytes) return unreadable(_msg("works.import.file_large"));
    std::ifstream in(file, std::ios::binary);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    if (!in || !in.read(bytes.data(), static_cast<std::streamsize>(size)))
        return unreadable(_msg("works.import.no_file"));
    return bytes;
}

std::vector<fs::path> files_of(std::span<const fs::path> paths) {
    std::vector<fs::path> files;
    for (const fs::path& path : paths) {
        std::error_code failed;
        if (!fs::is_directory(path, failed)) {
            files.push_back(path);
            continue;
        }
        std::vector<fs::path> inside;
        for (const auto& entry : fs::directory_iterator(path, failed)) {
            if (entry.path().extension() == ".json") inside.push_back(entry.path());
        }
        std::sort(inside.begin(), inside.end());
        files.insert(files.end(), inside.begin(), inside.end());
    }
    return files;
}

ImportFailure failure(const fs::path& file, const Error& error) {
    if (error.fields.empty())
        return {file, "", i18n::format(i18n::Language::en, error.message_key, error.arguments)};
    const FieldError& field = error.fields.front();
    return {file, field.field, i18n::format(i18n::Language::en, field.message_key, field.arguments)};
}

Actor operator_of(PersonId owner) {
    Actor actor;
    actor.person = owner;
    actor.band = access::AgeBand::adult;
    actor.roles = 1U << static_cast<unsigned>(access::Role::administrator);
    return actor;
}

struct RenderedChapter {
    ChapterDraft draft;
    std::int64_t words = 0;
    Alignment alignment;
    store::Rendered rendered;
};

RenderedChapter render_new(const ImportedChapter& chapter) {
    RenderedChapter result;
    result.draft = {chapter.title, chapter.text, {}, {}};
    const auto blocks = blocks_of(chapter.text);
    result.words = words_in(blocks);
    result.alignment = align({}, {}, blocks, 1);
    result.rendered = render_chapter(result.draft, blocks, result.alignment);
    return result;
}

}  // namespace

// A file that may go in.
struct Importer::Ready {
    fs::path file;
    std::string source, digest;
    ImportedWork work;
    std::optional<store::Import> before;
    std::vector<RenderedChapter> chapters;  // of a new work
    std::size_t bytes = 0;
};

Result<std::optional<Importer::Ready>> Importer::make_ready(const fs::path& file,
                                                            const ImportOptions& options,
                                                            ImportReport& report) {
    const std::string bytes = TRY(read_file(file));
    Ready ready;
    ready.file = file;
    ready.bytes = bytes.size();
    ready.work = TRY(parse_import(bytes));
    ready.source =
        options.owner.text() + "/" + (ready.work.id.empty() ? file.filename().string() : ready.work.id);
    ready.digest = sha256(bytes);
    if (options.rating) ready.digest += "+" + std::string(rating_name(*options.rating));
    if (options.visibility) ready.digest += "+" + std::string(visibility_name(*options.visibility));
    ready.before =
        writing_.database_.read([&](sql::Reader& reader) { return store::import_of(reader, ready.source); });
    if (ready.before && ready.before->digest == ready.digest) {
        ++report.unchanged;
        return std::optional<Ready>();
    }
    if (!ready.before) {
        for (const ImportedChapter& chapter : ready.work.chapters)
            ready.chapters.push_back(render_new(chapter));
    }
    return std::optional<Ready>(std::move(ready));
}

void Importer::add(sql::Tx& tx, const Actor& actor, const Ready& ready, const ImportOptions& options) const {
    // The actor runs the site and owns the shelf: a refusal here is a bug, not an input.
    const auto importing = access::permit<ImportWorks>(actor, {}).value();
    const auto creating = access::permit<CreateWork>(actor, {}).value();
    const Timestamp now = writing_.clock_.now();
    store::NewWork work;
    work.id = writing_.ids_.make<WorkId>();
    work.byline = ready.work.byline;
    work.details = ready.work.details;
    work.details.rating = options.rating.value_or(Rating::everyone);
    work.details.visibility = options.visibility.value_or(Visibility::everyone);
    work.summary = render_summary(work.details.summary);
    work.at = now;
    store::insert_work(tx, creating, work);
    int number = 0;
    for (const RenderedChapter& chapter : ready.chapters) {
        store::NewRevision revision{1,  chapter.draft, chapter.words, chapter.rendered, chapter.alignment,
                                    now};
        store::insert_published_chapter(tx, importing, work.id, writing_.ids_.make<ChapterId>(), ++number,
                                        revision);
    }
    store::published_all(tx, importing, work.id, now);
    store::put_import(tx, importing, ready.source, work.id, ready.digest, now);
    writing_.outbox_.append(tx, WorkPublished{work.id.text(), actor.person->text(), work.details.title,
                                              std::string(visibility_name(work.details.visibility)),
                                              static_cast<int>(work.details.rating)});
}

// A file that has changed since: its details, its new and changed chapters, and what it no longer has is
// taken back. One transaction.
Result<Importer::Outcome> Importer::update(const Actor& actor, const Ready& ready, WorkId id,
                                           const ImportOptions& options) const {
    struct Before {
        std::optional<store::Work> work;
        std::vector<store::Chapter> chapters;
    };
    const auto before = writing_.database_.read([&](sql::Reader& reader) {
        return Before{store::work(reader, id), store::chapters(reader, id)};
    });
    if (!before.work) return not_found("work");
    const std::size_t wanted = ready.work.chapters.size(), there = before.chapters.size();
    std::vector<Writing::Prepared> prepared;
    for (std::size_t i = 0; i < wanted; ++i) {
        const ImportedChapter& chapter = ready.work.chapters[i];
        store::Chapter fresh;
        prepared.push_back(writing_.prepare(before.work->author, i < there ? before.chapters[i] : fresh,
                                            {chapter.title, chapter.text, {}, {}}));
    }
    WorkDetails details = ready.work.details;
    const WorkDetails had = before.work->details();
    details.rating = options.rating.value_or(had.rating);
    details.visibility = options.visibility.value_or(had.visibility);
    details.comments = had.comments;
    details.warnings = had.warnings;
    const auto summary = render_summary(details.summary);
    const Timestamp now = writing_.clock_.now();

    return writing_.database_.write([&](sql::Tx& tx) -> Result<Outcome> {
        const auto work = store::work(tx, id);
        if (!work) return not_found("work");
        const auto importing = TRY(access::permit<ImportWorks>(actor, {}));
        const auto editing = TRY(access::permit<EditWork>(actor, work->facts()));
        const auto writing = TRY(access::permit<EditChapter>(actor, work->facts()));
        const auto publishing = TRY(access::permit<PublishChapter>(actor, work->facts()));
        const auto taking_back = TRY(access::permit<UnpublishChapter>(actor, work->facts()));
        store::update_work(tx, editing, id, ready.work.byline, details, summary, now);
        writing_.outbox_.append(tx, WorkChanged{id.text(), work->author.text()});
        for (std::size_t i = 0; i < wanted; ++i) {
            if (i >= there) {
                const auto fresh = writing_.ids_.make<ChapterId>();
                store::insert_chapter(tx, editing, id, fresh, now);
                const auto chapter = store::chapter(tx, id, fresh);
                writing_.write_publication(tx, publishing, *work, *chapter, prepared[i], now);
                continue;
            }
            const auto chapter = store::chapter(tx, id, before.chapters[i].id);
            if (!chapter || chapter->version != before.chapters[i].version ||
                chapter->next_key != before.chapters[i].next_key) {
                return conflict(_msg("works.draft_conflict"), "changed while importing");
            }
            if (!prepared[i].new_revision && chapter->number != 0) continue;
            if (!store::advance(tx, chapter->id, chapter->version, now))
                return conflict(_msg("works.draft_conflict"));
            // What somebody wrote on the imported chapter is kept beside it.
            if (const auto draft = store::draft(tx, chapter->id)) {
                store::put_copy(tx, writing, chapter->id, "import-" + std::to_string(chapter->version),
                                draft->draft(), now);
            }
            writing_.write_publication(tx, publishing, *work, *chapter, prepared[i], now);
        }
        for (std::size_t i = wanted; i < there; ++i) {
            const auto chapter = store::chapter(tx, id, before.chapters[i].id);
            if (!chapter || chapter->number == 0) continue;
            store::unpublish(tx, taking_back, *chapter, now);
            writing_.outbox_.append(tx,
                                    ChapterUnpublished{id.text(), chapter->id.text(), work->author.text()});
        }
        store::put_import(tx, importing, ready.source, id, ready.digest, now);
        return Outcome::updated;
    });
}

ImportReport Importer::run(std::span<const fs::path> paths, const ImportOptions& options,
                           const ImportProgress& progress) {
    ImportReport report;
    const Actor actor = operator_of(options.owner);
    const std::vector<fs::path> files = files_of(paths);
    std::vector<Ready> batch;
    std::unordered_set<std::string> in_batch;
    std::size_t bytes = 0, done = 0;
    const auto flush = [&] {
        if (batch.empty()) return;
        const auto written = writing_.database_.write([&](sql::Tx& tx) -> Result<void> {
            for (const Ready& ready : batch)
                add(tx, actor, ready, options);
            return success();
        });
        if (written.ok()) report.added += static_cast<int>(batch.size());
        done += batch.size();
        batch.clear();
        in_batch.clear();
        bytes = 0;
        if (progress) progress(done, files.size());
    };
    const auto count = [&] {
        ++done;
        if (progress) progress(done, files.size());
    };
    for (const fs::path& file : files) {
        auto ready = make_ready(file, options, report);
        if (!ready.ok()) {
            report.failed.push_back(failure(file, ready.error()));
            count();
            continue;
        }
        if (!*ready) {
            count();
            continue;
        }
        // The same source twice in one run: the second is an update of the first.
        if (in_batch.contains((*ready)->source)) {
            flush();
            ready = make_ready(file, options, report);
            if (!ready.ok() || !*ready) {
                count();
                continue;
            }
        }
        Ready& one = **ready;
        if (one.before) {
            const auto updated = update(actor, one, one.before->work, options);
            if (updated.ok()) {
                ++report.updated;
            } else {
                report.failed.push_back(failure(file, updated.error()));
            }
            count();
            continue;
        }
        bytes += one.bytes;
        in_batch.insert(one.source);
        batch.push_back(std::move(one));
        if (batch.size() >= kBatchWorks || bytes >= kBatchBytes) flush();
    }
    flush();
    return report;
}

}  // namespace braid::works
