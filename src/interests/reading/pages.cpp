#include "interests/reading/pages.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include "base/text.h"
#include "interests/reading/chapter.html.h"
#include "interests/reading/library.html.h"
#include "interests/reading/policy.h"
#include "interests/reading/views.h"
#include "interests/reading/work.html.h"
#include "platform/i18n/i18n.h"

namespace braid::reading {

using access::action;
using access::actor_of;
using http::Request;
using http::Response;

namespace {

constexpr int kPerPage = 20;

std::string chapter_url(WorkId work, ChapterId chapter) {
    return "/works/" + work.text() + "/chapters/" + chapter.text();
}

struct Author {
    std::string name, url;
};

Author author_of(sql::Session& session, const Actor& actor, const accounts::People& people, PersonId id,
                 const std::string& byline) {
    if (!byline.empty()) return {byline, ""};
    const auto card = people.card(session, id);
    if (!card) return {};
    return {card->display_name, actor.signed_in() || card->listed ? "/people/" + card->handle : ""};
}

// A fingerprint of bytes, for conditional GET within one reader's cache: no secret, no proof. Four lanes of
// eight bytes a step, as one alone would wait for each of its multiplications.
std::uint64_t fingerprint(std::string_view bytes, std::uint64_t seed) {
    constexpr std::uint64_t kPrime = 0x9E3779B97F4A7C15;
    const auto word = [&](std::size_t at, std::size_t length) {
        std::uint64_t value = 0;
        std::memcpy(&value, bytes.data() + at, length);
        return value;
    };
    const auto mix = [](std::uint64_t hash, std::uint64_t value) {
        return std::rotl(hash ^ value, 29) * kPrime;
    };
    std::uint64_t a = seed, b = seed + 1, c = seed + 2, d = seed + 3;
    std::size_t i = 0;
    for (; i + 32 <= bytes.size(); i += 32) {
        a = mix(a, word(i, 8));
        b = mix(b, word(i + 8, 8));
        c = mix(c, word(i + 16, 8));
        d = mix(d, word(i + 24, 8));
    }
    std::uint64_t hash = mix(mix(mix(mix(bytes.size() * kPrime, a), b), c), d);
    for (; i + 8 <= bytes.size(); i += 8)
        hash = mix(hash, word(i, 8));
    if (i < bytes.size()) hash = mix(hash, word(i, bytes.size() - i));
    return hash ^ (hash >> 32);
}

// The tag of a page: of its text but for the CSRF token, whose mask is another in every answer, and of the
// cookies, on which the token itself and everything personal depend. So the same page for the same reader has
// the same tag, and a token that no longer fits her cookie never comes out of a cache.
std::uint64_t page_tag(const Request& request, std::string_view page, std::string_view csrf_token) {
    std::uint64_t hash = fingerprint(request.header("cookie").value_or(""), 0);
    if (csrf_token.empty()) return fingerprint(page, hash);
    const std::boyer_moore_horspool_searcher token(csrf_token.begin(),
                                                   csrf_token.end());  // skips most of the page
    const char* from = page.data();
    const char* const end = from + page.size();
    for (;;) {
        const char* const at = std::search(from, end, token);
        hash = fingerprint({from, at}, hash);
        if (at == end) return hash;
        from = at + csrf_token.size();
    }
}

std::string hex(std::uint64_t value) {
    std::string text(16, '0');
    for (int i = 15; i >= 0; --i, value >>= 4)
        text[static_cast<std::size_t>(i)] = "0123456789abcdef"[value & 15];
    return text;
}

std::string tag_path(const works::Tag& tag) {
    return "/tags/" + percent_encode(tag.key);
}

}  // namespace

std::string_view rating_key(access::Rating rating) {
    switch (rating) {
        case access::Rating::everyone:
            return _msg("reading.rating_everyone");
        case access::Rating::teen:
            return _msg("reading.rating_teen");
        case access::Rating::mature:
            return _msg("reading.rating_mature");
    }
    return {};
}

std::string_view licence_key(works::Licence licence) {
    switch (licence) {
        case works::Licence::all_rights_reserved:
            return _msg("reading.licence_all_rights_reserved");
        case works::Licence::cc_by:
            return _msg("reading.licence_cc_by");
        case works::Licence::cc_by_sa:
            return _msg("reading.licence_cc_by_sa");
        case works::Licence::cc_by_nc:
            return _msg("reading.licence_cc_by_nc");
        case works::Licence::cc_by_nc_sa:
            return _msg("reading.licence_cc_by_nc_sa");
        case works::Licence::cc_by_nd:
            return _msg("reading.licence_cc_by_nd");
        case works::Licence::cc_by_nc_nd:
            return _msg("reading.licence_cc_by_nc_nd");
        case works::Licence::cc0:
            return _msg("reading.licence_cc0");
        case works::Licence::public_domain:
            return _msg("reading.licence_public_domain");
    }
    return {};
}

std::string_view licence_url(works::Licence licence) {
    switch (licence) {
        case works::Licence::cc_by:
            return "https://creativecommons.org/licenses/by/4.0/";
        case works::Licence::cc_by_sa:
            return "https://creativecommons.org/licenses/by-sa/4.0/";
        case works::Licence::cc_by_nc:
            return "https://creativecommons.org/licenses/by-nc/4.0/";
        case works::Licence::cc_by_nc_sa:
            return "https://creativecommons.org/licenses/by-nc-sa/4.0/";
        case works::Licence::cc_by_nd:
            return "https://creativecommons.org/licenses/by-nd/4.0/";
        case works::Licence::cc_by_nc_nd:
            return "https://creativecommons.org/licenses/by-nc-nd/4.0/";
        case works::Licence::cc0:
            return "https://creativecommons.org/publicdomain/zero/1.0/";
        case works::Licence::public_domain:
            return "https://creativecommons.org/publicdomain/mark/1.0/";
        case works::Licence::all_rights_reserved:
            return {};
    }
    return {};
}

std::string_view warning_key(works::Warning warning) {
    switch (warning) {
        case works::Warning::violence:
            return _msg("reading.warning_violence");
        case works::Warning::death:
            return _msg("reading.warning_death");
        case works::Warning::self_harm:
            return _msg("reading.warning_self_harm");
        case works::Warning::strong_language:
            return _msg("reading.warning_strong_language");
        case works::Warning::frightening:
            return _msg("reading.warning_frightening");
        case works::Warning::bullying:
            return _msg("reading.warning_bullying");
        case works::Warning::substances:
            return _msg("reading.warning_substances");
    }
    return {};
}

std::string_view status_key(works::Status status) {
    return status == works::Status::complete ? _msg("reading.status_complete")
                                             : _msg("reading.status_ongoing");
}

std::string language_name(i18n::Language in, std::string_view tag) {
    UErrorCode bad = U_ZERO_ERROR;
    const std::string_view shown = i18n::tag(in);
    const auto locale =
        icu::Locale::forLanguageTag(icu::StringPiece(tag.data(), static_cast<int>(tag.size())), bad);
    const auto reader =
        icu::Locale::forLanguageTag(icu::StringPiece(shown.data(), static_cast<int>(shown.size())), bad);
    if (U_FAILURE(bad) != 0) return std::string(tag);
    icu::UnicodeString name;
    locale.getDisplayName(reader, name);
    std::string text;
    name.toUTF8String(text);
    return text;
}

std::string mark_class(int comments) {
    return comments > 0 ? "mark" : "mark none";
}

std::string toc_class(const TocLine& line) {
    return line.current ? (line.finished ? "current read" : "current") : line.finished ? "read" : "unread";
}

void Pages::add_routes(http::Router& router) {
    const auto bind = [this](Result<Response> (Pages::*handler)(const Request&)) {
        return [this, handler](const Request& request) { return (this->*handler)(request); };
    };
    router.get("/works/{work:id}", action<ReadWork>(), bind(&Pages::work));
    router.get("/works/{work:id}/chapters/{chapter:id}", action<ReadChapter>(), bind(&Pages::chapter));
    router.post("/works/{work:id}/chapters/{chapter:id}/progress", action<ReportProgress>(),
                bind(&Pages::progress), {.max_body = 4 << 10, .per_minute = 120});
    // Asked for by pages without script, as a picture: reading on is progress too.
    router.get("/works/{work:id}/chapters/{chapter:id}/opened", action<ReportProgress>(),
               bind(&Pages::opened), {.cost = http::Cost::waits, .per_minute = 120});
    router.get("/library", action<OpenLibrary>(), bind(&Pages::library));
}

// Rendered by html::render_blocks when it was stored; here it gets its margin. What is published is the same
// for everybody and kept; a draft is its author's alone.
ProseCache::Prose Pages::prose_of(sql::Session& session, works::ChapterView& chapter,
                                  const feedback::ChapterCounts& counts, bool takes_comments,
                                  i18n::Language language) {
    const ProseKey key{chapter.chapter, chapter.stamp, counts_mark(counts), language, takes_comments};
    if (!chapter.draft) {
        if (auto kept = prose_.find(key)) return kept;
        chapter.text = service_.library().text(session, chapter.chapter);
    }
    ProseView view{.base = chapter_url(chapter.work, chapter.chapter),
                   .notes_before = html::SafeHtml::trust(std::move(chapter.text.notes_before_html)),
                   .notes_after = html::SafeHtml::trust(std::move(chapter.text.notes_after_html)),
                   .takes_comments = takes_comments};
    view.paragraphs.reserve(chapter.text.paragraphs.size());
    for (works::Paragraph& paragraph : chapter.text.paragraphs) {
        const auto comments = counts.by_paragraph.find(paragraph.key);
        view.paragraphs.push_back({std::move(paragraph.key), html::SafeHtml::trust(std::move(paragraph.html)),
                                   comments == counts.by_paragraph.end() ? 0 : comments->second});
    }
    html::Out out(language, {});
    prose(out, view);
    auto made = std::make_shared<const html::SafeHtml>(html::SafeHtml::trust(out.take()));
    if (!chapter.draft) prose_.keep(key, made);
    return made;
}

Result<Response> Pages::chapter(const Request& request) {
    const Actor& actor = actor_of(request);
    const auto work = request.path_id<WorkId>("work");
    const auto id = request.path_id<ChapterId>("chapter");
    works::ChapterView chapter;
    ChapterPage page;
    std::optional<ChapterMark> mark;
    TRY(database_.read([&](sql::Reader& reader) -> Result<void> {
        chapter = TRY(service_.library().chapter_head(reader, actor, work, id));
        if (!chapter.draft) {
            page.counts = answers_.counts(reader, actor,
                                          {.work = work,
                                           .chapter = id,
                                           .author = chapter.author,
                                           .visibility = chapter.visibility,
                                           .rating = chapter.rating,
                                           .comments = chapter.comments,
                                           .published = true});
            if (actor.signed_in()) mark = store::mark(reader, *actor.person, work, id);
        }
        page.takes_comments = !chapter.draft && chapter.comments == works::CommentsPolicy::open;
        page.prose =
            prose_of(reader, chapter, page.counts, page.takes_comments, shell::context_of(request).language);
        Author author = author_of(reader, actor, people_, chapter.author, chapter.byline);
        page.author = std::move(author.name);
        page.author_url = std::move(author.url);
        return success();
    }));

    page.chapter = &chapter;
    page.own = actor.is(chapter.author);
    page.signed_in = actor.signed_in();
    page.shows_comments = !chapter.draft && (chapter.comments != works::CommentsPolicy::closed || page.own);
    page.author_seed = chapter.author.text();
    page.base = chapter_url(work, id);
    page.work_url = "/works/" + work.text();
    if (chapter.previous) page.previous_url = chapter_url(work, *chapter.previous);
    if (chapter.next) page.next_url = chapter_url(work, *chapter.next);
    if (page.own) page.edit_url = page.base + "/edit";
    if (mark && !mark->finished() && mark->percent > 2) page.resume = mark->paragraph;
    page.minutes = works::minutes_to_read(chapter.words);
    // Which topic a tag means is asked when somebody follows it: this page is read far more often than that.
    for (const works::Tag& tag : chapter.tags)
        page.tags.push_back({tag.label, tag_path(tag) + "?topic=" + percent_encode(chapter.language)});
    page.frame =
        shell::frame(request, chapter.chapter_title + " · " + chapter.work_title, shell::Place::read);
    page.frame.reading = true;
    page.frame.section = chapter.work_title;
    page.frame.section_href = page.work_url + "#contents";

    Response response = shell::page(request, 200, [&](html::Out& out) { chapter_page(out, page); });
    if (!page.frame.flash) {
        if (const auto* body = std::get_if<std::string>(&response.body)) {
            response.etag(hex(page_tag(request, *body, page.frame.context->csrf_token)));
        }
    }
    if (chapter.draft) response.set("X-Keep-Offline", "no");
    return response;
}

Result<Response> Pages::work(const Request& request) {
    const Actor& actor = actor_of(request);
    const auto id = request.path_id<WorkId>("work");
    WorkPage page;
    TRY(database_.read([&](sql::Reader& reader) -> Result<void> {
        page.work = TRY(service_.library().view(reader, actor, id));
        page.counts = answers_.work_counts(reader, actor, id);
        auto contents = service_.library().contents(reader, id);
        std::vector<ChapterMark> marks;
        std::optional<Place> place;
        if (actor.signed_in()) {
            marks = store::marks(reader, *actor.person, id);
            place = store::place(reader, *actor.person, id);
        }
        page.start = Service::start(contents, place, marks);
        for (works::ChapterLine& line : contents) {
            TocLine row{.url = chapter_url(id, line.id), .minutes = works::minutes_to_read(line.words)};
            const auto mark = std::ranges::find(marks, line.id, &ChapterMark::chapter);
            row.finished = mark != marks.end() && mark->finished();
            row.current = place && page.start && !page.start->all_read && page.start->chapter == line.id;
            row.line = std::move(line);
            page.contents.push_back(std::move(row));
        }
        Author author = author_of(reader, actor, people_, page.work.card.author, page.work.card.byline);
        page.author = std::move(author.name);
        page.author_url = std::move(author.url);
        std::vector<std::string> hubs(page.work.card.tags.size());
        if (hubs_ != nullptr && !hubs.empty())
            hubs = hubs_->hubs_of(reader, page.work.card.tags, page.work.card.language);
        for (std::size_t i = 0; i < hubs.size(); ++i) {
            const works::Tag& tag = page.work.card.tags[i];
            page.tags.push_back({tag.label, hubs[i].empty() ? tag_path(tag) : std::move(hubs[i])});
        }
        return success();
    }));
    const works::WorkCard& card = page.work.card;
    page.own = actor.is(card.author);
    page.author_seed = card.author.text();
    page.summary = html::SafeHtml::trust(
        std::move(page.work.summary_html));  // rendered by html::render when it was stored
    page.minutes = works::minutes_to_read(card.words);
    page.self_url = "/works/" + id.text();
    if (page.start) {
        page.start_url = chapter_url(id, page.start->chapter);
        if (!page.start->paragraph.empty()) page.start_url += "#p-" + page.start->paragraph;
    }
    for (std::size_t i = 0; i < works::kWarnings; ++i) {
        const auto warning = static_cast<works::Warning>(i);
        if (page.work.warnings.has(warning)) page.warnings.emplace_back(warning_key(warning));
    }
    page.frame = shell::frame(request, card.title, shell::Place::read);
    page.frame.description = ellipsis(card.summary_plain, 160);
    return shell::page(request, 200, [&](html::Out& out) { work_page(out, page); });
}

Result<Response> Pages::progress(const Request& request) {
    const auto percent = parse_integer(request.form.get("percent"));
    if (!percent) return invalid("percent", _msg("reading.percent_not_a_number"));
    TRY(service_.record_progress(actor_of(request), request.path_id<WorkId>("work"),
                                 request.path_id<ChapterId>("chapter"), request.form.get("paragraph"),
                                 static_cast<int>(std::clamp(*percent, 0LL, 100LL))));
    return Response::no_content();
}

Result<Response> Pages::opened(const Request& request) {
    TRY(service_.record_progress(actor_of(request), request.path_id<WorkId>("work"),
                                 request.path_id<ChapterId>("chapter"), "", 0));
    Response response = Response::no_content();
    response.set("Cache-Control", "no-store");
    return response;
}

Result<Response> Pages::library(const Request& request) {
    const Actor& actor = actor_of(request);
    LibraryPage page;
    const std::string_view show = request.query.get("show");
    page.shelf = show == "saved" ? Shelf::saved : show == "finished" ? Shelf::finished : Shelf::reading;
    std::optional<works::Cursor> after;
    if (const auto text = request.query.find("after")) {
        after = works::Cursor::parse(*text);
        if (!after) return not_found("malformed position");
        page.first_url = "/library?show=" + std::string(show);
    }
    database_.read([&](sql::Reader& reader) {
        if (page.shelf == Shelf::reading) {
            page.open = service_.keep_reading(reader, actor, kPerPage);
            return;
        }
        std::optional<works::Cursor> next;
        std::vector<works::WorkCard> cards;
        if (page.shelf == Shelf::saved) {
            const auto ids = answers_.bookmarks(reader, actor, after, kPerPage, next);
            cards = service_.library().works(reader, actor, ids);
        } else {
            cards = service_.finished(reader, actor, after, kPerPage, next);
        }
        page.works = with_authors(reader, actor, people_, std::move(cards));
        if (next) page.next_url = "/library?show=" + std::string(show) + "&after=" + next->text();
    });
    page.frame = shell::frame(request, shell::text(request, _msg("reading.library")), shell::Place::library);
    return shell::page(request, 200, [&](html::Out& out) { library_page(out, page); });
}

}  // namespace braid::reading
