// A private PostgreSQL for tests: made in a temporary folder, reached by a Unix socket there, without fsync,
// gone at the end.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <sys/types.h>

namespace braid::testing {

class PostgresCluster {
  public:
    // Whether Debian's server is installed here; if not, `why` says so.
    static bool available(std::string* why = nullptr);

    // Throws std::runtime_error. As root the server runs as the user postgres (or nobody), as it insists.
    // `durable`: with fsync, for tests that kill it or measure it.
    explicit PostgresCluster(bool durable = false);
    ~PostgresCluster();  // stops the server and removes the folder
    PostgresCluster(const PostgresCluster&) = delete;
    PostgresCluster& operator=(const PostgresCluster&) = delete;

    // postgres://…/NAME?host=… ; NAME is not made by this.
    [[nodiscard]] std::string url(const std::string& name = "postgres") const;
    [[nodiscard]] pid_t pid() const { return server_; }
    // The process and every backend die at once (SIGKILL), as with a lost machine; start() recovers.
    void kill_hard();
    void start();

  private:
    std::filesystem::path folder_;
    std::string user_;
    bool durable_;
    pid_t server_ = -1;
};

}  // namespace braid::testing
