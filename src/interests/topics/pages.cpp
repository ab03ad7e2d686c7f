#include "interests/topics/pages.h"

#include <algorithm>

#include "base/text.h"
#include "interests/topics/policy.h"
#include "interests/topics/topics.html.h"
#include "platform/i18n/i18n.h"

namespace braid::topics {

using access::action;
using access::actor_of;

namespace {

constexpr std::size_t kRolledUp = 50;  // narrower topics whose people stand on a hub
constexpr std::size_t kPeople = 6;

constexpr int kPerPage = 20;
constexpr std::size_t kSuggested = 8;
constexpr std::size_t kFound = 24;
constexpr std::size_t kPicks = 14;  // of each area
constexpr int kOpenTags = 50;
constexpr int kHistory = 50;

std::string_view language_of(const http::Request& request) {
    return i18n::tag(shell::context_of(request).language);
}

TopicLink link_to(const Vocabulary& vocabulary, TopicId topic, std::string_view language) {
    return {.id = topic.text(),
            .label = vocabulary.label(topic, language),
            .language = vocabulary.language_of(topic, language),
            .hint = {}};
}

std::vector<TopicLink> links_to(const Vocabulary& vocabulary, const std::vector<TopicId>& topics,
                                std::string_view language) {
    std::vector<TopicLink> links;
    for (const TopicId topic : topics)
        links.push_back(link_to(vocabulary, topic, language));
    std::ranges::stable_sort(links, {}, [](const TopicLink& one) { return ascii_lower(one.label); });
    return links;
}

std::vector<TopicLink> links_to(const Vocabulary& vocabulary, const std::vector<Candidate>& candidates,
                                std::string_view language) {
    std::vector<TopicLink> links;
    for (const Candidate& one : candidates) {
        TopicLink link = link_to(vocabulary, one.topic, language);
        for (const TopicId up : vocabulary.broader(one.topic)) {
            if (!link.hint.empty()) link.hint += ", ";
            link.hint += vocabulary.label(up, language);
        }
        links.push_back(std::move(link));
    }
    return links;
}

std::vector<TopArea> areas_of(const Vocabulary& vocabulary, std::string_view language, std::size_t most) {
    std::vector<TopArea> areas;
    for (const TopicId top : vocabulary.tops()) {
        TopArea area{link_to(vocabulary, top, language), {}};
        // What has most below it says most of the area.
        std::vector<TopicId> below = vocabulary.narrower(top);
        std::ranges::stable_sort(below, std::greater(),
                                 [&](TopicId one) { return vocabulary.narrower(one).size(); });
        if (below.size() > most) below.resize(most);
        area.narrower = links_to(vocabulary, below, language);
        areas.push_back(std::move(area));
    }
    std::ranges::stable_sort(areas, std::greater(), [](const TopArea& area) { return area.narrower.size(); });
    if (areas.size() > 24) areas.resize(24);
    return areas;
}

// What a program asked for instead of the page.
enum class Form { page, turtle, json_ld };
Form form_of(const http::Request& request) {
    const std::string_view wanted = request.query.get("format");
    if (wanted == "turtle") return Form::turtle;
    if (wanted == "jsonld") return Form::json_ld;
    const std::string_view accept = request.header("accept").value_or(std::string_view());
    if (accept.find("text/html") != std::string_view::npos) return Form::page;
    if (accept.find("text/turtle") != std::string_view::npos) return Form::turtle;
    if (accept.find("application/ld+json") != std::string_view::npos) return Form::json_ld;
    return Form::page;
}

// Why a topic is offered for a tag.
std::string_view why(Reason reason) {
    switch (reason) {
        case Reason::exact:
            return _msg("topics.why_exact");
        case Reason::alias:
            return _msg("topics.why_alias");
        case Reason::plural:
            return _msg("topics.why_plural");
        case Reason::acronym:
            return _msg("topics.why_acronym");
        case Reason::spelling:
            return _msg("topics.why_spelling");
        case Reason::context:
            return _msg("topics.why_context");
        case Reason::part:
        case Reason::prefix:
            break;
    }
    return _msg("topics.why_part");
}

}  // namespace

std::string tag_url(std::string_view tag) {
    return "/tags/" + percent_encode(tag);
}

std::string grown_text(const Interest& interest, i18n::Language language) {
    const int grown = grown_strength(interest.acts);
    return i18n::format(language, grown == 3   ? _msg("topics.grown_3")
                                  : grown == 2 ? _msg("topics.grown_2")
                                               : _msg("topics.grown_1"));
}

std::string change_text(const ChangeLine& change, i18n::Language language) {
    if (change.kind == "link")
        return change.other.empty()
                   ? i18n::format(language, _msg("topics.did_link"),
                                  {{"tag", change.tag}, {"topic", change.topic}})
                   : i18n::format(language, _msg("topics.did_link_more"),
                                  {{"tag", change.tag}, {"topic", change.topic}, {"other", change.other}});
    if (change.kind == "split")
        return i18n::format(language, _msg("topics.did_split"),
                            {{"topic", change.topic}, {"other", change.other}});
    if (change.kind == "aside")
        return i18n::format(language, _msg("topics.did_aside"), {{"tag", change.tag}});
    if (change.kind == "merge")
        return i18n::format(language, _msg("topics.did_merge"),
                            {{"topic", change.topic}, {"other", change.other}});
    return i18n::format(language, _msg("topics.did_below"),
                        {{"topic", change.topic}, {"other", change.other}});
}

void Pages::add_routes(http::Router& router) {
    const auto on = [this](Result<Response> (Pages::*handler)(const Request&)) {
        return [this, handler](const Request& request) { return (this->*handler)(request); };
    };
    const http::RouteOptions form{.max_body = 16 << 10, .per_minute = 60};
    router.get("/topics", action<SeeTopics>(), on(&Pages::browse));
    router.get("/topics/suggest", action<SeeTopics>(), on(&Pages::suggest));
    router.get("/topics/{topic:id}", action<SeeTopics>(), on(&Pages::hub));
    router.post("/topics/{topic:id}/follow", action<KeepInterests>(), on(&Pages::follow), form);
    router.post("/topics/{topic:id}/unfollow", action<KeepInterests>(), on(&Pages::unfollow), form);
    router.get("/interests", action<SeeInterests>(), on(&Pages::interests));
    router.post("/interests", action<KeepInterests>(), on(&Pages::add), form);
    router.post("/interests/pick", action<KeepInterests>(), on(&Pages::pick), form);
    router.post("/interests/{interest:id}/show", action<KeepInterests>(), on(&Pages::show), form);
    router.post("/interests/{interest:id}/strength", action<KeepInterests>(), on(&Pages::strength), form);
    router.post("/interests/{interest:id}/remove", action<KeepInterests>(), on(&Pages::remove), form);
    router.get("/wrangling", action<Wrangle>(), on(&Pages::wrangling));
    router.post("/wrangling/link", action<Wrangle>(), on(&Pages::link), form);
    router.post("/wrangling/aside", action<Wrangle>(), on(&Pages::aside), form);
    router.post("/wrangling/merge", action<Wrangle>(), on(&Pages::merge), form);
    router.post("/wrangling/below", action<Wrangle>(), on(&Pages::below), form);
    router.post("/wrangling/split", action<Wrangle>(), on(&Pages::split), form);
    router.post("/wrangling/{change:id}/undo", action<Wrangle>(), on(&Pages::undo), form);
}

Result<http::Response> Pages::browse(const Request& request) {
    const auto vocabulary = vocabularies_.current();
    const std::string_view language = language_of(request);
    BrowsePage page;
    page.query = trim(request.query.get("q"));
    if (!is_valid_utf8(page.query)) return not_found("not text");
    page.query = ellipsis(page.query, kLongestInterest);
    if (!page.query.empty()) {
        auto found = vocabulary->complete(page.query, language, kFound);
        for (Candidate& one : vocabulary->resolve(page.query, language).candidates)
            if (std::ranges::find(found, one.topic, &Candidate::topic) == found.end())
                found.push_back(std::move(one));
        page.found = links_to(*vocabulary, found, language);
    } else {
        page.areas = areas_of(*vocabulary, language, kPicks);
    }
    const Actor& actor = actor_of(request);
    if (actor.person) {
        page.mine = links_to(*vocabulary, database_.read([&](sql::Reader& reader) {
            return service_.topics_of(reader, *actor.person);
        }),
                             language);
    }
    page.frame = shell::frame(request, shell::text(request, _msg("topics.title")), shell::Place::read);
    return shell::page(request, 200, [&](html::Out& out) { browse_page(out, page); });
}

Result<http::Response> Pages::suggest(const Request& request) {
    const auto vocabulary = vocabularies_.current();
    Suggestions view;
    view.for_form = request.query.get("form") == "1";
    const std::string_view typed = trim(request.query.get(view.for_form ? "typed" : "q"));
    if (!is_valid_utf8(typed)) return not_found("not text");
    if (!request.header("hx-request")) return Response::see_other("/topics?q=" + percent_encode(typed));
    view.found = links_to(*vocabulary, vocabulary->complete(typed, language_of(request), kSuggested),
                          language_of(request));
    return shell::fragment(request, 200, [&](html::Out& out) { suggestions(out, view); });
}

Result<http::Response> Pages::hub(const Request& request) {
    const auto vocabulary = vocabularies_.current();
    const auto asked = request.path_id<TopicId>("topic");
    const auto topic = vocabulary->current(asked);
    if (!topic) return not_found("no such topic");
    if (const Form form = form_of(request); form != Form::page) {
        const auto data = database_.read(
            [&](sql::Reader& reader) { return exported(reader, public_url_, *vocabulary, asked); });
        Response response = Response::text(200, form == Form::turtle ? to_turtle(data) : to_json_ld(data));
        response.set("Content-Type",
                     form == Form::turtle ? "text/turtle; charset=utf-8" : "application/ld+json");
        response.set("Vary", "Accept");
        return response;
    }
    if (*topic != asked) return Response::see_other("/topics/" + topic->text());
    const std::string_view language = language_of(request);
    const Actor& actor = actor_of(request);
    works::Cursor after{INT64_MAX, INT64_MAX};
    HubPage page;
    page.topic = link_to(*vocabulary, *topic, language);
    if (const auto text = request.query.find("after")) {
        const auto position = works::Cursor::parse(*text);
        if (!position) return not_found("malformed position");
        after = *position;
        page.first_url = page.topic.url();
    }
    page.broader = links_to(*vocabulary, vocabulary->broader(*topic), language);
    page.narrower = links_to(*vocabulary, vocabulary->narrower(*topic), language);
    page.related = links_to(*vocabulary, vocabulary->related(*topic), language);
    for (const std::string& name : vocabulary->names(*topic, language)) {
        if (name == page.topic.label) continue;
        page.also += (page.also.empty() ? "" : ", ") + name;
    }
    database_.read([&](sql::Reader& reader) {
        for (const NoteRow& note : store::notes_of(reader, *topic))
            if (note.language == language || (page.note.empty() && note.language == "en"))
                page.note = note.note;
        auto lines = store::hub(reader, actor, *topic, after, kPerPage + 1);
        if (lines.size() > static_cast<std::size_t>(kPerPage)) {
            lines.resize(kPerPage);
            page.next_url = page.topic.url() + "?after=" +
                            works::Cursor{lines.back().updated_at, lines.back().work.value}.text();
        }
        std::vector<works::WorkId> ids;
        for (const store::HubLine& line : lines)
            ids.push_back(line.work);
        page.works = reading::with_authors(reader, actor, people_, library_.works(reader, actor, ids));
        page.follows = service_.follows(reader, actor, *topic);
        page.people = store::people(reader, actor, shell::context_of(request).now,
                                    vocabulary->with_narrower(*topic, kRolledUp), kPeople);
        page.wrangler = decide(Wrangle{}, actor, {}).allowed();
        if (page.wrangler)
            for (const LabelRow& row : store::labels_of(reader, *topic))
                if (row.kind != LabelKind::pref &&
                    std::ranges::find(page.other_names, row.label) == page.other_names.end())
                    page.other_names.push_back(row.label);
    });
    page.frame = shell::frame(request, page.topic.label, shell::Place::read);
    page.frame.canonical = public_url_ + page.topic.url();
    Response response = shell::page(request, 200, [&](html::Out& out) { hub_page(out, page); });
    return response;
}

Result<http::Response> Pages::follow(const Request& request) {
    const auto topic = request.path_id<TopicId>("topic");
    TRY(service_.follow(actor_of(request), topic, How::followed));
    return shell::redirect_with(request, "/topics/" + topic.text(), _msg("topics.now_following"));
}

Result<http::Response> Pages::unfollow(const Request& request) {
    const auto topic = request.path_id<TopicId>("topic");
    TRY(service_.unfollow(actor_of(request), topic));
    return shell::redirect_with(request, "/topics/" + topic.text(), _msg("topics.no_longer_following"));
}

Result<http::Response> Pages::interests_page(const Request& request, int status, InterestsPage page) {
    const auto vocabulary = vocabularies_.current();
    const std::string_view language = language_of(request);
    const auto mine = database_.read(
        [&](sql::Reader& reader) { return service_.mine(reader, actor_of(request), language); });
    for (const Interest& one : mine)
        page.mine.push_back({one, one.topic ? "/topics/" + one.topic.text() : std::string()});
    page.welcome = mine.empty();
    if (page.choices.empty()) {
        page.picker = areas_of(*vocabulary, language, kPicks);
        for (TopArea& area : page.picker)
            std::erase_if(area.narrower, [&](const TopicLink& link) {
                return std::ranges::any_of(mine,
                                           [&](const Interest& one) { return one.topic.text() == link.id; });
            });
        std::erase_if(page.picker, [](const TopArea& area) { return area.narrower.empty(); });
    }
    page.frame = shell::frame(request, shell::text(request, _msg("topics.my_interests")), shell::Place::home);
    return shell::page(request, status, [&](html::Out& out) { topics::interests_page(out, page); });
}

Result<http::Response> Pages::interests(const Request& request) {
    return interests_page(request, 200, {});
}

Result<http::Response> Pages::add(const Request& request) {
    const std::string_view typed = request.form.get("typed");
    std::optional<TopicId> chosen;
    if (const auto text = request.form.fields.find("topic")) {
        chosen = TopicId::parse(*text).value_or(TopicId{});
        // Picked while typing: then what stands in the field is the beginning of a word.
        if (*chosen && !request.form.fields.has("asked")) {
            TRY(service_.follow(actor_of(request), *chosen, How::picked));
            return shell::redirect_with(request, "/interests", _msg("topics.was_added"));
        }
    }
    auto added = service_.add(actor_of(request), typed, language_of(request), chosen);
    if (!added.ok()) {
        if (added.error().code != ErrorCode::invalid) return std::move(added).error();
        InterestsPage page;
        page.typed = typed;
        page.error = &added.error();
        return interests_page(request, 422, std::move(page));
    }
    if (!added->interest) {
        InterestsPage page;
        page.typed = typed;
        page.choices = links_to(*vocabularies_.current(), added->candidates, language_of(request));
        return interests_page(request, 200, std::move(page));
    }
    return shell::redirect_with(
        request, "/interests",
        added->outcome == Outcome::resolved ? _msg("topics.was_added") : _msg("topics.was_kept"));
}

Result<http::Response> Pages::pick(const Request& request) {
    for (const std::string_view text : request.form.fields.all("topic"))
        if (const auto topic = TopicId::parse(text))
            TRY(service_.follow(actor_of(request), *topic, How::picked));
    return shell::redirect_with(request, "/interests", _msg("topics.were_added"));
}

Result<http::Response> Pages::show(const Request& request) {
    const Shown shown = request.form.get("shown") == "signed_in" ? Shown::signed_in : Shown::me;
    TRY(service_.show(actor_of(request), request.path_id<InterestId>("interest"), shown));
    return shell::redirect_with(
        request, "/interests", shown == Shown::me ? _msg("topics.now_only_you") : _msg("topics.now_members"));
}

Result<http::Response> Pages::strength(const Request& request) {
    const auto strength = parse_integer(request.form.get("strength"));
    TRY(service_.set_strength(actor_of(request), request.path_id<InterestId>("interest"),
                              static_cast<int>(std::clamp(strength.value_or(-1), -1LL, 4LL))));
    return shell::redirect_with(request, "/interests", _msg("topics.strength_kept"));
}

Result<http::Response> Pages::remove(const Request& request) {
    TRY(service_.remove(actor_of(request), request.path_id<InterestId>("interest")));
    return shell::redirect_with(request, "/interests", _msg("topics.was_removed"));
}

Result<TopicId> Pages::named(const Request& request, std::string_view id, std::string_view words) const {
    const auto vocabulary = vocabularies_.current();
    if (const auto topic = TopicId::parse(id); topic && vocabulary->current(*topic)) return *topic;
    const Resolution found = vocabulary->resolve(words, language_of(request));
    if (found.outcome != Outcome::resolved) return conflict(_msg("topics.which_topic"));
    return found.topic;
}

Result<std::vector<TopicId>> Pages::all_named(const Request& request, std::string_view words) const {
    // A name may have a comma in it.
    if (auto one = named(request, {}, words); one.ok()) return std::vector<TopicId>{*one};
    std::vector<TopicId> topics;
    for (const std::string_view name : braid::split(words, ','))
        topics.push_back(TRY(named(request, {}, trim(name))));
    return topics;
}

Result<http::Response> Pages::wrangling(const Request& request) {
    const auto vocabulary = vocabularies_.current();
    const std::string_view language = language_of(request);
    WranglingPage page;
    database_.read([&](sql::Reader& reader) {
        for (const store::OpenTag& tag : store::open_tags(reader, actor_of(request), kOpenTags)) {
            auto guesses = vocabulary->resolve(tag.label, language).candidates;
            if (guesses.size() > 3) guesses.resize(3);
            auto links = links_to(*vocabulary, guesses, language);
            for (std::size_t i = 0; i < links.size(); ++i)
                links[i].hint = i18n::format(shell::context_of(request).language, why(guesses[i].reason),
                                             {{"name", guesses[i].matched}});
            page.open.push_back({.tag = tag.tag,
                                 .label = tag.label,
                                 .works = static_cast<int>(tag.works),
                                 .guesses = std::move(links)});
        }
        const auto changes = store::changes(reader, kHistory);
        std::vector<access::PersonId> who;
        for (const store::ChangeRow& row : changes)
            if (std::ranges::find(who, row.actor) == who.end()) who.push_back(row.actor);
        const auto cards = who.empty() ? std::vector<accounts::PersonCard>{} : people_.cards(reader, who);
        for (const store::ChangeRow& row : changes) {
            const auto card = std::ranges::find(cards, row.actor, &accounts::PersonCard::id);
            page.history.push_back({.id = id_to_text(row.id),
                                    .who = card == cards.end() ? std::string() : card->display_name,
                                    .kind = row.kind,
                                    .topic = vocabulary->label(row.topic, language),
                                    .other = vocabulary->label(row.other, language),
                                    .tag = row.tag,
                                    .at = row.at,
                                    .undone = row.undone_at.micros != 0});
        }
    });
    page.frame = shell::frame(request, shell::text(request, _msg("topics.wrangling")));
    return shell::page(request, 200, [&](html::Out& out) { wrangling_page(out, page); });
}

Result<http::Response> Pages::link(const Request& request) {
    std::vector<TopicId> topics;
    if (const auto text = request.form.get("topic"); !text.empty()) {
        topics.push_back(TRY(named(request, text, {})));
    } else {
        topics = TRY(all_named(request, request.form.get("words")));
    }
    TRY(wrangling_.link(actor_of(request), works::tag_key(request.form.get("tag")), topics));
    return shell::redirect_with(request, "/wrangling", _msg("topics.was_linked"));
}

Result<http::Response> Pages::aside(const Request& request) {
    TRY(wrangling_.set_aside(actor_of(request), works::tag_key(request.form.get("tag"))));
    return shell::redirect_with(request, "/wrangling", _msg("topics.was_set_aside"));
}

Result<http::Response> Pages::merge(const Request& request) {
    const TopicId from = TRY(named(request, request.form.get("topic"), {}));
    const TopicId into = TRY(named(request, {}, request.form.get("other")));
    TRY(wrangling_.merge(actor_of(request), from, into));
    return shell::redirect_with(request, "/wrangling", _msg("topics.was_merged"));
}

Result<http::Response> Pages::below(const Request& request) {
    const TopicId topic = TRY(named(request, request.form.get("topic"), {}));
    const TopicId broader = TRY(named(request, {}, request.form.get("other")));
    TRY(wrangling_.put_below(actor_of(request), topic, broader));
    return shell::redirect_with(request, "/wrangling", _msg("topics.was_put_below"));
}

Result<http::Response> Pages::split(const Request& request) {
    const TopicId topic = TRY(named(request, request.form.get("topic"), {}));
    std::vector<std::string> labels;
    for (const std::string_view label : request.form.fields.all("label"))
        labels.emplace_back(label);
    const TopicId fresh = TRY(
        wrangling_.split(actor_of(request), topic, request.form.get("name"), language_of(request), labels));
    return shell::redirect_with(request, "/topics/" + fresh.text(), _msg("topics.was_split"));
}

Result<http::Response> Pages::undo(const Request& request) {
    TRY(wrangling_.undo(actor_of(request), request.path_id<Id<struct ChangeTag>>("change").value));
    return shell::redirect_with(request, "/wrangling", _msg("topics.was_undone"));
}

}  // namespace braid::topics
