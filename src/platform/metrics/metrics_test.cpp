#include "platform/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace braid::metrics {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Metrics, CountsByLabels) {
    Registry registry;
    registry.count("braid_http_requests_total", {{"route", "/read"}, {"status", "200"}}, 2);
    registry.counter("braid_http_requests_total", {{"route", "/read"}, {"status", "200"}}).add();
    registry.count("braid_http_requests_total", {{"route", "/read"}, {"status", "404"}});
    const std::string text = registry.scrape();
    EXPECT_THAT(text, HasSubstr("# TYPE braid_http_requests_total counter"));
    EXPECT_THAT(text, HasSubstr("braid_http_requests_total{route=\"/read\",status=\"200\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("braid_http_requests_total{route=\"/read\",status=\"404\"} 1\n"));
}

TEST(Metrics, HistogramBucketsAreCumulative) {
    Registry registry;
    registry.observe("braid_seconds", {}, 0.0005);  // a bound belongs to its bucket
    registry.observe("braid_seconds", {}, 0.02);
    registry.observe("braid_seconds", {}, 60);
    const std::string text = registry.scrape();
    EXPECT_THAT(text, HasSubstr("braid_seconds_bucket{le=\"0.0005\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("braid_seconds_bucket{le=\"0.01\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("braid_seconds_bucket{le=\"10\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("braid_seconds_bucket{le=\"+Inf\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("braid_seconds_count 3\n"));
}

TEST(Metrics, GaugesAreAskedAtEveryScrapeUntilRemoved) {
    Registry registry;
    double depth = 3;
    registry.gauge("braid_queue_depth", [&] { return depth; });
    registry.describe("braid_queue_depth", "Requests waiting.");
    EXPECT_THAT(registry.scrape(), HasSubstr("braid_queue_depth 3\n"));
    depth = 5;
    EXPECT_THAT(registry.scrape(), HasSubstr("braid_queue_depth 5\n"));
    EXPECT_THAT(registry.scrape(), HasSubstr("# HELP braid_queue_depth Requests waiting."));
    registry.remove_gauge("braid_queue_depth");
    EXPECT_THAT(registry.scrape(), Not(HasSubstr("braid_queue_depth 5")));
}

TEST(Metrics, LabelValuesAreEscaped) {
    Registry registry;
    registry.count("braid_total", {{"what", "a\"b\\c\nd"}});
    EXPECT_THAT(registry.scrape(), HasSubstr("braid_total{what=\"a\\\"b\\\\c\\nd\"} 1\n"));
}

TEST(Metrics, MisuseIsABug) {
    Registry registry;
    registry.count("braid_total", {});
    EXPECT_THROW(registry.observe("braid_total", {}, 1), std::logic_error);
    EXPECT_THROW(registry.count("braid-total", {}), std::logic_error);
    EXPECT_THROW(registry.count("braid_other_total", {{"0", "x"}}), std::logic_error);
}

TEST(Metrics, ManyThreadsLoseNothing) {
    Registry registry;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 10'000; ++n) {
                registry.counter("braid_total", {}).add();
                registry.observe("braid_seconds", {}, 0.001);
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_THAT(registry.scrape(), HasSubstr("braid_total 40000\n"));
    EXPECT_THAT(registry.scrape(), HasSubstr("braid_seconds_count 40000\n"));
}

}  // namespace
}  // namespace braid::metrics
