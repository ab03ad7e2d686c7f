// Real databases for tests, one fresh per test, on both engines.
//
//   class StoreTest : public braid::testing::OnBothEngines {
//     protected:
//       TestDatabase database_{GetParam(), {works::migrations()}};
//   };
//   BRAID_ON_BOTH_ENGINES(StoreTest);
//   TEST_P(StoreTest, FindsWhatItStored) { database_->write(…); }
//
// SQLite lives in a temporary folder. PostgreSQL is a private server started once per test program, or the
// one that the environment's BRAID_TEST_POSTGRES names (a URL that may create databases;
// tests/support/with_postgres starts one for a whole run). Where no server is installed, the tests on
// PostgreSQL skip and say so.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "platform/sql/sql.h"

namespace braid::testing {

// A folder of its own, removed with everything in it.
class TempFolder {
  public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

class TestDatabase {
  public:
    // Fresh, with `migrations` applied. `options`: all but the url.
    explicit TestDatabase(sql::Engine engine,
                          std::initializer_list<std::span<const sql::Migration>> migrations = {},
                          sql::Options options = {});
    ~TestDatabase();
    TestDatabase(const TestDatabase&) = delete;
    TestDatabase& operator=(const TestDatabase&) = delete;

    sql::Database& operator*() { return *database_; }
    sql::Database* operator->() { return database_.get(); }
    [[nodiscard]] const std::string& url() const { return options_.url; }
    // SQLite: the file.
    [[nodiscard]] std::filesystem::path file() const;
    // Closed and opened again, as by a restart.
    void reopen();
    void close() { database_.reset(); }

  private:
    sql::Engine engine_;
    TempFolder folder_;
    std::string name_;  // PostgreSQL
    sql::Options options_;
    std::unique_ptr<sql::Database> database_;
};

// Why tests on `engine` cannot run here; empty when they can.
std::string why_unavailable(sql::Engine engine);

// Skips, with the reason, where an engine is missing. The parameter is the engine.
class OnBothEngines : public ::testing::TestWithParam<sql::Engine> {
  protected:
    OnBothEngines() = default;
};

// "sqlite" or "postgres", also as the suffix of a test's name.
std::string engine_name(sql::Engine engine);
// What is installed: SQLite always. A missing PostgreSQL shows as one skipped test with the reason.
std::vector<sql::Engine> engines();

// Prepares every Query of the program on `database`, whose migrations are all applied. One line per query
// that the engine refuses, naming it and the engine.
std::vector<std::string> prepare_all(sql::Database& database);

}  // namespace braid::testing

#define BRAID_ON_BOTH_ENGINES(Suite)                                                                      \
    INSTANTIATE_TEST_SUITE_P(Db, Suite, ::testing::ValuesIn(::braid::testing::engines()),                 \
                             [](const auto& info) { return ::braid::testing::engine_name(info.param); }); \
    static_assert(true)
