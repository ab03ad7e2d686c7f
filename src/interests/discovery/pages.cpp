#include "interests/discovery/pages.h"

#include <algorithm>
#include <ctime>
#include <unordered_map>

#include "base/text.h"
#include "interests/discovery/home.html.h"
#include "interests/discovery/lists.html.h"
#include "interests/discovery/policy.h"
#include "interests/discovery/steps.h"
#include "interests/discovery/topic_news.h"

namespace braid::discovery {

using access::action;
using access::actor_of;
using http::Request;
using http::Response;

namespace {

constexpr int kPerPage = 20;
constexpr int kTags = 24;
constexpr int kAnswers = 4;
constexpr int kOpen = 3;
constexpr Duration kRecent = std::chrono::hours(24 * 7);

// The zone a script of ours noted (web/src/ts/reading.ts); without script, that of the site.
std::string_view zone_of(const Request& request) {
    const std::string_view zone = request.cookie("zone").value_or(std::string_view());
    const auto part_of_name = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' ||
               c == '_' || c == '-' || c == '+';
    };
    return zone.size() <= 64 && std::ranges::all_of(zone, part_of_name) ? zone : std::string_view();
}

std::string url_with(std::string_view path, const std::string& language,
                     const std::optional<works::Cursor>& after) {
    std::string url(path);
    char separator = '?';
    if (!language.empty()) {
        url += separator;
        url += "language=" + language;
        separator = '&';
    }
    if (after) {
        url += separator;
        url += "after=" + after->text();
    }
    return url;
}

// The position asked for: nothing at the head of the list; not_found when it is none.
Result<std::optional<works::Cursor>> position(const Request& request) {
    const auto text = request.query.find("after");
    if (!text) return std::optional<works::Cursor>{};
    auto after = works::Cursor::parse(*text);
    if (!after) return not_found("malformed position");
    return after;
}

}  // namespace

void Pages::add_routes(http::Router& router) {
    const auto bind = [this](Result<Response> (Pages::*handler)(const Request&)) {
        return [this, handler](const Request& request) { return (this->*handler)(request); };
    };
    router.get("/", action<SeeHome>(), bind(&Pages::home));
    router.get("/read", action<Browse>(), bind(&Pages::read));
    router.get("/tags/{tag:text}", action<Browse>(), bind(&Pages::tag));
    router.get("/people/{handle:text}", action<SeeProfile>(), bind(&Pages::person));
}

Result<Response> Pages::home(const Request& request) {
    return actor_of(request).signed_in() ? member(request) : visitor(request);
}

Result<Response> Pages::visitor(const Request& request) {
    const Actor& actor = actor_of(request);
    VisitorHome page;
    database_.read([&](sql::Reader& reader) {
        auto newest = library_.list(reader, actor, {.limit = 6});
        page.newest = reading::with_authors(reader, actor, people_, std::move(newest.works));
        page.tags = library_.popular_tags(reader, actor, kTags);
    });
    page.frame = shell::frame(request, "", shell::Place::home);
    return shell::page(request, 200, [&](html::Out& out) { visitor_home(out, page); });
}

Result<Response> Pages::member(const Request& request) {
    const Actor& actor = actor_of(request);
    const shell::PageContext& context = shell::context_of(request);
    MemberHome page;
    std::vector<works::OpenDraft> drafts;
    std::vector<feedback::RecentComment> recent;
    std::vector<works::WorkCard> finished;
    database_.read([&](sql::Reader& reader) {
        drafts = library_.open_drafts(reader, actor, 1);
        page.writes = !drafts.empty() ||
                      !library_.list(reader, actor, {.author = *actor.person, .limit = 1}).works.empty();
        recent = answers_.for_author(reader, actor, kAnswers * 3);
        page.open = progress_.keep_reading(reader, actor, kOpen);
        std::optional<works::Cursor> next;
        finished = progress_.finished(reader, actor, {}, 1, next);
        auto newest = library_.list(reader, actor, {.limit = 16}).works;
        std::erase_if(newest, [&](const works::WorkCard& card) {
            return actor.is(card.author) ||
                   std::ranges::any_of(page.open, [&](const reading::OpenWork& open) {
                       return open.line.card.id == card.id;
                   });
        });
        if (newest.size() > 10) newest.resize(10);
        page.newest = reading::with_authors(reader, actor, people_, std::move(newest));
        page.for_you = guide_.for_you(reader, actor, context.language);

        std::vector<access::PersonId> ids;
        for (const auto& comment : recent)
            ids.push_back(comment.author);
        std::ranges::sort(ids);
        const auto repeated = std::ranges::unique(ids);
        ids.erase(repeated.begin(), repeated.end());
        const auto cards = ids.empty() ? std::vector<accounts::PersonCard>{} : people_.cards(reader, ids);
        std::vector<access::PersonId> lately;
        for (auto& comment : recent) {
            if (context.now - comment.at < kRecent &&
                std::ranges::find(lately, comment.author) == lately.end()) {
                lately.push_back(comment.author);
            }
            if (static_cast<int>(page.answers.size()) == kAnswers) continue;
            AnswerView answer{.seed = comment.author.text(),
                              .work_title = comment.work_title,
                              .quote = comment.quote,
                              .chapter_number = comment.chapter_number,
                              .on_paragraph = !comment.paragraph.empty(),
                              .words = html::SafeHtml::trust(
                                  comment.text_html),  // rendered by html::render when it was stored
                              .at = comment.at};
            answer.url = "/works/" + comment.work.text() + "/chapters/" + comment.chapter.text() +
                         "/comments" +
                         (comment.paragraph.empty() ? "?on=chapter" : "?paragraph=" + comment.paragraph) +
                         "#c-" + comment.id.text();
            const auto card = std::ranges::find(cards, comment.author, &accounts::PersonCard::id);
            if (card != cards.end()) {
                answer.name = card->display_name;
                answer.profile = "/people/" + card->handle;
            }
            page.answers.push_back(std::move(answer));
        }
        page.new_answers = static_cast<int>(lately.size());
        page.topics = topic_news(reader, actor, i18n::tag(context.language), interests_, library_, people_);
    });

    Situation situation{.writes = page.writes};
    if (!drafts.empty()) {
        situation.draft = &drafts.front();
        page.draft_title = drafts.front().title;
        page.draft_work = drafts.front().work_title;
        page.draft_place = drafts.front().place;
    }
    if (!recent.empty()) {
        situation.answer = &recent.front();
        situation.answered_by = page.answers.front().name;
    }
    if (!finished.empty()) situation.finished = &finished.front();
    if (!page.newest.empty()) situation.newest = &page.newest.front();
    page.steps = next_steps(situation);
    std::erase_if(page.newest, [&](const reading::WorkLine& line) {  // said once is enough
        return std::ranges::any_of(
            page.for_you, [&](const guidance::Suggestion& one) { return one.line.card.id == line.card.id; });
    });
    std::erase_if(page.topics.works, [&](const TopicNews::One& fresh) {
        return std::ranges::any_of(page.for_you, [&](const guidance::Suggestion& one) {
            return one.line.card.id == fresh.line.card.id;
        });
    });
    page.greeting_key = greeting_key(i18n::hour_of_day(context.now, zone_of(request)));
    page.name = context.viewer ? context.viewer->display_name : std::string();
    page.frame = shell::frame(request, "", shell::Place::home);
    return shell::page(request, 200, [&](html::Out& out) { member_home(out, page); });
}

Result<Response> Pages::list(const Request& request, std::optional<std::string> key) {
    const Actor& actor = actor_of(request);
    ReadPage page;
    const auto after = TRY(position(request));
    for (const i18n::Language language : i18n::kLanguages)
        page.languages.emplace_back(i18n::tag(language));
    const std::string_view wanted = request.query.get("language");
    if (!wanted.empty()) {
        if (std::ranges::find(page.languages, wanted) == page.languages.end())
            return not_found("no works in such a language");
        page.language = wanted;
    }
    page.path = key ? "/tags/" + percent_encode(*key) : "/read";
    TRY(database_.read([&](sql::Reader& reader) -> Result<void> {
        if (key) {
            page.tag = library_.tag(reader, actor, *key);
            if (!page.tag) return not_found("no work the actor may see carries the tag");
            const std::string_view language = i18n::tag(shell::context_of(request).language);
            page.meant = interests_.meaning_of(reader, actor, {*key, page.tag->label}, language, language);
            page.signed_in = actor.signed_in();
        } else {
            page.tags = library_.popular_tags(reader, actor, kTags);
        }
        works::WorkQuery query{.tag = key, .after = after, .limit = kPerPage};
        if (!page.language.empty()) query.language = page.language;
        auto found = library_.list(reader, actor, query);
        page.works = reading::with_authors(reader, actor, people_, std::move(found.works));
        if (found.next) page.next_url = url_with(page.path, page.language, found.next);
        return success();
    }));
    if (after) page.first_url = url_with(page.path, page.language, std::nullopt);
    const std::string title = page.tag ? page.tag->label : shell::text(request, _msg("discovery.read_title"));
    page.frame = shell::frame(request, title, shell::Place::read);
    return shell::page(request, 200, [&](html::Out& out) { read_page(out, page); });
}

Result<Response> Pages::read(const Request& request) {
    return list(request, std::nullopt);
}

// The one topic that a tag of a work in that language means; "" when there is none, or more than one.
std::string Pages::hub_of(const Request& request, const std::string& key, std::string_view spoken) const {
    const std::string_view shown_in = i18n::tag(shell::context_of(request).language);
    const auto meant = database_.read([&](sql::Reader& reader) {
        return interests_.meaning_of(reader, actor_of(request), {key, key}, spoken, shown_in);
    });
    return meant.size() == 1 ? "/topics/" + meant.front().topic.text() : std::string();
}

Result<Response> Pages::tag(const Request& request) {
    std::string key = works::tag_key(request.path_text("tag"));
    if (key.empty()) return not_found("no tag");
    // A chapter does not look for the topics of its chips; who follows one is led on.
    if (const auto spoken = request.query.get("topic"); !spoken.empty()) {
        if (std::string hub = hub_of(request, key, spoken); !hub.empty())
            return Response::see_other(std::move(hub));
    }
    return list(request, std::move(key));
}

Result<Response> Pages::person(const Request& request) {
    const Actor& actor = actor_of(request);
    const auto after = TRY(position(request));
    PersonPage page;
    TRY(database_.read([&](sql::Reader& reader) -> Result<void> {
        auto card = people_.found_by(reader, actor, ascii_lower(request.path_text("handle")));
        if (!card) return not_found("no such person");
        TRY(access::permit<SeeProfile>(actor, {card->id, card->listed, card->paused}));
        page.person = std::move(*card);
        auto found =
            library_.list(reader, actor, {.author = page.person.id, .after = after, .limit = kPerPage});
        page.works = reading::with_authors(reader, actor, people_, std::move(found.works));
        if (found.next) page.next_url = "/people/" + page.person.handle + "?after=" + found.next->text();
        page.interests = interests_.shown_to(reader, actor, page.person.id,
                                             i18n::tag(shell::context_of(request).language));
        return success();
    }));
    if (after) page.first_url = "/people/" + page.person.handle;
    page.self = actor.is(page.person.id);
    page.signed_in = actor.signed_in();
    page.bio = html::SafeHtml::trust(page.person.bio_html);  // rendered by html::render when it was stored
    page.frame = shell::frame(request, page.person.display_name, shell::Place::read);
    return shell::page(request, 200, [&](html::Out& out) { person_page(out, page); });
}

}  // namespace braid::discovery
