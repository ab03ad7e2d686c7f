// The tables of reading. The only place with this module's SQL.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/policy.h"
#include "interests/reading/api.h"
#include "interests/reading/policy.h"

namespace braid::reading {

struct ChapterMark {
    ChapterId chapter;
    int percent = 0;
    std::string paragraph;

    [[nodiscard]] bool finished() const { return percent == 100; }
};

struct Place {
    WorkId work;
    ChapterId chapter;
    int number = 0, percent = 0, finished = 0;
    Timestamp finished_at, read_at;
};

namespace store {

std::optional<ChapterMark> mark(sql::Session& session, PersonId person, WorkId work, ChapterId chapter);
std::vector<ChapterMark> marks(sql::Session& session, PersonId person, WorkId work);
std::optional<Place> place(sql::Session& session, PersonId person, WorkId work);
std::vector<Place> newest(sql::Session& session, PersonId person, int limit);
std::vector<Place> finished(sql::Session& session, PersonId person, std::optional<works::Cursor> after,
                            int limit);

// Never goes back: the furthest stays.
void set_mark(sql::Tx& tx, const access::Permit<KeepPlace>& permit, WorkId work, const ChapterMark& mark,
              Timestamp at);
void set_place(sql::Tx& tx, const access::Permit<KeepPlace>& permit, const Place& place);

void forget_chapter(sql::Tx& tx, WorkId work, ChapterId chapter);
void forget_work(sql::Tx& tx, WorkId work);

}  // namespace store
}  // namespace braid::reading
