#include "platform/web/assets.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

namespace braid::web {
namespace {

TEST(Assets, TheEntriesAreThere) {
    for (const auto* name :
         {"app.css", "app.js", "sw.js", "favicon.svg", "logo.svg", "manifest.webmanifest"}) {
        const Asset* asset = find(name);
        ASSERT_NE(asset, nullptr) << name;
        EXPECT_FALSE(asset->identity.empty()) << name;
        EXPECT_TRUE(asset->url.starts_with("/assets/")) << asset->url;
    }
    EXPECT_EQ(find("nothing.css"), nullptr);
    EXPECT_THROW((void)url("nothing.css"), std::logic_error);
}

TEST(Assets, UrlsAreUniqueAndCarryAHash) {
    std::set<std::string_view> seen;
    for (const Asset& asset : assets()) {
        EXPECT_TRUE(seen.insert(asset.url).second) << asset.url;
        EXPECT_NE(asset.url.substr(8), asset.name);
    }
}

TEST(Assets, TextIsCompressedOnceAtBuild) {
    for (const auto* name : {"app.css", "app.js"}) {
        const Asset* asset = find(name);
        EXPECT_LT(asset->brotli.size(), asset->gzip.size()) << name;
        EXPECT_LT(asset->gzip.size(), asset->identity.size()) << name;
    }
}

// The budget of a first visit: style before first paint, script deferred.
TEST(Assets, StayWithinTheirBudget) {
    EXPECT_LE(find("app.css")->brotli.size(), 15U << 10);
    EXPECT_LE(find("app.js")->brotli.size(), 25U << 10);
}

TEST(Assets, AreServedForEver) {
    const auto answer = serve(url("app.css").substr(8));
    ASSERT_TRUE(answer.has_value());
    const auto& body = std::get<http::StaticBody>(answer->body);
    EXPECT_EQ(body.identity, find("app.css")->identity);
    bool immutable = false;
    for (const auto& [name, value] : answer->headers)
        immutable = immutable || value.find("immutable") != std::string::npos;
    EXPECT_TRUE(immutable);
    EXPECT_FALSE(serve("app.css").has_value());
    EXPECT_FALSE(serve("../secret").has_value());
}

TEST(Icons, AreKnownByName) {
    EXPECT_NE(icon("heart").find("<path"), std::string_view::npos);
    EXPECT_THROW((void)icon("no-such-icon"), std::logic_error);
}

}  // namespace
}  // namespace braid::web
