// The starter vocabulary (demo/topics.ttl) in memory, without a database.
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <unordered_map>

#include "interests/topics/folding.h"
#include "interests/topics/formats.h"
#include "interests/topics/vocabulary.h"

namespace braid::topics::testing {

inline std::string file_text(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + path);
    return {std::istreambuf_iterator<char>(in), {}};
}

// Ids count from 1 in the order of the file.
inline Vocabulary vocabulary_of(const FileVocabulary& file) {
    std::unordered_map<std::string, TopicId> ids;
    std::vector<TopicRow> topics;
    std::vector<LabelRow> labels;
    std::vector<RelationRow> relations;
    for (const FileTopic& topic : file.topics) {
        const TopicId id{static_cast<std::int64_t>(topics.size()) + 1};
        ids[topic.uri] = id;
        topics.push_back({id, topic.uri, {}});
        for (const FileLabel& label : topic.labels)
            labels.push_back({id, label.language, label.kind, label.text, fold(label.text)});
    }
    for (const FileTopic& topic : file.topics) {
        for (const std::string& uri : topic.broader)
            relations.push_back({ids[topic.uri], Relation::broader, ids[uri]});
        for (const std::string& uri : topic.related)
            relations.push_back({ids[topic.uri], Relation::related, ids[uri]});
    }
    return {1, std::move(topics), std::move(labels), std::move(relations)};
}

inline const FileVocabulary& starter_file() {
    static const FileVocabulary file = [] {
        auto read = read_turtle(file_text(BRAID_SOURCE_DIR "/demo/topics.ttl"));
        if (!read.ok()) throw std::runtime_error(read.error().detail);
        return std::move(*read);
    }();
    return file;
}
inline const Vocabulary& starter() {
    static const Vocabulary vocabulary = vocabulary_of(starter_file());
    return vocabulary;
}
inline TopicId named(std::string_view slug) {
    return starter().by_uri("urn:braid:topic:" + std::string(slug)).value();
}

}  // namespace braid::topics::testing
