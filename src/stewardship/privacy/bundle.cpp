#include "stewardship/privacy/bundle.h"

#include <boost/json.hpp>

#include "platform/html/html.h"
#include "platform/zip/zip.h"
#include "stewardship/privacy/words.h"

namespace braid::privacy {

namespace {

constexpr std::string_view kStyle =
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}"
    "dl{border-top:1px solid #999;padding-top:.5rem;margin:0 0 1rem}dt{font-weight:600}"
    "dd{margin:0 0 .4rem;white-space:pre-wrap;overflow-wrap:anywhere}"
    "@media(prefers-color-scheme:dark){body{background:#15131c;color:#eee}a{color:#b9a7ff}}";

void row_html(std::string& out, const Held& held, const std::vector<std::optional<std::string>>& row) {
    out += "<dl>";
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (!row[i] || row[i]->empty()) continue;
        out +=
            "<dt>" + html::escape(label_of(held.columns[i])) + "</dt><dd>" + html::escape(*row[i]) + "</dd>";
    }
    out += "</dl>\n";
}

void held_html(std::string& out, const Held& held, i18n::Language language) {
    out += "<section id=\"" + html::escape(held.table) + "\"><h2>" +
           html::escape(words_of(language, held.table, held.holds)) + "</h2>\n";
    for (const auto& row : held.rows)
        row_html(out, held, row);
    out += "</section>\n";
}

}  // namespace

std::string label_of(std::string_view name) {
    std::string label(name);
    for (char& c : label) {
        if (c == '_') c = ' ';
    }
    return label;
}

std::string file_name(std::string_view holder, std::string_view media_type) {
    std::string name;
    for (const char c : holder) {
        const bool plain =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        name.push_back(plain ? c : '-');
    }
    const auto slash = media_type.rfind('/');
    const std::string_view kind =
        slash == std::string_view::npos ? std::string_view() : media_type.substr(slash + 1);
    const bool simple =
        !kind.empty() && kind.size() <= 5 &&
        kind.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string_view::npos;
    return name + (simple ? "." + std::string(kind) : std::string());
}

std::string bundle_json(const Bundle& bundle) {
    boost::json::array tables;
    for (const Held& held : bundle.held) {
        boost::json::array rows;
        for (const auto& row : held.rows) {
            boost::json::object values;
            for (std::size_t i = 0; i < row.size(); ++i)
                values[held.columns[i]] = row[i] ? boost::json::value(*row[i]) : boost::json::value(nullptr);
            rows.push_back(std::move(values));
        }
        tables.push_back(
            boost::json::object{{"table", held.table}, {"holds", held.holds}, {"rows", std::move(rows)}});
    }
    boost::json::array files;
    for (const BundleFile& file : bundle.files)
        files.push_back(boost::json::value("files/" + file.name));
    return boost::json::serialize(boost::json::object{{"site", bundle.site},
                                                      {"handle", bundle.handle},
                                                      {"made_at", to_rfc3339(bundle.made_at)},
                                                      {"tables", std::move(tables)},
                                                      {"files", std::move(files)}});
}

std::string bundle_html(const Bundle& bundle) {
    const auto say = [&](std::string_view key, i18n::Arguments arguments = {}) {
        return html::escape(i18n::format(bundle.language, key, arguments));
    };
    std::string out =
        "<!doctype html>\n<html lang=\"" + std::string(i18n::tag(bundle.language)) +
        "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>" +
        say(_msg("privacy.file.title"), {{"name", bundle.display_name}, {"site", bundle.site}}) +
        "</title><style>" + std::string(kStyle) + "</style></head>\n<body><h1>" +
        say(_msg("privacy.file.title"), {{"name", bundle.display_name}, {"site", bundle.site}}) +
        "</h1>\n<p>" +
        say(_msg("privacy.file.lede"), {{"date", i18n::moment(bundle.language, bundle.made_at)}}) + "</p>\n";
    for (const Held& held : bundle.held)
        held_html(out, held, bundle.language);
    if (!bundle.files.empty()) {
        out += "<section><h2>" + say(_msg("privacy.file.files")) + "</h2><ul>\n";
        for (const BundleFile& file : bundle.files) {
            const std::string name = html::escape(file.name);
            out += "<li><a href=\"files/" + name + "\">" + name + "</a></li>\n";
        }
        out += "</ul></section>\n";
    }
    return out + "</body></html>\n";
}

Result<void> write_bundle(const Bundle& bundle, const std::filesystem::path& file) {
    zip::Writer zip(file, bundle.made_at);
    TRY(zip.add_text("index.html", bundle_html(bundle)));
    TRY(zip.add_text("data.json", bundle_json(bundle)));
    for (const BundleFile& one : bundle.files)
        TRY(zip.add_file("files/" + one.name, one.path));
    return zip.finish();
}

}  // namespace braid::privacy
