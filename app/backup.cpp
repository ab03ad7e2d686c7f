#include "app/backup.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "app/data_folder.h"
#include "base/text.h"
#include "base/time.h"
#include "platform/log/log.h"
#include "platform/sql/maintenance.h"

namespace braid::app {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDatabaseMember = "braid.sqlite";
constexpr std::string_view kDumpMember = "postgres.dump";

struct TempFolder {
    fs::path path;
    ~TempFolder() {
        std::error_code failure;
        if (!path.empty()) fs::remove_all(path, failure);
    }
};

Result<fs::path> make_temp_folder(const fs::path& beside) {
    std::string name = (beside / ".braid-backup-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        return unavailable("cannot make a folder in " + beside.string() + ": " + std::strerror(errno));
    return fs::path(name);
}

std::optional<fs::path> find_program(std::string_view name) {
    const char* path = ::getenv("PATH");
    for (const std::string_view folder : split(path != nullptr ? path : "/usr/bin:/bin", ':')) {
        const fs::path candidate = fs::path(folder) / name;
        if (!folder.empty() && ::access(candidate.c_str(), X_OK) == 0) return candidate;
    }
    return std::nullopt;
}

struct Connection {
    std::string url, password;
};

// A command line is for everybody on the machine to read: the password goes through the environment.
Connection without_password(const std::string& url) {
    const auto start = url.find("://") + 3;
    const auto at = url.rfind('@', url.find('/', start));
    const auto colon = url.find(':', start);
    if (at == std::string::npos || at < start || colon > at) return {url, {}};
    return {url.substr(0, colon) + url.substr(at),
            percent_decode(url.substr(colon + 1, at - colon - 1)).value_or("")};
}

Result<void> dump_postgres(const std::string& url, const fs::path& to) {
    const auto program = find_program("pg_dump");
    if (!program) {
        return unavailable(
            "pg_dump is not installed: install postgresql-client (apt-get install postgresql-client), or "
            "back the database up with "
            "your server's own means and copy the data folder");
    }
    const Connection connection = without_password(url);
    const pid_t child = ::fork();
    if (child == 0) {
        if (!connection.password.empty()) ::setenv("PGPASSWORD", connection.password.c_str(), 1);
        ::execl(program->c_str(), "pg_dump", "--format=custom", "--no-owner", "--file", to.c_str(),
                "--dbname", connection.url.c_str(), nullptr);
        ::_exit(127);
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child)
        return unavailable(std::string("cannot run pg_dump: ") + std::strerror(errno));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return unavailable("pg_dump failed; what it said is above");
    return success();
}

std::vector<fs::path> files_below(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code failure;
    for (fs::recursive_directory_iterator it(folder, failure), end; it != end; it.increment(failure)) {
        if (it->is_regular_file(failure) && !it->path().filename().string().starts_with('.'))
            files.push_back(it->path());
    }
    return files;
}

bool is_postgres(const Settings& settings) {
    return sql::sqlite_file(settings.database_url()).empty();
}

std::string time_suffix() {
    std::string text = to_rfc3339(SystemClock().now()).substr(0, 19);
    for (char& c : text) {
        if (c == ':') c = '-';
    }
    return text;
}

bool holds_something(const fs::path& folder) {
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(folder, failure)) {
        if (entry.path().filename() != "braid.lock") return true;
    }
    return false;
}

}  // namespace

Result<Backed> back_up(const Settings& settings, const fs::path& file, const ArchiveProgress& progress) {
    if (!fs::exists(settings.data)) return not_found("there is no data folder " + settings.data.string());
    const DataFolder data = TRY(DataFolder::open(settings.data, Use::shared));
    ArchiveWriter archive = TRY(ArchiveWriter::create(file));
    const TempFolder temp{TRY(make_temp_folder(file.has_parent_path() ? file.parent_path() : fs::path(".")))};
    const fs::path copy = temp.path / (is_postgres(settings) ? kDumpMember : kDatabaseMember);
    if (is_postgres(settings)) {
        TRY(dump_postgres(settings.database_url(), copy));
    } else {
        const fs::path database = sql::sqlite_file(settings.database_url());
        if (!fs::exists(database)) return not_found("there is no database " + database.string());
        try {
            sql::copy_sqlite(database, copy, [&](int done, int pages) {
                if (progress) progress(static_cast<std::uint64_t>(done), static_cast<std::uint64_t>(pages));
            });
        } catch (const sql::Failure& failure) {
            return unavailable(failure.what());
        }
    }
    std::vector<fs::path> blobs = files_below(data.blobs());
    std::uint64_t total = fs::file_size(copy);
    std::error_code failure;
    for (const fs::path& blob : blobs)
        total += fs::file_size(blob, failure);

    Backed backed;
    const auto wrote = [&](std::uint64_t bytes) {
        backed.bytes += bytes;
        if (progress) progress(backed.bytes, total);
    };
    TRY(archive.add_file(copy.filename().string(), copy, wrote));
    if (const auto secret = read_file(data.path() / kSecretFile)) TRY(archive.add_text(kSecretFile, *secret));
    for (const fs::path& blob : blobs) {
        // One that was collected since the list was made belongs to nobody.
        if (!fs::exists(blob)) continue;
        TRY(archive.add_file("blobs/" + fs::relative(blob, data.blobs()).string(), blob, wrote));
        ++backed.files;
    }
    TRY(archive.finish());
    return backed;
}

Result<Backed> restore(const Settings& settings, const fs::path& file, Existing existing,
                       const ArchiveProgress& progress) {
    const fs::path data = fs::absolute(settings.data).lexically_normal();
    const fs::path parent = data.has_filename() ? data.parent_path() : data.parent_path().parent_path();
    const fs::path target = data.has_filename() ? data : data.parent_path();
    std::optional<DataFolder> lock;
    if (fs::exists(target)) {
        if (holds_something(target) && existing == Existing::refuse) {
            return conflict("error.conflict", "the data folder " + target.string() +
                                                  " holds something: choose another with --data, or "
                                                  "--set-aside to keep it under another name");
        }
        lock.emplace(TRY(DataFolder::open(target, Use::exclusive)));
    }
    std::error_code failure;
    fs::create_directories(parent, failure);
    const fs::path fresh =
        parent / ("." + target.filename().string() + ".restoring-" + std::to_string(::getpid()));
    const TempFolder cleanup{fresh};
    const auto members = TRY(unpack(file, fresh, progress));

    Backed backed;
    for (const auto& [name, size] : members) {
        backed.bytes += size;
        if (name.starts_with("blobs/")) ++backed.files;
    }
    if (members.contains(std::string(kDumpMember))) {
        backed.remark =
            "The database is a dump: create an empty one and load it with\n  pg_restore --no-owner --dbname "
            "'postgres://…' " +
            (target / kDumpMember).string();
    } else if (members.contains(std::string(kDatabaseMember))) {
        if (is_postgres(settings))
            return conflict("error.conflict",
                            file.string() + " holds a SQLite database, and --database names another engine");
        try {
            const auto problems = sql::check_sqlite(fresh / kDatabaseMember);
            if (!problems.empty())
                return unavailable("the database in " + file.string() + " is damaged: " + problems.front());
        } catch (const sql::Failure& broken) {
            return unavailable(broken.what());
        }
        const fs::path wanted = sql::sqlite_file(settings.database_url());
        if (fs::absolute(wanted).lexically_normal() != target / kDatabaseMember) {
            backed.remark = "The database is " + (target / kDatabaseMember).string() + "; move it to " +
                            wanted.string() + " or leave out --database.";
        }
    } else {
        return conflict("error.conflict", file.string() + " holds no database");
    }
    if (fs::exists(target)) {
        const fs::path aside = target.string() + ".before-restore-" + time_suffix();
        fs::rename(target, aside, failure);
        if (failure) return unavailable("cannot rename " + target.string() + ": " + failure.message());
        if (holds_something(aside)) {
            backed.remark +=
                (backed.remark.empty() ? "" : "\n") + ("What was there is now " + aside.string());
        } else {
            fs::remove_all(aside, failure);
        }
    }
    fs::rename(fresh, target, failure);
    if (failure) return unavailable("cannot rename " + fresh.string() + ": " + failure.message());
    return backed;
}

}  // namespace braid::app
