// What the tables and the reasons of declarations are called in the reader's language.
#include "stewardship/privacy/words.h"

namespace braid::privacy {

namespace {

struct Known {
    std::string_view declared, key;
};

constexpr Known kKinds[] = {
    {"persons", _msg("privacy.kind.persons")},
    {"person_credentials", _msg("privacy.kind.person_credentials")},
    {"person_roles", _msg("privacy.kind.person_roles")},
    {"email_changes", _msg("privacy.kind.email_changes")},
    {"password_resets", _msg("privacy.kind.password_resets")},
    {"handle_holds", _msg("privacy.kind.handle_holds")},
    {"blocks", _msg("privacy.kind.blocks")},
    {"apart", _msg("privacy.kind.apart")},
    {"sessions", _msg("privacy.kind.sessions")},
    {"sign_in_steps", _msg("privacy.kind.sign_in_steps")},
    {"api_tokens", _msg("privacy.kind.api_tokens")},
    {"code_apps", _msg("privacy.kind.code_apps")},
    {"recovery_codes", _msg("privacy.kind.recovery_codes")},
    {"passkeys", _msg("privacy.kind.passkeys")},
    {"provider_identities", _msg("privacy.kind.provider_identities")},
    {"roster_people", _msg("privacy.kind.roster_people")},
    {"roster_roles", _msg("privacy.kind.roster_roles")},
    {"document_acceptances", _msg("privacy.kind.document_acceptances")},
    {"invitations", _msg("privacy.kind.invitations")},
    {"consent_requests", _msg("privacy.kind.consent_requests")},
    {"consents", _msg("privacy.kind.consents")},
    {"guardian_invitations", _msg("privacy.kind.guardian_invitations")},
    {"guardian_log", _msg("privacy.kind.guardian_log")},
    {"works", _msg("privacy.kind.works")},
    {"work_tags", _msg("privacy.kind.work_tags")},
    {"chapters", _msg("privacy.kind.chapters")},
    {"chapter_texts", _msg("privacy.kind.chapter_texts")},
    {"revisions", _msg("privacy.kind.revisions")},
    {"drafts", _msg("privacy.kind.drafts")},
    {"draft_copies", _msg("privacy.kind.draft_copies")},
    {"retired_paragraphs", _msg("privacy.kind.retired_paragraphs")},
    {"imports", _msg("privacy.kind.imports")},
    {"comments", _msg("privacy.kind.comments")},
    {"comment_versions", _msg("privacy.kind.comment_versions")},
    {"kudos", _msg("privacy.kind.kudos")},
    {"bookmarks", _msg("privacy.kind.bookmarks")},
    {"reading_chapters", _msg("privacy.kind.reading_chapters")},
    {"reading_places", _msg("privacy.kind.reading_places")},
    {"search_names", _msg("privacy.kind.search_names")},
    {"interests", _msg("privacy.kind.interests")},
    {"interest_acts", _msg("privacy.kind.interest_acts")},
    {"topic_changes", _msg("privacy.kind.topic_changes")},
    {"guidance_acts", _msg("privacy.kind.guidance_acts")},
    {"guidance_declined", _msg("privacy.kind.guidance_declined")},
    {"moderation_cases", _msg("privacy.kind.moderation_cases")},
    {"moderation_reports", _msg("privacy.kind.moderation_reports")},
    {"moderation_notes", _msg("privacy.kind.moderation_notes")},
    {"moderation_decisions", _msg("privacy.kind.moderation_decisions")},
    {"moderation_appeals", _msg("privacy.kind.moderation_appeals")},
    {"moderation_flags", _msg("privacy.kind.moderation_flags")},
    {"moderation_notices", _msg("privacy.kind.moderation_notices")},
    {"circles", _msg("privacy.kind.circles")},
    {"circle_members", _msg("privacy.kind.circle_members")},
    {"blob_holds", _msg("privacy.kind.blob_holds")},
    {"event_outbox", _msg("privacy.kind.event_outbox")},
    {"jobs", _msg("privacy.kind.jobs")},
    {"audit_log", _msg("privacy.kind.audit_log")},
    {"privacy_exports", _msg("privacy.kind.privacy_exports")},
    {"privacy_erasures", _msg("privacy.kind.privacy_erasures")},
    {"setup_links", _msg("privacy.kind.setup_links")},
};

constexpr Known kReasons[] = {
    {"a report about it is being looked at", _msg("privacy.why.open_case")},
    {"nobody may act unseen, and no row can be taken out of the chain; people are numbers in it, which name "
     "nobody once an account is erased",
     _msg("privacy.why.audit")},
    {"everybody concerned must be told first; what names an erased person goes right after that",
     _msg("privacy.why.events")},
    {"it goes when it is done; a mail to an erased person goes unsent", _msg("privacy.why.jobs")},
    {"nobody has an account yet whom it would name", _msg("privacy.why.waiting_handle")},
    {"nobody has an account yet whom it would name; it goes when it is answered or withdrawn",
     _msg("privacy.why.waiting")},
    {"it shows that an erasure was carried out; the number leads to nobody", _msg("privacy.why.erased")},
};

template <std::size_t N>
std::string say(const Known (&known)[N], i18n::Language language, std::string_view declared,
                std::string_view otherwise) {
    for (const Known& one : known) {
        if (one.declared == declared) return i18n::format(language, one.key);
    }
    return std::string(otherwise);
}

}  // namespace

std::string words_of(i18n::Language language, std::string_view table, std::string_view holds) {
    return say(kKinds, language, table, holds);
}

std::string_view kind_key(std::string_view table) {
    for (const Known& one : kKinds) {
        if (one.declared == table) return one.key;
    }
    return {};
}

std::string reason_of(i18n::Language language, std::string_view because) {
    return say(kReasons, language, because, because);
}

std::string period_of(i18n::Language language, Duration period) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(period).count();
    if (minutes % (24 * 60) == 0)
        return i18n::format_plural(language, _msg("privacy.days"), minutes / (24 * 60));
    if (minutes % 60 == 0) return i18n::format_plural(language, _msg("privacy.hours"), minutes / 60);
    return i18n::format_plural(language, _msg("privacy.minutes"), minutes);
}

std::string rows_of(i18n::Language language, std::int64_t rows) {
    return i18n::format_plural(language, _msg("privacy.rows"), rows);
}

}  // namespace braid::privacy
