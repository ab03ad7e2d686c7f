#include <boost/json.hpp>

#include <map>
#include <unordered_map>

#include "interests/topics/formats.h"

namespace braid::topics {

namespace {

namespace json = boost::json;

constexpr std::string_view kPrefixes =
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n@prefix dct: <http://purl.org/dc/terms/> .\n\n";

std::string quoted(std::string_view text, std::string_view language) {
    std::string out = "\"";
    for (const char c : text) {
        switch (c) {
            case '"':
            case '\\':
                out += '\\';
                out += c;
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                out += c;
        }
    }
    out += "\"@";
    out += language;
    return out;
}

std::string_view property(LabelKind kind) {
    return kind == LabelKind::pref ? "prefLabel" : kind == LabelKind::alt ? "altLabel" : "hiddenLabel";
}

// Everything of one topic together.
struct Whole {
    const TopicRow* topic = nullptr;
    std::vector<const LabelRow*> labels;
    std::vector<const RelationRow*> relations;
    std::vector<const NoteRow*> notes;
};

std::vector<Whole> gathered(const Exported& exported) {
    std::vector<Whole> all;
    std::unordered_map<std::int64_t, std::size_t> at;
    for (const TopicRow& row : exported.topics) {
        at[row.id.value] = all.size();
        all.push_back({.topic = &row});
    }
    const auto of = [&](TopicId id) -> Whole* {
        const auto found = at.find(id.value);
        return found == at.end() ? nullptr : &all[found->second];
    };
    for (const LabelRow& row : exported.labels)
        if (Whole* one = of(row.topic)) one->labels.push_back(&row);
    for (const RelationRow& row : exported.relations)
        if (Whole* one = of(row.topic)) one->relations.push_back(&row);
    for (const NoteRow& row : exported.notes)
        if (Whole* one = of(row.topic)) one->notes.push_back(&row);
    return all;
}

}  // namespace

std::string to_turtle(const Exported& exported) {
    const auto address = [&](TopicId id) { return "<" + exported.site + "/topics/" + id.text() + ">"; };
    std::string out(kPrefixes);
    for (const Whole& one : gathered(exported)) {
        out += address(one.topic->id) + " a skos:Concept";
        for (const LabelRow* row : one.labels) {
            out +=
                " ;\n    skos:" + std::string(property(row->kind)) + " " + quoted(row->label, row->language);
        }
        for (const NoteRow* row : one.notes)
            out += " ;\n    skos:scopeNote " + quoted(row->note, row->language);
        for (const RelationRow* row : one.relations) {
            out += row->kind == Relation::broader ? " ;\n    skos:broader " : " ;\n    skos:related ";
            out += address(row->other);
        }
        if (!one.topic->uri.empty()) out += " ;\n    skos:exactMatch <" + one.topic->uri + ">";
        if (one.topic->merged_into) out += " ;\n    dct:isReplacedBy " + address(one.topic->merged_into);
        out += " .\n\n";
    }
    return out;
}

std::string to_json_ld(const Exported& exported) {
    const auto address = [&](TopicId id) { return exported.site + "/topics/" + id.text(); };
    json::array graph;
    for (const Whole& one : gathered(exported)) {
        json::object topic{{"@id", address(one.topic->id)}, {"@type", "Concept"}};
        std::map<std::string_view, json::array> labels;
        for (const LabelRow* row : one.labels)
            labels[property(row->kind)].push_back(
                json::object{{"@value", row->label}, {"@language", row->language}});
        for (auto& [name, list] : labels)
            topic[name] = std::move(list);
        json::array notes, broader, related;
        for (const NoteRow* row : one.notes)
            notes.push_back(json::object{{"@value", row->note}, {"@language", row->language}});
        for (const RelationRow* row : one.relations)
            (row->kind == Relation::broader ? broader : related).push_back(json::string(address(row->other)));
        if (!notes.empty()) topic["scopeNote"] = std::move(notes);
        if (!broader.empty()) topic["broader"] = std::move(broader);
        if (!related.empty()) topic["related"] = std::move(related);
        if (!one.topic->uri.empty()) topic["exactMatch"] = one.topic->uri;
        if (one.topic->merged_into) topic["isReplacedBy"] = address(one.topic->merged_into);
        graph.push_back(std::move(topic));
    }
    const json::value reference{{"@type", "@id"}};
    json::object context{
        {"@vocab", "http://www.w3.org/2004/02/skos/core#"},
        {"broader", reference},
        {"related", reference},
        {"exactMatch", reference},
        {"isReplacedBy", {{"@id", "http://purl.org/dc/terms/isReplacedBy"}, {"@type", "@id"}}}};
    return json::serialize(json::object{{"@context", std::move(context)}, {"@graph", std::move(graph)}}) +
           "\n";
}

}  // namespace braid::topics
