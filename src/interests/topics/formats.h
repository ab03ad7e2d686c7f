// Vocabularies as files: what is read into topics, and topics written as SKOS.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "interests/topics/api.h"
#include "interests/topics/vocabulary.h"

namespace braid::topics {

struct FileLabel {
    std::string language;
    LabelKind kind = LabelKind::pref;
    std::string text;
    friend auto operator<=>(const FileLabel&, const FileLabel&) = default;
};
struct FileNote {
    std::string language, text;
};
struct FileTopic {
    std::string uri;
    std::vector<FileLabel> labels;
    std::vector<FileNote> notes;
    std::vector<std::string> broader, related;  // URIs
    std::string replaced_by;                    // dct:isReplacedBy, "" when it stands
};
struct FileVocabulary {
    std::vector<FileTopic> topics;
    std::vector<std::string> left_out;  // what was in the file and is not taken, and why
};

// Reads by what the text is: SKOS in Turtle; the thesaurus tables with columns id, pref_en, …; a JSON list of
// names (`name` makes its URIs, `language` its labels'); an IAB taxonomy (id, parent, name, tier…), whose
// branches for adults are left out with all that is below them. Fails (malformed) with what is wrong and
// where.
Result<FileVocabulary> read_vocabulary(std::string_view name, std::string_view text,
                                       std::string_view language = "en");

// The Turtle of RDF 1.1 without collections; of blank nodes nothing is kept. SKOS: Concept, prefLabel,
// altLabel, hiddenLabel, broader, narrower, related, note, scopeNote, definition; Dublin Core: isReplacedBy.
Result<FileVocabulary> read_turtle(std::string_view text);

struct NoteRow {
    TopicId topic;
    std::string language, note;
};
// `site`: the address topics stand at ("https://braid.example"); a topic's URI is the site's, the one it came
// from is its skos:exactMatch. Merged topics say what replaced them. Topics in the order of their ids.
struct Exported {
    std::string site;
    std::vector<TopicRow> topics;
    std::vector<LabelRow> labels;
    std::vector<RelationRow> relations;
    std::vector<NoteRow> notes;
};
std::string to_turtle(const Exported& exported);
std::string to_json_ld(const Exported& exported);

}  // namespace braid::topics
