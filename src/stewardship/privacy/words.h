#pragma once

#include <string>
#include <string_view>

#include "platform/i18n/i18n.h"

namespace braid::privacy {

// In the reader's language what a module says of its table in English; `holds` itself where nobody has
// written that yet.
std::string words_of(i18n::Language language, std::string_view table, std::string_view holds);
// The message that says so; "" where there is none.
std::string_view kind_key(std::string_view table);
// Likewise why something is kept.
std::string reason_of(i18n::Language language, std::string_view because);
// "7 days", "48 hours", "10 minutes".
std::string period_of(i18n::Language language, Duration period);
// "12 entries".
std::string rows_of(i18n::Language language, std::int64_t rows);

}  // namespace braid::privacy
