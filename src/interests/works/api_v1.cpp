#include "interests/works/api_v1.h"

#include <limits>

#include "access/policy.h"
#include "base/text.h"
#include "interests/works/policy.h"
#include "platform/i18n/i18n.h"

namespace braid::works {

using access::action;
using access::actor_of;
using http::Request;

// ---- What is sent and answered

struct WorkIn {
    std::optional<std::string> title, summary, language;
    std::optional<std::vector<std::string>> tags;
    std::optional<std::string> rating;
    std::optional<Licence> licence;
    std::optional<Visibility> visibility;
    std::optional<Status> status;
    std::optional<CommentsPolicy> comments;
    std::optional<WarningsSaid> warnings_said;
    std::optional<std::vector<Warning>> warnings;
    std::optional<std::string> warning_other;
};
BOOST_DESCRIBE_STRUCT(WorkIn, (),
                      (title, summary, language, tags, rating, licence, visibility, status, comments,
                       warnings_said, warnings, warning_other))
constexpr auto api_fields(const WorkIn*) {
    return std::to_array<api::Field>({
        {.name = "title", .says = "As readers see it; a new work needs one.", .min = 1, .max = 120},
        {.name = "summary", .says = "Markdown.", .max = 2000},
        {.name = "language", .says = "BCP 47 code of the language it is written in.", .max = 35},
        {.name = "tags", .says = "In the author's words, without commas.", .max = 25},
        {.name = "rating",
         .says = "Whom it is right for. mature is for adults to choose.",
         .one_of = "everyone teen mature"},
        {.name = "licence", .says = "What others may do with it."},
        {.name = "visibility", .says = "Who may see what is published."},
        {.name = "status", .says = "Whether more is to come."},
        {.name = "comments", .says = "open, frozen (shown, no new ones) or closed."},
        {.name = "warnings_said", .says = "Whether the author says what is in the work."},
        {.name = "warnings", .says = "What is in the work, with warnings_said some.", .max = 7},
        {.name = "warning_other", .says = "Anything else, with warnings_said some.", .max = 120},
    });
}

struct TagOut {
    std::string key, label;
};
BOOST_DESCRIBE_STRUCT(TagOut, (), (key, label))

struct WorkSummary {
    WorkId id;
    PersonId author;
    std::string byline, title, summary, language, cover_url, rating;
    Visibility visibility = Visibility::me;
    Status status = Status::ongoing;
    std::int64_t chapters = 0, words = 0;
    Timestamp updated_at;
    std::vector<TagOut> tags;
};
BOOST_DESCRIBE_STRUCT(WorkSummary, (),
                      (id, author, byline, title, summary, language, cover_url, rating, visibility, status,
                       chapters, words, updated_at, tags))
constexpr auto api_fields(const WorkSummary*) {
    return std::to_array<api::Field>({
        {.name = "author", .says = "Whose work or shelf it is."},
        {.name = "byline", .says = "Shown as the author when not empty: imported works."},
        {.name = "summary", .says = "Plain text."},
        {.name = "chapters", .says = "Published ones."},
        {.name = "updated_at", .says = "When a chapter was last published."},
    });
}

struct WorkOut {
    WorkSummary work;
    std::string summary_html;
    Licence licence = Licence::all_rights_reserved;
    CommentsPolicy comments = CommentsPolicy::open;
    WarningsSaid warnings_said = WarningsSaid::not_said;
    std::vector<Warning> warnings;
    std::string warning_other;
    Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(WorkOut, (),
                      (work, summary_html, licence, comments, warnings_said, warnings, warning_other,
                       created_at))

struct ChapterSummary {
    ChapterId id;
    std::optional<std::int64_t> number;
    std::string title;
    std::int64_t words = 0;
    std::optional<Timestamp> published_at;
};
BOOST_DESCRIBE_STRUCT(ChapterSummary, (), (id, number, title, words, published_at))
constexpr auto api_fields(const ChapterSummary*) {
    return std::to_array<api::Field>(
        {{.name = "number",
          .says = "Among the published ones; null for a draft, which only its author is shown."}});
}

struct ContentsOut {
    std::vector<ChapterSummary> chapters;
};
BOOST_DESCRIBE_STRUCT(ContentsOut, (), (chapters))

struct ParagraphOut {
    std::string key, html;
};
BOOST_DESCRIBE_STRUCT(ParagraphOut, (), (key, html))
constexpr auto api_fields(const ParagraphOut*) {
    return std::to_array<api::Field>(
        {{.name = "key", .says = "Stays with the paragraph through revisions; what comments hang on."}});
}

struct ChapterOut {
    WorkId work;
    ChapterId id;
    std::string title;
    std::int64_t number = 0, chapters = 0, words = 0, revision = 0;
    std::optional<ChapterId> previous, next;
    bool draft = false;
    Timestamp published_at, revised_at;
    std::string notes_before_html, notes_after_html;
    std::vector<ParagraphOut> paragraphs;
};
BOOST_DESCRIBE_STRUCT(ChapterOut, (),
                      (work, id, title, number, chapters, words, revision, previous, next, draft,
                       published_at, revised_at, notes_before_html, notes_after_html, paragraphs))

struct DraftIn {
    std::string title, text;
    std::optional<std::string> notes_before, notes_after;
    std::int64_t base = 0;
    std::optional<std::string> editor;
};
BOOST_DESCRIBE_STRUCT(DraftIn, (), (title, text, notes_before, notes_after, base, editor))
constexpr auto api_fields(const DraftIn*) {
    return std::to_array<api::Field>({
        {.name = "title", .says = "May be empty until it is published.", .max = 120},
        {.name = "text", .says = "Markdown.", .max = 200'000},
        {.name = "notes_before", .says = "Markdown.", .max = 5'000},
        {.name = "notes_after", .says = "Markdown.", .max = 5'000},
        {.name = "base",
         .says = "The version this text began with. When the chapter has moved on, the answer is 409 and the "
                 "text is kept as a copy.",
         .min = 0},
        {.name = "editor",
         .says = "Names the window or program that writes: one copy is kept for each.",
         .max = 64},
    });
}

struct DraftOut {
    std::string title, text, notes_before, notes_after;
    std::int64_t version = 0, copies = 0;
    bool drafted = false;
};
BOOST_DESCRIBE_STRUCT(DraftOut, (), (title, text, notes_before, notes_after, version, copies, drafted))
constexpr auto api_fields(const DraftOut*) {
    return std::to_array<api::Field>(
        {{.name = "version", .says = "The `base` of the next save."},
         {.name = "copies", .says = "How many other versions are kept beside it."},
         {.name = "drafted", .says = "Whether it differs from what is published."}});
}

struct SavedOut {
    std::int64_t version = 0, words = 0;
    Timestamp saved_at;
};
BOOST_DESCRIBE_STRUCT(SavedOut, (), (version, words, saved_at))

struct NewChapterOut {
    ChapterId id;
    std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(NewChapterOut, (), (id, version))

struct PublishIn {
    std::int64_t base = 0;
};
BOOST_DESCRIBE_STRUCT(PublishIn, (), (base))
constexpr auto api_fields(const PublishIn*) {
    return std::to_array<api::Field>(
        {{.name = "base", .says = "The version of the draft that is meant.", .min = 0}});
}

struct PublishedOut {
    std::int64_t number = 0, revision = 0;
    Visibility visibility = Visibility::me;
};
BOOST_DESCRIBE_STRUCT(PublishedOut, (), (number, revision, visibility))

struct OrderIn {
    std::vector<ChapterId> chapters;
};
BOOST_DESCRIBE_STRUCT(OrderIn, (), (chapters))
constexpr auto api_fields(const OrderIn*) {
    return std::to_array<api::Field>(
        {{.name = "chapters", .says = "Every chapter of the work once, drafts too.", .max = 1'000}});
}

struct RevisionOut {
    std::int64_t revision = 0, words = 0;
    std::string title;
    Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(RevisionOut, (), (revision, words, title, created_at))

struct TagCountOut {
    std::string key, label;
    std::int64_t works = 0;
};
BOOST_DESCRIBE_STRUCT(TagCountOut, (), (key, label, works))
struct TagsOut {
    std::vector<TagCountOut> tags;
};
BOOST_DESCRIBE_STRUCT(TagsOut, (), (tags))

namespace {

WorkId work_of(const Request& request) {
    return request.path_id<WorkId>("work");
}
ChapterId chapter_of(const Request& request) {
    return request.path_id<ChapterId>("chapter");
}

WorkForm apply(const WorkIn& in, WorkForm form) {
    if (in.title) form.title = *in.title;
    if (in.summary) form.summary = *in.summary;
    if (in.language) form.language = *in.language;
    if (in.tags) {
        form.tags.clear();
        for (const std::string& tag : *in.tags)
            form.tags += tag + ",";
    }
    if (in.rating) form.rating = *in.rating;
    const auto put = [](std::string& field, const auto& choice) {
        if (choice) field = sql::detail::enum_name(*choice);
    };
    put(form.licence, in.licence);
    put(form.visibility, in.visibility);
    put(form.status, in.status);
    put(form.comments, in.comments);
    put(form.warnings_said, in.warnings_said);
    if (in.warnings) {
        form.warnings.clear();
        for (const Warning warning : *in.warnings)
            form.warnings.emplace_back(warning_name(warning));
    }
    if (in.warning_other) form.warning_other = *in.warning_other;
    return form;
}

// Names of form fields as JSON pointers.
Error as_pointers(Error error) {
    for (FieldError& field : error.fields) {
        if (!field.field.starts_with('/')) field.field.insert(0, "/");
    }
    return error;
}

// In forms a comma parts tags; a list has no need of it, and must not come to mean something else.
Result<void> check_tags(const WorkIn& in) {
    if (!in.tags) return success();
    for (std::size_t i = 0; i < in.tags->size(); ++i) {
        if ((*in.tags)[i].find(',') != std::string::npos)
            return invalid("/tags/" + std::to_string(i), _msg("works.error.tag_comma"));
    }
    return success();
}

WorkSummary summary_of(const WorkCard& card) {
    WorkSummary out{card.id,
                    card.author,
                    card.byline,
                    card.title,
                    card.summary_plain,
                    card.language,
                    card.cover_url,
                    std::string(rating_name(card.rating)),
                    card.visibility,
                    card.status,
                    card.chapters,
                    card.words,
                    card.updated_at,
                    {}};
    for (const Tag& tag : card.tags)
        out.tags.push_back({tag.key, tag.label});
    return out;
}

WorkOut out_of(const WorkView& view) {
    WorkOut out{summary_of(view.card), view.summary_html, view.licence, view.comments, view.warnings.said, {},
                view.warnings.other,   view.created_at};
    for (std::size_t i = 0; i < kWarnings; ++i) {
        if (view.warnings.has(static_cast<Warning>(i))) out.warnings.push_back(static_cast<Warning>(i));
    }
    return out;
}

ChapterOut out_of(const ChapterView& view) {
    ChapterOut out;
    out.work = view.work;
    out.id = view.chapter;
    out.title = view.chapter_title;
    out.number = view.number;
    out.chapters = view.chapters;
    out.words = view.words;
    out.revision = view.revision;
    out.previous = view.previous;
    out.next = view.next;
    out.draft = view.draft;
    out.published_at = view.published_at;
    out.revised_at = view.revised_at;
    out.notes_before_html = view.text.notes_before_html;
    out.notes_after_html = view.text.notes_after_html;
    for (const Paragraph& paragraph : view.text.paragraphs)
        out.paragraphs.push_back({paragraph.key, paragraph.html});
    return out;
}

SavedOut out_of(const Saved& saved) {
    return {saved.version, saved.words, saved.at};
}

Result<std::optional<Cursor>> cursor_of(const std::string& after) {
    if (after.empty()) return std::optional<Cursor>();
    const auto cursor = Cursor::parse(after);
    if (!cursor) return api::bad_cursor();
    return std::optional<Cursor>(*cursor);
}

void declare_works(api::Api& api, sql::Database& database, const Library& library, Writing& writing) {
    const auto view_of = [&database, &library](const Actor& actor, WorkId id) {
        return database.read([&](sql::Reader& reader) -> Result<WorkOut> {
            return out_of(TRY(library.view(reader, actor, id)));
        });
    };
    api.get("/api/v1/works", action<ListWorks>(), "listWorks", "Newest works")
        .query({.name = "tag", .says = "Only works with this tag.", .max = 60})
        .query({.name = "author", .says = "Only works of this person.", .type = api::Parameter::Type::id})
        .query({.name = "language", .says = "Only works in this language.", .max = 35})
        .returns_page<WorkSummary>("What the caller may find, newest first")
        .handle([&database, &library](const Request& request) -> Result<api::Page<WorkSummary>> {
            const auto from = api::page_of(request);
            WorkQuery query;
            if (const auto tag = request.query.find("tag")) query.tag = tag_key(*tag);
            if (const auto author = request.query.find("author")) query.author = PersonId::parse(*author);
            if (const auto language = request.query.find("language")) query.language = std::string(*language);
            query.after = TRY(cursor_of(from.after));
            query.limit = from.limit;
            const auto page = database.read(
                [&](sql::Reader& reader) { return library.list(reader, actor_of(request), query); });
            api::Page<WorkSummary> out;
            for (const WorkCard& card : page.works)
                out.items.push_back(summary_of(card));
            if (page.next) out.next = page.next->text();
            return out;
        });
    api.get("/api/v1/me/works", action<ListMyWorks>(), "listMyWorks", "My works, drafts too")
        .returns_page<WorkSummary>("The last changed first")
        .handle([&writing](const Request& request) -> Result<api::Page<WorkSummary>> {
            const auto from = api::page_of(request);
            const auto shelf = TRY(writing.shelf(actor_of(request), TRY(cursor_of(from.after)), from.limit));
            api::Page<WorkSummary> out;
            for (const auto& row : shelf.works)
                out.items.push_back(summary_of(row.card));
            if (shelf.next) out.next = shelf.next->text();
            return out;
        });
    api.post("/api/v1/works", action<CreateWork>(), "createWork", "Start a work")
        .body<WorkIn>()
        .returns<WorkOut>(201, "The new work, without chapters")
        .per_minute(20)
        .handle([&writing, view_of](const Request& request, const WorkIn& in) -> Result<api::Reply<WorkOut>> {
            const Actor& actor = actor_of(request);
            TRY(check_tags(in));
            const auto id = writing.create_work(actor, apply(in, form_of(defaults_for(actor, "en"))));
            if (!id.ok()) return as_pointers(id.error());
            return api::Reply<WorkOut>{.value = TRY(view_of(actor, *id)),
                                       .headers = {{"Location", "/api/v1/works/" + id->text()}}};
        });
    api.get("/api/v1/works/{work:id}", action<ViewWork>(), "getWork", "A work")
        .returns<WorkOut>(200, "The work")
        .handle([view_of](const Request& request) { return view_of(actor_of(request), work_of(request)); });
    api.patch("/api/v1/works/{work:id}", action<EditWork>(), "editWork", "Change a work")
        .body<WorkIn>()
        .returns<WorkOut>(200, "The work as it is now")
        .says("What is left out stays as it is.")
        .per_minute(60)
        .handle([&writing, view_of](const Request& request, const WorkIn& in) -> Result<WorkOut> {
            const Actor& actor = actor_of(request);
            const auto outline = TRY(writing.outline(actor, work_of(request)));
            TRY(check_tags(in));
            const auto saved =
                writing.edit_work(actor, work_of(request), apply(in, form_of(outline.work.details())));
            if (!saved.ok()) return as_pointers(saved.error());
            return view_of(actor, work_of(request));
        });
    api.del("/api/v1/works/{work:id}", action<DeleteWork>(), "deleteWork", "Delete a work for good")
        .returns<void>(204, "It is gone, with every chapter and comment")
        .per_minute(30)
        .handle([&writing](const Request& request) {
            return writing.delete_work(actor_of(request), work_of(request));
        });
    api.get("/api/v1/tags", action<ListWorks>(), "listTags", "The most used tags")
        .query({.name = "limit",
                .says = "How many at most.",
                .type = api::Parameter::Type::integer,
                .min = 1,
                .max = 200})
        .returns<TagsOut>(200, "Most used first, counting works the caller may find")
        .handle([&database, &library](const Request& request) -> Result<TagsOut> {
            const auto limit = static_cast<int>(parse_integer(request.query.get("limit")).value_or(50));
            TagsOut out;
            for (const auto& tag : database.read([&](sql::Reader& reader) {
                     return library.popular_tags(reader, actor_of(request), limit);
                 })) {
                out.tags.push_back({tag.key, tag.label, tag.works});
            }
            return out;
        });
}

void declare_chapters(api::Api& api, sql::Database& database, const Library& library, Writing& writing) {
    const std::string chapters = "/api/v1/works/{work:id}/chapters", chapter = chapters + "/{chapter:id}";
    constexpr std::int64_t kTextBody = 2 << 20;

    api.get(chapters, action<ViewWork>(), "listChapters", "The chapters of a work")
        .returns<ContentsOut>(200, "In order; drafts too for the author")
        .handle([&database, &library](const Request& request) {
            return database.read([&](sql::Reader& reader) -> Result<ContentsOut> {
                const auto work = TRY(library.work(reader, actor_of(request), work_of(request)));
                ContentsOut out;
                if (actor_of(request).is(work.author)) {
                    for (const auto& one : store::chapters(reader, work.id)) {
                        out.chapters.push_back({one.id, {}, one.title, one.words, {}});
                        if (one.number > 0) {
                            out.chapters.back().number = one.number;
                            out.chapters.back().published_at = one.published_at;
                        }
                    }
                } else {
                    for (const auto& line : library.contents(reader, work.id)) {
                        out.chapters.push_back(
                            {line.id, line.number, line.title, line.words, line.published_at});
                    }
                }
                return out;
            });
        });
    api.post(chapters, action<EditWork>(), "addChapter", "Add an empty chapter at the end")
        .returns<NewChapterOut>(201, "A draft; the one already there when it was never written in")
        .errors({409})
        .per_minute(30)
        .handle([&writing](const Request& request) -> Result<api::Reply<NewChapterOut>> {
            const auto id = TRY(writing.add_chapter(actor_of(request), work_of(request)));
            const auto editing = TRY(writing.editing(actor_of(request), work_of(request), id));
            return api::Reply<NewChapterOut>{
                .value = {id, editing.chapter.version},
                .headers = {
                    {"Location", "/api/v1/works/" + work_of(request).text() + "/chapters/" + id.text()}}};
        });
    api.put("/api/v1/works/{work:id}/order", action<EditWork>(), "orderChapters", "Order the chapters")
        .body<OrderIn>()
        .returns<void>(204, "So they stand now")
        .errors({409})
        .per_minute(60)
        .handle([&writing](const Request& request, const OrderIn& in) {
            return writing.reorder_chapters(actor_of(request), work_of(request), in.chapters);
        });
    api.get(chapter, action<ViewWork>(), "getChapter", "A chapter as readers see it")
        .returns<ChapterOut>(200, "The published text; the draft for its author while nothing is published")
        .handle([&database, &library](const Request& request) {
            return database.read([&](sql::Reader& reader) -> Result<ChapterOut> {
                return out_of(
                    TRY(library.chapter(reader, actor_of(request), work_of(request), chapter_of(request))));
            });
        });
    api.del(chapter, action<EditWork>(), "deleteChapter", "Delete a chapter for good")
        .returns<void>(204, "It is gone, with its comments")
        .per_minute(30)
        .handle([&writing](const Request& request) {
            return writing.delete_chapter(actor_of(request), work_of(request), chapter_of(request));
        });
    api.get(chapter + "/draft", action<EditChapter>(), "getDraft", "What is written, published or not")
        .returns<DraftOut>(200, "The draft, else the published text")
        .handle([&writing](const Request& request) -> Result<DraftOut> {
            const auto editing =
                TRY(writing.editing(actor_of(request), work_of(request), chapter_of(request)));
            return DraftOut{editing.draft.title,        editing.draft.text,
                            editing.draft.notes_before, editing.draft.notes_after,
                            editing.chapter.version,    static_cast<std::int64_t>(editing.copies.size()),
                            editing.chapter.drafted};
        });
    api.put(chapter + "/draft", action<EditChapter>(), "saveDraft", "Save the draft")
        .body<DraftIn>()
        .returns<SavedOut>(200, "Saved")
        .errors({409})
        .max_body(kTextBody)
        .per_minute(120)
        .handle([&writing](const Request& request, const DraftIn& in) -> Result<SavedOut> {
            const auto saved = writing.save_draft(
                actor_of(request), work_of(request), chapter_of(request),
                {in.title, in.text, in.notes_before.value_or(""), in.notes_after.value_or("")}, in.base,
                in.editor.value_or("api"));
            if (!saved.ok()) return as_pointers(saved.error());
            return out_of(*saved);
        });
    api.post(chapter + "/publish", action<PublishChapter>(), "publishChapter", "Publish what is written")
        .body<PublishIn>()
        .returns<PublishedOut>(200, "Published, or revised")
        .errors({409})
        .per_minute(30)
        .handle([&writing](const Request& request, const PublishIn& in) -> Result<PublishedOut> {
            const auto published = writing.publish_chapter(actor_of(request), work_of(request),
                                                           chapter_of(request), std::nullopt, in.base, "api");
            if (!published.ok()) return as_pointers(published.error());
            return PublishedOut{published->number, published->revision, published->visibility};
        });
    api.post(chapter + "/unpublish", action<UnpublishChapter>(), "unpublishChapter", "Take a chapter back")
        .returns<void>(204, "It is a draft again")
        .per_minute(30)
        .handle([&writing](const Request& request) {
            return writing.unpublish_chapter(actor_of(request), work_of(request), chapter_of(request));
        });
    api.get(chapter + "/revisions", action<ReadRevisions>(), "listRevisions", "Earlier texts of a chapter")
        .returns_page<RevisionOut>("Newest first; for the author alone")
        .handle([&writing](const Request& request) -> Result<api::Page<RevisionOut>> {
            const auto from = api::page_of(request);
            std::optional<int> before;
            if (!from.after.empty()) {
                const auto number = parse_integer(from.after);
                if (!number || *number < 1 || *number > 1'000'000) return api::bad_cursor();
                before = static_cast<int>(*number);
            }
            const auto page = TRY(writing.revisions(actor_of(request), work_of(request), chapter_of(request),
                                                    before, from.limit));
            api::Page<RevisionOut> out;
            for (const auto& line : page.lines)
                out.items.push_back({line.revision, line.words, line.title, line.at});
            if (page.next) out.next = std::to_string(*page.next);
            return out;
        });
    api.post(chapter + "/revisions/{revision:int}/restore", action<EditChapter>(), "restoreRevision",
             "Make an earlier text the draft")
        .returns<SavedOut>(200, "It is the draft now; a draft that was there is kept as a copy")
        .per_minute(30)
        .handle([&writing](const Request& request) -> Result<SavedOut> {
            const std::int64_t revision = request.path_integer("revision");
            if (revision < 1 || revision > 1'000'000) return not_found("revision");
            return out_of(TRY(writing.restore_revision(actor_of(request), work_of(request),
                                                       chapter_of(request), static_cast<int>(revision))));
        });
}

}  // namespace

void declare_api(api::Api& api, sql::Database& database, const Library& library, Writing& writing) {
    declare_works(api, database, library, writing);
    declare_chapters(api, database, library, writing);
}

}  // namespace braid::works
