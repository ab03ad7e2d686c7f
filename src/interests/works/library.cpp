#include "interests/works/library.h"

#include "interests/works/rendering.h"
#include "interests/works/store.h"

namespace braid::works {

WorkPage StoredLibrary::list(sql::Session& session, const Actor& actor, const WorkQuery& query) const {
    return store::list(session, actor, query);
}

Result<WorkCard> StoredLibrary::work(sql::Session& session, const Actor& actor, WorkId id) const {
    auto card = store::card(session, actor, id);
    if (!card) return not_found("work");
    return std::move(*card);
}

Result<WorkView> StoredLibrary::view(sql::Session& session, const Actor& actor, WorkId id) const {
    auto view = store::view(session, actor, id);
    if (!view) return not_found("work");
    return std::move(*view);
}

std::vector<WorkCard> StoredLibrary::works(sql::Session& session, const Actor& actor,
                                           std::span<const WorkId> ids) const {
    return store::cards(session, actor, ids);
}

std::vector<ChapterLine> StoredLibrary::contents(sql::Session& session, WorkId id) const {
    return store::contents(session, id);
}

namespace {

// A draft, rendered as it would be published now; the keys are those it would get.
void render_draft(sql::Session& session, ChapterView& view) {
    const auto text = store::draft(session, view.chapter);
    const auto chapter = store::chapter(session, view.work, view.chapter);
    if (!text || !chapter) return;
    const auto blocks = blocks_of(text->text);
    const auto before = store::rendered(session, view.chapter);
    const auto old = before ? keyed_texts(unpack(before->paragraphs)) : std::vector<KeyedText>{};
    view.text.paragraphs = paragraphs_of(
        blocks, align(old, store::retired(session, view.chapter), blocks, chapter->next_key).keys);
    view.text.notes_before_html = render_notes(text->notes_before);
    view.text.notes_after_html = render_notes(text->notes_after);
    view.chapter_title = text->title;
    view.words = text->words;
}

}  // namespace

Result<ChapterView> StoredLibrary::chapter_head(sql::Session& session, const Actor& actor, WorkId work,
                                                ChapterId id) const {
    auto view = store::chapter_head(session, actor, work, id);
    if (!view) return not_found("chapter");
    if (view->draft) render_draft(session, *view);
    return std::move(*view);
}

ChapterText StoredLibrary::text(sql::Session& session, ChapterId id) const {
    return store::chapter_text(session, id);
}

Result<ChapterView> StoredLibrary::chapter(sql::Session& session, const Actor& actor, WorkId work,
                                           ChapterId id) const {
    ChapterView view = TRY(chapter_head(session, actor, work, id));
    if (!view.draft) view.text = store::chapter_text(session, id);
    return view;
}

Result<ChapterFacts> StoredLibrary::chapter_facts(sql::Session& session, const Actor& actor,
                                                  ChapterId id) const {
    const auto facts = store::chapter_facts(session, actor, id);
    if (!facts) return not_found("chapter");
    return *facts;
}

std::optional<std::string> StoredLibrary::paragraph_text(sql::Session& session, ChapterId chapter,
                                                         std::string_view key) const {
    const auto rendered = store::rendered(session, chapter);
    if (!rendered) return std::nullopt;
    for (const Paragraph& paragraph : unpack(rendered->paragraphs)) {
        if (paragraph.key == key) return plain_of(paragraph.html);
    }
    return std::nullopt;
}

std::vector<OpenDraft> StoredLibrary::open_drafts(sql::Session& session, const Actor& actor,
                                                  int limit) const {
    std::vector<OpenDraft> drafts;
    if (!actor.signed_in()) return drafts;
    for (auto& row : store::waiting(session, *actor.person, limit)) {
        const auto card = work(session, actor, row.work);
        if (!card.ok()) continue;
        drafts.push_back({.work = row.work,
                          .chapter = row.chapter,
                          .work_title = card->title,
                          .title = std::move(row.title),
                          .place = static_cast<int>(row.place),
                          .published = row.number > 0,
                          .words = row.words,
                          .saved_at = row.saved_at});
    }
    return drafts;
}

std::vector<Library::TagCount> StoredLibrary::popular_tags(sql::Session& session, const Actor& actor,
                                                           int limit) const {
    return store::popular_tags(session, actor, limit);
}

std::optional<Library::TagCount> StoredLibrary::tag(sql::Session& session, const Actor& actor,
                                                    std::string_view key) const {
    return store::tag(session, actor, key);
}

}  // namespace braid::works
