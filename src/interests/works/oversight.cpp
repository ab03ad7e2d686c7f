#include "interests/works/oversight.h"

#include "base/text.h"
#include "interests/works/events.h"
#include "interests/works/policy.h"
#include "interests/works/rendering.h"
#include "interests/works/store.h"

namespace braid::works {

namespace {

constexpr std::size_t kDetails = 20;   // enough to judge by
constexpr std::size_t kShown = 4'000;  // code points a moderator sees at once

Looked looked(const store::Work& work) {
    Looked looked;
    looked.work = work.id;
    looked.author = work.author;
    looked.title = work.title;
    looked.language = work.language;
    looked.words = ellipsis(work.summary, kShown);
    looked.rating = static_cast<Rating>(work.rating);
    looked.visibility = work.visibility;
    looked.hold = work.hold;
    if (work.staff_rating >= 0) looked.set_by_staff = static_cast<Rating>(work.staff_rating);
    looked.published = work.chapters > 0;
    return looked;
}

// What a reader would be shown of the chapter, or the author's draft when nothing is published.
std::string words_of(sql::Session& session, const store::Chapter& chapter) {
    if (chapter.number == 0) {
        const auto draft = store::draft(session, chapter.id);
        return draft ? ellipsis(draft->text, kShown) : std::string();
    }
    const auto rendered = store::rendered(session, chapter.id);
    if (!rendered) return {};
    std::string words;
    for (const Paragraph& paragraph : unpack(rendered->paragraphs)) {
        words += (words.empty() ? "" : "\n\n") + plain_of(paragraph.html);
        if (words.size() > 4 * kShown) break;
    }
    return ellipsis(words, kShown);
}

}  // namespace

Result<Looked> StoredOversight::look(sql::Session& session, const Actor& by, WorkId id) const {
    TRY(access::permit<ModerateWork>(by, {}));
    const auto work = store::work(session, id);
    if (!work) return not_found("work");
    return looked(*work);
}

Result<Looked> StoredOversight::look(sql::Session& session, const Actor& by, ChapterId id) const {
    TRY(access::permit<ModerateWork>(by, {}));
    const auto chapter = store::chapter(session, id);
    if (!chapter) return not_found("chapter");
    Looked found = TRY(look(session, by, chapter->work));
    found.chapter = id;
    found.chapter_title = chapter->title;
    found.words = words_of(session, *chapter);
    found.published = chapter->number > 0;
    return found;
}

Result<void> StoredOversight::hold(sql::Tx& tx, const Actor& by, WorkId id, Hold hold) {
    const auto permit = TRY(access::permit<ModerateWork>(by, {}));
    const auto work = store::work(tx, id);
    if (!work) return not_found("work");
    if (work->hold == hold) return success();
    store::set_hold(tx, permit, id, hold);
    const std::string author = work->author.text();
    if (work->hold == Hold::waiting && hold == Hold::none) {
        outbox_.append(tx, WorkPublished{id.text(), author, work->title,
                                         std::string(visibility_name(work->visibility)), work->rating});
        for (const store::Chapter& chapter : store::chapters(tx, id)) {
            if (chapter.number == 0) continue;
            outbox_.append(tx, ChapterPublished{id.text(), chapter.id.text(), author, chapter.title,
                                                chapter.number, false});
        }
    } else {
        outbox_.append(tx, WorkChanged{id.text(), author});
    }
    return success();
}

Result<void> StoredOversight::rate(sql::Tx& tx, const Actor& by, WorkId id, std::optional<Rating> rating) {
    const auto permit = TRY(access::permit<ModerateWork>(by, {}));
    const auto work = store::work(tx, id);
    if (!work) return not_found("work");
    store::rate(tx, permit, id, rating);
    outbox_.append(tx, WorkChanged{id.text(), work->author.text()});
    return success();
}

std::vector<ContactDetail> StoredOversight::contact(sql::Session& session, const Actor& by, WorkId id) const {
    std::vector<ContactDetail> found;
    const auto work = store::work(session, id);
    if (!access::permit<ModerateWork>(by, {}).ok() || !work) return found;
    const auto add = [&found](const std::string& chapter, std::string_view text) {
        for (contact::Detail& detail : contact::details(text))
            found.push_back({chapter, std::move(detail)});
    };
    add("", work->title + "\n\n" + work->summary + "\n\n" + work->tags);
    for (const store::Chapter& chapter : store::chapters(session, id)) {
        if (chapter.number == 0) continue;
        if (found.size() >= kDetails) break;
        const auto text = store::revision(session, chapter.id, chapter.revision);
        if (!text) continue;
        const ChapterDraft draft = text->draft();
        const std::size_t before = found.size();
        add(chapter.title,
            draft.title + "\n\n" + draft.notes_before + "\n\n" + draft.text + "\n\n" + draft.notes_after);
        // What only shows when it is read.
        if (const auto rendered = store::rendered(session, chapter.id); rendered && found.size() == before) {
            for (const Paragraph& paragraph : unpack(rendered->paragraphs))
                add(chapter.title, plain_of(paragraph.html));
        }
    }
    return found;
}

std::vector<WorkPassage> StoredOversight::passages(sql::Session& session, const Actor& by, WorkId id) const {
    std::vector<WorkPassage> found;
    const auto work = store::work(session, id);
    if (!access::permit<ModerateWork>(by, {}).ok() || !work) return found;
    if (work->visibility == Visibility::me || work->hold != Hold::none || work->chapters == 0) return found;
    found.push_back({"", work->title + "\n\n" + work->summary + "\n\n" + work->tags});
    for (const store::Chapter& chapter : store::chapters(session, id)) {
        const auto rendered = chapter.number == 0 ? std::nullopt : store::rendered(session, chapter.id);
        if (!rendered) continue;
        WorkPassage passage{chapter.title, chapter.title};
        for (const Paragraph& paragraph : unpack(rendered->paragraphs))
            passage.text += "\n\n" + plain_of(paragraph.html);
        found.push_back(std::move(passage));
    }
    return found;
}

std::vector<WorkId> StoredOversight::all_of(sql::Session& session, const Actor& by, PersonId author) const {
    if (!access::permit<ModerateWork>(by, {}).ok()) return {};
    return store::all_of(session, author);
}

}  // namespace braid::works
