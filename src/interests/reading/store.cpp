#include "interests/reading/store.h"

namespace braid::reading::store {

namespace {

#define BRAID_PLACE_COLUMNS "work, chapter, number, percent, finished, finished_at, read_at"

const sql::Query kMark{"reading.chapter_mark",
                       "SELECT chapter, percent, paragraph FROM reading_chapters WHERE person = $1 AND work "
                       "= $2 AND chapter = $3"};
const sql::Query kMarks{
    "reading.chapter_marks",
    "SELECT chapter, percent, paragraph FROM reading_chapters WHERE person = $1 AND work = $2 "
    "ORDER BY chapter LIMIT 10000"};
const sql::Query kPlace{"reading.place",
                        "SELECT " BRAID_PLACE_COLUMNS " FROM reading_places WHERE person = $1 AND work = $2"};
const sql::Query kNewest{"reading.newest_places", "SELECT " BRAID_PLACE_COLUMNS
                                                  " FROM reading_places WHERE person = $1 "
                                                  "ORDER BY read_at DESC, work DESC LIMIT $2"};
const sql::Query kFinished{"reading.finished_places",
                           "SELECT " BRAID_PLACE_COLUMNS
                           " FROM reading_places WHERE person = $1 AND finished_at > 0 "
                           "AND (finished_at < $2 OR (finished_at = $2 AND work < $3)) "
                           "ORDER BY finished_at DESC, work DESC LIMIT $4"};
const sql::Query kSetMark{"reading.set_chapter_mark",
                          "INSERT INTO reading_chapters (person, work, chapter, percent, paragraph, read_at) "
                          "VALUES ($1, $2, $3, $4, $5, $6) "
                          "ON CONFLICT (person, work, chapter) DO UPDATE SET percent = excluded.percent, "
                          "paragraph = excluded.paragraph, "
                          "read_at = excluded.read_at WHERE reading_chapters.percent <= excluded.percent"};
const sql::Query kSetPlace{
    "reading.set_place",
    "INSERT INTO reading_places (person, work, chapter, number, percent, finished, finished_at, read_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (person, work) DO UPDATE SET chapter = "
    "excluded.chapter, "
    "number = excluded.number, percent = excluded.percent, finished = excluded.finished, finished_at = "
    "excluded.finished_at, "
    "read_at = excluded.read_at"};
const sql::Query kForgetChapter{"reading.forget_chapter",
                                "DELETE FROM reading_chapters WHERE work = $1 AND chapter = $2"};
const sql::Query kForgetMarks{"reading.forget_marks", "DELETE FROM reading_chapters WHERE work = $1"};
const sql::Query kForgetPlaces{"reading.forget_places", "DELETE FROM reading_places WHERE work = $1"};

PersonId me(const access::Permit<KeepPlace>& permit) {
    return permit.actor().person.value_or(PersonId{});
}

}  // namespace

std::optional<ChapterMark> mark(sql::Session& session, PersonId person, WorkId work, ChapterId chapter) {
    return session.maybe<ChapterMark>(kMark, person, work, chapter);
}

std::vector<ChapterMark> marks(sql::Session& session, PersonId person, WorkId work) {
    return session.all<ChapterMark>(kMarks, person, work);
}

std::optional<Place> place(sql::Session& session, PersonId person, WorkId work) {
    return session.maybe<Place>(kPlace, person, work);
}

std::vector<Place> newest(sql::Session& session, PersonId person, int limit) {
    return session.all<Place>(kNewest, person, limit);
}

std::vector<Place> finished(sql::Session& session, PersonId person, std::optional<works::Cursor> after,
                            int limit) {
    const works::Cursor from = after.value_or(works::Cursor{INT64_MAX, INT64_MAX});
    return session.all<Place>(kFinished, person, from.micros, from.id, limit);
}

void set_mark(sql::Tx& tx, const access::Permit<KeepPlace>& permit, WorkId work, const ChapterMark& mark,
              Timestamp at) {
    tx.run(kSetMark, me(permit), work, mark.chapter, mark.percent, mark.paragraph, at);
}

void set_place(sql::Tx& tx, const access::Permit<KeepPlace>& permit, const Place& place) {
    tx.run(kSetPlace, me(permit), place.work, place.chapter, place.number, place.percent, place.finished,
           place.finished_at, place.read_at);
}

void forget_chapter(sql::Tx& tx, WorkId work, ChapterId chapter) {
    tx.run(kForgetChapter, work, chapter);
}

void forget_work(sql::Tx& tx, WorkId work) {
    tx.run(kForgetMarks, work);
    tx.run(kForgetPlaces, work);
}

}  // namespace braid::reading::store
