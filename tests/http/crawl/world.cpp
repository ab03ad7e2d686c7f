#include "crawl/world.h"

#include <fstream>
#include <iterator>
#include <list>
#include <stdexcept>

#include "base/text.h"
#include "identity/accounts/api.h"
#include "identity/guardians/service.h"
#include "identity/sessions/module.h"
#include "interests/feedback/service.h"
#include "interests/topics/formats.h"
#include "interests/topics/import.h"
#include "interests/topics/module.h"
#include "interests/works/module.h"
#include "stewardship/moderation/service.h"
#include "stewardship/privacy/service.h"

namespace braid::testing::crawl {
namespace {

using access::Actor;
using access::Role;
using test::HttpClient;

// Queries are listed for as long as the program runs, so they are never freed.
const sql::Query& query(const std::string& text) {
    struct Made {
        std::string name, text;
        sql::Query query;
        Made(std::string sql, std::size_t n)
            : name("test.crawler_" + std::to_string(n)), text(std::move(sql)), query(name, text) {}
    };
    static auto* all = new std::list<Made>;
    for (const Made& made : *all)
        if (made.text == text) return made.query;
    return all->emplace_back(text, all->size()).query;
}

template <class T>
T must(Result<T> result, const char* what) {
    if (!result.ok())
        throw std::runtime_error(std::string(what) + ": " + result.error().message_key + " " +
                                 result.error().detail);
    if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

// How a parameter is filled: a thing that is somebody's, or a word that is the same for everybody.
struct Taught {
    bool thing;
    std::string_view word = {};
};
const std::map<std::string_view, Taught>& taught() {
    static const std::map<std::string_view, Taught> kParameters{
        {"work:id", {true}},
        {"chapter:id", {true}},
        {"comment:id", {true}},
        {"session:id", {true}},
        {"token:id", {true}},
        {"interest:id", {true}},
        {"child:id", {true}},
        {"tie:id", {true}},
        {"request:id", {true}},
        {"export:id", {true}},
        {"invitation:id", {true}},
        {"passkey:id", {true}},
        {"decision:id", {true}},
        {"appeal:id", {true}},
        {"case:id", {true}},
        {"change:id", {true}},
        {"handle:text", {true}},
        {"tag:text", {true}},
        {"token:text", {true}},  // of a link: who holds it is let in, so the hidden one is a wrong one
        {"topic:id", {true}},    // everybody may see each; there is no hidden one
        {"other:id", {true}},    // another topic
        {"copy:text", {false, "window"}},
        {"revision:int", {false, "1"}},
        {"role:text", {false, "mentor"}},
        {"kind:text", {false, "privacy"}},
        {"file:text", {false, "nothing.css"}},
        {"rest:path", {false, "css/nothing.css"}}};
    return kParameters;
}

// The parameters of a pattern with their types, "work:id", and what stands before each.
struct Piece {
    std::string before, parameter;
};
std::vector<Piece> pieces(const std::string& pattern) {
    std::vector<Piece> all;
    std::size_t at = 0;
    for (;;) {
        const auto open = pattern.find('{', at);
        if (open == std::string::npos) break;
        const auto close = pattern.find('}', open);
        all.push_back({pattern.substr(at, open - at), pattern.substr(open + 1, close - open - 1)});
        at = close + 1;
    }
    all.push_back({pattern.substr(at), ""});
    return all;
}

// Covers are named after their works.
bool is_cover(const std::string& pattern, const std::string& parameter) {
    return parameter == "file:text" && pattern.starts_with("/covers/");
}

const Taught& lesson(const std::string& pattern, const std::string& parameter) {
    const auto found = taught().find(parameter);
    if (found == taught().end())
        throw std::logic_error(pattern + ": the crawler does not know {" + parameter +
                               "}: teach it in crawl/world.cpp, with a hidden and an open one in World");
    return found->second;
}

}  // namespace

std::string World::address(const std::string& pattern, const Things& things) {
    std::string path;
    for (const auto& [before, parameter] : pieces(pattern)) {
        path += before;
        if (parameter.empty()) break;
        const Taught& taught = lesson(pattern, parameter);
        if (is_cover(pattern, parameter)) {
            path += things.at("work:id") + ".svg";
        } else {
            path += taught.thing ? percent_encode(things.at(parameter)) : std::string(taught.word);
        }
    }
    return path;
}

std::vector<std::string> World::things_in(const std::string& pattern) {
    std::vector<std::string> names;
    for (const auto& [before, parameter] : pieces(pattern)) {
        if (parameter.empty()) break;
        if (is_cover(pattern, parameter)) names.emplace_back("work:id");
        if (lesson(pattern, parameter).thing) names.push_back(parameter);
    }
    return names;
}

SiteOptions World::options(Statements& statements) {
    return {.adjust = [](app::Settings& settings) { settings.http.trusted_proxies = {"127.0.0.1"}; },
            .statements = &statements};
}

HttpClient World::enter(const std::string& handle) {
    HttpClient client = site_.visitor();
    ++came_in_;
    client.always("X-Forwarded-For",
                  "10.7." + std::to_string(came_in_ / 250) + "." + std::to_string(1 + came_in_ % 250));
    client.get("/sign-in");
    const auto reply =
        client.post("/sign-in", {{"name", handle}, {"password", std::string(TestSite::kPassword)}});
    if (reply.status != 303)
        throw std::runtime_error("sign-in as " + handle + ": " + std::to_string(reply.status));
    return client;
}

World::World(TestSite& site) : site_(site) {
    site_.add_person("nell", 16);
    site_.add_person("rosa", 40);
    site_.add_person("samwise", 40, {Role::moderator});
    site_.add_person("kwame", 40, {Role::moderator});
    site_.add_person("harbour", 40, {Role::administrator});
    site_.add_person("passer-by", 40);
    site_.add_person("marek", 40);
    site_.add_person("greta", 40);
    std::ifstream in(BRAID_SOURCE_DIR "/demo/topics.ttl", std::ios::binary);
    const std::string turtle{std::istreambuf_iterator<char>(in), {}};
    topics::import_vocabulary(site_.program().database(), site_.program().ids(), site_.program().clock(),
                              must(topics::read_turtle(turtle), "topics"), {});
    (void)site_.program().modules().topics().vocabularies().refresh();
    furnish_owner();
    furnish_family();
    furnish_cases();
    furnish_rest();
    furnish_elsewhere();
}

// A work of her own, a comment on it, a session, a token, an interest: by the use cases.
Things World::furnish(const std::string& handle) {
    app::Modules& modules = site_.program().modules();
    sql::Database& database = site_.program().database();
    const Actor actor = site_.actor(handle);
    Things things;
    const auto story = site_.add_story(handle, "Kept by " + handle, "me");
    things["work:id"] = story.work;
    things["chapter:id"] = story.chapter;
    things["handle:text"] = handle;
    feedback::NewCommentForm form;
    form.work = *works::WorkId::parse(story.work);
    form.chapter = *works::ChapterId::parse(story.chapter);
    form.text = "A note to myself.";
    things["comment:id"] = must(modules.feedback().post_comment(actor, form), "a comment").comment.id.text();
    things["token:id"] =
        must(modules.sessions().service().create_token(actor, "a crawler", 7, 30), "a token").id.text();
    things["interest:id"] =
        must(modules.topics().service().add(actor, "knitting " + handle, "en", topics::TopicId{0}),
             "an interest")
            .interest->text();
    (void)enter(handle);
    database.read([&](sql::Reader& reader) {
        things["session:id"] = id_to_text(reader.one<std::int64_t>(
            query("SELECT id FROM sessions WHERE person = $1 ORDER BY id LIMIT 1"), *actor.person));
        things["topic:id"] = id_to_text(reader.one<std::int64_t>(query("SELECT MIN(id) FROM topics")));
        things["other:id"] = id_to_text(reader.one<std::int64_t>(query("SELECT MAX(id) FROM topics")));
    });
    return things;
}

void World::furnish_owner() {
    hidden_ = furnish("nell");
    open_ = hidden_;
    const auto story = site_.add_story("nell", "The Lamp Room");
    open_["work:id"] = story.work;
    open_["chapter:id"] = story.chapter;
    open_["tag:text"] = "ghost stories";
    feedback::NewCommentForm form;
    form.work = *works::WorkId::parse(story.work);
    form.chapter = *works::ChapterId::parse(story.chapter);
    form.text = "I wrote this in one night.";
    open_["comment:id"] =
        must(site_.program().modules().feedback().post_comment(site_.actor("nell"), form), "a comment")
            .comment.id.text();
    works::WorkForm closed;
    closed.title = "Kept by nell";
    closed.language = "en";
    closed.tags = "zqxlantern";
    closed.rating = "everyone";
    closed.licence = "all_rights_reserved";
    closed.visibility = "me";
    closed.status = "ongoing";
    closed.comments = "open";
    closed.warnings_said = "none";
    must(site_.program().modules().works().writing().edit_work(
             site_.actor("nell"), *works::WorkId::parse(hidden_["work:id"]), closed),
         "a tag that nobody sees");
    hidden_["tag:text"] = "zqxlantern";
}

// A child below the age of consent, her guardian, one who still waits, and one whose consent was taken back.
void World::furnish_family() {
    guardians::Service& guardians = site_.program().modules().guardians();
    const auto child = [&](const std::string& handle) {
        const auto asked = must(guardians.ask({}, access::AgeBand::child,
                                              {handle, std::string(TestSite::kPassword), "rosa@example.org"}),
                                "a child asks");
        must(guardians.consent(site_.actor("rosa"), guardians.link_token(asked.id),
                               {"2017", "3", access::Choices::all()}),
             "consent");
        return *site_.actor(handle).person;
    };
    const auto pip = child("pip");
    const auto gone = child("gone-child");
    must(guardians.withdraw(site_.actor("rosa"), gone), "taking back");
    const auto waits = must(guardians.ask({}, access::AgeBand::child,
                                          {"waits", std::string(TestSite::kPassword), "rosa@example.org"}),
                            "a child waits");
    hidden_["handle:text"] = "gone-child";
    hidden_["child:id"] = pip.text();
    hidden_["request:id"] = waits.id.text();
    hidden_["token:text"] = guardians.link_token(waits.id);
    char& last = hidden_["token:text"].back();
    last = last == 'A' ? 'B' : 'A';
    site_.program().database().read([&](sql::Reader& reader) {
        hidden_["tie:id"] = id_to_text(reader.one<std::int64_t>(
            query("SELECT id FROM consents WHERE child = $1 ORDER BY id LIMIT 1"), pip));
    });
}

// What moderators have about her: a case that is open, and a decision that she appeals.
void World::furnish_cases() {
    moderation::Service& moderation = site_.program().modules().moderation();
    const auto report = [&](const std::string& work) {
        moderation::ReportForm form;
        form.kind = "work";
        form.object = works::WorkId::parse(work)->value;
        form.category = "violence";
        form.words = "It scares me.";
        must(moderation.report(site_.actor("passer-by"), form), "a report");
        return site_.program().database().read([&](sql::Reader& reader) {
            return reader.one<moderation::CaseId>(query("SELECT id FROM moderation_cases WHERE object = $1"),
                                                  form.object);
        });
    };
    hidden_["case:id"] = report(open_["work:id"]).text();
    const auto decided = report(site_.add_story("nell", "The Cellar").work);
    moderation::DecisionForm form;
    form.measure = "hide";
    form.reason = "Too cruel for everyone.";
    must(moderation.claim_case(site_.actor("samwise"), decided), "a claim");
    const auto decision = must(moderation.decide_case(site_.actor("samwise"), decided, form), "a decision");
    hidden_["decision:id"] = decision.id.text();
    hidden_["appeal:id"] =
        must(moderation.appeal(site_.actor("nell"), decision.id, "It is a fairy tale."), "an appeal").text();
}

// What no use case makes without a browser's help, as the rows that it would make.
void World::furnish_rest() {
    sql::Database& database = site_.program().database();
    const auto nell = *site_.actor("nell").person;
    const auto keyholder =
        *site_.actor("passer-by").person;  // who comes in by more than a password from now on
    const auto harbour = *site_.actor("harbour").person;
    const auto later = site_.program().clock().now().micros + 86'400'000'000;
    hidden_["export:id"] =
        must(site_.program().modules().privacy().ask_export(site_.actor("nell"), nell), "an export").text();
    const std::int64_t invitation = site_.program().ids().next();
    const std::int64_t passkey = site_.program().ids().next();
    const std::int64_t change = site_.program().ids().next();
    (void)database.write([&](sql::Tx& tx) -> Result<void> {
        tx.run(query("INSERT INTO invitations (id, token_hash, role, scope_kind, scope, note, invited_by, "
                     "created_at, "
                     "expires_at) VALUES ($1, 'crawler', 'mentor', 'site', 0, '', $2, $3, $4)"),
               invitation, harbour, later, later);
        tx.run(query("INSERT INTO passkeys (id, person, credential, cose_key, sign_count, name, created_at) "
                     "VALUES ($1, "
                     "$2, 'crawler', '', 0, 'a key', $3)"),
               passkey, keyholder, later);
        tx.run(query("INSERT INTO topic_changes (id, at, actor, kind, topic, other, tag, before, undone_at) "
                     "VALUES ($1, "
                     "$2, $3, 'aside', 0, 0, 'zqxlantern', '', 0)"),
               change, later, *site_.actor("samwise").person);
        return success();
    });
    hidden_["invitation:id"] = id_to_text(invitation);
    hidden_["passkey:id"] = id_to_text(passkey);
    hidden_["change:id"] = id_to_text(change);
    // What everybody may see wins over what nobody may.
    Things open = hidden_;
    for (const auto& [name, value] : open_)
        open[name] = value;
    open_ = std::move(open);
    hidden_.erase("topic:id");
    hidden_.erase("other:id");
}

Things World::nobody() {
    Things things;
    for (const auto& [name, value] : hidden_) {
        if (name.ends_with(":id")) things[name] = id_to_text(site_.program().ids().next());
    }
    things["topic:id"] = id_to_text(site_.program().ids().next());
    things["other:id"] = id_to_text(site_.program().ids().next());
    things["handle:text"] = "lost-child";
    things["tag:text"] = "zqxpumpkin";
    const std::string& link = hidden_.at("token:text");
    things["token:text"] = id_to_text(site_.program().ids().next()) + link.substr(link.find('.'));
    return things;
}

// What is public, and yet not for everybody.
void World::furnish_elsewhere() {
    const auto published = [&](const std::string& author, const std::string& rating) {
        const auto story = site_.add_story(author, "Elsewhere by " + author, "everyone", rating);
        feedback::NewCommentForm form;
        form.work = *works::WorkId::parse(story.work);
        form.chapter = *works::ChapterId::parse(story.chapter);
        form.text = "I wrote this in one night.";
        Things things{{"work:id", story.work}, {"chapter:id", story.chapter}};
        things["comment:id"] =
            must(site_.program().modules().feedback().post_comment(site_.actor(author), form), "a comment")
                .comment.id.text();
        return things;
    };
    apart_ = published("marek", "everyone");
    apart_["handle:text"] = "marek";
    mature_ = published("greta", "mature");
}

std::vector<Things> World::hidden_from(const Viewer& viewer) const {
    std::vector<Things> all{hidden_};
    if (viewer.actor.signed_in()) all.push_back(apart_);
    if (viewer.actor.band != access::AgeBand::adult) all.push_back(mature_);
    return all;
}

HttpClient World::program_of(const Actor& actor) {
    HttpClient client = site_.visitor();
    const auto token =
        must(site_.program().modules().sessions().service().create_token(actor, "crawls", 7, 30), "a token");
    client.always("Authorization", "Bearer " + token.token).always("Accept", "application/json");
    return client;
}

Viewer World::visitor() {
    Viewer viewer{"visitor", "", {}, {}, site_.visitor(), site_.visitor()};
    viewer.pages.get("/");  // the cookie of forms comes with the first page
    return viewer;
}

// In the order in which one does not take from the other what she still needs.
std::vector<Viewer> World::insiders() {
    std::vector<Viewer> all;
    for (const auto& [handle, things] : {std::pair<const char*, const Things&>{"rosa", hidden_},
                                         {"rosa", open_},
                                         {"nell", hidden_},
                                         {"nell", open_},
                                         {"kwame", hidden_},
                                         {"harbour", hidden_}}) {
        const Actor actor = site_.actor(handle);
        all.push_back(
            {std::string(handle) + " herself", handle, actor, things, enter(handle), program_of(actor)});
    }
    return all;
}

Viewer World::viewer(Role role, int age) {
    const std::string_view band = age < 13 ? "child" : age < 18 ? "teen" : "adult";
    const std::string handle = std::string(access::name(role)) + "-" + std::string(band);
    site_.add_person(handle, age, role == Role::learner ? std::vector<Role>{} : std::vector<Role>{role});
    const Actor actor = site_.actor(handle);
    const auto blocked = enter("marek").post("/settings/blocks/" + handle, {{"kind", "block"}});
    if (blocked.status != 303)
        throw std::logic_error("marek cannot block " + handle + ": " + std::to_string(blocked.status));
    Viewer viewer{std::string(access::name(role)) + " " + std::string(band),
                  handle,
                  actor,
                  furnish(handle),
                  site_.signed_in(handle),
                  program_of(actor)};
    return viewer;
}

std::vector<Viewer> World::viewers() {
    std::vector<Viewer> all;
    all.push_back(visitor());
    for (std::size_t role = 0; role < sql::EnumNames<Role>::names.size(); ++role) {
        for (const int age : {11, 15, 40}) {
            try {
                all.push_back(viewer(static_cast<Role>(role), age));
            } catch (const std::runtime_error&) {
                if (age == 40) throw;  // a minor need not be given every role
            }
        }
    }
    return all;
}

std::string World::kept() {
    std::string text;
    for (const char* handle : {"nell", "pip", "gone-child", "rosa"}) {
        const auto held = site_.program().database().read([&](sql::Reader& reader) {
            return site_.program().modules().privacy().engine().everything(reader,
                                                                           *site_.actor(handle).person);
        });
        for (const privacy::Held& table : held) {
            for (const auto& row : table.rows) {
                text.append(handle).append(" ").append(table.table);
                for (std::size_t i = 0; i < row.size(); ++i) {
                    // Written down when she comes by, which she does here.
                    if (table.columns[i] == "last_seen_at" || table.columns[i] == "last_used_at") continue;
                    text.append("|").append(row[i].value_or("-"));
                }
                text += "\n";
            }
        }
    }
    return text;
}

}  // namespace braid::testing::crawl
