#include "platform/http/negotiate.h"

#include <gtest/gtest.h>

#include "platform/http/target.h"

namespace braid::http {
namespace {

TEST(Etags, CompareWeaklyAndStrongly) {  // the table of RFC 9110 section 8.8.3.2
    EXPECT_FALSE(strongly_equal("W/\"1\"", "W/\"1\""));
    EXPECT_TRUE(weakly_equal("W/\"1\"", "W/\"1\""));
    EXPECT_FALSE(weakly_equal("W/\"1\"", "W/\"2\""));
    EXPECT_FALSE(strongly_equal("W/\"1\"", "\"1\""));
    EXPECT_TRUE(weakly_equal("W/\"1\"", "\"1\""));
    EXPECT_TRUE(strongly_equal("\"1\"", "\"1\""));
}

TEST(Etags, AreFoundInLists) {
    EXPECT_TRUE(names_etag("\"a\", W/\"b\" ,\"c,d\"", "\"b\""));
    EXPECT_TRUE(names_etag("\"a\",\"c,d\"", "\"c,d\""));
    EXPECT_FALSE(names_etag("\"c,d\"", "\"c\""));
    EXPECT_FALSE(names_etag("a", "\"a\""));
    EXPECT_FALSE(names_etag("\"a", "\"a\""));
    EXPECT_FALSE(names_etag("", "\"a\""));
    EXPECT_TRUE(names_etag(" * ", "\"a\""));
    EXPECT_FALSE(names_etag("W/\"a\"", "\"a\"", true));
}

std::string range(std::string_view header, std::int64_t size) {
    ByteRange part;
    switch (parse_range(header, size, part)) {
        case RangeAnswer::whole:
            return "whole";
        case RangeAnswer::unsatisfiable:
            return "416";
        case RangeAnswer::part:
            return std::to_string(part.first) + "+" + std::to_string(part.length);
    }
    return {};
}

TEST(Ranges, OfOnePart) {
    EXPECT_EQ(range("bytes=0-0", 10), "0+1");
    EXPECT_EQ(range("bytes=2-5", 10), "2+4");
    EXPECT_EQ(range("bytes=2-500", 10), "2+8");
    EXPECT_EQ(range("bytes=9-", 10), "9+1");
    EXPECT_EQ(range("bytes=-3", 10), "7+3");
    EXPECT_EQ(range("bytes=-30", 10), "0+10");
    EXPECT_EQ(range("Bytes= 2 - 5 ", 10), "2+4");
    EXPECT_EQ(range("bytes=10-", 10), "416");
    EXPECT_EQ(range("bytes=-0", 10), "416");
    EXPECT_EQ(range("bytes=0-", 0), "416");
    for (const auto* header :
         {"bytes=5-2", "bytes=0-1,3-4", "items=0-1", "bytes=", "bytes=-", "bytes=a-b", "bytes=1-x", "bytes",
          "bytes=x-3", "bytes=--3", "bytes=99999999999999999999999-", "bytes=0-99999999999999999999999"}) {
        EXPECT_EQ(range(header, 10), "whole") << header;
    }
}

TEST(Codings, TheHeaviestOnOfferBrotliFirst) {
    EXPECT_EQ(choose_coding(std::nullopt, true, true), Coding::identity);
    EXPECT_EQ(choose_coding("", true, true), Coding::identity);
    EXPECT_EQ(choose_coding("gzip, deflate, br, zstd", true, true), Coding::brotli);
    EXPECT_EQ(choose_coding("gzip, deflate, br", true, false), Coding::gzip);
    EXPECT_EQ(choose_coding("br;q=0.5, gzip;q=0.8", true, true), Coding::gzip);
    EXPECT_EQ(choose_coding("br;q=0, gzip;q=0", true, true), Coding::identity);
    EXPECT_EQ(choose_coding("*", true, true), Coding::brotli);
    EXPECT_EQ(choose_coding("*;q=0.5, br;q=0", true, true), Coding::gzip);
    EXPECT_EQ(choose_coding("identity, gzip;q=0.5", true, true), Coding::identity);
    EXPECT_EQ(choose_coding("GZIP", true, true), Coding::gzip);
}

TEST(Codings, ArePickedByType) {
    for (const auto* type : {"text/html; charset=utf-8", "application/json", "application/problem+json",
                             "image/svg+xml", "text/css"}) {
        EXPECT_TRUE(is_compressible(type)) << type;
    }
    for (const auto* type : {"image/png", "text/event-stream", "application/octet-stream", ""})
        EXPECT_FALSE(is_compressible(type)) << type;
}

std::string target(std::string_view text) {
    Request request;
    const auto parsed = parse_target(request, text, {});
    if (!parsed.ok()) return "400";
    std::string out = request.host + "|" + request.path;
    for (const auto& [name, value] : request.query.items())
        out.append("|").append(name).append("=").append(value);
    return out;
}

TEST(Target, IsDecodedOnceAndNormalised) {
    EXPECT_EQ(target("/"), "|/");
    EXPECT_EQ(target("/works/7?page=2&x=%C3%A4+b&y&=z"), "|/works/7|page=2|x=ä b|y=|=z");
    EXPECT_EQ(target("/%61/%2561"), "|/a/%61");
    EXPECT_EQ(target("/a/./b/../c"), "|/a/c");
    EXPECT_EQ(target("/a/%2e%2E/../../etc/passwd"), "|/etc/passwd");
    EXPECT_EQ(target("/.."), "|/");
    EXPECT_EQ(target("/a/."), "|/a/");
    EXPECT_EQ(target("/..a/.b"), "|/..a/.b");
    EXPECT_EQ(target("http://h:1/x"), "h:1|/x");
    EXPECT_EQ(target("https://h"), "h|/");
    EXPECT_EQ(target("http://h?q=1"), "h|/|q=1");
    EXPECT_EQ(target("*"), "|*");
    EXPECT_EQ(target("/?a=%zz%"), "|/|a=%zz%");
    for (const auto* bad : {"", "x", "ftp://h/", "http://u@h/", "/%", "/%0", "/%00", "/%ff", "/?a=%00",
                            "/?%ff=1", "/#x", "http:///x"}) {
        EXPECT_EQ(target(bad), "400") << bad;
    }
}

TEST(Authority, IsAHostAndMaybeAPort) {
    for (const auto* good : {"a", "a.example:80", "127.0.0.1:8080", "[::1]", "[::1]:80", "a:", "under_score"})
        EXPECT_TRUE(is_authority(good)) << good;
    for (const auto* bad :
         {"", ":80", "a:b", "a:123456", "u@h", "a/b", "[::1", "[x]", "[::1]x", "a b", "a\tb", "ä"})
        EXPECT_FALSE(is_authority(bad)) << bad;
    EXPECT_EQ(host_name("A.Example.:80"), "a.example");
    EXPECT_EQ(host_name("[::1]:80"), "::1");
}

TEST(Proxies, AreTrustedByBlock) {
    const TrustedProxies proxies({"10.1.0.0/20", "::1", "fd00::/8", "192.0.2.7"});
    for (const auto* yes : {"10.1.0.1", "10.1.15.255", "::1", "fd12::1", "192.0.2.7", "::ffff:10.1.0.1"})
        EXPECT_TRUE(proxies.trusts(yes)) << yes;
    for (const auto* no : {"10.1.16.0", "10.2.0.1", "::2", "fe00::1", "192.0.2.8", "", "x"})
        EXPECT_FALSE(proxies.trusts(no)) << no;
    EXPECT_THROW(TrustedProxies({"10.0.0.0/33"}), std::invalid_argument);
    EXPECT_THROW(TrustedProxies({"host.example"}), std::invalid_argument);
    EXPECT_THROW(TrustedProxies({"10.0.0.0/"}), std::invalid_argument);
}

TEST(Proxies, NameTheClientFromTheRight) {
    const TrustedProxies proxies({"10.0.0.0/8"});
    const auto client = [&](std::string peer, std::vector<std::string> forwarded) {
        Request request;
        request.remote_address = std::move(peer);
        for (auto& value : forwarded)
            request.headers.emplace_back("x-forwarded-for", std::move(value));
        proxies.apply(request);
        return request.remote_address;
    };
    EXPECT_EQ(client("203.0.113.9", {"1.2.3.4"}), "203.0.113.9");  // not a proxy of ours: not believed
    EXPECT_EQ(client("10.0.0.1", {"1.2.3.4, 203.0.113.9, 10.0.0.2"}), "203.0.113.9");
    EXPECT_EQ(client("10.0.0.1", {"1.2.3.4", "203.0.113.9"}), "203.0.113.9");
    EXPECT_EQ(client("10.0.0.1", {"[2001:db8::1]:443"}), "2001:db8::1");
    EXPECT_EQ(client("10.0.0.1", {"203.0.113.9:1234"}), "203.0.113.9");
    EXPECT_EQ(client("10.0.0.1", {"1.2.3.4, <script>"}), "10.0.0.1");
    EXPECT_EQ(client("10.0.0.1", {}), "10.0.0.1");
}

}  // namespace
}  // namespace braid::http
