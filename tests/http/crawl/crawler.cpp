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

// Actions whose policy opens things of others by what they are, not by whose they are.
const std::set<std::string_view> kDesks{"guardians.record_consent", "guardians.see_desk",
                                        "guardians.see_form"};

}  // namespace

Rule rule_for(const PolicyBook::Entry& entry, const Actor& actor) {
    Rule rule;
    for (const PolicyBook::Sample& sample : entry.samples) {
        const bool allowed = sample.decide(actor).allowed();
        const bool another = sample.label.find("somebody else's") != std::string::npos ||
                             sample.label.find("another's") != std::string::npos;
        const bool own =
            !another && (sample.label.starts_with("her own") || sample.label.starts_with("for herself"));
        rule.ever |= allowed;
        rule.anothers_told |= another;
        rule.anothers_ever |= another && allowed;
        rule.own_ever |= own && allowed;
    }
    rule.anybodys = rule.ever && (entry.needs == access::Needs::staff || kDesks.contains(entry.name));
    return rule;
}

Crawler::Crawler(TestSite& site, World& world) : site_(site), world_(world) {
    // What no page shows as a form: sent by script.
    bodies_.teach("POST /works/{work:id}/chapters/{chapter:id}/progress",
                  {{"percent", "40"}, {"paragraph", ""}});
    bodies_.learn_document(site_.program().api().document(), site_.program().router());
    HttpClient visitor = site_.visitor();
    learn(visitor, world_.open());
    for (const char* handle : {"nell", "rosa", "samwise", "harbour", "pip"}) {
        HttpClient client = site_.signed_in(handle);
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
    else if (one.status < 300)
        wrong(viewer, route,
              "is answered with " + std::to_string(one.status) +
                  " for what is hidden, and for what is missing");
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

void Crawler::anothers(Viewer& viewer) {
    for (const Route& route : routes()) {
        if (!closed(viewer, route)) continue;
        const Things missing = world_.nobody();
        if (holds(world_.hidden(), route)) {
            compare(viewer, route, world_.hidden(), missing);
            // Among things of her own, too: her work with another's chapter.
            Things mine = world_.hidden();
            Things gap = missing;
            const auto names = World::things_in(route.pattern);
            for (const std::string& name : names) {
                if (name == names.back() || !viewer.own.contains(name)) continue;
                mine[name] = gap[name] = viewer.own.at(name);
            }
            if (mine != world_.hidden()) compare(viewer, route, mine, gap);
        }
        if (holds(world_.open(), route)) check_open(viewer, route);
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
        viewer.pages = site_.signed_in(viewer.handle);
}

void Crawler::own(Viewer& viewer) {
    for (const Route* route : changes_last()) {
        Things things = world_.nobody();
        for (const auto& [name, value] : viewer.own)
            things[name] = value;
        const Reply reply = ask(viewer, *route, things);
        const std::string status = std::to_string(reply.status);
        if (reply.status >= 500) wrong(viewer, *route, "fails with her own things: " + status);
        if (!rule_for(entry(*route), viewer.actor).ever) {
            ++seen_.forbidden;
            if (!refused(reply)) wrong(viewer, *route, "is reached, and no policy allows it: " + status);
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
        const Things missing = world_.nobody();
        const Timed result = timed([&](bool hidden) {
            const auto begun = std::chrono::steady_clock::now();
            (void)ask(viewer, route, hidden ? world_.hidden() : missing);
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
        if (std::abs(result.last.gap) > 40 && std::abs(result.last.sign) > 3)
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

std::vector<std::string> Crawler::unknown_bodies() const {
    std::vector<std::string> all;
    for (const Route& route : routes())
        if (changes(route) && !bodies_.knows(route)) all.push_back(row_of(route));
    return all;
}

}  // namespace braid::testing::crawl
