#include "identity/roster/sheet.h"

#include <fcntl.h>
#include <unistd.h>

#include "platform/html/html.h"
#include "platform/i18n/i18n.h"

namespace braid::roster {

namespace {

constexpr std::string_view kHead = R"(<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 11pt/1.4 system-ui, sans-serif; color: #111; background: #fff; margin: 1rem; }
h1 { font-size: 14pt; } ul { list-style: none; padding: 0; margin: 0; }
li { display: flex; gap: 1rem; justify-content: space-between; border: 1px dashed #555; padding: .8rem; break-inside: avoid; }
li + li { border-top: 0; } h2 { font-size: 12pt; margin: 0; } p { margin: .2rem 0; overflow-wrap: anywhere; }
strong, code { font: 600 12pt/1.4 ui-monospace, monospace; } svg { width: 8rem; height: 8rem; flex: none; }
@media print { body { margin: 0; } h1, .about { display: none; } }
</style>
)";

Error cannot(ErrorCode code, std::string why) {
    return {code, "error.invalid", std::move(why), {}, {}, 0};
}

}  // namespace

Result<Sheet> Sheet::create(const std::filesystem::path& file, i18n::Language language, std::string site,
                            Picture picture) {
    const int made = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made < 0) {
        if (errno == EEXIST) return cannot(ErrorCode::conflict, file.string() + " is there already");
        return cannot(ErrorCode::unavailable, file.string() + " cannot be written");
    }
    ::close(made);
    Sheet sheet(std::ofstream(file, std::ios::binary | std::ios::trunc), language, std::move(site),
                std::move(picture));
    const std::string title =
        html::escape(i18n::format(language, _msg("roster.sheet.title"), {{"site", sheet.site_}}));
    sheet.out_ << "<!doctype html>\n<html lang=\"" << i18n::tag(language) << "\">\n"
               << kHead << "<title>" << title << "</title>\n<h1>" << title << "</h1>\n<p class=\"about\">"
               << html::escape(i18n::format(language, _msg("roster.sheet.about"))) << "</p>\n<ul>\n";
    return sheet;
}

void Sheet::add(const Slip& slip) {
    const auto say = [&](std::string_view key, i18n::Arguments arguments = {}) {
        return html::escape(i18n::format(language_, key, arguments));
    };
    out_ << "<li><div><h2>" << html::escape(slip.name) << "</h2>\n";
    if (!slip.school.empty()) out_ << "<p>" << html::escape(slip.school) << "</p>\n";
    out_ << "<p>" << say(_msg("roster.sheet.name")) << " <strong>" << html::escape(slip.handle)
         << "</strong></p>\n<p>" << say(_msg("roster.sheet.open")) << "<br><code>" << html::escape(slip.link)
         << "</code></p>\n<p>" << say(_msg("roster.sheet.once")) << "</p></div>"
         << (picture_ ? picture_(slip.link) : std::string()) << "</li>\n";
    ++slips_;
}

Result<std::size_t> Sheet::finish() {
    out_ << "</ul>\n</html>\n";
    out_.close();
    if (!out_) return cannot(ErrorCode::unavailable, "the sheet could not be written to its end");
    return slips_;
}

}  // namespace braid::roster
