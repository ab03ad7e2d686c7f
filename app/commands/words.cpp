#include "app/commands/words.h"

#include <cstdio>

#include "app/cli.h"
#include "platform/i18n/i18n.h"
#include "platform/log/log.h"

namespace braid::app::commands {

int complain(const Error& error) {
    const auto english = [](const std::string& key,
                            const std::vector<std::pair<std::string, std::string>>& arguments) {
        return i18n::format(i18n::Language::en, key, arguments);
    };
    if (!error.detail.empty()) {
        std::fprintf(stderr, "braid: %s\n", log::hide_url_passwords(error.detail).c_str());
    } else if (error.fields.empty()) {
        std::fprintf(stderr, "braid: %s\n", english(error.message_key, error.arguments).c_str());
    }
    for (const FieldError& field : error.fields) {
        if (!error.detail.empty()) break;
        std::fprintf(stderr, "braid: %s: %s\n", field.field.c_str(),
                     english(field.message_key, field.arguments).c_str());
    }
    return kFailed;
}

}  // namespace braid::app::commands
