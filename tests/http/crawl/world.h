// A small site for a crawler: somebody with a bit of everything that is nobody else's business, and viewers
// of every role and age band with things of their own.
#pragma once

#include <string>
#include <vector>

#include "crawl/replies.h"
#include "support/test_site.h"

namespace braid::testing::crawl {

struct Viewer {
    std::string name;    // "mentor teen", "visitor"
    std::string handle;  // "" of a visitor
    access::Actor actor;
    Things own;  // without what she cannot have
    test::HttpClient pages, programs;
};

class World {
  public:
    // `site`: made with options().
    explicit World(TestSite& site);
    // Requests may say from where they come, and what the program runs is heard.
    static SiteOptions options(Statements& statements);

    // Everybody a policy tells apart: a visitor, and each role in each age band in which the site takes it.
    std::vector<Viewer> viewers();
    Viewer viewer(access::Role role, int age);
    Viewer visitor();
    // Whose the hidden things are, and staff: they are shown them.
    std::vector<Viewer> insiders();

    // Comes in from an address of her own, so that one crawl is not taken for one guesser.
    test::HttpClient enter(const std::string& handle);

    // Another's things that nobody but she may know of, and those that everybody may see.
    [[nodiscard]] const Things& hidden() const { return hidden_; }
    // And more that she may not know of, each for a reason of its own: written by somebody who blocked her,
    // or rated above her age.
    [[nodiscard]] std::vector<Things> hidden_from(const Viewer& viewer) const;
    [[nodiscard]] const Things& open() const { return open_; }
    // Of the same shape, and given to nothing.
    [[nodiscard]] Things nobody();

    // Everything held of them, as text: it stays as it is, whatever others send.
    std::string kept();

    // The address of a row with these things in it; throws std::logic_error for a parameter it was not
    // taught.
    [[nodiscard]] static std::string address(const std::string& pattern, const Things& things);
    // The parameters that name a thing of somebody's, in order.
    [[nodiscard]] static std::vector<std::string> things_in(const std::string& pattern);

  private:
    void furnish_owner();
    void furnish_family();
    void furnish_cases();
    void furnish_rest();
    void furnish_elsewhere();
    [[nodiscard]] Things furnish(const std::string& handle);
    [[nodiscard]] test::HttpClient program_of(const access::Actor& actor);

    TestSite& site_;
    Things hidden_, open_, apart_, mature_;
    int came_in_ = 0;
};

}  // namespace braid::testing::crawl
