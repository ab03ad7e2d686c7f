#include "interests/topics/formats.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

#include <boost/json.hpp>

#include "base/text.h"
#include "interests/topics/folding.h"

namespace braid::topics {

namespace {

namespace json = boost::json;

Error malformed(std::string what) {
    return {ErrorCode::malformed, "error.invalid", std::move(what), {}, {}, 0};
}

// Tab-separated rows under a row of names.
class Table {
  public:
    explicit Table(std::string_view text) {
        for (std::string_view line : split(text, '\n')) {
            if (line.ends_with('\r')) line.remove_suffix(1);
            if (line.empty()) continue;
            auto cells = split(line, '\t');
            if (columns_.empty()) {
                for (std::size_t i = 0; i < cells.size(); ++i)
                    columns_.emplace(cells[i], i);
            } else {
                rows_.push_back(std::move(cells));
            }
        }
    }
    [[nodiscard]] bool has(std::string_view column) const { return columns_.contains(column); }
    [[nodiscard]] const std::vector<std::vector<std::string_view>>& rows() const { return rows_; }
    [[nodiscard]] const std::map<std::string_view, std::size_t>& columns() const { return columns_; }
    [[nodiscard]] std::string_view cell(const std::vector<std::string_view>& row,
                                        std::string_view column) const {
        const auto at = columns_.find(column);
        return at == columns_.end() || at->second >= row.size() ? std::string_view() : trim(row[at->second]);
    }

  private:
    std::map<std::string_view, std::size_t> columns_;
    std::vector<std::vector<std::string_view>> rows_;
};

std::vector<std::string> uris(std::string_view list, std::string_view prefix) {
    std::vector<std::string> found;
    for (const std::string_view one : split(list, '|'))
        if (const auto id = trim(one); !id.empty()) found.push_back(std::string(prefix) + std::string(id));
    return found;
}

constexpr std::string_view kUnesco = "http://vocabularies.unesco.org/thesaurus/";

// concepts.tsv and groups.tsv: a micro-thesaurus stands below its domain, and a concept that has nothing
// above it below its micro-thesauri.
FileVocabulary read_thesaurus(const Table& table) {
    FileVocabulary vocabulary;
    std::unordered_map<std::string, std::vector<std::string>> above;
    if (table.has("members")) {
        for (const auto& row : table.rows()) {
            if (!table.cell(row, "id").starts_with("domain")) continue;
            for (const std::string& member : uris(table.cell(row, "members"), kUnesco))
                above[member].push_back(std::string(kUnesco) + std::string(table.cell(row, "id")));
        }
    }
    for (const auto& row : table.rows()) {
        FileTopic topic;
        topic.uri = std::string(kUnesco) + std::string(table.cell(row, "id"));
        for (const auto& [column, index] : table.columns()) {
            const bool pref = column.starts_with("pref_"), alt = column.starts_with("alt_");
            if ((!pref && !alt) || index >= row.size()) continue;
            const std::string language(column.substr(pref ? 5 : 4));
            for (const std::string_view label : pref ? std::vector{row[index]} : split(row[index], '|'))
                if (!trim(label).empty())
                    topic.labels.push_back(
                        {language, pref ? LabelKind::pref : LabelKind::alt, std::string(trim(label))});
        }
        topic.broader = uris(table.cell(row, "broader"), kUnesco);
        if (topic.broader.empty()) topic.broader = uris(table.cell(row, "groups"), kUnesco);
        if (const auto found = above.find(topic.uri); found != above.end()) topic.broader = found->second;
        topic.related = uris(table.cell(row, "related"), kUnesco);
        if (const auto note = table.cell(row, "scope_note_en"); !note.empty())
            topic.notes.push_back({"en", std::string(note)});
        if (topic.labels.empty()) {
            vocabulary.left_out.push_back(topic.uri + ": it has no label");
        } else {
            vocabulary.topics.push_back(std::move(topic));
        }
    }
    return vocabulary;
}

// What a young person's library does not offer to follow, with all that is below it.
constexpr auto kForAdults = std::to_array<std::string_view>({"sensitive",
                                                             "adult & explicit",
                                                             "alcoholic bev",
                                                             "bars &",
                                                             "beer",
                                                             "wine",
                                                             "cocktail",
                                                             "spirits",
                                                             "gambl",
                                                             "casino",
                                                             "lotter",
                                                             "betting",
                                                             "poker",
                                                             "smoking",
                                                             "tobacco",
                                                             "vaping",
                                                             "cannabis",
                                                             "marijuana",
                                                             "dating",
                                                             "nightclub",
                                                             "nightlife",
                                                             "adult video",
                                                             "sex",
                                                             "divorce",
                                                             "bankruptcy",
                                                             "debt",
                                                             "loans",
                                                             "credit card",
                                                             "weight loss",
                                                             "cosmetic surgery",
                                                             "plastic surgery",
                                                             "vasectomy",
                                                             "fertility",
                                                             "pregnan",
                                                             "menopause",
                                                             "substance abuse",
                                                             "erotic",
                                                             "hunting",
                                                             "weapons",
                                                             "illegal drugs",
                                                             "terrorism",
                                                             "celebrity deaths",
                                                             "marriage",
                                                             "single life",
                                                             "bereavement",
                                                             "cosmetic medical"});

// "Interest | Music | Jazz" → "Jazz".
std::string_view name_in(const Table& table, const std::vector<std::string_view>& row) {
    std::string_view name = table.cell(row, table.has("name") ? "name" : "condensed_name");
    while (name.ends_with('|'))
        name = trim(name.substr(0, name.size() - 1));
    if (const auto bar = name.rfind('|'); bar != std::string_view::npos) name = trim(name.substr(bar + 1));
    return name;
}

FileVocabulary read_iab(const Table& table) {
    FileVocabulary vocabulary;
    std::unordered_map<std::string_view, bool> out;
    // Parents stand before their children, or the next round finds them.
    for (bool changed = true; changed;) {
        changed = false;
        for (const auto& row : table.rows()) {
            const auto id = table.cell(row, "id");
            if (out[id]) continue;
            const std::string name = ascii_lower(name_in(table, row));
            const bool adult =
                !name.starts_with("non-") && std::ranges::any_of(kForAdults, [&](std::string_view word) {
                    return name.find(word) != std::string::npos;
                });
            const auto parent = table.cell(row, "parent");
            if (adult || (!parent.empty() && out[parent])) changed = out[id] = true;
        }
    }
    const std::string prefix = table.has("condensed_name") ? "urn:iab:audience:" : "urn:iab:content:";
    for (const auto& row : table.rows()) {
        const auto id = table.cell(row, "id");
        const std::string_view name = name_in(table, row);
        if (out[id]) {
            vocabulary.left_out.push_back(std::string(name) + ": for adults");
            continue;
        }
        if (name.empty()) continue;
        FileTopic topic{.uri = prefix + std::string(id),
                        .labels = {{"en", LabelKind::pref, std::string(name)}}};
        topic.broader = uris(table.cell(row, "parent"), prefix);
        vocabulary.topics.push_back(std::move(topic));
    }
    return vocabulary;
}

// The first list of texts, wherever it stands.
const json::array* list_in(const json::value& value) {
    if (const auto* list = value.if_array(); list != nullptr && !list->empty() && list->front().is_string())
        return list;
    if (const auto* object = value.if_object()) {
        for (const auto& [key, member] : *object)
            if (const auto* list = list_in(member)) return list;
    }
    return nullptr;
}

Result<FileVocabulary> read_list(std::string_view name, std::string_view text, std::string_view language) {
    json::error_code error;
    const json::value value = json::parse(json::string_view(text.data(), text.size()), error);
    if (error) return malformed("this is not JSON: " + error.message());
    const auto* list = list_in(value);
    if (list == nullptr) return malformed("there is no list of names in it");
    FileVocabulary vocabulary;
    std::map<std::string, bool> seen;
    for (const json::value& one : *list) {
        const auto* label = one.if_string();
        if (label == nullptr) continue;
        const std::string_view typed = trim(std::string_view(label->data(), label->size()));
        const std::string folded = fold(typed);
        if (folded.empty()) continue;
        if (!seen.emplace(folded, true).second) {
            vocabulary.left_out.push_back(std::string(typed) + ": it is there twice");
            continue;
        }
        vocabulary.topics.push_back(
            {.uri = "urn:list:" + slug(name) + ":" + percent_encode(folded),
             .labels = {{std::string(language), LabelKind::pref, std::string(typed)}}});
    }
    return vocabulary;
}

}  // namespace

Result<FileVocabulary> read_vocabulary(std::string_view name, std::string_view text,
                                       std::string_view language) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    if (!is_valid_utf8(text)) return malformed("this is not UTF-8 text");
    const std::string_view begin = trim(text);
    if (begin.starts_with('{') || (begin.starts_with('[') && name.ends_with(".json")) ||
        name.ends_with(".json"))
        return read_list(name.substr(0, name.rfind('.')), text, language);
    const auto first_line = text.substr(0, text.find('\n'));
    if (first_line.find('\t') == std::string_view::npos) return read_turtle(text);
    const Table table(text);
    if (table.has("id") && table.has("pref_en")) return read_thesaurus(table);
    if (table.has("id") && table.has("parent")) return read_iab(table);
    return malformed("these columns are not known: a thesaurus has id and pref_en, a taxonomy id and parent");
}

}  // namespace braid::topics
