// config, routes.
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "app/cli.h"
#include "app/commands/commands.h"
#include "app/program.h"
#include "base/text.h"
#include "platform/log/log.h"

namespace braid::app::commands {

namespace {

std::string quoted(const std::string& value) {
    return value.empty() ? "\"\"" : log::hide_url_passwords(value);
}

std::string_view needs_name(access::Needs needs) {
    return needs == access::Needs::nobody      ? "anyone"
           : needs == access::Needs::signed_in ? "signed in"
                                               : "staff";
}

// A folder for a program that is put together but never served.
struct Scratch {
    std::filesystem::path path;
    Scratch() {
        std::string name = (std::filesystem::temp_directory_path() / "braid-routes-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
        path = name;
    }
    ~Scratch() {
        std::error_code failure;
        std::filesystem::remove_all(path, failure);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
};

}  // namespace

int show_config(const config::Schema& schema, bool example) {
    if (example) {
        std::fputs(schema.example().c_str(), stdout);
        return kOk;
    }
    const bool colour = isatty(STDOUT_FILENO) == 1;
    for (const config::Shown& option : schema.show()) {
        const std::string from =
            option.origin == config::Origin::built_in ? "default" : "from " + option.place;
        std::printf("%s%s%s = %s  (%s)\n", colour ? "\x1b[1m" : "", option.name.c_str(),
                    colour ? "\x1b[0m" : "", quoted(option.value).c_str(), from.c_str());
        std::printf("    %s\n", option.meaning.c_str());
        std::printf("    %s; default %s; %s\n", option.type.c_str(), quoted(option.default_value).c_str(),
                    option.environment.c_str());
    }
    return kOk;
}

int show_routes(Settings settings, RoutesForm form) {
    const Scratch scratch;
    settings.data = scratch.path;
    settings.database = "sqlite:" + (scratch.path / "braid.sqlite").string();
    settings.site.secret.clear();
    const Program program(settings);
    if (form == RoutesForm::policies) {
        std::fputs(program.policies().table().c_str(), stdout);
        return kOk;
    }
    std::size_t widest = 0;
    for (const http::Route& route : program.router().routes())
        widest = std::max(widest, route.pattern.size());
    for (const http::Route& route : program.router().routes()) {
        const access::PolicyBook::Entry* entry = program.policies().find(route.action.name());
        std::printf("%-7s %-*s  %-34s %s\n", std::string(http::method_name(route.method)).c_str(),
                    static_cast<int>(widest), route.pattern.c_str(), std::string(route.action.name()).c_str(),
                    entry == nullptr ? "?" : std::string(needs_name(entry->needs)).c_str());
    }
    return kOk;
}

}  // namespace braid::app::commands
