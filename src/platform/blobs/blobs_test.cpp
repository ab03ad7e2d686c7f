#include "platform/blobs/blobs.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/random.h"
#include "support/databases.h"

namespace braid::blobs {
namespace {

namespace fs = std::filesystem;

class BlobsTest : public testing::OnBothEngines {
  protected:
    Blob put(std::string_view bytes) { return store_.put(bytes, "text/plain").value(); }
    Result<void> keep(std::string_view holder, std::int64_t owner, const Blob& blob) {
        return database_->write([&](sql::Tx& tx) { return store_.keep(tx, holder, owner, blob); });
    }
    void release(std::string_view holder) {
        (void)database_->write([&](sql::Tx& tx) -> Result<void> {
            store_.release(tx, holder);
            return {};
        });
    }
    std::int64_t used(std::int64_t owner) {
        return database_->read([&](sql::Reader& r) { return store_.used_by(r, owner); });
    }
    std::optional<Blob> find(const Digest& digest) {
        return database_->read([&](sql::Reader& r) { return store_.find(r, digest); });
    }
    std::string content(const Digest& digest) const {
        std::ifstream in(store_.path_of(digest), std::ios::binary);
        std::ostringstream text;
        text << in.rdbuf();
        return in ? text.str() : "absent";
    }
    static void make_old(const fs::path& file) {
        std::filesystem::last_write_time(
            file, std::filesystem::file_time_type::clock::now() - std::chrono::hours(48));
    }
    static std::ptrdiff_t files_in(const fs::path& folder) {
        return std::count_if(std::filesystem::recursive_directory_iterator(folder),
                             std::filesystem::recursive_directory_iterator(),
                             [](const auto& entry) { return entry.is_regular_file(); });
    }

    testing::TempFolder folder_;
    testing::TestDatabase database_{GetParam(), {migrations()}};
    FakeClock clock_;
    Store store_{*database_, clock_, {folder_.path() / "blobs", 1000}};
};
BRAID_ON_BOTH_ENGINES(BlobsTest);

constexpr std::chrono::hours kDay{24};

TEST_P(BlobsTest, AFileIsFoundByItsContent) {
    const Blob blob = put("abc");
    EXPECT_EQ(
        blob.digest,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-2, appendix B.1
    EXPECT_EQ(blob.size, 3);
    EXPECT_EQ(store_.path_of(blob.digest), folder_.path() / "blobs/ba/78" / blob.digest);
    EXPECT_EQ(content(blob.digest), "abc");
    const auto found = find(blob.digest);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->media_type, "text/plain");
    EXPECT_EQ(found->size, 3);
    EXPECT_EQ(put("abc").digest, blob.digest);
    EXPECT_EQ(files_in(folder_.path()), 1);
    EXPECT_EQ(put("").size, 0);
}

TEST_P(BlobsTest, AFileFromAFile) {
    std::string bytes(300'000, '\0');
    SeededRandom random(1);
    random.fill(std::as_writable_bytes(std::span(bytes)));
    const fs::path source = folder_.path() / "upload";
    std::ofstream(source, std::ios::binary) << bytes;
    const Blob blob = store_.put_file(source, "image/png").value();
    EXPECT_EQ(blob.digest, put(bytes).digest);
    EXPECT_EQ(content(blob.digest), bytes);
    EXPECT_EQ(store_.put_file(source, "image/png").value().size, 300'000);
    EXPECT_EQ(files_in(folder_.path() / "blobs"), 1);
    EXPECT_THROW((void)store_.put_file(folder_.path() / "missing", "x"), std::system_error);
}

TEST_P(BlobsTest, PathsAreMadeOfDigestsAlone) {
    EXPECT_THROW((void)store_.path_of("../../etc/passwd"), std::invalid_argument);
    EXPECT_THROW((void)store_.path_of(std::string(64, 'G')), std::invalid_argument);
    EXPECT_FALSE(is_digest(std::string(63, 'a')));
    EXPECT_TRUE(is_digest(std::string(64, 'a')));
}

TEST_P(BlobsTest, TheQuotaCountsWhatAnOwnerKeeps) {
    const Blob big = put(std::string(600, 'a'));
    const Blob other = put(std::string(500, 'b'));
    EXPECT_TRUE(keep("works.cover:1", 7, big).ok());
    EXPECT_EQ(used(7), 600);
    const auto refused = keep("works.cover:2", 7, other);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::too_large);
    EXPECT_TRUE(keep("works.cover:3", 8, other).ok());  // somebody else's
    EXPECT_TRUE(keep("works.cover:1", 7, other).ok());  // in its place
    EXPECT_EQ(used(7), 500);
    release("works.cover:1");
    EXPECT_EQ(used(7), 0);
}

TEST_P(BlobsTest, OnlyOldAndUnkeptFilesAreCollected) {
    const Blob kept = put("kept");
    const Blob unkept = put("unkept");
    EXPECT_TRUE(keep("a", 1, kept).ok());
    EXPECT_EQ(store_.collect(kDay), 0);  // all are young
    clock_.advance(std::chrono::hours(25));
    const Blob young = put("young");
    EXPECT_EQ(store_.collect(kDay), 1);
    EXPECT_EQ(content(kept.digest), "kept");
    EXPECT_EQ(content(young.digest), "young");
    EXPECT_EQ(content(unkept.digest), "absent");
    EXPECT_FALSE(find(unkept.digest));
    release("a");
    clock_.advance(std::chrono::hours(25));
    EXPECT_EQ(store_.collect(kDay), 2);
    EXPECT_EQ(files_in(folder_.path()), 0);
}

TEST_P(BlobsTest, PuttingAgainMakesYoung) {
    const Blob blob = put("x");
    clock_.advance(std::chrono::hours(25));
    put("x");
    EXPECT_EQ(store_.collect(kDay), 0);
    EXPECT_EQ(content(blob.digest), "x");
}

TEST_P(BlobsTest, WhatWasCollectedMeanwhileIsAskedForAgain) {
    const Blob blob = put("x");
    clock_.advance(std::chrono::hours(25));
    EXPECT_EQ(store_.collect(kDay), 1);
    const auto refused = keep("a", 1, blob);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    EXPECT_TRUE(keep("a", 1, put("x")).ok());
}

TEST_P(BlobsTest, WhatACrashLeftIsTidied) {
    const fs::path root = folder_.path() / "blobs";
    const Blob kept = put("kept");
    EXPECT_TRUE(keep("a", 1, kept).ok());
    // Killed while writing; before the row was made; while the file lay aside, without and with its row.
    std::ofstream(root / "tmp/put-abcdef") << "half";
    make_old(root / "tmp/put-abcdef");
    std::ofstream(root / "tmp/put-young") << "half";
    const Digest rowless(64, 'a');
    fs::create_directories(store_.path_of(rowless).parent_path());
    std::ofstream(store_.path_of(rowless)) << "x";
    make_old(store_.path_of(rowless));
    const Digest aside(64, 'b');
    fs::create_directories(store_.path_of(aside).parent_path());
    std::ofstream(store_.path_of(aside).string() + ".aside") << "x";
    make_old(store_.path_of(aside).string() + ".aside");
    make_old(store_.path_of(kept.digest));
    fs::rename(store_.path_of(kept.digest), store_.path_of(kept.digest).string() + ".aside");
    std::ofstream(root / "README") << "not ours";
    make_old(root / "README");

    EXPECT_EQ(store_.collect(kDay), 3);
    EXPECT_EQ(content(kept.digest), "kept");
    EXPECT_TRUE(fs::exists(root / "tmp/put-young"));
    EXPECT_TRUE(fs::exists(root / "README"));
    EXPECT_EQ(files_in(root), 3);
}

TEST_P(BlobsTest, ARowWhoseFileIsMissingIsHealedByPutting) {
    const Blob blob = put("x");
    fs::remove(store_.path_of(blob.digest));
    put("x");
    EXPECT_EQ(content(blob.digest), "x");
}

TEST_P(BlobsTest, CollectingBesidePuttingLosesNothing) {
    // Age zero: everything unkept is fair game at once. Whoever manages to keep a file must find it there.
    std::atomic<bool> stop{false};
    std::atomic<int> kept{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 60; ++i) {
                const std::string bytes = "content " + std::to_string(i % 5);
                const std::string holder = "h" + std::to_string(t);
                const Blob blob = put(bytes);
                if (keep(holder, t, blob).ok()) {
                    ++kept;
                    // While a collector looks whether the row is back, the file lies aside for a moment.
                    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
                    std::string found = content(blob.digest);
                    while (found == "absent" && std::chrono::steady_clock::now() < deadline) {
                        std::this_thread::yield();
                        found = content(blob.digest);
                    }
                    EXPECT_EQ(found, bytes);
                }
                release(holder);
                clock_.advance(Duration(1));
            }
        });
    }
    std::thread collector([&] {
        while (!stop)
            store_.collect(Duration(0));
    });
    for (auto& thread : threads)
        thread.join();
    stop = true;
    collector.join();
    EXPECT_GT(kept, 0);
    clock_.advance(Duration(1));
    // What lost its row while it was being written is left to the sweep, which takes nothing younger than an
    // hour.
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
        if (entry.is_regular_file())
            std::filesystem::last_write_time(
                entry.path(), std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
    }
    store_.collect(Duration(0));
    EXPECT_EQ(files_in(folder_.path()), 0);
}

TEST_P(BlobsTest, EveryQueryIsPrepared) {
    for (const auto& line : testing::prepare_all(*database_))
        ADD_FAILURE() << line;
}

}  // namespace
}  // namespace braid::blobs
