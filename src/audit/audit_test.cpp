// The log: what it says of a row, that nothing changes one, and that whoever changes one all the same is
// found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "audit/module.h"
#include "audit/service.h"
#include "audit/store.h"
#include "base/random.h"
#include "support/databases.h"

namespace braid::audit {

std::span<const sql::Migration> migrations();

namespace {

using access::Role;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What somebody with the database's password would do: the triggers out of the way, then anything.
const sql::Query kDropUpdate{"audit_test.drop_update", "DROP TRIGGER IF EXISTS audit_log_no_update",
                             "DROP TRIGGER IF EXISTS audit_log_no_change ON audit_log"};
const sql::Query kDropDelete{"audit_test.drop_delete", "DROP TRIGGER IF EXISTS audit_log_no_delete",
                             "DROP TRIGGER IF EXISTS audit_log_no_truncate ON audit_log"};
const sql::Query kSetReason{"audit_test.set_reason", "UPDATE audit_log SET reason = $2 WHERE seq = $1"};
const sql::Query kSetHash{"audit_test.set_hash",
                          "UPDATE audit_log SET reason = $2, hash = $3 WHERE seq = $1"};
const sql::Query kSetSeq{"audit_test.set_seq", "UPDATE audit_log SET seq = $2 WHERE seq = $1"};
const sql::Query kDelete{"audit_test.delete", "DELETE FROM audit_log WHERE seq = $1"};
const sql::Query kDeleteFrom{"audit_test.delete_from", "DELETE FROM audit_log WHERE seq >= $1"};
const sql::Query kSetHead{"audit_test.set_head", "UPDATE audit_head SET seq = $1, hash = $2"};

Actor staff(std::int64_t id, Role role) {
    Actor actor;
    actor.person = PersonId{id};
    actor.band = access::AgeBand::adult;
    actor.roles = 1U << static_cast<unsigned>(role);
    return actor;
}

class TheLog : public testing::OnBothEngines {
  protected:
    void write(int rows) {
        for (int i = 0; i < rows; ++i) {
            database_->with_tx([&](sql::Tx& tx) {
                record(tx, clock_.now(), moderator_,
                       {Kind::action,
                        "moderation.decide",
                        {"comment", 100 + i},
                        PersonId{7},
                        "no " + std::to_string(i)});
                return true;
            });
            clock_.advance(std::chrono::seconds(1));
        }
    }
    template <class... Args>
    void force(const sql::Query& query, const Args&... args) {
        database_->with_tx([&](sql::Tx& tx) {
            tx.run(kDropUpdate);
            tx.run(kDropDelete);
            tx.run(query, args...);
            return true;
        });
    }
    std::vector<std::string> faults(const std::optional<Checkpoint>& checkpoint = {}) {
        std::vector<std::string> says;
        for (const Fault& fault : verify(*database_, checkpoint, {}).faults)
            says.push_back(fault.says);
        return says;
    }
    std::vector<Row> rows() {
        return database_->read([](sql::Reader& reader) { return store::after(reader, 0, 1000); });
    }
    Head head() {
        return database_->read([](sql::Reader& reader) { return store::head(reader); });
    }

    FakeClock clock_;
    const Actor moderator_ = staff(5, Role::moderator);
    testing::TestDatabase database_{GetParam(), {migrations()}};
};
BRAID_ON_BOTH_ENGINES(TheLog);

TEST_P(TheLog, SaysWhoDidWhatToWhatAndWhyInOrder) {
    write(3);
    const auto log = rows();
    ASSERT_EQ(log.size(), 3U);
    EXPECT_EQ(log[0].previous, kNoHash);
    EXPECT_EQ(log[1].previous, log[0].hash);
    EXPECT_EQ(log[2].seq, 3);
    EXPECT_EQ(log[2].actor, PersonId{5});
    EXPECT_EQ(log[2].object_kind, "comment");
    EXPECT_EQ(log[2].object, 102);
    EXPECT_EQ(log[2].subject, PersonId{7});
    EXPECT_EQ(log[2].reason, "no 2");
    EXPECT_THAT(faults(), IsEmpty());
    EXPECT_EQ(head().hash, log[2].hash);
}

TEST_P(TheLog, IsThereExactlyWhenWhatItRecordsIs) {
    (void)database_->write([&](sql::Tx& tx) -> Result<void> {
        record(tx, clock_.now(), moderator_, {Kind::action, "moderation.decide", {"work", 1}});
        return conflict("error.conflict");
    });
    EXPECT_THAT(rows(), IsEmpty());
    EXPECT_EQ(head().seq, 0);
}

TEST_P(TheLog, RefusesEveryChange) {
    write(2);
    const auto change = [&](const sql::Query& query, auto... args) {
        database_->with_tx([&](sql::Tx& tx) {
            tx.run(query, args...);
            return true;
        });
    };
    EXPECT_THROW(change(kSetReason, 1, std::string("nothing to see")), sql::Failure);
    EXPECT_THROW(change(kDelete, 2), sql::Failure);
    EXPECT_THAT(faults(), IsEmpty());
}

TEST_P(TheLog, NamesAChangedRow) {
    write(5);
    force(kSetReason, 3, std::string("another reason"));
    EXPECT_THAT(faults(), ElementsAre(HasSubstr("row 3 was changed")));
}

TEST_P(TheLog, NamesARowThatWasReplacedWithAHashThatFitsIt) {
    write(5);
    Row row = rows()[2];
    row.reason = "another reason";
    force(kSetHash, 3, row.reason, hash_of(row));
    EXPECT_THAT(faults(), ElementsAre(HasSubstr("row 4 does not follow from row 3")));
}

TEST_P(TheLog, NamesARemovedRow) {
    write(5);
    force(kDelete, 2);
    EXPECT_THAT(faults(), ElementsAre(HasSubstr("row 2 is missing")));
}

TEST_P(TheLog, NamesRowsThatChangedPlaces) {
    write(5);
    force(kSetSeq, 2, 99);
    force(kSetSeq, 4, 2);
    force(kSetSeq, 99, 4);
    EXPECT_THAT(faults(), ElementsAre(HasSubstr("row 2 was moved: it was written as row 4"),
                                      HasSubstr("row 4 was moved: it was written as row 2")));
}

TEST_P(TheLog, NamesRowsCutOffItsEnd) {
    write(5);
    force(kDeleteFrom, 4);
    EXPECT_THAT(faults(), ElementsAre(HasSubstr("rows 4 to 5 were cut off the end")));
}

TEST_P(TheLog, ACheckpointFindsWhatWasCutOffTogetherWithTheHead) {
    write(5);
    const std::string secret(40, 's');
    const auto checkpoint = read_checkpoint(write_checkpoint(head(), clock_.now(), secret), secret);
    ASSERT_TRUE(checkpoint.ok());
    EXPECT_THAT(faults(*checkpoint), IsEmpty());
    const auto third = rows()[2];
    force(kDeleteFrom, 4);
    force(kSetHead, 3, third.hash);
    EXPECT_THAT(faults(), IsEmpty()) << "the log alone cannot tell";
    EXPECT_THAT(faults(*checkpoint), ElementsAre(HasSubstr("row 5 was there at the checkpoint")));
    write(2);  // as many again, with other contents
    EXPECT_THAT(faults(*checkpoint), ElementsAre(HasSubstr("row 5 is not the one the checkpoint")));
}

TEST_P(TheLog, TellsAHeadThatWasChangedAlone) {
    write(3);
    force(kSetHead, 2, rows()[1].hash);
    EXPECT_THAT(faults(), ElementsAre(HasSubstr("the head ends at row 2, but the log goes on to row 3")));
}

TEST_P(TheLog, KeepsOneOrderUnderManyWriters) {
    constexpr int kThreads = 8, kEach = 25;
    const auto begun = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
        threads.emplace_back([&] { write(kEach); });
    for (auto& thread : threads)
        thread.join();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    EXPECT_EQ(head().seq, kThreads * kEach);
    EXPECT_THAT(faults(), IsEmpty());
    RecordProperty("rows_per_second", static_cast<int>(kThreads * kEach / took.count()));
    RecordProperty("retries", static_cast<int>(database_->writer_stats().retries));
    std::printf("%d rows a second by %d writers at once, %d bodies run again\n",
                static_cast<int>(kThreads * kEach / took.count()), kThreads,
                static_cast<int>(database_->writer_stats().retries));
}

TEST_P(TheLog, IsExportedLineByLine) {
    write(3);
    const testing::TempFolder folder;
    EXPECT_EQ(export_lines(*database_, folder.path() / "log.jsonl", {}), 3);
    std::ifstream in(folder.path() / "log.jsonl");
    std::string line;
    int lines = 0;
    while (std::getline(in, line)) {
        ++lines;
        EXPECT_THAT(line, HasSubstr("\"hash\":\"" + rows()[static_cast<std::size_t>(lines - 1)].hash));
    }
    EXPECT_EQ(lines, 3);
}

TEST_P(TheLog, IsNarrowedAndPaged) {
    write(7);
    database_->with_tx([&](sql::Tx& tx) {
        record_view(tx, clock_.now(), staff(6, Role::administrator), "moderation.open_case", {"work", 9},
                    PersonId{8});
        return true;
    });
    const auto permit = access::permit<SeeAudit>(staff(6, Role::administrator), {});
    ASSERT_TRUE(permit.ok());
    const auto found = [&](const store::Filter& filter, std::int64_t before = 1000) {
        std::vector<std::int64_t> seqs;
        database_->read([&](sql::Reader& reader) {
            for (const Row& row : store::before(reader, *permit, filter, before, 3))
                seqs.push_back(row.seq);
        });
        return seqs;
    };
    EXPECT_THAT(found({}), ElementsAre(8, 7, 6));
    EXPECT_THAT(found({}, 6), ElementsAre(5, 4, 3));
    EXPECT_THAT(found({.kind = "view"}), ElementsAre(8));
    EXPECT_THAT(found({.object_kind = "comment", .object = 103}), ElementsAre(4));
    EXPECT_THAT(found({.actor = PersonId{6}}), ElementsAre(8));
    EXPECT_THAT(found({.subject = PersonId{8}}), ElementsAre(8));
}

// The format others are told to reimplement: this very row has this very hash, computed apart from this code
// with Python's hashlib.blake2b(digest_size=32).
TEST(TheChain, HashesAsDocumented) {
    Row row;
    row.seq = 1;
    row.at = Timestamp{1'767'225'600'000'000};
    row.actor = PersonId{5};
    row.roles = 32;
    row.kind = Kind::action;
    row.action = "moderation.decide";
    row.object_kind = "comment";
    row.object = 100;
    row.subject = PersonId{7};
    row.reason = "Unkind, twice — señal";
    row.previous = kNoHash;
    EXPECT_EQ(hash_of(row), "5e1d1fcfd8807e2ea3c7358dfabf7a8861f86faeb5355613c5cd0c811ed2c93a");
}

TEST(TheChain, ACheckpointIsOfOneSiteAndWhole) {
    const Head head{7, std::string(64, 'a')};
    const std::string file = write_checkpoint(head, Timestamp{1'767'225'600'000'000}, "secret one");
    EXPECT_TRUE(read_checkpoint(file, "secret one").ok());
    EXPECT_THAT(read_checkpoint(file, "secret two").error().detail, HasSubstr("another site"));
    std::string changed = file;
    changed.replace(changed.find(":7"), 2, ":6");
    EXPECT_THAT(read_checkpoint(changed, "secret one").error().detail, HasSubstr("changed after"));
    for (const char* bad : {"", "{}", "[1]", "{\"braid_audit_checkpoint\":1}", "\xff"})
        EXPECT_FALSE(read_checkpoint(bad, "secret one").ok()) << bad;
}

TEST(TheLogsReaders, AreAdministratorsAlone) {
    EXPECT_TRUE(access::permit<SeeAudit>(staff(1, Role::administrator), {}).ok());
    EXPECT_EQ(access::permit<SeeAudit>(staff(1, Role::moderator), {}).error().code, ErrorCode::not_found);
    EXPECT_EQ(access::permit<SeeAudit>(Actor{}, {}).error().code, ErrorCode::unauthenticated);
}

}  // namespace
}  // namespace braid::audit
