// From the checked tree to C++.

#include <string>

#include "template.h"

namespace htmlc {

namespace {

std::string literal(std::string_view text, std::string_view indent) {
    std::string out = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n') {
            out += "\\n";
            if (i + 1 < text.size()) out += "\"\n" + std::string(indent) + "\"";
        } else if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\t') {
            out += "\\t";
        } else {
            out += c;
        }
    }
    return out + "\"";
}

class Writer {
  public:
    Writer(const File& file, std::string_view path, std::string_view include)
        : file_(file), path_(path), include_(include) {}

    Output write() {
        Output output;
        std::string& header = output.header;
        header += "// Made by htmlc from " + std::string(include_.substr(0, include_.size() - 2)) +
                  ".\n#pragma once\n\n";
        header += "#include \"platform/html/html.h\"\n";
        for (const auto& [place, name] : file_.includes)
            header += line_directive(place.line) + "#include " + name + "\n";
        header += "\nnamespace " + file_.space + " {\n\n";
        for (const auto& each : file_.templates)
            header += line_directive(each.place.line) + signature(each, true) + ";\n";
        header += "\n}  // namespace " + file_.space + "\n";

        text_ = "// Made by htmlc from " + std::string(include_.substr(0, include_.size() - 2)) +
                ".\n\n#include \"" + std::string(include_) + "\"\n\nnamespace " + file_.space + " {\n";
        for (const auto& each : file_.templates) {
            text_ += "\n";
            place(each.place);
            line(signature(each, false) + " {");
            ++depth_;
            line("[[maybe_unused]] const auto lang = out.language();");
            nodes(each.nodes);
            --depth_;
            line("}");
        }
        text_ += "\n}  // namespace " + file_.space + "\n";
        output.source = std::move(text_);
        return output;
    }

  private:
    [[nodiscard]] std::string line_directive(int line) const {
        return "#line " + std::to_string(line) + " " + literal(path_, "") + "\n";
    }

    static std::string signature(const Template& each, bool defaults) {
        std::string text = "void " + each.name + "([[maybe_unused]] ::braid::html::Out& out";
        for (const auto& [parameter, value] : each.parameters) {
            text += ", " + parameter;
            if (defaults && !value.empty()) text += " = " + value;
        }
        return text + ")";
    }

    void place(Place where) { text_ += line_directive(where.line); }
    [[nodiscard]] std::string indent() const {
        return std::string(static_cast<std::size_t>(depth_) * 4, ' ');
    }
    void line(const std::string& code) { text_ += indent() + code + "\n"; }

    void nodes(const Nodes& nodes) {
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            if (nodes[i].kind == Node::Kind::text)
                line("out.raw(" + literal(nodes[i].text, indent() + "        ") + ");");
            else
                node(nodes[i]);
        }
    }

    static std::string function(const Context& context) {
        if (context.state == State::content) return "content";
        if (context.state != State::value || context.url == Url::none) return "attribute";
        switch (context.url) {
            case Url::start:
                return "url";
            case Url::slash:
                return "url_after_slash";
            case Url::value:
                return "url_value";
            default:
                return "url_rest";
        }
    }

    void node(const Node& node) {
        switch (node.kind) {
            case Node::Kind::text:
                break;
            case Node::Kind::value:
                // The HTML parser drops a line break directly after <textarea>; this one instead of the
                // writer's.
                if (node.context.fresh_textarea) line("out.raw(\"\\n\");");
                place(node.place);
                line("out." + function(node.context) + "(" + node.text + ");");
                break;
            case Node::Kind::message:
                message(node);
                break;
            case Node::Kind::condition:
                condition(node);
                break;
            case Node::Kind::loop:
                loop(node);
                break;
            case Node::Kind::let:
                place(node.place);
                line("const auto& " + node.name + " = " + node.text + ";");
                break;
            case Node::Kind::call:
                place(node.place);
                line(node.text + "(out" + (node.call_arguments.empty() ? "" : ", " + node.call_arguments) +
                     ");");
                break;
            case Node::Kind::wrap:
                place(node.place);
                line(node.text + "(out" + (node.call_arguments.empty() ? "" : ", " + node.call_arguments) +
                     ", [&]([[maybe_unused]] ::braid::html::Out& out) {");
                ++depth_;
                this->nodes(node.nodes);
                --depth_;
                line("});");
                break;
            case Node::Kind::body:
                place(node.place);
                line("body(out);");
                break;
        }
    }

    void message(const Node& node) {
        const std::string call =
            node.context.state == State::content ? "out.message(" : "out.attribute_message(";
        std::string arguments;
        bool plural = false;
        for (const auto& argument : node.arguments) {
            plural = plural || argument.name == "n";
            arguments += (arguments.empty() ? "" : ", ") + ("{\"" + argument.name + "\", ") +
                         (argument.name == "n" ? "htmlc_count" : argument.expression) + "}";
        }
        if (!arguments.empty()) arguments = ", {" + arguments + "}";
        line("{");
        ++depth_;
        line("static const ::braid::i18n::Message htmlc_message(\"" + node.text + "\");");
        if (plural) {
            for (const auto& argument : node.arguments) {
                if (argument.name != "n") continue;
                place(node.place);
                line("const auto htmlc_count = static_cast<long long>(" + argument.expression + ");");
            }
        }
        place(node.place);
        line(call + (plural ? "htmlc_message.plural(lang, htmlc_count)" : "htmlc_message.text(lang)") +
             arguments + ");");
        --depth_;
        line("}");
    }

    void condition(const Node& node) {
        bool first = true;
        for (const auto& branch : node.branches) {
            if (!first) {
                line("} else" + std::string(branch.condition.empty() ? " {" : ""));
            }
            if (!branch.condition.empty()) {
                place(branch.place);
                line("if (" + branch.condition + ") {");
            }
            ++depth_;
            nodes(branch.nodes);
            --depth_;
            first = false;
        }
        line("}");
    }

    void loop(const Node& node) {
        const std::string number = std::to_string(++loops_);
        line("{");
        ++depth_;
        place(node.place);
        line("const auto& htmlc_range_" + number + " = " + node.text + ";");
        line("[[maybe_unused]] std::size_t htmlc_count_" + number + " = 0;");
        place(node.place);
        line("for (const auto& " + node.name + " : htmlc_range_" + number + ") {");
        ++depth_;
        line("[[maybe_unused]] const std::size_t loop_index = htmlc_count_" + number + "++;");
        nodes(node.nodes);
        --depth_;
        line("}");
        if (!node.otherwise.empty()) {
            line("if (htmlc_count_" + number + " == 0) {");
            ++depth_;
            nodes(node.otherwise);
            --depth_;
            line("}");
        }
        --depth_;
        line("}");
    }

    const File& file_;
    std::string_view path_, include_;
    std::string text_;
    int depth_ = 0;
    int loops_ = 0;
};

}  // namespace

Output emit(const File& file, std::string_view path, std::string_view include) {
    return Writer(file, path, include).write();
}

}  // namespace htmlc
