// Which names a split took from a topic, as the history of changes keeps them.
#pragma once

#include <string>
#include <vector>

#include "interests/topics/store.h"

namespace braid::topics {

// For ChangeRow::before of a split: one a line: kind, language, where it is from, and the label itself.
std::string pack_moved(const std::vector<LabelRow>& labels);
// As they were, of the topic that was split.
std::vector<LabelRow> moved_labels(const store::ChangeRow& split_change);

}  // namespace braid::topics
