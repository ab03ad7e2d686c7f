// What moderators do with the vocabulary: say what tags mean, merge topics, put them below others, undo.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "interests/topics/service.h"

namespace braid::topics {

// Each change is a row of topic_changes and of the audit log, in one transaction, and can be undone.
class Wrangling {
  public:
    Wrangling(sql::Database& database, const Clock& clock, IdMaker& ids, Vocabularies& vocabularies,
              Service& service)
        : database_(database), clock_(clock), ids_(ids), vocabularies_(vocabularies), service_(service) {}

    // The tag means these topics and no others, and so do its words when somebody types them (a hidden label
    // of each).
    Result<void> link(const Actor& actor, std::string_view tag, std::span<const TopicId> topics);
    // The tag means nothing that is to be found by.
    Result<void> set_aside(const Actor& actor, std::string_view tag);
    // `from` stands for `into` from now on; its labels, works and the people who follow it go along.
    Result<void> merge(const Actor& actor, TopicId from, TopicId into);
    // `topic` stands below `broader`; the first time in place of what a file said.
    Result<void> put_below(const Actor& actor, TopicId topic, TopicId broader);
    // A new topic called `name` that takes these other names of `topic` along, and stands beside it: below
    // what it stands below, and related to it. Preferred names stay. Returns the new topic. An import of the
    // file that brought a name brings it back to the old topic too, and reports it.
    Result<TopicId> split(const Actor& actor, TopicId topic, std::string_view name, std::string_view language,
                          std::span<const std::string> labels);
    Result<void> undo(const Actor& actor, std::int64_t change);

  private:
    // Changes the vocabulary, and notes in the row what undoing puts back.
    using Body = std::function<Result<void>(sql::Tx&, store::ChangeRow&)>;
    Result<void> write(const Actor& actor, store::ChangeRow row, const Body& body, std::string_view reason);
    static void undo_meaning(sql::Tx& tx, const store::ChangeRow& change);
    static void undo_split(sql::Tx& tx, const store::ChangeRow& change);
    void take_effect(std::string_view tag);

    sql::Database& database_;
    const Clock& clock_;
    IdMaker& ids_;
    Vocabularies& vocabularies_;
    Service& service_;
};

}  // namespace braid::topics
