// Staff without a second step, at every route of the program: nothing opens but their settings and the way
// out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "addresses.h"
#include "support/test_site.h"

namespace braid::testing {
namespace {

using access::Reach;
using access::Role;
using test::HttpClient;
using test::Reply;

class SecondStep : public OnBothEngines {
  protected:
    TestSite site{GetParam(),
                  {.adjust = [](app::Settings& settings) { settings.accounts.staff_second_factor = true; }}};
};
BRAID_ON_BOTH_ENGINES(SecondStep);

TEST_P(SecondStep, is_asked_of_staff_at_every_route_before_anything_else) {
    site.add_person("mod", 40, {Role::moderator});
    site.add_person("admin", 40, {Role::administrator});
    site.add_person("coord", 40, {Role::coordinator});
    int refused = 0;
    for (const char* who : {"mod", "admin", "coord"}) {
        HttpClient client = site.signed_in(who);
        client.get("/settings");
        for (const http::Route& route : site.program().router().routes()) {
            const auto* entry = site.program().policies().find(route.action.name());
            ASSERT_NE(entry, nullptr) << route.pattern;
            if (entry->reach == Reach::before_factor) continue;
            const std::string path = filled(std::string(route.pattern));
            const std::string method(http::method_name(route.method));
            const Reply reply = route.method == http::Method::get
                                    ? client.get(path, {{"accept", "text/html"}})
                                : route.pattern.starts_with("/api/") ? client.send_json(method, path, "{}")
                                                                     : client.post(path);
            const bool led_away =
                reply.status == 303 && reply.header("location") == "/settings/second-factor";
            // For whom the route is not there at all, that is said first.
            EXPECT_TRUE(led_away || reply.status == 403 || reply.status == 404)
                << who << " " << method << " " << path << " " << reply.status;
            ++refused;
        }
        for (const char* open : {"/settings", "/settings/profile", "/settings/account", "/settings/password",
                                 "/settings/sessions", "/settings/second-factor", "/settings/reading"})
            EXPECT_EQ(client.get(open).status, 200) << who << " " << open;
    }
    EXPECT_GT(refused, 100);
}

TEST_P(SecondStep, is_not_asked_of_who_is_trusted_with_nothing_of_others) {
    site.add_person("mentor", 40, {Role::mentor});
    site.add_person("abi", 14);
    for (const char* who : {"mentor", "abi"})
        EXPECT_EQ(site.signed_in(who).get("/").status, 200) << who;
}

}  // namespace
}  // namespace braid::testing
