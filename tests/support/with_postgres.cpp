// with_postgres COMMAND [ARGUMENT…]: runs COMMAND with BRAID_TEST_POSTGRES set to a private PostgreSQL, so
// that many test programs share one. Its exit status is the command's. Without an installed server the
// command runs without.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "support/postgres_cluster.h"

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: with_postgres COMMAND [ARGUMENT...]\n");
        return 2;
    }
    std::unique_ptr<braid::testing::PostgresCluster> cluster;
    std::string why;
    if (std::getenv("BRAID_TEST_POSTGRES") == nullptr) {
        if (braid::testing::PostgresCluster::available(&why)) {
            cluster = std::make_unique<braid::testing::PostgresCluster>();
            setenv("BRAID_TEST_POSTGRES", cluster->url().c_str(), 1);
        } else {
            std::fprintf(stderr, "%s\n", why.c_str());
        }
    }
    const pid_t child = fork();
    if (child == 0) {
        execvp(argv[1], argv + 1);
        std::perror(argv[1]);
        _exit(127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    cluster.reset();
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
