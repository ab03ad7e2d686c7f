// What a request costs before any feature does: the server with its usual chain, one SQLite read, and a page
// of given size.
//
//   http_floor PORT FILE
//
// FILE is the page: GET /page sends its bytes after a session look-up in SQLite (cookie s=1); GET /bare sends
// them without. The peer is nginx serving the same file. Runs until standard input ends.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "platform/http/security.h"
#include "platform/http/server.h"
#include "platform/sql/sql.h"

using namespace braid;

namespace {

const sql::Query kCreate{"bench.create",
                         "CREATE TABLE IF NOT EXISTS sessions (id BIGINT PRIMARY KEY, person TEXT)"};
const sql::Query kAdd{"bench.add",
                      "INSERT INTO sessions (id, person) VALUES ($1, $2) ON CONFLICT DO NOTHING"};
const sql::Query kFind{"bench.find", "SELECT person FROM sessions WHERE id = $1"};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("http_floor PORT FILE\n", stderr);
        return 2;
    }
    std::ifstream file(argv[2], std::ios::binary);
    const std::string page((std::istreambuf_iterator<char>(file)), {});
    const std::string path = std::string("/tmp/http_floor.") + argv[1] + ".db";
    const auto database = sql::Database::open({.url = "sqlite:" + path});
    database->with_tx([](sql::Tx& tx) { return tx.run(kCreate), true; });
    database->with_tx([](sql::Tx& tx) {
        for (std::int64_t id = 1; id <= 1000; ++id)
            tx.run(kAdd, id, "person");
        return true;
    });

    const SystemClock clock;
    SystemRandom random;
    metrics::Registry metrics;
    http::Router router;
    constexpr http::ActionRef kRead{"bench.read"};
    router.get("/page", kRead, [&](const http::Request& request) -> Result<http::Response> {
        const auto id = std::atoll(std::string(request.cookie("s").value_or("1")).c_str());
        const auto person = database->read(
            [&](sql::Reader& reader) { return reader.maybe<std::string>(kFind, std::int64_t{id}); });
        return person ? http::Response::html(200, page) : http::Response::html(404, "");
    });
    router.get("/bare", kRead, [&](const http::Request&) -> Result<http::Response> {
        return http::Response::html(200, page);
    });

    http::ServerOptions options;
    options.port = std::atoi(argv[1]);
    options.access_log = std::getenv("ACCESS_LOG") != nullptr;
    http::Server server(
        options, router, {http::csrf({"0123456789abcdef", ""}, random)},
        [](const http::Request&, const Error&) { return http::Response::text(500, "error"); }, clock,
        metrics);
    server.start();
    std::puts("ready");
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    server.stop(std::chrono::seconds(1));
    std::remove(path.c_str());
    return 0;
}
