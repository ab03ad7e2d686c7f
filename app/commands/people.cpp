// user add, list, password, role.
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "app/cli.h"
#include "app/commands/commands.h"
#include "app/commands/words.h"
#include "app/program.h"
#include "base/text.h"
#include "identity/accounts/api.h"
#include "identity/factors/service.h"
#include "identity/roles/service.h"
#include "platform/sql/maintenance.h"
#include "stewardship/privacy/service.h"

namespace braid::app::commands {

namespace {

constexpr int kPage = 500;

// Does not show what is typed.
class SilentTerminal {
  public:
    SilentTerminal() {
        tcgetattr(STDIN_FILENO, &before_);
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~SilentTerminal() { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;

  private:
    termios before_{};
};

std::optional<std::string> ask_password() {
    std::string password;
    if (isatty(STDIN_FILENO) != 1) {
        std::getline(std::cin, password);
        return password;
    }
    const SilentTerminal silent;
    std::string again;
    std::fputs("Password: ", stderr);
    std::getline(std::cin, password);
    std::fputs("\nOnce more: ", stderr);
    std::getline(std::cin, again);
    std::fputs("\n", stderr);
    if (password == again) return password;
    std::fputs("braid: these are two different passwords\n", stderr);
    return std::nullopt;
}

std::optional<access::Role> parse_role(std::string_view name) {
    std::string names;
    for (int i = 0; i <= static_cast<int>(access::Role::administrator); ++i) {
        const auto role = static_cast<access::Role>(i);
        if (access::name(role) == name) return role;
        names += (names.empty() ? "" : ", ") + std::string(access::name(role));
    }
    std::fprintf(stderr, "braid: \"%s\" is no role; there are %s\n", std::string(name).c_str(),
                 names.c_str());
    return std::nullopt;
}

struct Born {
    int year = 0, month = 0;
};
std::optional<Born> parse_born(std::string_view text) {
    const auto year = parse_integer(text.substr(0, 4));
    const auto month = text.size() == 7 && text[4] == '-' ? parse_integer(text.substr(5)) : std::nullopt;
    if (year && month && *year >= 1900 && *month >= 1 && *month <= 12)
        return Born{static_cast<int>(*year), static_cast<int>(*month)};
    std::fprintf(stderr, "braid: --born expects year and month, 2011-04\n");
    return std::nullopt;
}

std::optional<accounts::PersonCard> find_person(Program& program, const std::string& handle) {
    auto person = program.database().read(
        [&](sql::Reader& reader) { return program.modules().accounts().by_handle(reader, handle); });
    if (!person) std::fprintf(stderr, "braid: there is nobody called %s\n", handle.c_str());
    return person;
}

}  // namespace

int add_user(const Settings& settings, const AddUser& user) {
    const auto born = parse_born(user.born);
    if (!born) return kUsage;
    accounts::NewPerson person;
    for (const std::string& name : user.roles) {
        const auto role = parse_role(name);
        if (!role) return kUsage;
        person.roles.push_back(*role);
    }
    Program program(settings);
    program.migrate();
    person.handle = user.handle;
    person.display_name = user.name.empty() ? user.handle : user.name;
    person.birth_year = born->year;
    person.birth_month = born->month;
    person.email = user.email;
    person.password = ask_password();
    if (!person.password) return kFailed;
    const auto added = program.modules().accounts().create_person(accounts::operator_actor(), person);
    if (!added.ok()) return complain(added.error());
    std::printf("%s may sign in.\n", user.handle.c_str());
    return kOk;
}

int list_users(const Settings& settings) {
    Program program(settings);
    program.migrate();
    accounts::PersonId after;
    while (true) {
        const auto people = program.database().read([&](sql::Reader& reader) {
            auto page = program.modules().accounts().everybody(reader, after, kPage);
            for (const accounts::PersonCard& person : page) {
                std::string roles;
                for (const access::Role role : program.modules().accounts().roles(reader, person.id))
                    roles += " " + std::string(access::name(role));
                std::printf("%-13s  %-30s  %-5s %s%s\n", person.id.text().c_str(), person.handle.c_str(),
                            std::string(access::name(person.band)).c_str(), person.display_name.c_str(),
                            roles.empty() ? "" : (" (" + roles.substr(1) + ")").c_str());
            }
            return page;
        });
        if (people.size() < static_cast<std::size_t>(kPage)) return kOk;
        after = people.back().id;
    }
}

int set_password(const Settings& settings, const std::string& handle) {
    Program program(settings);
    program.migrate();
    const auto person = find_person(program, handle);
    if (!person) return kFailed;
    const auto password = ask_password();
    if (!password) return kFailed;
    const auto set =
        program.modules().accounts().set_password(accounts::operator_actor(), person->id, *password);
    if (!set.ok()) return complain(set.error());
    program.jobs().run_pending();  // what follows from it: her sessions end
    std::printf("The password of %s is set; her other sessions have ended.\n", handle.c_str());
    return kOk;
}

int set_role(const Settings& settings, const SetRole& wish) {
    const auto role = parse_role(wish.role);
    if (!role) return kUsage;
    const auto scope = accounts::RoleScope::parse(wish.scope);
    if (!scope) {
        std::fprintf(stderr, "braid: --scope expects site, organisation:ID or space:ID\n");
        return kUsage;
    }
    const auto until = roles::end_of_day(wish.until);
    if (!wish.until.empty() && !until) {
        std::fprintf(stderr, "braid: --until expects a day, 2027-01-31\n");
        return kUsage;
    }
    Program program(settings);
    program.migrate();
    const auto person = find_person(program, wish.handle);
    if (!person) return kFailed;
    auto& accounts = program.modules().accounts();
    const auto set = wish.granted
                         ? accounts.grant(accounts::operator_actor(), person->id, *role, *scope, until)
                         : accounts.revoke(accounts::operator_actor(), person->id, *role, *scope);
    if (!set.ok()) return complain(set.error());
    program.jobs().run_pending();
    std::printf(wish.granted ? "%s is %s now.\n" : "%s is no longer %s.\n", wish.handle.c_str(),
                wish.role.c_str());
    return kOk;
}

int list_roles(const Settings& settings, const std::string& handle) {
    Program program(settings);
    program.migrate();
    const auto person = find_person(program, handle);
    if (!person) return kFailed;
    const auto grants = program.database().read(
        [&](sql::Reader& reader) { return program.modules().accounts().grants(reader, person->id); });
    for (const accounts::Grant& grant : grants) {
        std::printf("%-13s  %-28s  %s\n", std::string(access::name(grant.role)).c_str(),
                    grant.scope.text().c_str(),
                    grant.until ? ("until " + roles::last_day(*grant.until)).c_str() : "");
    }
    return kOk;
}

int clear_second_step(const Settings& settings, const std::string& handle) {
    Program program(settings);
    program.migrate();
    const auto person = find_person(program, handle);
    if (!person) return kFailed;
    const auto cleared = program.modules().factors().clear(accounts::operator_actor(), person->id);
    if (!cleared.ok() && cleared.error().code == ErrorCode::not_found) {
        std::fprintf(stderr, "braid: %s has no second step\n", handle.c_str());
        return kFailed;
    }
    if (!cleared.ok()) return complain(cleared.error());
    program.jobs().run_pending();
    std::printf("%s signs in with the password alone; every session has ended.\n", handle.c_str());
    return kOk;
}

int erase_user(const Settings& settings, const std::string& handle, bool sure) {
    if (!sure) {
        std::fprintf(stderr, "braid: this cannot be undone; say --yes to erase %s\n", handle.c_str());
        return kUsage;
    }
    Program program(settings);
    program.migrate();
    const auto kept = program.modules().privacy().erase_now(handle);
    if (!kept.ok()) return complain(kept.error());
    program.jobs().run_pending();
    program.modules().privacy().tend();
    std::printf("%s is erased.\n", handle.c_str());
    for (const privacy::Kept& one : *kept)
        std::printf("%lld kept for now in %s: %s.\n", static_cast<long long>(one.rows),
                    std::string(one.table).c_str(), std::string(one.because).c_str());
    return kOk;
}

int export_user(const Settings& settings, const std::string& handle, const std::filesystem::path& file) {
    Program program(settings);
    program.migrate();
    if (std::filesystem::exists(file)) {
        std::fprintf(stderr, "braid: %s is there already\n", file.c_str());
        return kFailed;
    }
    const auto written = program.modules().privacy().export_to(handle, file);
    if (!written.ok()) return complain(written.error());
    std::filesystem::permissions(file,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    std::printf("%s: everything that is held of %s.\n", file.c_str(), handle.c_str());
    return kOk;
}

}  // namespace braid::app::commands
