// Asks for every route of a site as one viewer after the other, and holds the answers against the policies.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "access/policy.h"
#include "crawl/forms.h"
#include "crawl/timing.h"
#include "crawl/world.h"

namespace braid::testing::crawl {

// What the samples of an action say of somebody, by whose the thing is. The samples' labels say whose: "her
// own", "somebody else's", "another's, for everyone", "any topic".
struct Rule {
    bool ever = false;           // some sample allows it
    bool anothers_told = false;  // some sample is about another's things,
    bool anothers_ever = false;  // and some that is not about her own allows it
    bool anybodys = false;       // open to her whosever the thing is: staff, and desks
};
Rule rule_for(const access::PolicyBook::Entry& entry, const access::Actor& actor);

class Crawler {
  public:
    // Learns the forms of the pages that the owners of everything see, and the API's document.
    Crawler(TestSite& site, World& world, Statements& statements);

    // Another's things: the hidden ones are like missing ones, alone and below things of her own; of the open
    // ones nothing is done that no policy allows.
    void anothers(Viewer& viewer);
    // Everything with things of her own, and what belongs to nobody in particular: pages first, then what
    // changes.
    void own(Viewer& viewer);
    // Which statements hidden and missing take.
    void count(Viewer& viewer);
    // How long hidden and missing take.
    void clock(Viewer& viewer);

    // What was wrong, each with who met it; empty when nothing was.
    [[nodiscard]] std::vector<std::string> problems() const;
    // Rows that change something and whose body nobody knows: no page shows a form, the document none, and
    // nobody taught it.
    [[nodiscard]] std::vector<std::string> unknown_bodies() const;

    // Pages with a thing of somebody's in their address that own() got from nobody.
    [[nodiscard]] std::vector<std::string> never_seen() const;

    struct Seen {
        int asked = 0, compared = 0, forbidden = 0, counted = 0, timed = 0;
        std::set<std::string> went_well;    // rows that somebody got a page or a change from
        std::map<std::string, int> status;  // the last of every row
        std::vector<std::string> slowest;   // the widest gaps in time, as lines
    };
    [[nodiscard]] const Seen& seen() const { return seen_; }

  private:
    void learn(test::HttpClient& client, const Things& things);
    [[nodiscard]] const std::deque<http::Route>& routes() const;
    [[nodiscard]] const access::PolicyBook::Entry& entry(const http::Route& route) const;
    test::Reply ask(test::HttpClient& client, const http::Route& route, const Things& things);
    test::Reply ask(Viewer& viewer, const http::Route& route, const Things& things);
    // Whether hidden and missing must be the same to her.
    [[nodiscard]] bool closed(const Viewer& viewer, const http::Route& route) const;
    void compare(Viewer& viewer, const http::Route& route, const Things& hidden, const Things& missing);
    void compare_statements(Viewer& viewer, const http::Route& route, const Things& hidden,
                            const Things& missing);
    // With another's things, and with her own things around one of another's.
    void beside(Viewer& viewer, const http::Route& route,
                const std::function<void(const Things& hidden, const Things& missing)>& check);
    void check_open(Viewer& viewer, const http::Route& route);
    [[nodiscard]] std::vector<const http::Route*> changes_last() const;
    void come_back(Viewer& viewer, const http::Route& route, const test::Reply& reply);
    void wrong(const Viewer& viewer, const http::Route& route, const std::string& what);

    TestSite& site_;
    World& world_;
    Statements& statements_;
    Bodies bodies_;
    Seen seen_;
    std::map<std::string, std::set<std::string>> problems_;  // by whom
};

}  // namespace braid::testing::crawl
