#include "interests/reading/prose_cache.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace braid::reading {
namespace {

ProseCache::Prose prose(std::size_t bytes) {
    return std::make_shared<const html::SafeHtml>(html::SafeHtml::trust(std::string(bytes, 'x')));
}
ProseKey key(std::int64_t chapter) {
    return {.chapter = works::ChapterId{chapter}, .stamp = {1, 1}};
}

TEST(ProseCacheTest, GivesBackWhatWasKeptForExactlyThisKey) {
    ProseCache cache(1000);
    const auto kept = prose(10);
    cache.keep(key(1), kept);
    EXPECT_EQ(cache.find(key(1)), kept);
    for (const auto& other : {
             ProseKey{.chapter = works::ChapterId{2}, .stamp = {1, 1}},
             ProseKey{.chapter = works::ChapterId{1}, .stamp = {2, 1}},
             ProseKey{.chapter = works::ChapterId{1}, .stamp = {1, 2}},
             ProseKey{.chapter = works::ChapterId{1}, .stamp = {1, 1}, .counts = 1},
             ProseKey{.chapter = works::ChapterId{1}, .stamp = {1, 1}, .language = i18n::Language::es},
             ProseKey{.chapter = works::ChapterId{1}, .stamp = {1, 1}, .takes_comments = true},
         }) {
        EXPECT_EQ(cache.find(other), nullptr);
    }
}

TEST(ProseCacheTest, LetsGoOfWhatWasUsedLongestAgo) {
    ProseCache cache(30);
    for (const std::int64_t i : {1, 2, 3})
        cache.keep(key(i), prose(10));
    EXPECT_NE(cache.find(key(1)), nullptr);
    cache.keep(key(4), prose(10));
    EXPECT_EQ(cache.find(key(2)), nullptr);
    for (const std::int64_t i : {1, 3, 4})
        EXPECT_NE(cache.find(key(i)), nullptr) << i;
    cache.keep(key(5), prose(31));
    EXPECT_EQ(cache.find(key(5)), nullptr);
    EXPECT_NE(cache.find(key(4)), nullptr);
}

TEST(ProseCacheTest, ManyThreadsAtOnce) {
    ProseCache cache(200);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&cache] {
            for (std::int64_t i = 0; i < 2000; ++i) {
                if (const auto found = cache.find(key(i % 30))) {
                    EXPECT_EQ(found->view().size(), 10U);
                } else {
                    cache.keep(key(i % 30), prose(10));
                }
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
}

TEST(CountsMarkTest, ChangesWithEveryCountAndNotWithTheirOrder) {
    feedback::ChapterCounts counts;
    counts.by_paragraph = {{"a", 1}, {"b", 2}};
    const auto mark = counts_mark(counts);
    feedback::ChapterCounts same;
    same.by_paragraph.reserve(1000);
    same.by_paragraph.emplace("b", 2);
    same.by_paragraph.emplace("a", 1);
    EXPECT_EQ(counts_mark(same), mark);
    counts.by_paragraph["a"] = 2;
    EXPECT_NE(counts_mark(counts), mark);
    counts.by_paragraph = {{"a", 2}, {"b", 1}};
    EXPECT_NE(counts_mark(counts), mark);
    counts.by_paragraph = {{"a", 1}};
    EXPECT_NE(counts_mark(counts), mark);
}

}  // namespace
}  // namespace braid::reading
