#include "interests/works/pages.h"

#include <algorithm>

#include "base/text.h"
#include "interests/works/cover_image.h"
#include "interests/works/editor.html.h"
#include "interests/works/policy.h"
#include "interests/works/rendering.h"
#include "interests/works/shelf.html.h"
#include "interests/works/work_form.html.h"
#include "platform/html/richtext.h"
#include "platform/i18n/i18n.h"
#include "shell/cover.h"

namespace braid::works {

using access::action;
using access::actor_of;
using http::Request;
using http::Response;

namespace {

constexpr int kShelf = 20;
constexpr int kRevisions = 50;

std::string work_url(WorkId work) {
    return "/works/" + work.text();
}
std::string chapter_url(WorkId work, ChapterId chapter) {
    return work_url(work) + "/chapters/" + chapter.text();
}
WorkId work_of(const Request& request) {
    return request.path_id<WorkId>("work");
}
ChapterId chapter_of(const Request& request) {
    return request.path_id<ChapterId>("chapter");
}
std::string chapter_url(const Request& request) {
    return chapter_url(work_of(request), chapter_of(request));
}

WorkForm read_work_form(const Request& request) {
    const http::Form& form = request.form;
    WorkForm typed;
    typed.title = form.get("title");
    typed.summary = form.get("summary");
    typed.language = form.get("language");
    typed.tags = form.get("tags");
    typed.rating = form.get("rating");
    typed.licence = form.get("licence");
    typed.visibility = form.get("visibility");
    typed.status = form.get("status");
    typed.comments = form.get("comments");
    typed.warnings_said = form.get("warnings_said");
    for (const std::string_view warning : form.fields.all("warnings"))
        typed.warnings.emplace_back(warning);
    typed.warning_other = form.get("warning_other");
    // Which is chosen says more than a radio button left alone.
    if (typed.warnings_said != "some" && (!typed.warnings.empty() || !trim(typed.warning_other).empty())) {
        typed.warnings_said = "some";
    }
    return typed;
}

ChapterDraft read_chapter_form(const Request& request) {
    const http::Form& form = request.form;
    return {std::string(form.get("title")), std::string(form.get("text")),
            std::string(form.get("notes_before")), std::string(form.get("notes_after"))};
}

std::int64_t base_of(const Request& request) {
    return parse_integer(request.form.get("base")).value_or(0);
}

std::string chapter_title(const Request& request, std::string_view title, std::int64_t place) {
    if (!title.empty()) return std::string(title);
    return shell::text(request, _msg("works.chapter.untitled"), {{"place", std::to_string(place)}});
}

PreviewPage preview_of(const ChapterDraft& draft) {
    PreviewPage page;
    page.title = draft.title;
    std::string text;
    for (const html::Block& block : blocks_of(draft.text)) {
        text += block.html;
        page.words += words_in(block.plain);
    }
    // Made by html::render_blocks and html::render.
    page.text = html::SafeHtml::trust(std::move(text));
    page.notes_before = html::SafeHtml::trust(render_notes(draft.notes_before));
    page.notes_after = html::SafeHtml::trust(render_notes(draft.notes_after));
    return page;
}

WaitingLine waiting_line(const store::WaitingRow& row) {
    WaitingLine line;
    line.url = chapter_url(row.work, row.chapter);
    line.title = row.title;
    line.place = row.place;
    line.words = row.words;
    line.saved_at = row.saved_at;
    line.kind = row.number > 0   ? WaitingLine::Kind::changes
                : row.words == 0 ? WaitingLine::Kind::first_words
                                 : WaitingLine::Kind::ending;
    return line;
}

bool field_errors(const Error& error) {
    return error.code == ErrorCode::invalid && !error.fields.empty();
}

}  // namespace

void Pages::add_routes(http::Router& router) {
    const auto bind = [this](Answer (Pages::*handler)(const Request&)) {
        return [this, handler](const Request& request) { return (this->*handler)(request); };
    };
    constexpr std::int64_t kTextBody = 4 << 20;  // 200,000 code points, percent-encoded
    constexpr std::string_view kWork = "/works/{work:id}";
    constexpr std::string_view kChapter = "/works/{work:id}/chapters/{chapter:id}";
    const auto of_work = [&](std::string_view rest) { return std::string(kWork) + std::string(rest); };
    const auto of_chapter = [&](std::string_view rest) { return std::string(kChapter) + std::string(rest); };

    router.get("/write", action<ListMyWorks>(), bind(&Pages::shelf));
    router.get("/works/new", action<CreateWork>(), bind(&Pages::new_work));
    router.post("/works/new", action<CreateWork>(), bind(&Pages::create_work), {.per_minute = 20});
    router.get(of_work("/edit"), action<EditWork>(), bind(&Pages::edit_work));
    router.post(of_work("/edit"), action<EditWork>(), bind(&Pages::save_work), {.per_minute = 60});
    router.post(of_work("/cover"), action<EditWork>(), bind(&Pages::upload_cover),
                {.max_body = kMaxCoverBytes + (64 << 10), .accepts_uploads = true, .per_minute = 10});
    router.post(of_work("/cover/remove"), action<EditWork>(), bind(&Pages::remove_cover), {.per_minute = 30});
    router.get(of_work("/delete"), action<DeleteWork>(), bind(&Pages::ask_delete_work));
    router.post(of_work("/delete"), action<DeleteWork>(), bind(&Pages::delete_work), {.per_minute = 30});
    router.get(of_work("/chapters"), action<EditWork>(), bind(&Pages::outline));
    router.get(of_work("/chapters/new"), action<EditWork>(), bind(&Pages::ask_new_chapter));
    router.post(of_work("/chapters/new"), action<EditWork>(), bind(&Pages::new_chapter), {.per_minute = 30});

    router.get(of_chapter("/edit"), action<EditChapter>(), bind(&Pages::edit_chapter));
    router.post(of_chapter("/edit"), action<EditChapter>(), bind(&Pages::save_chapter),
                {.max_body = kTextBody, .per_minute = 60});
    router.post(of_chapter("/draft"), action<EditChapter>(), bind(&Pages::autosave),
                {.max_body = kTextBody, .per_minute = 120});
    router.post(of_chapter("/preview"), action<EditChapter>(), bind(&Pages::preview),
                {.max_body = kTextBody, .per_minute = 60});
    router.post(of_chapter("/publish"), action<PublishChapter>(), bind(&Pages::publish),
                {.max_body = kTextBody, .per_minute = 30});
    router.post(of_chapter("/unpublish"), action<UnpublishChapter>(), bind(&Pages::unpublish),
                {.per_minute = 30});
    router.post(of_chapter("/discard"), action<EditChapter>(), bind(&Pages::discard), {.per_minute = 30});
    router.post(of_chapter("/move"), action<EditWork>(), bind(&Pages::move), {.per_minute = 120});
    router.get(of_chapter("/delete"), action<EditWork>(), bind(&Pages::ask_delete_chapter));
    router.post(of_chapter("/delete"), action<EditWork>(), bind(&Pages::delete_chapter), {.per_minute = 30});
    router.post(of_chapter("/copies/{copy:text}/take"), action<EditChapter>(), bind(&Pages::take_copy),
                {.per_minute = 60});
    router.post(of_chapter("/copies/{copy:text}/drop"), action<EditChapter>(), bind(&Pages::drop_copy),
                {.per_minute = 60});
    router.get(of_chapter("/revisions"), action<ReadRevisions>(), bind(&Pages::revisions));
    router.get(of_chapter("/revisions/{revision:int}"), action<ReadRevisions>(), bind(&Pages::old_text));
    router.post(of_chapter("/revisions/{revision:int}/restore"), action<EditChapter>(), bind(&Pages::restore),
                {.per_minute = 30});
    router.get("/covers/{file:text}", action<ViewWork>(), bind(&Pages::cover));
}

// ---- Works

Pages::Answer Pages::shelf(const Request& request) {
    const auto after = Cursor::parse(request.query.get("after"));
    const auto shelf = TRY(writing_.shelf(actor_of(request), after, kShelf));
    ShelfPage page;
    page.frame = shell::frame(request, shell::text(request, _msg("works.shelf.title")), shell::Place::write);
    for (const store::ShelfRow& row : shelf.works) {
        ShelfWork& work = page.works.emplace_back(ShelfWork{row.card, work_url(row.card.id), {}});
        for (const store::WaitingRow& waiting : shelf.waiting) {
            if (waiting.work == row.card.id && work.waiting.size() < 3)
                work.waiting.push_back(waiting_line(waiting));
        }
    }
    if (shelf.next) page.next_url = "/write?after=" + shelf.next->text();
    if (after) page.first_url = "/write";
    return shell::page(request, 200, [&](html::Out& out) { shelf_page(out, page); });
}

Response Pages::work_form(const Request& request, int status, const std::optional<store::Work>& work,
                          WorkForm form, const Error* error) {
    const Actor& actor = actor_of(request);
    WorkFormPage page;
    const std::string_view title = work ? _msg("works.edit.title") : _msg("works.new.title");
    page.frame = shell::frame(request, shell::text(request, title), shell::Place::write);
    page.form = std::move(form);
    page.error = error;
    page.minor = actor.minor();
    page.may_choose_mature = !actor.minor() || (work && work->rating == static_cast<int>(Rating::mature));
    page.action = "/works/new";
    if (work) {
        page.base = work_url(work->id);
        page.action = page.base + "/edit";
        page.has_cover = !work->cover.empty();
        page.cover_url = "/covers/" + work->id.text() + (page.has_cover ? ".webp" : ".svg") +
                         "?v=" + std::to_string(work->cover_version);
    }
    return shell::page(request, status, [&](html::Out& out) { work_form_page(out, page); });
}

Pages::Answer Pages::new_work(const Request& request) {
    TRY(access::permit<CreateWork>(actor_of(request), {}));
    const auto details = defaults_for(actor_of(request), i18n::tag(shell::context_of(request).language));
    return work_form(request, 200, std::nullopt, form_of(details), nullptr);
}

Pages::Answer Pages::create_work(const Request& request) {
    auto form = read_work_form(request);
    const auto created = writing_.create_work(actor_of(request), form);
    if (!created.ok()) {
        if (!field_errors(created.error())) return created.error();
        return work_form(request, 422, std::nullopt, std::move(form), &created.error());
    }
    // On to the first page to write on.
    const auto chapter = TRY(writing_.add_chapter(actor_of(request), *created));
    return shell::redirect_with(request, chapter_url(*created, chapter) + "/edit", _msg("works.created"));
}

Pages::Answer Pages::edit_work(const Request& request) {
    const auto outline = TRY(writing_.outline(actor_of(request), work_of(request)));
    return work_form(request, 200, outline.work, form_of(outline.work.details()), nullptr);
}

Pages::Answer Pages::save_work(const Request& request) {
    auto form = read_work_form(request);
    const auto saved = writing_.edit_work(actor_of(request), work_of(request), form);
    if (saved.ok())
        return shell::redirect_with(request, work_url(work_of(request)) + "/edit",
                                    _msg("works.details_saved"));
    if (!field_errors(saved.error())) return saved.error();
    const auto outline = TRY(writing_.outline(actor_of(request), work_of(request)));
    return work_form(request, 422, outline.work, std::move(form), &saved.error());
}

Pages::Answer Pages::upload_cover(const Request& request) {
    // Whose work it is comes before any work on the picture.
    const auto outline = TRY(writing_.outline(actor_of(request), work_of(request)));
    const auto refused = [&](const Error& error) -> Answer {
        if (!field_errors(error)) return error;
        return work_form(request, 422, outline.work, form_of(outline.work.details()), &error);
    };
    const http::Upload* upload = request.form.upload("cover");
    if (upload == nullptr) return refused(invalid("cover", _msg("works.error.cover_missing")));
    const auto cover = make_cover(upload->path);
    if (!cover.ok()) return refused(cover.error());
    const CoverFiles files{TRY(blobs_.put(cover->large, "image/webp")),
                           TRY(blobs_.put(cover->small, "image/webp"))};
    const auto kept = writing_.set_cover(actor_of(request), work_of(request), files);
    if (!kept.ok()) {
        if (kept.error().code == ErrorCode::too_large)
            return refused(invalid("cover", _msg("works.error.cover_quota")));
        return kept.error();
    }
    return shell::redirect_with(request, work_url(work_of(request)) + "/edit", _msg("works.cover_saved"));
}

Pages::Answer Pages::remove_cover(const Request& request) {
    TRY(writing_.set_cover(actor_of(request), work_of(request), std::nullopt));
    return shell::redirect_with(request, work_url(work_of(request)) + "/edit", _msg("works.cover_removed"));
}

Pages::Answer Pages::ask_delete_work(const Request& request) {
    const auto outline = TRY(writing_.outline(actor_of(request), work_of(request)));
    ConfirmPage page;
    page.frame = shell::frame(request, shell::text(request, _msg("works.delete")), shell::Place::write);
    page.heading = _msg("works.delete");
    page.text = _msg("works.delete.ask");
    page.button = _msg("works.delete.yes");
    page.what = outline.work.title;
    page.action = work_url(outline.work.id) + "/delete";
    page.back = work_url(outline.work.id) + "/edit";
    return shell::page(request, 200, [&](html::Out& out) { confirm_page(out, page); });
}

Pages::Answer Pages::delete_work(const Request& request) {
    TRY(writing_.delete_work(actor_of(request), work_of(request)));
    return shell::redirect_with(request, "/write", _msg("works.deleted"));
}

Pages::Answer Pages::outline(const Request& request) {
    const auto outline = TRY(writing_.outline(actor_of(request), work_of(request)));
    OutlinePage page;
    page.frame = shell::frame(request, outline.work.title, shell::Place::write);
    page.base = work_url(outline.work.id);
    page.title = outline.work.title;
    page.published = outline.work.chapters;
    for (const store::Chapter& chapter : outline.chapters) {
        OutlineChapter& line = page.chapters.emplace_back();
        line.url = chapter_url(outline.work.id, chapter.id);
        line.title = chapter.title;
        line.place = static_cast<std::int64_t>(page.chapters.size());
        line.words = chapter.words;
        line.number = chapter.number;
        line.drafted = chapter.drafted;
        line.first = page.chapters.size() == 1;
        line.last = page.chapters.size() == outline.chapters.size();
    }
    return shell::page(request, 200, [&](html::Out& out) { outline_page(out, page); });
}

// ---- Chapters

// For who comes by the address: adding is a POST, so that nothing is made by following a link.
Pages::Answer Pages::ask_new_chapter(const Request& request) {
    const auto outline = TRY(writing_.outline(actor_of(request), work_of(request)));
    ConfirmPage page;
    page.frame = shell::frame(request, shell::text(request, _msg("works.chapter.new")), shell::Place::write);
    page.heading = _msg("works.chapter.new");
    page.text = _msg("works.chapter.new.text");
    page.button = _msg("works.chapter.start");
    page.what = outline.work.title;
    page.action = work_url(outline.work.id) + "/chapters/new";
    page.back = work_url(outline.work.id) + "/chapters";
    return shell::page(request, 200, [&](html::Out& out) { confirm_page(out, page); });
}

Pages::Answer Pages::new_chapter(const Request& request) {
    const auto chapter = TRY(writing_.add_chapter(actor_of(request), work_of(request)));
    return Response::see_other(chapter_url(work_of(request), chapter) + "/edit");
}

Pages::Answer Pages::editor(const Request& request, int status, const ChapterDraft* typed,
                            const Error* error) {
    auto editing = TRY(writing_.editing(actor_of(request), work_of(request), chapter_of(request)));
    EditorPage page;
    page.work_title = editing.work.title;
    page.base = work_url(editing.work.id);
    page.url = chapter_url(request);
    page.place = editing.chapter.place;
    page.number = editing.chapter.number;
    page.revision = editing.chapter.revision;
    page.conflict = error != nullptr && error->code == ErrorCode::conflict;
    // In a conflict what is stored is shown; what was typed is kept as a copy below it.
    page.draft = typed != nullptr && !page.conflict ? *typed : editing.draft;
    page.version = typed != nullptr && !page.conflict ? base_of(request) : editing.chapter.version;
    page.words = words_in(page.draft.text);
    page.drafted = editing.chapter.drafted;
    page.saved_at = editing.saved_at;
    page.visibility = editing.work.visibility;
    page.rating = static_cast<Rating>(editing.work.rating);
    page.editor =
        typed != nullptr && !page.conflict ? std::string(request.form.get("editor")) : random_.token(9);
    page.error = error;
    for (store::Copy& copy : editing.copies) {
        page.copies.push_back({copy.editor, copy.title, copy.text, copy.saved_at, words_in(copy.text)});
    }
    page.frame =
        shell::frame(request, chapter_title(request, page.draft.title, page.place), shell::Place::write);
    return shell::page(request, status, [&](html::Out& out) { editor_page(out, page); });
}

Pages::Answer Pages::edit_chapter(const Request& request) {
    return editor(request, 200, nullptr, nullptr);
}

Pages::Answer Pages::save_chapter(const Request& request) {
    const auto draft = read_chapter_form(request);
    const auto saved = writing_.save_draft(actor_of(request), work_of(request), chapter_of(request), draft,
                                           base_of(request), request.form.get("editor"));
    if (saved.ok())
        return shell::redirect_with(request, chapter_url(request) + "/edit", _msg("works.draft_saved"));
    if (saved.error().code == ErrorCode::conflict) return editor(request, 409, &draft, &saved.error());
    if (field_errors(saved.error())) return editor(request, 422, &draft, &saved.error());
    return saved.error();
}

Pages::Answer Pages::autosave(const Request& request) {
    const auto saved =
        TRY(writing_.save_draft(actor_of(request), work_of(request), chapter_of(request),
                                read_chapter_form(request), base_of(request), request.form.get("editor")));
    const std::string at = to_rfc3339(saved.at);
    return Response::json(200, R"({"at":")" + at + R"(","base":")" + std::to_string(saved.version) +
                                   R"(","words":)" + std::to_string(saved.words) + "}");
}

Pages::Answer Pages::preview(const Request& request) {
    const auto editing = TRY(writing_.editing(actor_of(request), work_of(request), chapter_of(request)));
    const auto typed = read_chapter_form(request);
    const auto draft = check_draft(typed);
    if (!draft.ok()) {
        if (request.wants_fragment()) return draft.error();
        return editor(request, 422, &typed, &draft.error());
    }
    PreviewPage page = preview_of(*draft);
    page.url = chapter_url(request);
    if (request.wants_fragment())
        return shell::fragment(request, 200, [&](html::Out& out) { preview_text(out, page); });
    // Without script the way back is a link: so what was typed is saved first.
    const auto saved = writing_.save_draft(actor_of(request), work_of(request), chapter_of(request), *draft,
                                           base_of(request), request.form.get("editor"));
    if (!saved.ok()) {
        if (saved.error().code == ErrorCode::conflict) return editor(request, 409, &typed, &saved.error());
        return saved.error();
    }
    page.title = chapter_title(request, page.title, editing.chapter.place);
    page.frame = shell::frame(request, page.title, shell::Place::write);
    return shell::page(request, 200, [&](html::Out& out) { preview_page(out, page); });
}

Pages::Answer Pages::publish(const Request& request) {
    const auto work = work_of(request);
    const auto chapter = chapter_of(request);
    std::optional<ChapterDraft> draft;
    std::int64_t base = base_of(request);
    if (request.form.fields.has("text")) {
        draft = read_chapter_form(request);
    } else {
        base = TRY(writing_.editing(actor_of(request), work, chapter)).chapter.version;
    }
    const auto published =
        writing_.publish_chapter(actor_of(request), work, chapter, draft, base, request.form.get("editor"));
    if (!published.ok()) {
        if (published.error().code == ErrorCode::conflict) {
            return editor(request, 409, draft ? &*draft : nullptr, &published.error());
        }
        if (field_errors(published.error())) {
            // It was saved on the way: what is stored is what was typed.
            return editor(request, 422, nullptr, &published.error());
        }
        return published.error();
    }
    std::string_view flash = _msg("works.published.everyone");
    if (published->visibility == Visibility::me) flash = _msg("works.published.me");
    if (published->visibility == Visibility::signed_in) flash = _msg("works.published.signed_in");
    if (published->hold != Hold::none) flash = _msg("works.published.waits");
    if (published->contact) flash = _msg("works.published.contact");
    return shell::redirect_with(request, chapter_url(request), flash);
}

Pages::Answer Pages::unpublish(const Request& request) {
    TRY(writing_.unpublish_chapter(actor_of(request), work_of(request), chapter_of(request)));
    return shell::redirect_with(request, work_url(work_of(request)) + "/chapters", _msg("works.unpublished"));
}

Pages::Answer Pages::discard(const Request& request) {
    TRY(writing_.discard_draft(actor_of(request), work_of(request), chapter_of(request)));
    return shell::redirect_with(request, chapter_url(request) + "/edit", _msg("works.discarded"));
}

Pages::Answer Pages::move(const Request& request) {
    const std::string_view direction = request.form.get("direction");
    if (direction != "up" && direction != "down") return invalid("direction", _msg("works.error.choose"));
    TRY(writing_.move_chapter(actor_of(request), work_of(request), chapter_of(request),
                              direction == "up" ? Writing::Direction::up : Writing::Direction::down));
    return Response::see_other(work_url(work_of(request)) + "/chapters");
}

Pages::Answer Pages::ask_delete_chapter(const Request& request) {
    const auto editing = TRY(writing_.editing(actor_of(request), work_of(request), chapter_of(request)));
    ConfirmPage page;
    page.frame =
        shell::frame(request, shell::text(request, _msg("works.chapter.delete")), shell::Place::write);
    page.heading = _msg("works.chapter.delete");
    page.text = _msg("works.chapter.delete.ask");
    page.button = _msg("works.chapter.delete.yes");
    page.what = chapter_title(request, editing.draft.title, editing.chapter.place);
    page.action = chapter_url(request) + "/delete";
    page.back = work_url(work_of(request)) + "/chapters";
    return shell::page(request, 200, [&](html::Out& out) { confirm_page(out, page); });
}

Pages::Answer Pages::delete_chapter(const Request& request) {
    TRY(writing_.delete_chapter(actor_of(request), work_of(request), chapter_of(request)));
    return shell::redirect_with(request, work_url(work_of(request)) + "/chapters",
                                _msg("works.chapter.deleted"));
}

Pages::Answer Pages::take_copy(const Request& request) {
    TRY(writing_.take_copy(actor_of(request), work_of(request), chapter_of(request),
                           request.path_text("copy")));
    return shell::redirect_with(request, chapter_url(request) + "/edit", _msg("works.copy.taken"));
}

Pages::Answer Pages::drop_copy(const Request& request) {
    TRY(writing_.drop_copy(actor_of(request), work_of(request), chapter_of(request),
                           request.path_text("copy")));
    return shell::redirect_with(request, chapter_url(request) + "/edit", _msg("works.copy.dropped"));
}

// ---- Earlier texts

Pages::Answer Pages::revisions(const Request& request) {
    const auto before = parse_integer(request.query.get("before"));
    std::optional<int> from;
    if (before && *before > 0 && *before < 1'000'000) from = static_cast<int>(*before);
    auto found =
        TRY(writing_.revisions(actor_of(request), work_of(request), chapter_of(request), from, kRevisions));
    RevisionsPage page;
    page.url = chapter_url(request);
    page.work_title = found.work.title;
    page.title = chapter_title(request, found.chapter.title, found.chapter.place);
    page.current = found.chapter.revision;
    page.lines = std::move(found.lines);
    if (found.next) page.next_url = page.url + "/revisions?before=" + std::to_string(*found.next);
    if (from) page.first_url = page.url + "/revisions";
    page.frame = shell::frame(request, shell::text(request, _msg("works.revisions")), shell::Place::write);
    return shell::page(request, 200, [&](html::Out& out) { revisions_page(out, page); });
}

Pages::Answer Pages::old_text(const Request& request) {
    const std::int64_t revision = request.path_integer("revision");
    if (revision < 1 || revision > 1'000'000) return not_found("revision");
    const auto old = TRY(writing_.old_text(actor_of(request), work_of(request), chapter_of(request),
                                           static_cast<int>(revision)));
    OldTextPage page;
    page.url = chapter_url(request);
    page.revision = old.revision;
    page.current = old.chapter.revision;
    page.at = old.text.at;
    page.text = preview_of(old.text.draft());
    page.frame = shell::frame(request, page.text.title, shell::Place::write);
    return shell::page(request, 200, [&](html::Out& out) { old_text_page(out, page); });
}

Pages::Answer Pages::restore(const Request& request) {
    const std::int64_t revision = request.path_integer("revision");
    if (revision < 1 || revision > 1'000'000) return not_found("revision");
    TRY(writing_.restore_revision(actor_of(request), work_of(request), chapter_of(request),
                                  static_cast<int>(revision)));
    return shell::redirect_with(request, chapter_url(request) + "/edit", _msg("works.revision.restored"));
}

// ---- Covers

// ID.svg is the generated cover, ID.webp and ID-small.webp the uploaded one. Addresses carry ?v=VERSION, so
// what comes back for the present version never changes.
Pages::Answer Pages::cover(const Request& request) {
    std::string_view file = request.path_text("file");
    enum class Kind { generated, large, small } kind = Kind::generated;
    const auto cut = [&](std::string_view ending) {
        if (!file.ends_with(ending)) return false;
        file.remove_suffix(ending.size());
        return true;
    };
    if (cut("-small.webp")) {
        kind = Kind::small;
    } else if (cut(".webp")) {
        kind = Kind::large;
    } else if (!cut(".svg")) {
        return not_found("cover");
    }
    const auto id = WorkId::parse(file);
    if (!id) return not_found("cover");
    const auto work =
        database_.read([&](sql::Reader& reader) { return store::work(reader, actor_of(request), *id); });
    if (!work) return not_found("work");
    TRY(access::permit<ViewWork>(actor_of(request), work->facts()));

    Response response;
    if (kind == Kind::generated) {
        response.set("content-type", "image/svg+xml");
        response.body = shell::cover_svg(work->title, work->author.text());
        response.etag("g" + std::to_string(work->cover_version));
    } else {
        const std::string& digest = kind == Kind::large ? work->cover : work->cover_small;
        if (digest.empty()) return not_found("cover");
        const auto blob = database_.read([&](sql::Reader& reader) { return blobs_.find(reader, digest); });
        if (!blob) return not_found("blob");
        response = Response::file({blobs_.path_of(digest), blob->size}, blob->media_type);
        response.etag(digest);
    }
    const bool current = request.query.get("v") == std::to_string(work->cover_version);
    const bool everyones = decide(ViewWork{}, Actor{}, work->facts()).allowed();
    const std::string_view whose = everyones ? "public" : "private";
    response.set("cache-control", current ? std::string(whose) + ", max-age=31536000, immutable"
                                          : std::string(whose) + ", no-cache");
    return response;
}

}  // namespace braid::works
