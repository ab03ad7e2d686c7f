// import roster.
#include <boost/json.hpp>

#include <cstdio>

#include "app/cli.h"
#include "app/commands/commands.h"
#include "app/commands/words.h"
#include "app/program.h"
#include "app/progress.h"
#include "base/text.h"
#include "identity/accounts/api.h"
#include "identity/factors/qr.h"
#include "identity/roster/sheet.h"

namespace braid::app::commands {

namespace {

std::string_view why_text(roster::Waits::Why why) {
    switch (why) {
        case roster::Waits::Why::asked:
            return "a guardian was asked for consent and has not answered yet";
        case roster::Waits::Why::no_address:
            return "below the consent age, and the roster has no guardian with an address; nothing is stored";
        case roster::Waits::Why::not_answered:
            return "the guardian who was asked refused or did not answer";
    }
    return "";
}

std::string picture_of(std::string_view link) {
    const auto qr = factors::qr_picture(link);
    if (qr.side == 0) return {};
    const std::string side = std::to_string(qr.side);
    return "<svg viewBox=\"0 0 " + side + " " + side + "\" role=\"img\" aria-label=\"QR\"><path d=\"" +
           qr.path + "\"/></svg>";
}

// Says each thing as it is found, so that a long report needs no memory.
class Told {
  public:
    Told(bool json, bool dry_run) : json_(json) {
        if (json_) std::printf("{\"dry_run\":%s,\"lines\":[", dry_run ? "true" : "false");
    }
    void problem(const roster::Problem& problem) {
        if (json_) {
            object({{"kind", "refused"},
                    {"file", problem.file},
                    {"line", problem.line},
                    {"column", problem.column},
                    {"expected", problem.expected}});
            return;
        }
        std::printf("%s:%zu: %s%sexpected %s\n", problem.file.c_str(), problem.line, problem.column.c_str(),
                    problem.column.empty() ? "" : ": ", problem.expected.c_str());
    }
    void waits(const roster::Waits& waits) {
        const std::string why(why_text(waits.why));
        if (json_) {
            object({{"kind", "waiting"},
                    {"file", "users.csv"},
                    {"line", waits.line},
                    {"sourcedId", waits.sourced_id},
                    {"why", why}});
            return;
        }
        std::printf("users.csv:%zu: %s waits: %s\n", waits.line, waits.sourced_id.c_str(), why.c_str());
    }
    void end(const roster::Report& report, std::size_t slips, bool dry_run) const {
        if (json_)
            end_json(report, slips);
        else
            end_text(report, slips, dry_run);
    }

  private:
    void object(const boost::json::object& object) {
        std::printf("%s\n%s", any_ ? "," : "", boost::json::serialize(object).c_str());
        any_ = true;
    }
    static void end_json(const roster::Report& report, std::size_t slips) {
        boost::json::object files;
        for (const auto& [file, counts] : report.files) {
            files[file] = {{"added", counts.added},         {"updated", counts.updated},
                           {"unchanged", counts.unchanged}, {"left", counts.left},
                           {"waiting", counts.waiting},     {"refused", counts.refused}};
        }
        std::printf(
            "\n],\"files\":%s,\"invited\":%zu,\"slips\":%zu,\"without_invitation\":%zu,\"not_ended\":%s}\n",
            boost::json::serialize(files).c_str(), report.invited, slips, report.without_invitation,
            boost::json::serialize(boost::json::value_from(report.not_ended)).c_str());
    }
    static void end_text(const roster::Report& report, std::size_t slips, bool dry_run) {
        for (const auto& [file, counts] : report.files)
            std::printf("%-12s %zu added, %zu updated, %zu unchanged, %zu left, %zu waiting, %zu refused\n",
                        file.c_str(), counts.added, counts.updated, counts.unchanged, counts.left,
                        counts.waiting, counts.refused);
        for (const std::string& file : report.not_ended)
            std::printf("%s.csv has rows that cannot be read, so nobody was taken to have left it.\n",
                        file.c_str());
        if (report.invited > 0) std::printf("%zu invited by mail.\n", report.invited);
        if (slips > 0) std::printf("%zu slips to print.\n", slips);
        if (report.without_invitation > 0)
            std::printf("%zu have no address and cannot sign in yet: run it again with --sheet slips.html.\n",
                        report.without_invitation);
        if (dry_run) std::printf("Nothing was changed: this was a dry run.\n");
    }

    const bool json_;
    bool any_ = false;
};

}  // namespace

int import_roster(const Settings& settings, const ImportRoster& wish) {
    roster::Options options;
    options.source = wish.source;
    options.dry_run = wish.dry_run;
    options.school_consents = wish.school_consents;
    options.invite = !wish.no_mails;
    options.consent_age = static_cast<int>(settings.accounts.consent_age);
    i18n::parse_language(wish.language, options.language);
    if (!wish.students_born.empty()) {
        const auto born = roster::parse_day(wish.students_born + "-01");
        if (!born) {
            std::fprintf(stderr, "braid: --students-born expects year and month, 2011-04\n");
            return kUsage;
        }
        options.students_born = accounts::BirthMonth{born->year, born->month};
    }
    Program program(settings);
    program.migrate();
    std::optional<roster::Sheet> sheet;
    if (!wish.sheet.empty() && !wish.dry_run) {
        auto made = roster::Sheet::create(wish.sheet, options.language, settings.site.name, picture_of);
        if (!made.ok()) return complain(made.error());
        sheet.emplace(std::move(*made));
    }
    // What cannot be read at all is said on standard error alone.
    std::optional<Told> told;
    const auto tell = [&]() -> Told& {
        if (!told) told.emplace(wish.json, wish.dry_run);
        return *told;
    };
    roster::Sinks sinks;
    sinks.problem = [&](const roster::Problem& problem) { tell().problem(problem); };
    sinks.waits = [&](const roster::Waits& waits) { tell().waits(waits); };
    if (sheet) sinks.slip = [&](const roster::Slip& slip) { sheet->add(slip); };
    const auto report = [&] {
        Progress progress("roster");
        sinks.progress = [&](std::size_t done, std::size_t total) { progress.at(done, total); };
        return program.modules().roster().run(accounts::operator_actor(), wish.from, options, sinks);
    }();
    std::size_t slips = 0;
    if (sheet) {
        const auto written = sheet->finish();
        if (!written.ok()) return complain(written.error());
        slips = *written;
    }
    if (!report.ok()) {
        std::fprintf(stderr, "braid: %s\n", report.error().detail.c_str());
        return kUsage;
    }
    tell().end(*report, slips, wish.dry_run);
    return report->refused() == 0 ? kOk : kFailed;
}

}  // namespace braid::app::commands
