// Files into the vocabulary: adding, and changing what an earlier import brought.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/time.h"
#include "interests/topics/formats.h"
#include "platform/sql/sql.h"

namespace braid::topics {

enum class Run { write, dry };
enum class SameNames { apart, join };

struct ImportOptions {
    Run run = Run::write;
    // What to do with a topic that another vocabulary's topic is already called like: leave the two apart,
    // which is reported, or let the new one stand for the one that is there.
    SameNames same_names = SameNames::apart;
    TopicId under = {};  // topics with nothing above them are put below this one; 0: they are not
};

struct ImportReport {
    int added = 0, updated = 0, unchanged = 0;
    std::vector<std::string> conflicts;  // in English, for whoever imports
};

// A topic is known again by its URI; importing the same file twice changes nothing the second time. Of topics
// that are there, what files brought is made like the file, and what moderators said stays: their names, what
// they put below what, and that a name went to a topic of its own (a split that stands). Nothing is
// deleted: a topic that is no longer in a file stays, with whoever follows it. Conflicts never stop an
// import: two preferred labels in one language (the second becomes an alias), a label that also names another
// topic, a relation to what is nowhere, a circle of broader topics (its last link is left out), a moderator's
// other choice. In transactions of at most 200 topics.
ImportReport import_vocabulary(sql::Database& database, IdMaker& ids, const Clock& clock, FileVocabulary file,
                               const ImportOptions& options,
                               const std::function<void(std::size_t done, std::size_t total)>& told = {});

}  // namespace braid::topics
