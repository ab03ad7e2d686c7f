#include <algorithm>

#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <boost/json.hpp>

#include "base/text.h"
#include "interests/works/import.h"
#include "platform/i18n/i18n.h"

namespace braid::works {
namespace {

namespace json = boost::json;

// ---- Text to Markdown

struct Character {
    UChar32 code = ' ';
    std::size_t begin = 0, end = 0;
};

bool is_space(UChar32 c) {
    return u_isUWhiteSpace(c) != 0;
}
// As CommonMark's flanking rules see it: ASCII symbols and Unicode's P categories.
bool is_punctuation(UChar32 c) {
    if (c < 0x80) return c > ' ' && !u_isalnum(c);
    return u_ispunct(c) != 0;
}

std::vector<Character> characters(std::string_view text) {
    std::vector<Character> all;
    all.reserve(text.size());
    const auto length = static_cast<std::int32_t>(text.size());
    for (std::int32_t i = 0; i < length;) {
        const std::int32_t begin = i;
        UChar32 c = 0;
        U8_NEXT(text.data(), i, length, c);
        all.push_back({c, static_cast<std::size_t>(begin), static_cast<std::size_t>(i)});
    }
    return all;
}

void put_escaped(std::string& out, const Character& c, std::string_view text) {
    switch (c.code) {
        case '\\':
        case '`':
        case '*':
        case '_':
        case '[':
        case ']':
        case '<':
        case '>':
        case '&':
        case '~':
        case '|':
            out += '\\';
            break;
        default:
            break;
    }
    out += text.substr(c.begin, c.end - c.begin);
}

// One line of a paragraph, already trimmed: what would begin a heading, list, quote, fence or rule there is
// escaped.
std::string safe_line_start(std::string line) {
    if (line.empty()) return line;
    const char first = line.front();
    if (first == '#' || first == '-' || first == '+' || first == '=' || first == ':') return "\\" + line;
    const std::size_t digits = line.find_first_not_of("0123456789");
    if (digits != std::string::npos && digits > 0 && (line[digits] == '.' || line[digits] == ')'))
        line.insert(digits, "\\");
    return line;
}

// Which underscores open and close emphasis: pairs of single ones around something that does not begin or end
// with space. Marks that CommonMark would not take there (punctuation inside, a letter outside) are moved
// inward past the punctuation.
std::string inline_markdown(std::string_view text) {
    const std::vector<Character> all = characters(text);
    const std::size_t n = all.size();
    std::vector<char> role(n, ' ');    // of underscores: 'd' dropped for emphasis, else literal
    std::vector<int> marks(n + 1, 0);  // emphasis marks to write before character i
    const auto single = [&](std::size_t i) {
        return all[i].code == '_' && (i == 0 || all[i - 1].code != '_') &&
               (i + 1 == n || all[i + 1].code != '_');
    };
    // The nearest closing mark after each place, so that the search is linear.
    std::vector<std::size_t> closer(n + 1, n);
    for (std::size_t i = n; i-- > 0;) {
        closer[i] = closer[i + 1];
        if (single(i) && i > 0 && !is_space(all[i - 1].code)) closer[i] = i;
    }
    for (std::size_t i = 0; i < n; ++i) {
        if (!single(i) || i + 2 >= n || is_space(all[i + 1].code)) continue;
        const std::size_t close = closer[i + 2];
        if (close >= n) continue;
        role[i] = role[close] = 'd';
        std::size_t begin = i + 1, end = close;
        const bool word_before = i > 0 && !is_space(all[i - 1].code) && !is_punctuation(all[i - 1].code);
        const bool word_after =
            close + 1 < n && !is_space(all[close + 1].code) && !is_punctuation(all[close + 1].code);
        while (word_before && begin < end && (is_punctuation(all[begin].code) || is_space(all[begin].code)))
            ++begin;
        while (word_after && begin < end &&
               (is_punctuation(all[end - 1].code) || is_space(all[end - 1].code)))
            --end;
        if (begin < end) {
            ++marks[begin];
            ++marks[end];
        }
        i = close;
    }
    std::string out;
    out.reserve(text.size() + 16);
    for (std::size_t i = 0; i <= n; ++i) {
        for (int mark = 0; mark < marks[i]; ++mark)
            out += '*';
        if (i < n && role[i] != 'd') put_escaped(out, all[i], text);
    }
    return out;
}

bool is_scene_break(std::string_view paragraph) {
    std::size_t stars = 0;
    for (const char c : paragraph) {
        if (c == '*') {
            ++stars;
        } else if (c != ' ' && c != '\n') {
            return false;
        }
    }
    return stars >= 3;
}

// ---- JSON to a work

Error expected(std::string pointer, std::string_view key) {
    return invalid(std::move(pointer), std::string(key));
}

struct TextRule {
    std::size_t least = 0, most = 0;  // code points
};

Result<std::string> text_at(const json::object& object, std::string_view name, const std::string& pointer,
                            TextRule rule) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr || !value->is_string()) return expected(pointer, _msg("works.import.text"));
    std::string text(value->get_string());
    if (!is_valid_utf8(text)) return expected(pointer, _msg("works.import.utf8"));
    const std::size_t length = count_code_points(text);
    if (length < rule.least || trim(text).size() < rule.least)
        return expected(pointer, _msg("works.import.not_empty"));
    if (length > rule.most) {
        return invalid(pointer, _msg("works.import.too_long"),
                       {{"most", std::to_string(rule.most)}, {"length", std::to_string(length)}});
    }
    return text;
}

Result<Licence> licence_at(const json::object& object) {
    const std::string text = ascii_lower(TRY(text_at(object, "licence", "/licence", {1, 200})));
    const auto& names = sql::EnumNames<Licence>::names;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto licence = static_cast<Licence>(i);
        std::string spoken = ascii_lower(licence_short(licence));
        if (text == names[i] || (!spoken.empty() && text == spoken)) return licence;
        if (const std::size_t version = spoken.rfind(' ');
            version != std::string::npos && text == spoken.substr(0, version)) {
            return licence;
        }
    }
    if (text.starts_with("public domain")) return Licence::public_domain;
    if (text.starts_with("cc0")) return Licence::cc0;
    if (text == "all rights reserved") return Licence::all_rights_reserved;
    return expected("/licence", _msg("works.import.licence"));
}

// Library headings end in their form ("Horses -- Fiction"): that part says nothing to a reader.
std::string label_of(std::string_view subject) {
    std::string label(trim(subject));
    for (const std::string_view form : {" -- Fiction", " -- Juvenile fiction"}) {
        if (label.ends_with(form)) label.resize(label.size() - form.size());
    }
    for (std::size_t at = 0; (at = label.find(" -- ", at)) != std::string::npos;)
        label.replace(at, 4, ": ");
    std::replace(label.begin(), label.end(), ',', ' ');
    return label;
}

Result<std::vector<Tag>> subjects_at(const json::object& object) {
    std::vector<Tag> tags;
    const json::value* value = object.if_contains("subjects");
    if (value == nullptr || value->is_null()) return tags;
    if (!value->is_array()) return expected("/subjects", _msg("works.import.texts"));
    std::size_t index = 0;
    for (const json::value& subject : value->get_array()) {
        const std::string pointer = "/subjects/" + std::to_string(index++);
        if (!subject.is_string() || !is_valid_utf8(std::string_view(subject.get_string()))) {
            return expected(pointer, _msg("works.import.text"));
        }
        const auto tag = make_tag(label_of(std::string_view(subject.get_string())));
        if (!tag || count_code_points(tag->label) > kMaxTag || tags.size() == kMaxTags) continue;
        if (std::none_of(tags.begin(), tags.end(), [&](const Tag& seen) { return seen.key == tag->key; }))
            tags.push_back(*tag);
    }
    return tags;
}

Result<std::vector<ImportedChapter>> chapters_at(const json::object& object) {
    const json::value* value = object.if_contains("chapters");
    if (value == nullptr || !value->is_array() || value->get_array().empty()) {
        return expected("/chapters", _msg("works.import.chapters"));
    }
    if (value->get_array().size() > kMaxChapters) {
        return invalid("/chapters", _msg("works.import.chapters_many"),
                       {{"most", std::to_string(kMaxChapters)}});
    }
    std::vector<ImportedChapter> chapters;
    for (const json::value& one : value->get_array()) {
        const std::string pointer = "/chapters/" + std::to_string(chapters.size());
        if (!one.is_object()) return expected(pointer, _msg("works.import.object"));
        const json::object& chapter = one.get_object();
        if (const json::value* n = chapter.if_contains("n");
            n != nullptr && !n->is_int64() && !n->is_uint64()) {
            return expected(pointer + "/n", _msg("works.import.integer"));
        }
        ImportedChapter imported;
        imported.title = TRY(text_at(chapter, "title", pointer + "/title", {1, kMaxTitle}));
        const std::string text = TRY(text_at(chapter, "text", pointer + "/text", {1, kMaxText}));
        auto checked = check_draft({imported.title, markdown_of(text), {}, {}});
        if (checked.ok()) {
            if (auto complete = check_publishable(*checked); !complete.ok())
                return expected(pointer, _msg("works.import.not_empty"));
        } else {  // escapes made it longer than a chapter may be
            return invalid(
                pointer + "/text", _msg("works.import.too_long"),
                {{"most", std::to_string(kMaxText)}, {"length", std::to_string(count_code_points(text))}});
        }
        imported.title = std::move(checked->title);
        imported.text = std::move(checked->text);
        chapters.push_back(std::move(imported));
    }
    return chapters;
}

// The opening words stand in for a summary, with the year.
std::string opening(const std::vector<ImportedChapter>& chapters, std::optional<std::int64_t> year) {
    std::string_view text = chapters.front().text;
    text = text.substr(0, text.find("\n\n"));
    std::string words = text.size() > 240 ? ellipsis(text, 220) : std::string(text);
    // A cut may fall inside emphasis: an open mark would show.
    if (std::count(words.begin(), words.end(), '*') % 2 != 0) {
        words.erase(std::remove(words.begin(), words.end(), '*'), words.end());
    }
    if (words.ends_with("\\…")) words.erase(words.size() - 4, 1);
    if (year) words += " (" + std::to_string(*year) + ")";
    return words;
}

}  // namespace

std::string markdown_of(std::string_view text) {
    std::string out;
    std::string unix;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r') {
            unix += '\n';
            if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
        } else {
            unix += static_cast<unsigned char>(text[i]) < ' ' && text[i] != '\n' ? ' ' : text[i];
        }
    }
    std::vector<std::string_view> lines = split(unix, '\n');
    lines.emplace_back();  // ends the last paragraph
    std::string paragraph;
    for (const std::string_view line : lines) {
        const std::string_view words = trim(line);
        if (!words.empty()) {
            if (!paragraph.empty()) paragraph += '\n';
            paragraph += words;
            continue;
        }
        if (paragraph.empty()) continue;
        if (!out.empty()) out += "\n\n";
        if (is_scene_break(paragraph)) {
            out += "* * *";
        } else {
            bool first = true;
            const std::string marked = inline_markdown(paragraph);
            for (const std::string_view piece : split(marked, '\n')) {
                if (!first) out += "\\\n";
                first = false;
                out += safe_line_start(std::string(piece));
            }
        }
        paragraph.clear();
    }
    return out;
}

Result<ImportedWork> parse_import(std::string_view text) {
    json::parse_options options;
    options.max_depth = 8;
    json::error_code failed;
    json::monotonic_resource memory;
    const json::value whole = json::parse({text.data(), text.size()}, failed, &memory, options);
    if (failed) {
        return invalid("", _msg("works.import.not_json"), {{"why", failed.message()}});
    }
    if (!whole.is_object()) return expected("", _msg("works.import.object"));
    const json::object& object = whole.get_object();

    ImportedWork work;
    if (object.contains("id")) work.id = TRY(text_at(object, "id", "/id", {1, 200}));
    WorkForm form;
    form.title = TRY(text_at(object, "title", "/title", {1, kMaxTitle}));
    work.byline = trim(TRY(text_at(object, "author", "/author", {1, kMaxByline})));
    std::optional<std::int64_t> year;
    if (const json::value* value = object.if_contains("year"); value != nullptr && !value->is_null()) {
        if (!value->is_int64() || value->get_int64() < -4000 || value->get_int64() > 3000) {
            return expected("/year", _msg("works.import.year"));
        }
        year = value->get_int64();
    }
    form.language = TRY(text_at(object, "language", "/language", {1, 35}));
    if (!is_language(form.language))
        form.language = ascii_lower(form.language).substr(0, form.language.find('-'));
    if (!is_language(form.language)) return expected("/language", _msg("works.import.language"));
    const Licence licence = TRY(licence_at(object));
    auto tags = TRY(subjects_at(object));
    work.chapters = TRY(chapters_at(object));
    if (object.contains("summary")) {
        form.summary = markdown_of(TRY(text_at(object, "summary", "/summary", {0, kMaxSummary})));
    } else {
        form.summary = opening(work.chapters, year);
    }
    form.rating = "everyone";
    form.licence = licence_name(licence);
    form.visibility = "everyone";
    form.status = "complete";
    form.comments = "open";
    form.warnings_said = "not_said";
    auto checked = check(form);
    if (!checked.ok()) {
        const auto& field = checked.error().fields.front();
        return invalid("/" + field.field, field.message_key, field.arguments);
    }
    work.details = std::move(*checked);
    work.details.tags = std::move(tags);
    return work;
}

}  // namespace braid::works
