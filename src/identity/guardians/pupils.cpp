// Children a school brings by its roster.
#include "base/text.h"
#include "identity/guardians/service.h"
#include "platform/mail/mail.h"

namespace braid::guardians {

namespace {

bool is_name(std::string_view school) {
    return !school.empty() && is_valid_utf8(school) && count_code_points(school) <= 120;
}

}  // namespace

Result<PersonId> Service::school_consents(sql::Tx& tx, const Actor& by, const store::Request& request,
                                          const Pupil& pupil) {
    TRY(access::permit<AdmitPupil>(by, {}));
    const auto permit = TRY(access::permit<RecordConsent>(by, {Method::school}));
    const std::string_view school = trim(pupil.school);
    if (!is_name(school)) return invalid("school", _msg("guardians.school_missing"));
    store::Tie tie;
    tie.method = Method::school;
    tie.on_behalf = school;
    if (by.person && by.person->value != 0) tie.recorded_by = by.person;
    tie.choices = narrow_choices().bits;
    return establish(tx, permit, request, pupil.birth, tie, What::recorded);
}

Result<PersonId> Service::admit_for_school(sql::Tx& tx, const Actor& by, const Pupil& pupil) {
    store::Request request;
    request.id = ids_.make<ConsentId>();
    request.handle = pupil.handle;
    request.language = i18n::tag(pupil.language);
    return school_consents(tx, by, request, pupil);
}

Result<PersonId> Service::admit_waiting(sql::Tx& tx, const Actor& by, ConsentId id, const Pupil& pupil) {
    const auto request = store::request(tx, id);
    if (!request) return not_found("no such request");
    return school_consents(tx, by, *request, pupil);
}

Result<ConsentId> Service::ask_for(sql::Tx& tx, const Actor& by, const Pupil& pupil) {
    const auto permit = TRY(access::permit<AdmitPupil>(by, {}));
    // Her name is kept as if she had asked herself: she is a visitor until somebody consents.
    const auto waiting = TRY(access::permit<accounts::WaitForConsent>(Actor{}, {.old_enough = false}));
    const Timestamp now = clock_.now();
    store::Request request;
    request.id = ids_.make<ConsentId>();
    request.handle = pupil.handle;
    request.band = accounts::band_at(pupil.birth, now);
    request.language = i18n::tag(pupil.language);
    request.guardian_email = ascii_lower(trim(pupil.guardian_email));
    request.created_at = request.mailed_at = now;
    request.expires_at = now + settings_.request_life;
    if (!mail::is_address(request.guardian_email)) return invalid("email", _msg("guardians.email_wrong"));
    if (store::count_requests_to(tx, request.guardian_email) >= kRequestsPerAddress)
        return invalid("email", _msg("guardians.email_busy"));
    TRY(accounts_.hold_handle(tx, {waiting, request.handle, {}, request.band}));
    store::insert_request(tx, permit, request);
    mail_request(tx, request, _msg("guardians.mail_ask_subject"), _msg("guardians.mail_ask_text"));
    return request.id;
}

Result<void> Service::invite_guardian(sql::Tx& tx, const Actor& by, PersonId child, std::string_view typed) {
    const auto permit = TRY(access::permit<AdmitPupil>(by, {}));
    const std::string email = ascii_lower(trim(typed));
    if (!mail::is_address(email)) return invalid("email", _msg("guardians.email_wrong"));
    const Timestamp now = clock_.now();
    const auto about = accounts_.contact(tx, child);
    if (!about || stage_of(tx, child) != Stage::consent) return not_found("nobody below the age of consent");
    if (store::invitations_of(tx, child, now).size() >= kInvitationsPerChild)
        return invalid("email", _msg("guardians.invited_enough"));
    const store::Invitation invitation{
        ids_.make<store::InvitationId>(), child, email, PersonId{0}, now, now + kInvitationLife};
    store::put_invitation(tx, permit, invitation);
    mail(tx, email, about->language, _msg("guardians.mail_invite_subject"),
         _msg("guardians.mail_invite_text"),
         {{"handle", about->handle},
          {"site", settings_.site_name},
          {"link", settings_.public_url + "/guardian/accept/" + invitation_token(invitation.id)}});
    note(tx, child, std::nullopt, What::invited);
    return {};
}

PupilState Service::state_of(sql::Session& session, ConsentId id) const {
    if (store::request(session, id)) return {.waits = true};
    const auto tie = store::tie(session, id);
    return {.waits = false, .person = tie ? std::optional(tie->child) : std::nullopt};
}

}  // namespace braid::guardians
