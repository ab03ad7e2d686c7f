// The tables of accounts. Writes take a permit.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "identity/accounts/api.h"

namespace braid::accounts::store {

using Admission = access::AnyPermit<SignUp, CreatePerson, AdmitPerson>;
using GuardRight = access::Permit<GuardPerson>;
using PasswordRight = access::AnyPermit<ChangePassword, ResetPassword, Administer>;
using AddressRight = access::AnyPermit<SignUp, ChangeEmail, ConfirmEmail, CreatePerson>;

struct PersonRow {
    PersonId id;
    std::string handle, display_name;
    int birth_year = 0, birth_month = 0;
    std::string bio, bio_html;
    int bio_sanitiser = 0;
    std::string language;
    bool listed = false;
    Timestamp created_at;
    std::int64_t guarded = 0;
};

struct CardRow {
    PersonId id;
    std::string handle, display_name;
    int birth_year = 0, birth_month = 0;
    std::string bio_html;
    bool listed = false;
    std::int64_t guarded = 0;
};

struct LoginRow {
    PersonId person;
    std::string password_hash;
};

std::vector<CardRow> cards(sql::Session& session, std::span<const PersonId> ids);
std::vector<CardRow> everybody(sql::Session& session, PersonId after, int limit);
std::optional<CardRow> card_by_handle(sql::Session& session, std::string_view handle);
std::optional<PersonRow> person(sql::Session& session, PersonId id);
std::optional<Restrictions> restrictions(sql::Session& session, PersonId id);
struct ContactRow {
    std::string handle, display_name, language;
    std::int64_t role_bits = 0;
    std::optional<std::string> email;
};
std::optional<ContactRow> contact(sql::Session& session, PersonId id);
void suspend(sql::Tx& tx, const access::Permit<ModeratePerson>& permit, PersonId id, Timestamp until,
             std::string_view path);
void quieten(sql::Tx& tx, const access::Permit<ModeratePerson>& permit, PersonId id, Timestamp until);
void set_face(sql::Tx& tx, const access::Permit<ModeratePerson>& permit, PersonId id, Face face);
struct Reviewed {
    std::int64_t posts = 0;
    Timestamp joined;
    std::int64_t role_bits = 0;
};
std::optional<Reviewed> reviewed(sql::Session& session, PersonId id);
void note_reviewed(sql::Tx& tx, const access::Permit<ModeratePerson>& permit, PersonId id);
bool handle_taken(sql::Session& session, std::string_view handle);

// False when the handle is taken.
bool insert_person(sql::Tx& tx, const Admission& admission, const PersonRow& person,
                   std::string_view password_hash);
void rename(sql::Tx& tx, const access::Permit<Administer>& permit, PersonId person,
            std::string_view display_name);
void update_person(sql::Tx& tx, const access::Permit<EditProfile>& permit, const PersonRow& person);
// Handles kept for who waits for consent. False when somebody has it.
bool hold_handle(sql::Tx& tx, const access::Permit<WaitForConsent>& permit, std::string_view handle,
                 Timestamp at);
void release_handle(sql::Tx& tx, std::string_view handle);

void set_guarded(sql::Tx& tx, const GuardRight& right, PersonId person, std::int64_t bits);
std::int64_t guarded(sql::Session& session, PersonId person);
// The same, and nobody changes it until `tx` has ended.
std::optional<std::int64_t> hold_guarded(sql::Tx& tx, PersonId person);
void correct(sql::Tx& tx, const GuardRight& right, PersonId person, std::string_view display_name,
             BirthMonth birth);
void unlist(sql::Tx& tx, const GuardRight& right, PersonId person);

std::optional<LoginRow> login_by_handle(sql::Session& session, std::string_view handle);
std::optional<LoginRow> login_by_email(sql::Session& session, std::string_view email);
std::optional<LoginRow> login(sql::Session& session, PersonId person);
void set_password(sql::Tx& tx, const PasswordRight& right, PersonId person, std::string_view hash,
                  Timestamp at);
// The same password at today's cost; nothing when it was changed meanwhile.
void rehash_password(sql::Tx& tx, PersonId person, std::string_view old_hash, std::string_view new_hash);

std::optional<std::string> email(sql::Session& session, PersonId person);
bool email_taken(sql::Session& session, std::string_view email, PersonId but_by);
void set_email(sql::Tx& tx, const AddressRight& right, PersonId person,
               const std::optional<std::string>& email, Timestamp at);

struct EmailChange {
    PersonId person;
    std::string email;
};
void insert_email_change(sql::Tx& tx, const AddressRight& right, std::string_view token_hash, PersonId person,
                         std::string_view email, Timestamp at, Timestamp expires);
std::optional<EmailChange> email_change(sql::Session& session, std::string_view token_hash, Timestamp now);
std::optional<std::string> pending_email(sql::Session& session, PersonId person, Timestamp now);
// Their links work no more; the rows are counted for an hour and then removed.
void end_email_changes(sql::Tx& tx, const AddressRight& right, PersonId person, Timestamp at);
int email_changes_since(sql::Session& session, PersonId person, Timestamp since);

void insert_reset(sql::Tx& tx, const access::Permit<ResetPassword>& permit, std::string_view token_hash,
                  PersonId person, Timestamp at, Timestamp expires);
std::optional<PersonId> reset(sql::Session& session, std::string_view token_hash, Timestamp now);
int resets_since(sql::Session& session, PersonId person, Timestamp since);
void delete_resets(sql::Tx& tx, const PasswordRight& right, PersonId person);
// Those that were mailed to an address that is hers no more.
void delete_resets(sql::Tx& tx, const access::Permit<ConfirmEmail>& permit, PersonId person);

// Links that have run out. Returns how many rows went.
int delete_expired(sql::Tx& tx, Timestamp now);

}  // namespace braid::accounts::store
