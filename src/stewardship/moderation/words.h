// What people are told, in their language.
#pragma once

#include <string>
#include <string_view>

#include "platform/i18n/i18n.h"
#include "stewardship/moderation/store.h"

namespace braid::moderation {

// "Your comment is hidden until 3 November 2026 at 17:05." `title`: of the thing.
std::string notice_sentence(i18n::Language language, NoticeKind what, const DecisionRow* decision,
                            std::string_view title, Timestamp now);

// "in 40 min", "overdue by 2 h": how long until `due`, or since.
std::string time_left(i18n::Language language, Timestamp due, Timestamp now);

}  // namespace braid::moderation
