#include "support/postgres_cluster.h"

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

namespace braid::testing {

namespace {

namespace fs = std::filesystem;

// The newest installed; empty when there is none.
fs::path binaries() {
    std::vector<fs::path> found;
    std::error_code error;
    for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", error)) {
        if (fs::exists(version.path() / "bin/initdb") && fs::exists(version.path() / "bin/postgres")) {
            found.push_back(version.path() / "bin");
        }
    }
    return found.empty() ? fs::path() : *std::max_element(found.begin(), found.end());
}

struct User {
    std::string name;
    uid_t uid;
    gid_t gid;
};

// The server refuses to run as root.
User server_user() {
    if (geteuid() != 0) {
        const passwd* self = getpwuid(geteuid());
        return {self != nullptr ? self->pw_name : "postgres", geteuid(), getegid()};
    }
    for (const char* name : {"postgres", "nobody"}) {
        if (const passwd* entry = getpwnam(name)) return {name, entry->pw_uid, entry->pw_gid};
    }
    throw std::runtime_error("no user to run PostgreSQL as: neither postgres nor nobody exists");
}

// Starts a program as `user`, its output appended to `log`. It dies with this process.
pid_t spawn(const std::vector<std::string>& command, const User& user, const fs::path& folder,
            const fs::path& log) {
    std::vector<char*> arguments;
    for (const std::string& word : command)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    const bool change_user = geteuid() == 0;
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("fork failed");
    if (child == 0) {
        dup2(output, 1);
        dup2(output, 2);
        if (chdir(folder.c_str()) != 0) _exit(126);
        if (change_user && (setgroups(0, nullptr) != 0 || setgid(user.gid) != 0 || setuid(user.uid) != 0))
            _exit(126);
        prctl(PR_SET_PDEATHSIG, SIGQUIT);  // after setuid, which clears it
        setpgid(0, 0);                     // Ctrl-C is for the tests; they stop the server
        execv(arguments[0], arguments.data());
        _exit(127);
    }
    close(output);
    return child;
}

std::string tail(const fs::path& file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    const std::string all = text.str();
    return all.size() > 1000 ? all.substr(all.size() - 1000) : all;
}

}  // namespace

bool PostgresCluster::available(std::string* why) {
    if (!binaries().empty()) return true;
    if (why != nullptr)
        *why =
            "PostgreSQL is not installed here (no /usr/lib/postgresql/*/bin/postgres: apt install "
            "postgresql)";
    return false;
}

PostgresCluster::PostgresCluster(bool durable) : durable_(durable) {
    std::string why;
    if (!available(&why)) throw std::runtime_error(why);
    const User user = server_user();
    user_ = user.name;
    std::string name = (fs::temp_directory_path() / "braid-pg-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    folder_ = name;
    if (geteuid() == 0 && chown(folder_.c_str(), user.uid, user.gid) != 0)
        throw std::runtime_error("cannot chown " + name);
    const pid_t initdb =
        spawn({(binaries() / "initdb").string(), "--pgdata", (folder_ / "data").string(), "--username", user_,
               "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions"},
              user, folder_, folder_ / "initdb.log");
    int status = 0;
    waitpid(initdb, &status, 0);
    if (status != 0) {
        const std::string log = tail(folder_ / "initdb.log");
        fs::remove_all(folder_);
        throw std::runtime_error("initdb failed: " + log);
    }
    start();
}

void PostgresCluster::start() {
    const User user = server_user();
    const std::string sync = durable_ ? "on" : "off";
    std::vector<std::string> command{(binaries() / "postgres").string(), "-D", (folder_ / "data").string(),
                                     "-k", folder_.string()};
    for (const std::string& setting :
         {std::string("listen_addresses="), "fsync=" + sync, "synchronous_commit=" + sync,
          "full_page_writes=" + sync, std::string("max_connections=200"), std::string("shared_buffers=64MB"),
          std::string("log_min_messages=fatal"), std::string("log_min_error_statement=panic"),
          std::string("autovacuum_naptime=10min")}) {
        command.emplace_back("-c");
        command.push_back(setting);
    }
    server_ = spawn(command, user, folder_, folder_ / "server.log");
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (PQping(url().c_str()) != PQPING_OK) {
        int status = 0;
        if (waitpid(server_, &status, WNOHANG) == server_ || std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error("PostgreSQL did not start: " + tail(folder_ / "server.log"));
        }
        poll(nullptr, 0, 20);  // there is nothing to wait on but the answer itself
    }
}

void PostgresCluster::kill_hard() {
    if (server_ <= 0) return;
    // Backends notice the postmaster's death by themselves and leave; the new server waits for that.
    ::kill(server_, SIGKILL);
    waitpid(server_, nullptr, 0);
    server_ = -1;
    std::error_code error;
    fs::remove(folder_ / "data/postmaster.pid", error);
}

PostgresCluster::~PostgresCluster() {
    if (server_ > 0) {
        ::kill(server_, SIGINT);  // "fast": ends sessions, no need to wait for clients
        waitpid(server_, nullptr, 0);
    }
    std::error_code error;
    fs::remove_all(folder_, error);
}

std::string PostgresCluster::url(const std::string& name) const {
    std::string host;
    for (const char c : folder_.string())
        host += c == '/' ? std::string("%2F") : std::string(1, c);
    return "postgres://" + user_ + "@/" + name + "?host=" + host;
}

}  // namespace braid::testing
