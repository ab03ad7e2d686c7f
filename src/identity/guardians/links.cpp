#include "identity/guardians/links.h"

#include "identity/accounts/api.h"

namespace braid::guardians {

namespace {

std::string said(std::string_view purpose, std::string_view text) {
    return "guardians/" + std::string(purpose) + "/" + std::string(text);
}

}  // namespace

std::string seal_link(std::string_view secret, std::string_view purpose, std::string_view text) {
    return std::string(text) + "." + accounts::seal(secret, said(purpose, text));
}

std::optional<std::string> open_link(std::string_view secret, std::string_view purpose,
                                     std::string_view token) {
    const auto dot = token.rfind('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const std::string_view text = token.substr(0, dot);
    if (!accounts::seal_holds(secret, said(purpose, text), token.substr(dot + 1))) return std::nullopt;
    return std::string(text);
}

}  // namespace braid::guardians
