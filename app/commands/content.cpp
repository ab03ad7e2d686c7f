// demo, import works.
#include <cstdio>

#include "app/cli.h"
#include "app/commands/commands.h"
#include "app/commands/words.h"
#include "app/demo.h"
#include "app/progress.h"
#include "identity/accounts/api.h"
#include "interests/works/module.h"
#include "platform/i18n/i18n.h"

namespace braid::app::commands {

namespace {

bool anybody(Program& program) {
    return program.database().read(
        [&](sql::Reader& reader) { return !program.modules().accounts().everybody(reader, {}, 1).empty(); });
}

// The account imported works stand on: an adult without a password, so nobody signs in as it.
Result<accounts::PersonId> owner_of_imports(Program& program, const std::string& handle) {
    const auto there = program.database().read(
        [&](sql::Reader& reader) { return program.modules().accounts().by_handle(reader, handle); });
    if (there) return there->id;
    accounts::NewPerson person;
    person.handle = handle;
    person.display_name = handle == "bookshelf" ? "Bookshelf" : handle;
    person.birth_year = 1980;
    person.birth_month = 1;
    person.listed = true;
    return program.modules().accounts().create_person(accounts::operator_actor(), person);
}

}  // namespace

int demo(const Settings& settings, bool if_empty) {
    FakeClock clock(SystemClock().now());
    Settings quiet = settings;
    // Thirteen hashes of one published password need not be slow.
    quiet.accounts.password_memory = std::int64_t{8} << 20;
    quiet.accounts.password_passes = 1;
    Program program(quiet, {.clock = &clock});
    program.migrate();
    if (anybody(program)) {
        if (if_empty) return kOk;
        std::fprintf(stderr, "braid: there are people here already; the demo city wants an empty database\n");
        return kFailed;
    }
    Result<DemoLoaded> loaded = [&] {
        Progress progress("demo city");
        return load_demo(program, clock, SystemClock().now(), demo_files(),
                         [&](std::size_t done, std::size_t total) { progress.at(done, total); });
    }();
    if (!loaded.ok()) return complain(loaded.error());
    std::printf("The demo city is there: %d people, %d works with %d chapters, %d comments.\n",
                loaded->people, loaded->works, loaded->chapters, loaded->comments);
    return kOk;
}

int import_works(const Settings& settings, const ImportWorks& options) {
    Program program(settings);
    program.migrate();
    const auto owner = owner_of_imports(program, options.owner);
    if (!owner.ok()) return complain(owner.error());
    works::ImportOptions import{
        .owner = *owner, .rating = works::parse_rating(options.rating), .visibility = std::nullopt};
    for (const works::Visibility visibility :
         {works::Visibility::me, works::Visibility::signed_in, works::Visibility::everyone}) {
        if (options.visibility == works::visibility_name(visibility)) import.visibility = visibility;
    }
    const works::ImportReport report = [&] {
        Progress progress("works");
        return program.modules().works().import_works(
            options.files, import, [&](std::size_t done, std::size_t total) { progress.at(done, total); });
    }();
    program.jobs().run_pending();
    for (const works::ImportFailure& failure : report.failed) {
        std::fprintf(stderr, "%s: %s%s%s\n", failure.file.c_str(), failure.field.c_str(),
                     failure.field.empty() ? "" : ": ", failure.message.c_str());
    }
    std::printf("%d added, %d updated, %d unchanged, %zu failed.\n", report.added, report.updated,
                report.unchanged, report.failed.size());
    return report.failed.empty() ? kOk : kFailed;
}

}  // namespace braid::app::commands
