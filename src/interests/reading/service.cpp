#include "interests/reading/service.h"

#include <algorithm>

#include "interests/reading/events.h"

namespace braid::reading {

namespace {

constexpr int kPlacesLookedAt = 60;  // among the last read works some are read to their end

}  // namespace

std::string OpenWork::url() const {
    const std::string url = "/works/" + line.card.id.text() + "/chapters/" + chapter.text();
    return paragraph.empty() ? url : url + "#p-" + paragraph;
}

Result<void> Service::record_progress(const Actor& actor, WorkId work, ChapterId id,
                                      std::string_view paragraph, int percent) {
    if (!actor.signed_in()) {
        return success();
    }
    const auto permit = TRY(access::permit<KeepPlace>(actor, {}));
    const works::ChapterView chapter =
        TRY(database_.read([&](sql::Reader& reader) { return library_.chapter(reader, actor, work, id); }));
    if (chapter.draft) return success();
    percent = std::clamp(percent, 0, 100);
    if (percent >= kFinishedPercent) percent = 100;
    const bool known = std::ranges::find(chapter.text.paragraphs, paragraph, &works::Paragraph::key) !=
                       chapter.text.paragraphs.end();
    const ChapterMark mark{id, percent, known ? std::string(paragraph) : std::string()};

    return database_.write([&](sql::Tx& tx) -> Result<void> {
        TRY(guard_.confirm(tx, actor));
        const Timestamp now = clock_.now();
        Place place = store::place(tx, *actor.person, work).value_or(Place{.work = work});
        if (chapter.previous && place.chapter == *chapter.previous && place.percent < 100) {
            finish(tx, permit, work, {*chapter.previous, 100, ""});
            place.finished = std::max(place.finished, chapter.number - 1);
        }
        if (percent == 100) {
            finish(tx, permit, work, mark);
        } else {
            store::set_mark(tx, permit, work, mark, now);
        }
        if (place.chapter != id) place.percent = 0;
        place.chapter = id;
        place.number = chapter.number;
        place.percent = std::max(place.percent, percent);
        place.read_at = now;
        if (percent == 100) {
            place.finished = std::max(place.finished, chapter.number);
            if (!chapter.next) {
                const bool again = place.finished_at >= chapter.published_at && place.finished_at.micros != 0;
                if (!again)
                    outbox_.append(tx, WorkFinished{.work = work.text(), .person = actor.person->text()});
                place.finished_at = now;
            }
        }
        store::set_place(tx, permit, place);
        return success();
    });
}

void Service::finish(sql::Tx& tx, const access::Permit<KeepPlace>& permit, WorkId work,
                     const ChapterMark& mark) {
    const PersonId person = *permit.actor().person;
    const auto before = store::mark(tx, person, work, mark.chapter);
    store::set_mark(tx, permit, work, mark, clock_.now());
    if (before && before->finished()) return;
    outbox_.append(
        tx, ChapterFinished{.work = work.text(), .chapter = mark.chapter.text(), .person = person.text()});
}

std::optional<Service::Start> Service::start(const std::vector<works::ChapterLine>& contents,
                                             const std::optional<Place>& place,
                                             const std::vector<ChapterMark>& marks) {
    if (contents.empty()) return std::nullopt;
    const auto at = [&](const works::ChapterLine& line, std::string paragraph, int percent) {
        Start start{.chapter = line.id, .number = line.number, .paragraph = std::move(paragraph)};
        start.published_at = line.published_at;
        start.minutes_left = works::minutes_to_read(line.words * (100 - percent) / 100);
        start.percent = static_cast<int>(((line.number - 1) * 100 + percent) /
                                         static_cast<std::int64_t>(contents.size()));
        return start;
    };
    if (!place) return at(contents.front(), "", 0);

    // The chapter she was in; when it is gone, the one that now has its number, or the last.
    auto current = std::ranges::find(contents, place->chapter, &works::ChapterLine::id);
    const bool gone = current == contents.end();
    if (gone) {
        current = std::ranges::find(contents, place->number, &works::ChapterLine::number);
        if (current == contents.end()) current = std::prev(contents.end());
    }
    const auto mark = std::ranges::find(marks, current->id, &ChapterMark::chapter);
    const bool finished = !gone && (place->percent == 100 || (mark != marks.end() && mark->finished()));
    if (finished && std::next(current) != contents.end()) {
        Start start = at(*std::next(current), "", 0);
        const auto next_mark = std::ranges::find(marks, start.chapter, &ChapterMark::chapter);
        if (next_mark != marks.end() && !next_mark->finished())
            start = at(*std::next(current), next_mark->paragraph, next_mark->percent);
        start.begun = true;
        return start;
    }
    if (finished) {
        Start start = at(contents.front(), "", 0);
        start.begun = start.all_read = true;
        start.percent = 100;
        return start;
    }
    Start start =
        gone || mark == marks.end() ? at(*current, "", 0) : at(*current, mark->paragraph, mark->percent);
    start.begun = true;
    return start;
}

std::vector<OpenWork> Service::keep_reading(sql::Session& session, const Actor& actor, int limit) const {
    std::vector<OpenWork> open;
    if (!actor.signed_in()) return open;
    const auto places = store::newest(session, *actor.person, kPlacesLookedAt);
    std::vector<WorkId> ids;
    ids.reserve(places.size());
    for (const Place& place : places)
        ids.push_back(place.work);
    auto cards = library_.works(session, actor, ids);
    std::vector<works::WorkCard> chosen;
    for (works::WorkCard& card : cards) {
        if (static_cast<int>(open.size()) == limit) break;
        const Place& place = *std::ranges::find(places, card.id, &Place::work);
        if (place.percent == 100 && place.number >= card.chapters) continue;
        const auto start = Service::start(library_.contents(session, card.id), place,
                                          store::marks(session, *actor.person, card.id));
        if (!start || start->all_read) continue;
        open.push_back({.chapter = start->chapter,
                        .number = start->number,
                        .paragraph = start->paragraph,
                        .percent = start->percent,
                        .minutes_left = start->minutes_left,
                        .fresh = place.finished_at.micros != 0 && start->published_at > place.finished_at,
                        .published_at = start->published_at,
                        .read_at = place.read_at});
        chosen.push_back(std::move(card));
    }
    auto lines = with_authors(session, actor, people_, std::move(chosen));
    for (std::size_t i = 0; i < lines.size(); ++i)
        open[i].line = std::move(lines[i]);
    return open;
}

std::vector<works::WorkCard> Service::finished(sql::Session& session, const Actor& actor,
                                               std::optional<works::Cursor> after, int limit,
                                               std::optional<works::Cursor>& next) const {
    next.reset();
    if (!actor.signed_in()) return {};
    auto places = store::finished(session, *actor.person, after, limit + 1);
    if (static_cast<int>(places.size()) > limit) {
        places.pop_back();
        next = works::Cursor{places.back().finished_at.micros, places.back().work.value};
    }
    std::vector<WorkId> ids;
    ids.reserve(places.size());
    for (const Place& place : places)
        ids.push_back(place.work);
    return library_.works(session, actor, ids);
}

std::vector<WorkLine> with_authors(sql::Session& session, const Actor& actor, const accounts::People& people,
                                   std::vector<works::WorkCard> cards) {
    std::vector<PersonId> ids;
    for (const auto& card : cards)
        ids.push_back(card.author);
    std::ranges::sort(ids);
    const auto repeated = std::ranges::unique(ids);
    ids.erase(repeated.begin(), repeated.end());
    const auto found = ids.empty() ? std::vector<accounts::PersonCard>{} : people.cards(session, ids);
    std::vector<WorkLine> lines;
    lines.reserve(cards.size());
    for (auto& card : cards) {
        WorkLine line;
        const auto person = std::ranges::find(found, card.author, &accounts::PersonCard::id);
        if (!card.byline.empty()) {
            line.author = card.byline;
        } else if (person != found.end()) {
            line.author = person->display_name;
            if (actor.signed_in() || person->listed) line.author_url = "/people/" + person->handle;
        }
        line.card = std::move(card);
        lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace braid::reading
