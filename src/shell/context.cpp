// The page context: what the frame must know of a visitor before anyone has looked at who she is.
#include <algorithm>
#include <array>
#include <memory>

#include "platform/http/security.h"
#include "shell/cookies.h"
#include "shell/shell.h"

namespace braid::shell {

namespace {

// Shared, because attachments are copied; one request is on one thread, so the viewer may be put in later.
using Holder = std::shared_ptr<PageContext>;

std::string one_of(const http::Request& request, std::string_view cookie,
                   std::span<const std::string_view> allowed) {
    const auto value = request.cookie(cookie);
    if (!value || std::ranges::find(allowed, *value) == allowed.end()) return {};
    return std::string(*value);
}

std::optional<i18n::Language> chosen_language(const http::Request& request) {
    i18n::Language language{};
    const auto value = request.cookie(kLanguageCookie);
    if (value && i18n::parse_language(*value, language)) return language;
    return std::nullopt;
}

PageContext make(const http::Request& request, Timestamp now) {
    PageContext made;
    made.language =
        chosen_language(request).value_or(i18n::negotiate(request.header("accept-language").value_or("")));
    if (const auto* nonce = request.attached<http::CspNonce>()) made.nonce = nonce->value;
    if (const auto* token = request.attached<http::CsrfToken>()) made.csrf_token = token->value;
    made.theme = one_of(request, kThemeCookie, kThemes);
    made.text_size = one_of(request, kTextCookie, kTextSizes);
    made.reading_font = one_of(request, kFontCookie, kFonts);
    made.reading_width = one_of(request, kWidthCookie, kWidths);
    made.now = now;
    return made;
}

}  // namespace

http::Middleware page_context(const Clock& clock) {
    return [&clock](http::Request& request, const http::Next& next) {
        request.attach(Holder(std::make_shared<PageContext>(make(request, clock.now()))));
        return next(request);
    };
}

const PageContext& context_of(const http::Request& request) {
    const auto* holder = request.attached<Holder>();
    if (holder == nullptr) {
        // An error before the middleware ran. Good until this thread asks about the next such request.
        thread_local PageContext bare;
        bare = make(request, request.received);
        return bare;
    }
    PageContext& context = **holder;
    if (!context.viewer) {
        if (const auto* viewer = request.attached<Viewer>()) {
            context.viewer = *viewer;
            if (viewer->language && !chosen_language(request)) context.language = *viewer->language;
        }
    }
    return context;
}

}  // namespace braid::shell
