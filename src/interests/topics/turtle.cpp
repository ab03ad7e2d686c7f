#include <algorithm>
#include <optional>
#include <unordered_map>

#include "base/text.h"
#include "interests/topics/formats.h"

namespace braid::topics {

namespace {

constexpr std::string_view kSkos = "http://www.w3.org/2004/02/skos/core#";
constexpr std::string_view kReplaced = "http://purl.org/dc/terms/isReplacedBy";
constexpr std::string_view kType = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

struct Term {
    enum class Kind { iri, literal, blank } kind = Kind::iri;
    std::string text, language;
};

void append_code_point(std::string& out, unsigned long point) {
    if (point == 0 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return;
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xc0 | point >> 6);
        out += static_cast<char>(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
        out += static_cast<char>(0xe0 | point >> 12);
        out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
        out += static_cast<char>(0x80 | (point & 0x3f));
    } else {
        out += static_cast<char>(0xf0 | point >> 18);
        out += static_cast<char>(0x80 | (point >> 12 & 0x3f));
        out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
        out += static_cast<char>(0x80 | (point & 0x3f));
    }
}

class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {}

    Result<FileVocabulary> read() {
        for (skip(); at_ < text_.size(); skip())
            TRY(statement());
        for (const auto& [broad, narrow] : narrower_)
            topic(narrow).broader.push_back(broad);
        std::erase_if(vocabulary_.topics, [this](const FileTopic& one) {
            if (!one.labels.empty()) return false;
            if (concepts_.contains(one.uri)) vocabulary_.left_out.push_back(one.uri + ": it has no label");
            return true;
        });
        return std::move(vocabulary_);
    }

  private:
    Error wrong(const std::string& what) const {
        const auto line =
            1 + std::count(text_.begin(),
                           text_.begin() + static_cast<std::ptrdiff_t>(std::min(at_, text_.size())), '\n');
        return {
            ErrorCode::malformed, "error.invalid", "line " + std::to_string(line) + ": " + what, {}, {}, 0};
    }
    [[nodiscard]] char here(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    void skip() {
        while (at_ < text_.size()) {
            if (text_[at_] == '#') {
                at_ = std::min(text_.find('\n', at_), text_.size());
            } else if (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r') {
                ++at_;
            } else {
                return;
            }
        }
    }
    Result<void> expect(char c) {
        skip();
        if (here() != c) return wrong(std::string("here `") + c + "` is expected");
        ++at_;
        return success();
    }
    bool word(std::string_view wanted) {
        const auto rest = text_.substr(at_, wanted.size());
        if (!ascii_iequals(rest, wanted)) return false;
        const char next = here(wanted.size());
        if (next != ' ' && next != '\t' && next != '\n' && next != '\r' && next != '<') return false;
        at_ += wanted.size();
        return true;
    }

    Result<void> statement() {
        const bool dotted = here() == '@';
        if (word("@prefix") || word("PREFIX")) {
            skip();
            const auto colon = text_.find(':', at_);
            if (colon == std::string_view::npos) return wrong("a prefix ends with `:`");
            const std::string name(text_.substr(at_, colon - at_));
            at_ = colon + 1;
            skip();
            prefixes_[name] = TRY(iri());
            return dotted ? expect('.') : success();
        }
        if (word("@base") || word("BASE")) {
            skip();
            base_ = TRY(iri());
            return dotted ? expect('.') : success();
        }
        const Term subject = TRY(term());
        skip();
        if (subject.kind == Term::Kind::blank && here() == '.') return expect('.');
        TRY(predicates(subject, '.'));
        return expect('.');
    }

    Result<void> predicates(const Term& subject, char end) {
        if (++depth_ > 32) return wrong("it nests too deep");
        for (;;) {
            skip();
            while (here() == ';') {
                ++at_;
                skip();
            }
            if (here() == end) break;
            const bool is_a =
                here() == 'a' && (here(1) == ' ' || here(1) == '\t' || here(1) == '\n' || here(1) == '<');
            if (is_a) ++at_;
            const Term predicate = is_a ? Term{Term::Kind::iri, std::string(kType), {}} : TRY(term());
            if (predicate.kind != Term::Kind::iri) return wrong("here the name of a property is expected");
            do {
                skip();
                if (here() == ',') ++at_;
                const Term object = TRY(term());
                if (subject.kind == Term::Kind::iri) take(subject.text, predicate.text, object);
                skip();
            } while (here() == ',');
            if (here() != ';' && here() != end)
                return wrong("here `;` or the end of the statement is expected");
        }
        --depth_;
        return success();
    }

    Result<Term> term() {
        skip();
        const char c = here();
        if (c == '<') return Term{Term::Kind::iri, TRY(iri()), {}};
        if (c == '"' || c == '\'') return literal();
        if (c == '[') {
            ++at_;
            const Term blank{Term::Kind::blank, {}, {}};
            TRY(predicates(blank, ']'));
            ++at_;
            return blank;
        }
        if (c == '(') return wrong("lists in parentheses are not read");
        return name();
    }

    Result<std::string> iri() {
        if (here() != '<') return wrong("here an address in <…> is expected");
        const auto end = text_.find('>', at_);
        if (end == std::string_view::npos) return wrong("an address does not end");
        std::string value(text_.substr(at_ + 1, end - at_ - 1));
        at_ = end + 1;
        if (value.find_first_of(" \n\t\"") != std::string::npos) return wrong("an address has a space in it");
        if (value.find(':') == std::string::npos) value = base_ + value;
        return value;
    }

    Result<Term> name() {
        const auto begin = at_;
        while (at_ < text_.size() &&
               std::string_view(" \t\r\n;,[]()<>\"'").find(text_[at_]) == std::string_view::npos &&
               static_cast<unsigned char>(text_[at_]) > 0x20) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
            ++at_;
        }
        while (at_ > begin && text_[at_ - 1] == '.')
            --at_;
        const std::string_view whole = text_.substr(begin, at_ - begin);
        if (whole.empty()) return wrong("a name is expected here");
        if (whole.starts_with("_:")) return Term{Term::Kind::blank, {}, {}};
        const auto colon = whole.find(':');
        if (colon == std::string_view::npos) {  // a number, true, false
            return Term{Term::Kind::literal, std::string(whole), {}};
        }
        const auto prefix = prefixes_.find(std::string(whole.substr(0, colon)));
        if (prefix == prefixes_.end())
            return wrong("the prefix `" + std::string(whole.substr(0, colon)) + ":` is not declared");
        std::string local(whole.substr(colon + 1));
        std::erase(local, '\\');
        return Term{Term::Kind::iri, prefix->second + local, {}};
    }

    Result<Term> literal() {
        const char quote = here();
        const std::string three(3, quote);
        const bool longer = text_.substr(at_, 3) == three;
        at_ += longer ? 3 : 1;
        Term term{Term::Kind::literal, {}, {}};
        for (;;) {
            if (at_ >= text_.size()) return wrong("a text does not end");
            if (longer ? text_.substr(at_, 3) == three : here() == quote) break;
            if (!longer && here() == '\n') return wrong("a text does not end on its line");
            if (here() == '\\') {
                TRY(escape(term.text));
            } else {
                term.text += text_[at_++];
            }
        }
        at_ += longer ? 3 : 1;
        if (here() == '@') {
            const auto begin = ++at_;
            while (std::isalnum(static_cast<unsigned char>(here())) != 0 || here() == '-')
                ++at_;
            term.language = ascii_lower(text_.substr(begin, at_ - begin));
        } else if (here() == '^' && here(1) == '^') {
            at_ += 2;
            TRY(here() == '<' ? iri() : [&]() -> Result<std::string> { return TRY(name()).text; }());
        }
        return term;
    }

    Result<void> escape(std::string& out) {
        const char c = here(1);
        at_ += 2;
        switch (c) {
            case 't':
                out += '\t';
                return success();
            case 'n':
            case 'r':
                out += '\n';
                return success();
            case 'b':
            case 'f':
                out += ' ';
                return success();
            case 'u':
            case 'U': {
                const std::size_t size = c == 'u' ? 4 : 8;
                const std::string digits(text_.substr(std::min(at_, text_.size()), size));
                if (digits.size() != size ||
                    digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos)
                    return wrong("a code point is written with four or eight hexadecimal digits");
                append_code_point(out, std::stoul(digits, nullptr, 16));
                at_ += size;
                return success();
            }
            case '"':
            case '\'':
            case '\\':
                out += c;
                return success();
            default:
                return wrong("there is no such escape");
        }
    }

    FileTopic& topic(const std::string& uri) {
        const auto [at, fresh] = index_.try_emplace(uri, vocabulary_.topics.size());
        if (fresh) vocabulary_.topics.push_back({.uri = uri});
        return vocabulary_.topics[at->second];
    }

    void take(const std::string& subject, std::string_view predicate, const Term& object) {
        if (predicate == kType) {
            if (object.text == std::string(kSkos) + "Concept") concepts_[subject] = true;
            return;
        }
        if (predicate == kReplaced) {
            topic(subject).replaced_by = object.text;
            return;
        }
        if (!predicate.starts_with(kSkos)) return;
        predicate.remove_prefix(kSkos.size());
        const bool literal = object.kind == Term::Kind::literal;
        if (object.kind == Term::Kind::blank) return;
        const std::string language = object.language.empty() ? "en" : object.language;
        const auto add_label = [&](LabelKind kind) {
            const std::string_view text = trim(object.text);
            if (literal && !text.empty())
                topic(subject).labels.push_back({language, kind, std::string(text)});
        };
        if (predicate == "prefLabel") add_label(LabelKind::pref);
        if (predicate == "altLabel") add_label(LabelKind::alt);
        if (predicate == "hiddenLabel") add_label(LabelKind::hidden);
        if (literal && (predicate == "note" || predicate == "scopeNote" || predicate == "definition"))
            topic(subject).notes.push_back({language, std::string(trim(object.text))});
        if (literal) return;
        if (predicate == "broader") topic(subject).broader.push_back(object.text);
        if (predicate == "related") topic(subject).related.push_back(object.text);
        if (predicate == "narrower") narrower_.emplace_back(subject, object.text);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int depth_ = 0;
    std::string base_;
    std::unordered_map<std::string, std::string> prefixes_;
    std::unordered_map<std::string, std::size_t> index_;
    std::unordered_map<std::string, bool> concepts_;
    std::vector<std::pair<std::string, std::string>> narrower_;
    FileVocabulary vocabulary_;
};

}  // namespace

Result<FileVocabulary> read_turtle(std::string_view text) {
    return Reader(text).read();
}

}  // namespace braid::topics
