#include "support/databases.h"

#include <libpq-fe.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <stdexcept>

#include "support/postgres_cluster.h"

namespace braid::testing {

namespace fs = std::filesystem;

namespace {

// Where databases are made: the environment's server, or one of this process, started by the first that asks.
std::string server_url() {
    if (const char* given = std::getenv("BRAID_TEST_POSTGRES"); given != nullptr && *given != '\0')
        return given;
    static std::once_flag once;
    static std::unique_ptr<PostgresCluster> cluster;
    std::call_once(once, [] { cluster = std::make_unique<PostgresCluster>(); });
    return cluster->url();
}

// `url` with its database replaced by `name`.
std::string with_database(const std::string& url, const std::string& name) {
    const auto host = url.find("://") + 3;
    const auto query = std::min(url.find('?', host), url.size());
    const auto slash = std::min(url.find('/', host), query);
    return url.substr(0, slash) + "/" + name + url.substr(query);
}

void on_server(const std::string& command) {
    PGconn* connection = PQconnectdb(server_url().c_str());
    PGresult* result = PQexec(connection, command.c_str());
    const bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;
    const std::string why = ok ? "" : PQerrorMessage(connection);
    PQclear(result);
    PQfinish(connection);
    if (!ok) throw std::runtime_error(command + ": " + why);
}

}  // namespace

TempFolder::TempFolder() {
    std::string name = (fs::temp_directory_path() / "braid-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    path_ = name;
}

TempFolder::~TempFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
}

std::string why_unavailable(sql::Engine engine) {
    std::string why;
    if (engine == sql::Engine::postgres && std::getenv("BRAID_TEST_POSTGRES") == nullptr)
        PostgresCluster::available(&why);
    return why;
}

std::vector<sql::Engine> engines() {
    std::vector<sql::Engine> engines{sql::Engine::sqlite};
    if (const std::string why = why_unavailable(sql::Engine::postgres); why.empty()) {
        engines.push_back(sql::Engine::postgres);
    } else {
        static std::once_flag once;
        std::call_once(once, [&] {
            ::testing::RegisterTest("PostgreSQL", "Unavailable", nullptr, nullptr, __FILE__, __LINE__, [why] {
                class Skipped : public ::testing::Test {
                  public:
                    explicit Skipped(std::string reason) : why_(std::move(reason)) {}
                    void TestBody() override { GTEST_SKIP() << why_; }

                  private:
                    std::string why_;
                };
                return static_cast<::testing::Test*>(new Skipped(why));
            });
        });
    }
    return engines;
}

std::string engine_name(sql::Engine engine) {
    return engine == sql::Engine::sqlite ? "sqlite" : "postgres";
}

TestDatabase::TestDatabase(sql::Engine engine,
                           std::initializer_list<std::span<const sql::Migration>> migrations,
                           sql::Options options)
    : engine_(engine), options_(std::move(options)) {
    if (engine == sql::Engine::sqlite) {
        options_.url = "sqlite:" + file().string();
    } else {
        static std::atomic<int> number{0};
        name_ = "braid_test_" + std::to_string(getpid()) + "_" + std::to_string(++number);
        on_server("CREATE DATABASE " + name_ +
                  " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
        options_.url = with_database(server_url(), name_);
    }
    reopen();
    std::vector<sql::Migration> all;
    for (const auto& module : migrations)
        all.insert(all.end(), module.begin(), module.end());
    if (!all.empty()) database_->migrate(all);
}

TestDatabase::~TestDatabase() {
    close();
    if (engine_ != sql::Engine::postgres) return;
    try {
        on_server("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
    } catch (const std::exception&) {
        // The server is gone, and the database with it.
    }
}

fs::path TestDatabase::file() const {
    return folder_.path() / "braid.db";
}

void TestDatabase::reopen() {
    close();
    database_ = sql::Database::open(options_);
}

std::vector<std::string> prepare_all(sql::Database& database) {
    std::vector<std::string> refused;
    for (const sql::Query* query : sql::Query::all()) {
        try {
            database.prepare(*query);
        } catch (const sql::Failure& failure) {
            refused.push_back(std::string(query->name()) + " on " + engine_name(database.engine()) + ": " +
                              failure.what());
        }
    }
    return refused;
}

}  // namespace braid::testing
