#include "interests/reading/api_v1.h"

#include "interests/reading/policy.h"

namespace braid::reading {

using access::action;
using access::actor_of;
using http::Request;

struct ProgressIn {
    std::int64_t percent = 0;
    std::optional<std::string> paragraph;
};
BOOST_DESCRIBE_STRUCT(ProgressIn, (), (percent, paragraph))
constexpr auto api_fields(const ProgressIn*) {
    return std::to_array<api::Field>({
        {.name = "percent",
         .says = "Of the chapter. The furthest is kept; from 95 on the chapter counts as finished.",
         .min = 0,
         .max = 100},
        {.name = "paragraph", .says = "Key of the paragraph reached.", .max = 12},
    });
}

struct ReadingOut {
    WorkId work;
    std::string title, author;
    ChapterId chapter;
    std::int64_t number = 0, chapters = 0, percent = 0, minutes_left = 0;
    std::optional<std::string> paragraph;
    bool fresh = false;
    Timestamp read_at;
};
BOOST_DESCRIBE_STRUCT(ReadingOut, (),
                      (work, title, author, chapter, number, chapters, percent, minutes_left, paragraph,
                       fresh, read_at))
constexpr auto api_fields(const ReadingOut*) {
    return std::to_array<api::Field>({
        {.name = "author", .says = "The name it appears under."},
        {.name = "chapter", .says = "To read on with."},
        {.name = "percent", .says = "Of the whole work."},
        {.name = "minutes_left", .says = "In the chapter."},
        {.name = "paragraph", .says = "To go on at; null for the chapter's beginning."},
        {.name = "fresh", .says = "The chapter came out after you had read all there was."},
    });
}

struct ReadingListOut {
    std::vector<ReadingOut> works;
};
BOOST_DESCRIBE_STRUCT(ReadingListOut, (), (works))

struct FinishedOut {
    WorkId work;
    std::string title;
    PersonId author;
};
BOOST_DESCRIBE_STRUCT(FinishedOut, (), (work, title, author))

void declare_api(api::Api& api, sql::Database& database, Service& service) {
    api.put("/api/v1/works/{work:id}/chapters/{chapter:id}/progress", action<KeepPlace>(), "putProgress",
            "Say how far you have read")
        .body<ProgressIn>()
        .returns<void>(204, "It is kept")
        .per_minute(120)
        .handle([&](const Request& request, const ProgressIn& in) -> Result<void> {
            return service.record_progress(actor_of(request), request.path_id<WorkId>("work"),
                                           request.path_id<ChapterId>("chapter"), in.paragraph.value_or(""),
                                           static_cast<int>(in.percent));
        });
    api.get("/api/v1/me/reading", action<OpenLibrary>(), "listReading", "What you are reading")
        .returns<ReadingListOut>(200, "Works with more to read, the last read first; at most 50")
        .handle([&](const Request& request) -> Result<ReadingListOut> {
            ReadingListOut out;
            database.read([&](sql::Reader& reader) {
                for (const OpenWork& open : service.keep_reading(reader, actor_of(request), 50)) {
                    ReadingOut line{.work = open.line.card.id,
                                    .title = open.line.card.title,
                                    .author = open.line.author,
                                    .chapter = open.chapter,
                                    .number = open.number,
                                    .chapters = open.line.card.chapters,
                                    .percent = open.percent,
                                    .minutes_left = open.minutes_left,
                                    .fresh = open.fresh,
                                    .read_at = open.read_at};
                    if (!open.paragraph.empty()) line.paragraph = open.paragraph;
                    out.works.push_back(std::move(line));
                }
            });
            return out;
        });
    api.get("/api/v1/me/finished", action<OpenLibrary>(), "listFinished", "Works you have read to their end")
        .returns_page<FinishedOut>("Newest first")
        .handle([&](const Request& request) -> Result<api::Page<FinishedOut>> {
            const auto [text, limit] = api::page_of(request);
            std::optional<works::Cursor> after, next;
            if (!text.empty()) {
                after = works::Cursor::parse(text);
                if (!after) return api::bad_cursor();
            }
            api::Page<FinishedOut> page;
            database.read([&](sql::Reader& reader) {
                for (const auto& card : service.finished(reader, actor_of(request), after, limit, next)) {
                    page.items.push_back({card.id, card.title, card.author});
                }
            });
            if (next) page.next = next->text();
            return page;
        });
}

}  // namespace braid::reading
