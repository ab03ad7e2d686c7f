// From the text of a template file to its tree.

#include <algorithm>
#include <cctype>
#include <optional>

#include "template.h"

namespace htmlc {

namespace {

bool is_name_start(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_name_char(char c) {
    return is_name_start(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}
bool is_blank(char c) {
    return c == ' ' || c == '\t';
}
bool is_space(char c) {
    return is_blank(c) || c == '\n';
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    return text;
}

bool is_name(std::string_view text) {
    return !text.empty() && is_name_start(text.front()) &&
           std::all_of(text.begin(), text.end(), is_name_char);
}

bool is_qualified_name(std::string_view text) {
    for (;;) {
        const auto colons = text.find("::");
        if (!is_name(text.substr(0, colons)))
            return colons == 0 && text.size() > 2 && is_qualified_name(text.substr(2));
        if (colons == std::string_view::npos) return true;
        text.remove_prefix(colons + 2);
    }
}

// Past the C++ string or character literal that begins at `i`; npos when it does not end.
std::size_t skip_literal(std::string_view text, std::size_t i) {
    const char quote = text[i];
    for (++i; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == quote)
            return i + 1;
    }
    return std::string_view::npos;
}

// Calls visit(i, depth) for every character of C++ code outside literals until it returns true; that
// position, or npos.
template <class Visit>
std::size_t scan(std::string_view code, Visit visit) {
    int depth = 0;
    for (std::size_t i = 0; i < code.size();) {
        const char c = code[i];
        const bool digit_separator =
            c == '\'' && i > 0 && std::isalnum(static_cast<unsigned char>(code[i - 1])) != 0;
        if (c == '"' || (c == '\'' && !digit_separator)) {
            i = skip_literal(code, i);
            if (i == std::string_view::npos) return i;
            continue;
        }
        if (c == ')' || c == ']' || c == '}') {
            if (depth == 0 && visit(i, depth)) return i;
            --depth;
        } else if (visit(i, depth)) {
            return i;
        }
        if (c == '(' || c == '[' || c == '{') ++depth;
        ++i;
    }
    return std::string_view::npos;
}

struct Token {
    enum class Kind { text, value, directive };
    Kind kind;
    Place place;
    std::string text;
};

class Scanner {
  public:
    explicit Scanner(std::string_view source) : source_(source) {}

    std::vector<Token> tokens() {
        while (at_ < source_.size()) {
            const auto open = source_.find('{', at_);
            if (open == std::string_view::npos || open + 1 >= source_.size()) {
                take_text(source_.size());
                break;
            }
            const char kind = source_[open + 1];
            if (kind != '{' && kind != '%' && kind != '#') {
                take_text(open + 1);
                continue;
            }
            take_text(open);
            if (kind == '{')
                take_value();
            else if (kind == '%')
                take_directive();
            else
                take_comment();
        }
        return std::move(tokens_);
    }

  private:
    void advance_to(std::size_t end) {
        for (; at_ < end; ++at_) {
            if (source_[at_] == '\n') {
                ++place_.line;
                place_.column = 1;
            } else if ((static_cast<unsigned char>(source_[at_]) & 0xC0) != 0x80) {
                ++place_.column;
            }
        }
    }

    void take_text(std::size_t end) {
        if (end == at_) return;
        std::string text(source_.substr(at_, end - at_));
        if (!tokens_.empty() && tokens_.back().kind == Token::Kind::text)
            tokens_.back().text += text;
        else
            tokens_.push_back({Token::Kind::text, place_, std::move(text)});
        advance_to(end);
    }

    void take_value() {
        const Place place = place_;
        const auto code = source_.substr(at_ + 2);
        const auto end =
            scan(code, [&](std::size_t i, int depth) { return depth == 0 && code.substr(i, 2) == "}}"; });
        if (end == std::string_view::npos) throw Refusal(place, "{{ has no matching }}");
        const auto inner = trim(code.substr(0, end));
        if (inner.empty()) throw Refusal(place, "the placeholder {{ }} is empty");
        tokens_.push_back({Token::Kind::value, place, std::string(inner)});
        advance_to(at_ + 2 + end + 2);
    }

    void take_directive() {
        const Place place = place_;
        const auto code = source_.substr(at_ + 2);
        std::size_t end = std::string_view::npos;
        for (std::size_t i = 0; i < code.size(); ++i) {
            if (code[i] == '"') {
                i = skip_literal(code, i);
                if (i == std::string_view::npos) break;
                --i;
            } else if (code.substr(i, 2) == "{%") {
                break;
            } else if (code.substr(i, 2) == "%}") {
                end = i;
                break;
            }
        }
        if (end == std::string_view::npos) throw Refusal(place, "{% has no matching %}");
        const std::size_t begin = at_;
        tokens_.push_back({Token::Kind::directive, place, std::string(trim(code.substr(0, end)))});
        const std::size_t after = drop_line(begin, at_ + 2 + end + 2, tokens_.size() - 1);
        advance_to(after);
    }

    void take_comment() {
        const auto end = source_.find("#}", at_ + 2);
        if (end == std::string_view::npos) throw Refusal(place_, "{# has no matching #}");
        advance_to(drop_line(at_, end + 2, tokens_.size()));
    }

    // White space between a directive and a line break goes with the break; the indentation before it too
    // when nothing else is on the line. `before` is the number of tokens that come before the directive.
    std::size_t drop_line(std::size_t begin, std::size_t end, std::size_t before) {
        std::size_t after = end;
        while (after < source_.size() && is_blank(source_[after]))
            ++after;
        if (after < source_.size() && source_[after] != '\n') return end;
        std::size_t start = begin;
        while (start > 0 && is_blank(source_[start - 1]))
            --start;
        if ((start == 0 || source_[start - 1] == '\n') && before > 0 &&
            tokens_[before - 1].kind == Token::Kind::text) {
            auto& text = tokens_[before - 1].text;
            text.resize(text.size() - std::min(text.size(), begin - start));
        }
        return after < source_.size() ? after + 1 : after;
    }

    std::string_view source_;
    std::size_t at_ = 0;
    Place place_;
    std::vector<Token> tokens_;
};

// "word rest" → both, trimmed.
std::pair<std::string, std::string> split_word(std::string_view text) {
    std::size_t i = 0;
    while (i < text.size() && is_name_char(text[i]))
        ++i;
    return {std::string(text.substr(0, i)), std::string(trim(text.substr(i)))};
}

void check_code(Place place, std::string_view code) {
    int open = 0;
    std::string stack;
    for (std::size_t i = 0; i < code.size();) {
        const char c = code[i];
        const bool digit_separator =
            c == '\'' && i > 0 && std::isalnum(static_cast<unsigned char>(code[i - 1])) != 0;
        if (c == '"' || (c == '\'' && !digit_separator)) {
            i = skip_literal(code, i);
            if (i == std::string_view::npos) throw Refusal(place, "a quoted text is not closed");
            continue;
        }
        if (c == '(' || c == '[' || c == '{') stack += c == '(' ? ')' : c == '[' ? ']' : '}';
        if (c == ')' || c == ']' || c == '}') {
            if (stack.empty() || stack.back() != c)
                throw Refusal(place, std::string("unexpected '") + c + "' in the expression");
            stack.pop_back();
        }
        if (c == ';') throw Refusal(place, "an expression, not a statement, is expected here");
        if (c == '/' && i + 1 < code.size() && (code[i + 1] == '/' || code[i + 1] == '*')) {
            throw Refusal(place, "no C++ comments here; use {# … #}");
        }
        ++i;
    }
    if (open != 0 || !stack.empty())
        throw Refusal(place, std::string("'") + stack.back() + "' is missing in the expression");
}

std::string code_or_refuse(Place place, std::string_view code, std::string_view what) {
    code = trim(code);
    if (code.empty()) throw Refusal(place, std::string(what) + " is missing");
    check_code(place, code);
    return std::string(code);
}

class Parser {
  public:
    explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

    File file() {
        File file;
        for (; at_ < tokens_.size(); ++at_) {
            const Token& token = tokens_[at_];
            if (token.kind == Token::Kind::text) {
                if (!trim(token.text).empty())
                    throw Refusal(token.place, "text outside {% template %} … {% end %}");
                continue;
            }
            if (token.kind == Token::Kind::value)
                throw Refusal(token.place, "a placeholder outside {% template %} … {% end %}");
            const auto [word, rest] = split_word(token.text);
            if (word == "include") {
                if (!file.space.empty())
                    throw Refusal(token.place, "{% include %} comes before {% namespace %}");
                const bool quoted = rest.size() > 2 && ((rest.front() == '"' && rest.back() == '"') ||
                                                        (rest.front() == '<' && rest.back() == '>'));
                if (!quoted) throw Refusal(token.place, "{% include \"folder/file.h\" %} is expected");
                file.includes.emplace_back(token.place, rest);
            } else if (word == "namespace") {
                if (!file.space.empty()) throw Refusal(token.place, "a second {% namespace %}");
                if (!is_qualified_name(rest))
                    throw Refusal(token.place, "a namespace like braid::works is expected");
                file.space = rest;
            } else if (word == "template") {
                if (file.space.empty())
                    throw Refusal(token.place, "{% namespace %} must come before the first template");
                file.templates.push_back(parse_template(token, rest));
            } else {
                throw Refusal(token.place, "{% " + word + " %} cannot stand outside a template");
            }
        }
        if (file.templates.empty()) throw Refusal({}, "the file has no {% template %}");
        return file;
    }

  private:
    Template parse_template(const Token& token, const std::string& rest) {
        Template result;
        result.place = token.place;
        const auto open = rest.find('(');
        result.name = std::string(trim(std::string_view(rest).substr(0, open)));
        if (open == std::string::npos || rest.back() != ')' || !is_name(result.name)) {
            throw Refusal(token.place, "{% template name(parameters) %} is expected");
        }
        check_code(token.place, rest);
        result.parameters =
            parameters(token.place, std::string_view(rest).substr(open + 1, rest.size() - open - 2));
        has_body_ =
            std::any_of(result.parameters.begin(), result.parameters.end(), [](const auto& parameter) {
                return parameter.first.ends_with(" body") &&
                       parameter.first.find("Body") != std::string::npos;
            });
        ++at_;
        result.nodes = nodes(token, {});
        return result;
    }

    static std::vector<std::pair<std::string, std::string>> parameters(Place place, std::string_view text) {
        std::vector<std::pair<std::string, std::string>> result;
        if (trim(text).empty()) return result;
        for (;;) {
            int angles = 0;
            const auto comma = scan(text, [&](std::size_t i, int depth) {
                if (text[i] == '<') ++angles;
                if (text[i] == '>') --angles;
                return depth == 0 && angles == 0 && text[i] == ',';
            });
            const auto one = trim(text.substr(0, comma));
            const auto equals =
                scan(one, [&](std::size_t i, int depth) { return depth == 0 && one[i] == '='; });
            if (one.empty()) throw Refusal(place, "a parameter is missing");
            if (equals == std::string_view::npos) {
                result.emplace_back(one, "");
            } else {
                result.emplace_back(trim(one.substr(0, equals)), trim(one.substr(equals + 1)));
            }
            if (comma == std::string_view::npos) return result;
            text.remove_prefix(comma + 1);
        }
    }

    [[nodiscard]] std::string word_here() const {
        return at_ < tokens_.size() && tokens_[at_].kind == Token::Kind::directive
                   ? split_word(tokens_[at_].text).first
                   : "";
    }

    // Until {% end %} (taken) or one of `stops` (not taken).
    Nodes nodes(const Token& opener, std::initializer_list<std::string_view> stops) {
        Nodes result;
        for (; at_ < tokens_.size(); ++at_) {
            const Token& token = tokens_[at_];
            if (token.kind == Token::Kind::text) {
                append_text(result, token);
                continue;
            }
            if (token.kind == Token::Kind::value) {
                result.push_back(value(token));
                continue;
            }
            const auto [word, rest] = split_word(token.text);
            if (word == "end") {
                if (!rest.empty()) throw Refusal(token.place, "{% end %} stands alone");
                return result;
            }
            if (std::find(stops.begin(), stops.end(), word) != stops.end()) return result;
            directive(result, token, word, rest);
        }
        throw Refusal(opener.place, "{% " + split_word(opener.text).first + " %} has no {% end %}");
    }

    static void append_text(Nodes& nodes, const Token& token) {
        if (token.text.empty()) return;
        if (!nodes.empty() && nodes.back().kind == Node::Kind::text) {
            // Only a comment lies between; the place of the first is kept.
            nodes.back().text += token.text;
            return;
        }
        Node node;
        node.place = token.place;
        node.text = token.text;
        nodes.push_back(std::move(node));
    }

    static Node value(const Token& token) {
        Node node;
        node.place = token.place;
        std::string_view text = token.text;
        if (text.size() < 2 || text[0] != 't' || !is_space(text[1]) || trim(text.substr(1)).front() != '"') {
            node.kind = Node::Kind::value;
            node.text = code_or_refuse(token.place, text, "an expression");
            return node;
        }
        node.kind = Node::Kind::message;
        text = trim(text.substr(1));
        const auto end = skip_literal(text, 0);
        if (end == std::string_view::npos) throw Refusal(token.place, "the key of the message is not closed");
        node.text = std::string(text.substr(1, end - 2));
        const bool plain = !node.text.empty() && std::all_of(node.text.begin(), node.text.end(), [](char c) {
            return is_name_char(c) || c == '.' || c == '-';
        });
        if (!plain) throw Refusal(token.place, "a message key holds letters, digits, '.', '_' and '-'");
        text.remove_prefix(end);
        while (!trim(text).empty()) {
            if (!is_space(text.front()))
                throw Refusal(token.place, "name=expression is expected after the key of a message");
            text = trim(text);
            const auto equals = name_before_equals(text, 0);
            if (!equals) throw Refusal(token.place, "name=expression is expected after the key of a message");
            Argument argument;
            argument.name = std::string(text.substr(0, *equals));
            text.remove_prefix(*equals + 1);
            const auto next = scan(text, [&](std::size_t i, int depth) {
                return depth == 0 && i > 0 && is_space(text[i - 1]) &&
                       name_before_equals(text, i).has_value();
            });
            argument.expression =
                code_or_refuse(token.place, text.substr(0, next), "the value of " + argument.name + "=");
            for (const auto& other : node.arguments) {
                if (other.name == argument.name)
                    throw Refusal(token.place, "the argument " + argument.name + "= is given twice");
            }
            node.arguments.push_back(std::move(argument));
            text = next == std::string_view::npos ? std::string_view{} : text.substr(next - 1);
        }
        return node;
    }

    // The length of the name at `i` when "=" (not "==") follows it at once.
    static std::optional<std::size_t> name_before_equals(std::string_view text, std::size_t i) {
        const std::size_t begin = i;
        if (i >= text.size() || !is_name_start(text[i])) return std::nullopt;
        while (i < text.size() && is_name_char(text[i]))
            ++i;
        if (i >= text.size() || text[i] != '=' || (i + 1 < text.size() && text[i + 1] == '='))
            return std::nullopt;
        return i - begin;
    }

    void directive(Nodes& result, const Token& token, const std::string& word, const std::string& rest) {
        Node node;
        node.place = token.place;
        if (word == "if") {
            node.kind = Node::Kind::condition;
            condition(node, token, rest);
        } else if (word == "for") {
            node.kind = Node::Kind::loop;
            loop(node, token, rest);
        } else if (word == "let") {
            node.kind = Node::Kind::let;
            const auto equals = rest.find('=');
            node.name = std::string(trim(std::string_view(rest).substr(0, equals)));
            if (equals == std::string::npos || !is_name(node.name))
                throw Refusal(token.place, "{% let name = expression %} is expected");
            node.text = code_or_refuse(token.place, std::string_view(rest).substr(equals + 1),
                                       "the value of " + node.name);
        } else if (word == "call" || word == "wrap") {
            node.kind = word == "call" ? Node::Kind::call : Node::Kind::wrap;
            const auto open = rest.find('(');
            node.text = std::string(trim(std::string_view(rest).substr(0, open)));
            if (open == std::string::npos || rest.back() != ')' || !is_qualified_name(node.text)) {
                throw Refusal(token.place, "{% " + word + " name(arguments) %} is expected");
            }
            check_code(token.place, rest);
            node.call_arguments =
                std::string(trim(std::string_view(rest).substr(open + 1, rest.size() - open - 2)));
            if (node.kind == Node::Kind::wrap) {
                ++at_;
                node.nodes = nodes(token, {});
            }
        } else if (word == "body") {
            if (!rest.empty()) throw Refusal(token.place, "{% body %} stands alone");
            if (!has_body_)
                throw Refusal(token.place,
                              "{% body %} needs a template whose last parameter is `html::Body body`");
            node.kind = Node::Kind::body;
        } else if (word == "elif" || word == "else") {
            throw Refusal(token.place, "{% " + word + " %} without {% if %}");
        } else if (word == "empty") {
            throw Refusal(token.place, "{% empty %} without {% for %}");
        } else if (word == "include" || word == "namespace" || word == "template") {
            throw Refusal(token.place,
                          "{% " + word + " %} cannot stand inside a template; is an {% end %} missing?");
        } else {
            throw Refusal(token.place, "unknown directive {% " + token.text + " %}");
        }
        result.push_back(std::move(node));
    }

    void condition(Node& node, const Token& token, const std::string& rest) {
        const Token* opener = &token;
        std::string expression = code_or_refuse(token.place, rest, "the condition");
        bool last = false;
        for (;;) {
            ++at_;
            Branch branch{opener->place, expression, {}};
            branch.nodes = last ? nodes(*opener, {}) : nodes(*opener, {"elif", "else"});
            node.branches.push_back(std::move(branch));
            const std::string stop = word_here();
            if (stop == "end") return;
            opener = &tokens_[at_];
            const std::string after = split_word(opener->text).second;
            if (stop == "else") {
                if (after.starts_with("if")) throw Refusal(opener->place, "write {% elif … %}");
                if (!after.empty()) throw Refusal(opener->place, "{% else %} stands alone");
                expression.clear();
                last = true;
            } else {
                expression = code_or_refuse(opener->place, after, "the condition");
            }
        }
    }

    void loop(Node& node, const Token& token, const std::string& rest) {
        const auto in = rest.find(" in ");
        node.name = in == std::string::npos ? "" : std::string(trim(std::string_view(rest).substr(0, in)));
        const bool several = node.name.size() > 2 && node.name.front() == '[' && node.name.back() == ']';
        if (!is_name(node.name) && !several)
            throw Refusal(token.place, "{% for name in expression %} is expected");
        node.text = code_or_refuse(token.place, std::string_view(rest).substr(in + 4), "what to go through");
        ++at_;
        node.nodes = nodes(token, {"empty"});
        if (word_here() == "empty") {
            const Token& empty = tokens_[at_];
            ++at_;
            node.otherwise = nodes(empty, {});
        }
    }

    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    bool has_body_ = false;
};

}  // namespace

File parse(std::string_view source) {
    return Parser(Scanner(source).tokens()).file();
}

}  // namespace htmlc
