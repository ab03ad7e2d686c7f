#include "interests/topics/moved_labels.h"

#include "base/text.h"
#include "interests/topics/folding.h"

namespace braid::topics {

std::string pack_moved(const std::vector<LabelRow>& labels) {
    std::string text;
    for (const LabelRow& row : labels) {
        text += std::string(sql::detail::enum_name(row.kind)) + '\t' + row.language + '\t' +
                std::string(sql::detail::enum_name(row.origin)) + '\t' + row.label + '\n';
    }
    return text;
}

std::vector<LabelRow> moved_labels(const store::ChangeRow& split_change) {
    std::vector<LabelRow> labels;
    for (const std::string_view line : split(split_change.before, '\n')) {
        const auto parts = split(line, '\t');
        if (parts.size() != 4) continue;
        labels.push_back({.topic = split_change.topic,
                          .language = std::string(parts[1]),
                          .kind = parts[0] == "hidden" ? LabelKind::hidden : LabelKind::alt,
                          .label = std::string(parts[3]),
                          .folded = fold(parts[3]),
                          .origin = parts[2] == "staff" ? Origin::staff : Origin::file});
    }
    return labels;
}

}  // namespace braid::topics
