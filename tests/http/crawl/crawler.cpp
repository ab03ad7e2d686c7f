#include "crawl/crawler.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace braid::testing::crawl {
namespace {

using access::Actor;
using access::PolicyBook;
using http::Route;
using test::HttpClient;
using test::Reply;

bool changes(const Route& route) {
    return route.method != http::Method::get && route.method != http::Method::head;
}
bool of_api(const Route& route) {
    return route.pattern.starts_with("/api/");
}
bool holds(const Things& things, const Route& route) {
    const auto names = World::things_in(route.pattern);
    return std::all_of(names.begin(), names.end(),
                       [&](const std::string& name) { return things.contains(name); });
}

// How the label of a sample begins that is about one's own.
constexpr std::string_view kOwn[] = {"her own", "for herself", "on her work", "on her own", "to her own"};

// Actions whose policy opens things of others by what they are and not by whose, and to whom.
const std::map<std::string_view, bool (*)(const Actor&)> kDesks{
    {"guardians.record_consent", [](const Actor&) { return true; }},
    {"guardians.see_desk", [](const Actor&) { return true; }},
    // Who gives a role takes it from whoever has it.
    {"roles.change", [](const Actor& actor) { return actor.trusted(); }}};

// A consent on paper, and a key that is needed to come in, are not in this world; their own tests have them.
const std::set<std::string_view> kNotInThisWorld{"GET /consent-desk/{request:id}/form",
                                                 "GET /settings/second-factor/passkeys/{passkey:id}"};

// What no page of this world shows as a form: sent by script, or shown only for a while.
void teach(Bodies& bodies) {
    const test::Pairs birth{{"birth_year", "2017"}, {"birth_month", "3"}, {"choice_publish", "1"}};
    const test::Pairs draft{{"title", "One"}, {"text", "Words."}, {"editor", "window"}, {"base", "1"}};
    const test::Pairs words{{"words", "Words of a crawler"}}, why{{"why", "Words of a crawler"}};
    const test::Pairs code{{"code", "123456"}}, name{{"name", "A key"}};
    const std::string chapter = "POST /works/{work:id}/chapters/{chapter:id}";
    const std::string child = "POST /guardian/children/{child:id}";
    const std::string factor = "POST /settings/second-factor/";
    const std::pair<std::string, test::Pairs> bodies_by_hand[]{
        {chapter + "/progress", {{"percent", "40"}, {"paragraph", ""}}},
        {chapter + "/draft", draft},
        {chapter + "/preview", draft},
        {chapter + "/publish", draft},
        {chapter + "/move", {{"direction", "up"}}},
        {"POST /settings/profile/preview", {{"bio", "Words of a crawler"}}},
        {"POST /waiting/new",
         {{"handle", "asks"}, {"password", "the lamp counts stairs"}, {"email", "a@example.org"}}},
        {"POST /consent/{token:text}", birth},
        {"POST /consent-desk/{request:id}",
         {{"handle", "waits"},
          {"method", "school"},
          {"on_behalf", "A school"},
          {"birth_year", "2017"},
          {"birth_month", "3"}}},
        {"POST /password/reset/{token:text}", {{"password", "another lamp counts stairs"}}},
        {"POST /sign-in/second-step", code},
        {"POST /sign-in/passkey", {{"credential", "{}"}}},
        {factor + "app/confirm", code},
        {factor + "again", code},
        {factor + "passkeys", {{"name", "A key"}, {"credential", "{}"}}},
        {factor + "passkeys/{passkey:id}/rename", name},
        {"POST /admin/people/{handle:text}/revoke", {{"role", "mentor"}, {"scope", "site"}}},
        {"POST /wrangling/link", {{"tag", "\x01tag:text\x01"}, {"topic", "\x01topic:id\x01"}}},
        {"POST /wrangling/aside", {{"tag", "\x01tag:text\x01"}}},
        {"POST /wrangling/below", {{"topic", "\x01topic:id\x01"}, {"other", "\x01topic:id\x01"}}},
        {"POST /interests/{interest:id}/strength", {{"strength", "2"}}},
        {"POST /notices/{decision:id}/appeal", words},
        {"POST /appeals/{token:text}", words},
        {"POST /moderation/decisions/{decision:id}/refuse", why},
        {"POST /moderation/decisions/{decision:id}/lift", why},
        {"POST /setup/{token:text}",
         {{"handle", "first"}, {"password", "the lamp counts stairs"}, {"email", "a@example.org"}}}};
    for (const auto& [row, fields] : bodies_by_hand)
        bodies.teach(row, fields);
    // Buttons: what they do is in their address.
    for (const char* row : {"POST /settings/account/email/resend",
                            "POST /settings/account/email/cancel",
                            "POST /waiting/again",
                            "POST /waiting/withdraw",
                            "POST /consent/{token:text}/refuse",
                            "POST /consent/{token:text}/withdraw",
                            "POST /consent/{token:text}/return",
                            "POST /consent/{token:text}/connect",
                            "POST /consent/confirm/{token:text}",
                            "POST /consent/confirm/{token:text}/refuse",
                            "POST /guardian/ties/{tie:id}/end",
                            "POST /guardian/accept/{token:text}",
                            "POST /settings/second-factor/app/remove",
                            "POST /settings/second-factor/passkeys/{passkey:id}/remove",
                            "POST /invitations/{token:text}",
                            "POST /documents/accept",
                            "POST /works/{work:id}/cover/remove",
                            "POST /topics/{topic:id}/unfollow",
                            "POST /comments/{comment:id}/hide",
                            "POST /comments/{comment:id}/show",
                            "POST /moderation/cases/{case:id}/release",
                            "POST /moderation/decisions/{decision:id}/confirm",
                            "POST /settings/data/keep",
                            "POST /settings/blocks/{handle:text}/end",
                            "POST /works/{work:id}/not-for-me"})
        bodies.teach(row, {});
    for (const char* step : {"/discard", "/copies/{copy:text}/take", "/copies/{copy:text}/drop"})
        bodies.teach(chapter + step, {});
    for (const char* step : {"/return", "/data/keep"})
        bodies.teach(child + step, {});
}

std::string joined(const std::vector<std::string>& statements) {
    std::string text;
    for (const std::string& one : statements)
        text.append(one).append("; ");
    return text;
}

}  // namespace

Rule rule_for(const PolicyBook::Entry& entry, const Actor& actor) {
    Rule rule;
    for (const PolicyBook::Sample& sample : entry.samples) {
        const bool allowed = sample.decide(actor).allowed();
        const bool another = sample.label.find("somebody else's") != std::string::npos ||
                             sample.label.find("another's") != std::string::npos;
        const bool own = std::any_of(std::begin(kOwn), std::end(kOwn),
                                     [&](std::string_view words) { return sample.label.starts_with(words); });
        rule.ever |= allowed;
        rule.anothers_told |= another;
        rule.anothers_ever |= allowed && !own;
    }
    const auto desk = kDesks.find(entry.name);
    rule.anybodys =
        rule.ever && (entry.needs == access::Needs::staff || (desk != kDesks.end() && desk->second(actor)));
    return rule;
}

Crawler::Crawler(TestSite& site, World& world, Statements& statements)
    : site_(site), world_(world), statements_(statements) {
    teach(bodies_);
    bodies_.learn_document(site_.program().api().document(), site_.program().router());
    HttpClient visitor = site_.visitor();
    learn(visitor, world_.open());
    for (const char* handle : {"nell", "rosa", "samwise", "harbour", "pip"}) {
        HttpClient client = world_.enter(handle);
        learn(client, world_.open());
        learn(client, world_.hidden());
    }
}

void Crawler::learn(HttpClient& client, const Things& things) {
    for (const Route& route : routes()) {
        if (changes(route) || of_api(route) || !holds(things, route)) continue;
        const Reply reply = ask(client, route, things);
        if (reply.status == 200 && reply.header("content-type").starts_with("text/html"))
            bodies_.learn_page(reply.body, World::address(route.pattern, things), things,
                               site_.program().router());
    }
}

const std::deque<Route>& Crawler::routes() const {
    return site_.program().router().routes();
}
const PolicyBook::Entry& Crawler::entry(const Route& route) const {
    return *site_.program().policies().find(route.action.name());
}

Reply Crawler::ask(HttpClient& client, const Route& route, const Things& things) {
    const std::string path = World::address(route.pattern, things);
    Reply reply = changes(route)
                      ? bodies_.send(client, route, path, things)
                      : client.get(path, {{"Accept", of_api(route) ? "application/json" : "text/html"}});
    // A stream goes on; its beginning was enough.
    if (reply.header("content-type").starts_with("text/event-stream")) client.disconnect();
    // A word for the next page is said before anything else is asked for.
    if (!client.cookie("flash").empty()) client.get("/settings/reading");
    ++seen_.asked;
    return reply;
}
Reply Crawler::ask(Viewer& viewer, const Route& route, const Things& things) {
    return ask(of_api(route) ? viewer.programs : viewer.pages, route, things);
}

void Crawler::wrong(const Viewer& viewer, const Route& route, const std::string& what) {
    problems_[row_of(route) + " " + what].insert(viewer.name);
}

bool Crawler::closed(const Viewer& viewer, const Route& route) const {
    return !World::things_in(route.pattern).empty() && !rule_for(entry(route), viewer.actor).anybodys;
}

void Crawler::compare(Viewer& viewer, const Route& route, const Things& hidden, const Things& missing) {
    const Reply one = ask(viewer, route, hidden);
    const Reply other = ask(viewer, route, missing);
    ++seen_.compared;
    const std::string gap = difference(told(one, hidden), told(other, missing));
    if (!gap.empty())
        wrong(viewer, route,
              "tells hidden (" + std::to_string(one.status) + ") from missing (" +
                  std::to_string(other.status) + "): " + gap);
}

void Crawler::check_open(Viewer& viewer, const Route& route) {
    const Reply reply = ask(viewer, route, world_.open());
    if (reply.status >= 500) wrong(viewer, route, "fails: " + std::to_string(reply.status));
    const Rule rule = rule_for(entry(route), viewer.actor);
    if (rule.ever && (!rule.anothers_told || rule.anothers_ever)) return;
    ++seen_.forbidden;
    if (!refused(reply))
        wrong(viewer, route, "is reached with another's things: " + std::to_string(reply.status));
}

void Crawler::compare_statements(Viewer& viewer, const Route& route, const Things& hidden,
                                 const Things& missing) {
    const auto run = [&](const Things& things) {
        statements_.begin();
        (void)ask(viewer, route, things);
        return statements_.take();
    };
    ++seen_.counted;
    std::string gap;
    // What is remembered after the first time (a cache, when a session was last seen) is no gap.
    for (int round = 0; round < 2; ++round) {
        gap = difference(joined(run(hidden)), joined(run(missing)));
        if (gap.empty()) return;
    }
    wrong(viewer, route, "asks other things of the database for hidden than for missing: " + gap);
}

void Crawler::beside(Viewer& viewer, const Route& route,
                     const std::function<void(const Things&, const Things&)>& check) {
    const auto names = World::things_in(route.pattern);
    for (const Things& hidden : world_.hidden_from(viewer)) {
        if (!holds(hidden, route)) continue;
        const Things missing = world_.nobody();
        check(hidden, missing);
        // Among things of her own, too: her work with another's chapter.
        Things mine = hidden;
        Things gap = missing;
        for (const std::string& name : names) {
            if (name == names.back() || !viewer.own.contains(name)) continue;
            mine[name] = gap[name] = viewer.own.at(name);
        }
        if (mine != hidden) check(mine, gap);
    }
}

void Crawler::anothers(Viewer& viewer) {
    for (const Route& route : routes()) {
        if (!closed(viewer, route)) continue;
        beside(viewer, route,
               [&](const Things& hidden, const Things& missing) { compare(viewer, route, hidden, missing); });
        if (holds(world_.open(), route)) check_open(viewer, route);
    }
}

void Crawler::count(Viewer& viewer) {
    for (const Route& route : routes()) {
        if (!closed(viewer, route)) continue;
        beside(viewer, route, [&](const Things& hidden, const Things& missing) {
            compare_statements(viewer, route, hidden, missing);
        });
    }
}

std::vector<const Route*> Crawler::changes_last() const {
    std::vector<const Route*> order;
    for (const bool changing : {false, true})
        for (const Route& route : routes())
            if (changes(route) == changing) order.push_back(&route);
    // What takes away comes last, so that the others find something.
    std::stable_partition(order.begin(), order.end(), [](const Route* route) {
        return route->method != http::Method::del && route->pattern.find("delete") == std::string::npos &&
               route->pattern.find("/end") == std::string::npos &&
               route->pattern.find("revoke") == std::string::npos;
    });
    return order;
}

// A session that her own request ended is begun anew, so that what follows is asked by her and not by a
// visitor.
void Crawler::come_back(Viewer& viewer, const Route& route, const Reply& reply) {
    if (viewer.handle.empty() || !changes(route) || of_api(route)) return;
    const bool told_to = reply.header("location").starts_with("/sign-in");
    if (told_to || viewer.pages.get("/settings/profile", {{"Accept", "text/html"}}).status == 303)
        viewer.pages = world_.enter(viewer.handle);
}

void Crawler::own(Viewer& viewer) {
    if (!viewer.handle.empty()) viewer.pages = world_.enter(viewer.handle);
    for (const Route* route : changes_last()) {
        Things things = world_.nobody();
        for (const auto& [name, value] : viewer.own)
            things[name] = value;
        const Reply reply = ask(viewer, *route, things);
        const std::string status = std::to_string(reply.status);
        if (reply.status >= 500) wrong(viewer, *route, "fails with her own things: " + status);
        if (!rule_for(entry(*route), viewer.actor).ever) {
            ++seen_.forbidden;
            // A page may send her on to where she is let in.
            const bool sent_on = reply.status == 303 && !changes(*route);
            if (!refused(reply) && !sent_on)
                wrong(viewer, *route, "is reached, and no policy allows it: " + status);
        }
        const std::string row = row_of(*route);
        if (reply.status < 400 && !refused(reply)) seen_.went_well.insert(row);
        seen_.status[row] = reply.status;
        come_back(viewer, *route, reply);
    }
}

void Crawler::clock(Viewer& viewer) {
    for (const Route& route : routes()) {
        if (!closed(viewer, route) || !holds(world_.hidden(), route)) continue;
        const Things& hidden = world_.hidden();
        const Things missing = world_.nobody();
        const Timed result = timed([&](bool one) {
            const auto begun = std::chrono::steady_clock::now();
            (void)ask(viewer, route, one ? hidden : missing);
            return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begun)
                .count();
        });
        ++seen_.timed;
        const std::string gap = std::to_string(std::lround(result.last.gap)) + " µs between hidden (" +
                                std::to_string(std::lround(result.last.one)) + ") and missing (" +
                                std::to_string(std::lround(result.last.other)) + "), sign " +
                                std::to_string(std::lround(result.last.sign)) + ", " +
                                std::to_string(result.last.pairs) + " pairs";
        if (result.apart) wrong(viewer, route, "takes longer for one than the other: " + gap);
        if (std::abs(result.last.gap) > 20 && std::abs(result.last.sign) > 3)
            seen_.slowest.push_back(viewer.name + ", " + row_of(route) + ": " + gap);
    }
}

std::vector<std::string> Crawler::problems() const {
    std::vector<std::string> all;
    for (const auto& [what, who] : problems_) {
        std::string line = what + "\n    met by";
        int shown = 0;
        for (const std::string& name : who)
            if (++shown <= 4) line += " " + name + ",";
        all.push_back(line + " " + std::to_string(who.size()) + " in all");
    }
    return all;
}

std::vector<std::string> Crawler::never_seen() const {
    std::vector<std::string> all;
    for (const Route& route : routes()) {
        const auto names = World::things_in(route.pattern);
        // What a link opens is for who holds it; here nobody does.
        if (changes(route) || names.empty() || names.back() == "token:text") continue;
        const std::string row = row_of(route);
        if (kNotInThisWorld.contains(row)) continue;
        if (!seen_.went_well.contains(row)) all.push_back(row + ": " + std::to_string(seen_.status.at(row)));
    }
    return all;
}

std::vector<std::string> Crawler::unknown_bodies() const {
    std::vector<std::string> all;
    for (const Route& route : routes())
        if (changes(route) && !bodies_.knows(route)) all.push_back(row_of(route));
    return all;
}

}  // namespace braid::testing::crawl
