// Follows the HTML of a template through all branches.

#include <functional>

#include "template.h"

namespace htmlc {

namespace {

void follow(Nodes& nodes, Context& context);

void follow_text(const Node& node, Context& context) {
    Place place = node.place;
    for (const char c : node.text) {
        if (c == '\0') throw Refusal(place, "a NUL character");
        if (auto refused = context.read(c)) throw Refusal(place, *refused);
        if (c == '\n') {
            ++place.line;
            place.column = 1;
        } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
            ++place.column;
        }
    }
}

void need_content(const Node& node, const Context& context, std::string_view directive) {
    if (context.state != State::content) {
        throw Refusal(node.place, "{% " + std::string(directive) + " %} writes elements and cannot stand " +
                                      context.describe());
    }
}

void follow_condition(Node& node, Context& context) {
    std::optional<Context> end;
    bool has_else = false;
    const auto join = [&](const Context& branch_end, Place place) {
        const auto met = end ? meet(*end, branch_end) : std::optional<Context>(branch_end);
        if (!met) {
            throw Refusal(place, "the branches of {% if %} end in different places of the HTML: one " +
                                     end->describe() + ", another " + branch_end.describe());
        }
        end = met;
    };
    for (auto& branch : node.branches) {
        Context inside = context;
        follow(branch.nodes, inside);
        has_else = has_else || branch.condition.empty();
        join(inside, branch.place);
    }
    if (!has_else) join(context, node.place);
    context = *end;
}

void follow_loop(Node& node, Context& context) {
    // What comes round again must fit what came first; the second pass sees the beginning where both meet.
    Context begin = context;
    for (int round = 0;; ++round) {
        Context inside = begin;
        follow(node.nodes, inside);
        const auto met = meet(begin, inside);
        if (!met || round == 3) {
            throw Refusal(node.place,
                          "the body of {% for %} ends in another place of the HTML than it begins: " +
                              begin.describe() + " and " + inside.describe());
        }
        if (*met == begin) break;
        begin = *met;
    }
    Context otherwise = context;
    follow(node.otherwise, otherwise);
    const auto met = meet(begin, otherwise);
    if (!met) {
        throw Refusal(node.place,
                      "{% for %} and its {% empty %} part end in different places of the HTML: one " +
                          begin.describe() + ", the other " + otherwise.describe());
    }
    context = *met;
}

void follow_value(Node& node, Context& context) {
    node.context = context;
    if (auto refused = context.place()) throw Refusal(node.place, *refused);
    const bool in_url = node.context.state == State::value && node.context.url != Url::none;
    if (in_url && node.kind == Node::Kind::message)
        throw Refusal(node.place, "a message cannot be part of a URL");
    if (in_url && node.context.url == Url::value && node.text.find("percent_encode(") != std::string::npos) {
        throw Refusal(
            node.place,
            "a value in the query of a URL is percent-encoded here already; leave percent_encode out");
    }
}

void follow(Nodes& nodes, Context& context) {
    for (auto& node : nodes) {
        switch (node.kind) {
            case Node::Kind::text:
                follow_text(node, context);
                break;
            case Node::Kind::value:
            case Node::Kind::message:
                follow_value(node, context);
                break;
            case Node::Kind::condition:
                follow_condition(node, context);
                break;
            case Node::Kind::loop:
                follow_loop(node, context);
                break;
            case Node::Kind::let:
                break;
            case Node::Kind::call:
                need_content(node, context, "call");
                break;
            case Node::Kind::body:
                need_content(node, context, "body");
                break;
            case Node::Kind::wrap: {
                need_content(node, context, "wrap");
                follow(node.nodes, context);
                if (context != Context{}) {
                    throw Refusal(node.place, "what {% wrap %} holds does not end in element content but " +
                                                  context.describe());
                }
                break;
            }
        }
    }
}

}  // namespace

void check(File& file) {
    for (auto& each : file.templates) {
        Context context;
        follow(each.nodes, context);
        if (context != Context{}) {
            throw Refusal(each.place, "the template " + each.name + " does not end in element content but " +
                                          context.describe());
        }
    }
}

}  // namespace htmlc
