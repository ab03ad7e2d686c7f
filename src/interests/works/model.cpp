#include "interests/works/model.h"

#include <algorithm>
#include <stdexcept>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "base/text.h"
#include "platform/i18n/i18n.h"

namespace braid::works {
namespace {

constexpr std::array<std::string_view, 3> kRatings{"everyone", "teen", "mature"};

template <class Enum>
std::optional<Enum> parse(std::string_view name) {
    const auto& names = sql::EnumNames<Enum>::names;
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

template <class Enum>
std::string_view name_of(Enum value) {
    return sql::EnumNames<Enum>::names[static_cast<std::size_t>(value)];
}

// Runs of ASCII white space and control characters become one space; none at the ends.
std::string fold_spaces(std::string_view text) {
    std::string folded;
    for (const char c : trim(text)) {
        if (static_cast<unsigned char>(c) > ' ' && c != '\x7F') {
            folded += c;
        } else if (!folded.empty() && folded.back() != ' ') {
            folded += ' ';
        }
    }
    if (folded.ends_with(' ')) folded.pop_back();
    return folded;
}

std::string unix_lines(std::string_view text) {
    std::string lines;
    lines.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\r') {
            lines += text[i];
        } else if (i + 1 == text.size() || text[i + 1] != '\n') {
            lines += '\n';
        }
    }
    return lines;
}

// Not only spaces and characters that draw nothing (U+200B and its like, which the folding of tags drops).
bool shows_anything(std::string_view text) {
    if (!is_valid_utf8(text)) return true;  // said elsewhere
    return tag_key("x" + std::string(text.substr(0, 4096))) != "x" || trim(text).size() > 4096;
}

class Fields {
  public:
    void refuse(std::string_view field, std::string_view key,
                std::vector<std::pair<std::string, std::string>> arguments = {}) {
        errors_.push_back({std::string(field), std::string(key), std::move(arguments)});
    }
    // Valid text of at most `most` code points.
    bool text(std::string_view field, std::string_view text, std::size_t most, std::string_view too_long) {
        if (!is_valid_utf8(text)) {
            refuse(field, _msg("works.error.not_text"));
            return false;
        }
        if (const std::size_t length = count_code_points(text); length > most) {
            refuse(field, too_long, {{"most", std::to_string(most)}, {"length", std::to_string(length)}});
            return false;
        }
        return true;
    }
    template <class Enum>
    void choice(std::string_view field, std::string_view name, Enum& out) {
        if (const auto value = parse<Enum>(name)) {
            out = *value;
        } else {
            refuse(field, _msg("works.error.choose"));
        }
    }
    [[nodiscard]] bool ok() const { return errors_.empty(); }
    Error error() { return {ErrorCode::invalid, "error.invalid", {}, std::move(errors_), {}, 0}; }

  private:
    std::vector<FieldError> errors_;
};

void check_tags(Fields& fields, std::string_view typed, std::vector<Tag>& out) {
    if (!is_valid_utf8(typed)) {
        fields.refuse("tags", _msg("works.error.not_text"));
        return;
    }
    for (const std::string_view one : split(typed, ',')) {
        const std::string label = fold_spaces(one);
        if (label.empty()) continue;
        const auto tag = make_tag(label);
        if (!tag) {
            fields.refuse("tags", _msg("works.error.tag_empty"), {{"tag", ellipsis(label, 30)}});
            return;
        }
        if (count_code_points(tag->label) > kMaxTag) {
            fields.refuse("tags", _msg("works.error.tag_long"),
                          {{"tag", ellipsis(label, 30)}, {"most", std::to_string(kMaxTag)}});
            return;
        }
        if (std::none_of(out.begin(), out.end(), [&](const Tag& seen) { return seen.key == tag->key; }))
            out.push_back(*tag);
        if (out.size() > kMaxTags) {
            fields.refuse("tags", _msg("works.error.tags_many"), {{"most", std::to_string(kMaxTags)}});
            return;
        }
    }
}

void check_warnings(Fields& fields, const WorkForm& form, Warnings& out) {
    fields.choice("warnings_said", form.warnings_said, out.said);
    if (out.said != WarningsSaid::some) return;
    for (const std::string& name : form.warnings) {
        const auto warning = parse<Warning>(name);
        if (!warning) {
            fields.refuse("warnings", _msg("works.error.choose"));
            return;
        }
        out.set |= 1U << static_cast<unsigned>(*warning);
    }
    out.other = fold_spaces(form.warning_other);
    fields.text("warning_other", out.other, kMaxWarningOther, _msg("works.error.too_long"));
    if (out.set == 0 && out.other.empty()) fields.refuse("warnings", _msg("works.error.warnings_which"));
}

constexpr LanguageChoice kLanguages[] = {
    {"id", "Bahasa Indonesia"},
    {"bs", "Bosanski"},
    {"ca", "Català"},
    {"cs", "Čeština"},
    {"cy", "Cymraeg"},
    {"da", "Dansk"},
    {"de", "Deutsch"},
    {"et", "Eesti"},
    {"en", "English"},
    {"es", "Español"},
    {"eo", "Esperanto"},
    {"eu", "Euskara"},
    {"fil", "Filipino"},
    {"fr", "Français"},
    {"ga", "Gaeilge"},
    {"gl", "Galego"},
    {"ht", "Kreyòl ayisyen"},
    {"hr", "Hrvatski"},
    {"it", "Italiano"},
    {"sw", "Kiswahili"},
    {"lv", "Latviešu"},
    {"lt", "Lietuvių"},
    {"hu", "Magyar"},
    {"nl", "Nederlands"},
    {"no", "Norsk"},
    {"pl", "Polski"},
    {"pt", "Português"},
    {"ro", "Română"},
    {"qu", "Runa Simi"},
    {"sq", "Shqip"},
    {"sk", "Slovenčina"},
    {"sl", "Slovenščina"},
    {"so", "Soomaali"},
    {"fi", "Suomi"},
    {"sv", "Svenska"},
    {"vi", "Tiếng Việt"},
    {"tr", "Türkçe"},
    {"el", "Ελληνικά"},
    {"bg", "Български"},
    {"ru", "Русский"},
    {"sr", "Српски"},
    {"uk", "Українська"},
    {"he", "עברית"},
    {"ar", "العربية"},
    {"ur", "اردو"},
    {"fa", "فارسی"},
    {"am", "አማርኛ"},
    {"hi", "हिन्दी"},
    {"bn", "বাংলা"},
    {"ta", "தமிழ்"},
    {"th", "ไทย"},
    {"ko", "한국어"},
    {"zh", "中文"},
    {"ja", "日本語"},
};

bool is_ideograph(char32_t c) {
    return (c >= 0x3005 && c <= 0x3007) || (c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

}  // namespace

std::string tag_key(std::string_view typed) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* fold = icu::Normalizer2::getNFKCCasefoldInstance(status);
    if (U_FAILURE(status)) throw std::runtime_error("ICU has no NFKC_Casefold data");
    const icu::UnicodeString folded = fold->normalize(
        icu::UnicodeString::fromUTF8({typed.data(), static_cast<std::int32_t>(typed.size())}), status);
    if (U_FAILURE(status)) return {};
    icu::UnicodeString key;
    bool space = false, only_dots = true;
    for (std::int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
        const UChar32 c = folded.char32At(i);
        if (u_isUWhiteSpace(c) || c == '/' || u_iscntrl(c)) {
            space = true;
            continue;
        }
        if (key.isEmpty() && c == '#') continue;
        if (space && !key.isEmpty()) key.append(static_cast<UChar32>(' '));
        space = false;
        key.append(c);
        only_dots = only_dots && c == '.';
    }
    std::string text;
    if (!only_dots) key.toUTF8String(text);
    return text;
}

int minutes_to_read(std::int64_t words) {
    constexpr std::int64_t kWordsAMinute = 220;
    return static_cast<int>(std::max<std::int64_t>(1, (words + kWordsAMinute / 2) / kWordsAMinute));
}

std::string Cursor::text() const {
    return id_to_text(micros) + "-" + id_to_text(id);
}

std::optional<Cursor> Cursor::parse(std::string_view text) {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto micros = id_from_text(text.substr(0, dash));
    const auto id = id_from_text(text.substr(dash + 1));
    if (!micros || !id) return std::nullopt;
    return Cursor{*micros, *id};
}

Result<WorkDetails> check(const WorkForm& form) {
    WorkDetails details;
    Fields fields;
    details.title = fold_spaces(form.title);
    if (!shows_anything(details.title)) fields.refuse("title", _msg("works.error.title_missing"));
    fields.text("title", details.title, kMaxTitle, _msg("works.error.too_long"));
    details.summary = trim(unix_lines(form.summary));
    fields.text("summary", details.summary, kMaxSummary, _msg("works.error.too_long"));
    details.language = form.language;
    if (!is_language(form.language)) fields.refuse("language", _msg("works.error.choose"));
    check_tags(fields, form.tags, details.tags);
    if (const auto rating = parse_rating(form.rating)) {
        details.rating = *rating;
    } else {
        fields.refuse("rating", _msg("works.error.choose"));
    }
    check_warnings(fields, form, details.warnings);
    fields.choice("licence", form.licence, details.licence);
    fields.choice("visibility", form.visibility, details.visibility);
    fields.choice("status", form.status, details.status);
    fields.choice("comments", form.comments, details.comments);
    if (!fields.ok()) return fields.error();
    return details;
}

WorkForm form_of(const WorkDetails& details) {
    WorkForm form;
    form.title = details.title;
    form.summary = details.summary;
    form.language = details.language;
    for (const Tag& tag : details.tags) {
        if (!form.tags.empty()) form.tags += ", ";
        form.tags += tag.label;
    }
    form.rating = rating_name(details.rating);
    form.licence = name_of(details.licence);
    form.visibility = name_of(details.visibility);
    form.status = name_of(details.status);
    form.comments = name_of(details.comments);
    form.warnings_said = name_of(details.warnings.said);
    for (std::size_t i = 0; i < kWarnings; ++i) {
        if (details.warnings.has(static_cast<Warning>(i)))
            form.warnings.emplace_back(name_of(static_cast<Warning>(i)));
    }
    form.warning_other = details.warnings.other;
    return form;
}

WorkDetails defaults_for(const Actor& actor, std::string_view language) {
    WorkDetails details;
    details.language = is_language(language) ? language : "en";
    details.visibility = actor.minor() ? Visibility::me : Visibility::everyone;
    return details;
}

Result<ChapterDraft> check_draft(ChapterDraft draft) {
    Fields fields;
    draft.title = fold_spaces(draft.title);
    draft.text = unix_lines(draft.text);
    draft.notes_before = trim(unix_lines(draft.notes_before));
    draft.notes_after = trim(unix_lines(draft.notes_after));
    fields.text("title", draft.title, kMaxTitle, _msg("works.error.too_long"));
    fields.text("text", draft.text, kMaxText, _msg("works.error.chapter_long"));
    fields.text("notes_before", draft.notes_before, kMaxNotes, _msg("works.error.too_long"));
    fields.text("notes_after", draft.notes_after, kMaxNotes, _msg("works.error.too_long"));
    if (!fields.ok()) return fields.error();
    return draft;
}

Result<void> check_publishable(const ChapterDraft& draft) {
    Fields fields;
    if (!shows_anything(draft.title)) fields.refuse("title", _msg("works.error.chapter_title_missing"));
    if (!shows_anything(draft.text)) fields.refuse("text", _msg("works.error.chapter_empty"));
    if (!fields.ok()) return fields.error();
    return success();
}

int reach_of(access::Choices allowed) {
    if (!allowed.has(access::Choice::publish)) return 0;
    return allowed.has(access::Choice::publish_openly) ? kReachAll : 1;
}

int audience(Visibility visibility, bool has_published_chapter, int reach) {
    return has_published_chapter ? std::min(static_cast<int>(visibility), reach) : 0;
}

int least_audience(const Actor& actor) {
    return actor.signed_in() ? 1 : 2;
}

Circle circle_of(const Actor& actor) {
    if (!actor.signed_in()) return Circle::visitor;
    return static_cast<Circle>(static_cast<int>(actor.rating_ceiling()) + 1);
}

bool shows(Circle circle, int audience, int rating) {
    if (circle == Circle::visitor) return audience >= 2 && rating == 0;
    return audience >= 1 && rating < static_cast<int>(circle);
}

std::int64_t words_in(std::string_view plain) {
    std::int64_t words = 0, ideographs = 0;
    bool inside = false;
    for (std::size_t i = 0; i < plain.size();) {
        const auto lead = static_cast<unsigned char>(plain[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (lead == ' ' || (lead >= '\t' && lead <= '\r')) {
            inside = false;
        } else {
            char32_t c = length == 1 ? lead : lead & (0x7FU >> length);
            for (std::size_t k = 1; k < length && i + k < plain.size(); ++k) {
                c = c << 6 | (static_cast<unsigned char>(plain[i + k]) & 0x3FU);
            }
            if (is_ideograph(c)) {
                ++ideographs;
                inside = false;
            } else if (c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200A)) {
                inside = false;
            } else if (!inside) {
                inside = true;
                ++words;
            }
        }
        i += length;
    }
    return words + (ideographs + 1) / 2;
}

std::string pack_tags(std::span<const Tag> tags) {
    std::string packed;
    for (const Tag& tag : tags) {
        packed += tag.key;
        packed += '\t';
        packed += tag.label;
        packed += '\n';
    }
    return packed;
}

std::vector<Tag> unpack_tags(std::string_view packed) {
    std::vector<Tag> tags;
    while (!packed.empty()) {
        const std::size_t end = packed.find('\n');
        const std::string_view line = packed.substr(0, end);
        const std::size_t tab = line.find('\t');
        if (end == std::string_view::npos || tab == std::string_view::npos) {
            throw sql::Failure(sql::FailureKind::corrupt, "works.tags: not packed tags");
        }
        tags.push_back({std::string(line.substr(0, tab)), std::string(line.substr(tab + 1))});
        packed.remove_prefix(end + 1);
    }
    return tags;
}

std::optional<Tag> make_tag(std::string_view typed) {
    Tag tag{tag_key(typed), fold_spaces(typed)};
    if (tag.key.empty()) return std::nullopt;
    return tag;
}

std::span<const LanguageChoice> languages() {
    return kLanguages;
}

bool is_language(std::string_view code) {
    return std::any_of(std::begin(kLanguages), std::end(kLanguages),
                       [&](const auto& choice) { return choice.code == code; });
}

std::string_view language_name(std::string_view code) {
    for (const auto& choice : kLanguages) {
        if (choice.code == code) return choice.own_name;
    }
    return code;
}

std::optional<Rating> parse_rating(std::string_view name) {
    const auto found = std::find(kRatings.begin(), kRatings.end(), name);
    if (found == kRatings.end()) return std::nullopt;
    return static_cast<Rating>(found - kRatings.begin());
}

std::string_view rating_name(Rating rating) {
    return kRatings[static_cast<std::size_t>(rating)];
}
std::string_view licence_name(Licence licence) {
    return name_of(licence);
}
std::string_view visibility_name(Visibility visibility) {
    return name_of(visibility);
}
std::string_view warning_name(Warning warning) {
    return name_of(warning);
}

std::string_view licence_short(Licence licence) {
    switch (licence) {
        case Licence::cc_by:
            return "CC BY 4.0";
        case Licence::cc_by_sa:
            return "CC BY-SA 4.0";
        case Licence::cc_by_nc:
            return "CC BY-NC 4.0";
        case Licence::cc_by_nc_sa:
            return "CC BY-NC-SA 4.0";
        case Licence::cc_by_nd:
            return "CC BY-ND 4.0";
        case Licence::cc_by_nc_nd:
            return "CC BY-NC-ND 4.0";
        case Licence::cc0:
            return "CC0 1.0";
        case Licence::all_rights_reserved:
        case Licence::public_domain:
            return "";
    }
    return "";
}

std::string_view licence_url(Licence licence) {
    switch (licence) {
        case Licence::cc_by:
            return "https://creativecommons.org/licenses/by/4.0/";
        case Licence::cc_by_sa:
            return "https://creativecommons.org/licenses/by-sa/4.0/";
        case Licence::cc_by_nc:
            return "https://creativecommons.org/licenses/by-nc/4.0/";
        case Licence::cc_by_nc_sa:
            return "https://creativecommons.org/licenses/by-nc-sa/4.0/";
        case Licence::cc_by_nd:
            return "https://creativecommons.org/licenses/by-nd/4.0/";
        case Licence::cc_by_nc_nd:
            return "https://creativecommons.org/licenses/by-nc-nd/4.0/";
        case Licence::cc0:
            return "https://creativecommons.org/publicdomain/zero/1.0/";
        case Licence::all_rights_reserved:
        case Licence::public_domain:
            return "";
    }
    return "";
}

}  // namespace braid::works
