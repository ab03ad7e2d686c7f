#include "identity/setup/service.h"

#include "base/text.h"

namespace braid::setup {

namespace {

const sql::Query kPut{"setup.put", R"(
    INSERT INTO setup_links (id, token_hash, made_at) VALUES (1, $1, $2)
    ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, made_at = excluded.made_at)"};
const sql::Query kHash{"setup.hash", "SELECT token_hash FROM setup_links WHERE id = 1"};
const sql::Query kUse{"setup.use", "DELETE FROM setup_links WHERE id = 1 AND token_hash = $1"};

}  // namespace

bool Service::administrated() const {
    const auto found = accounts_.find_people(accounts::operator_actor(), "", access::Role::administrator);
    return !found.ok() || !found->empty();
}

std::optional<std::string> Service::open() {
    if (administrated()) return std::nullopt;
    std::string secret = random_.token();
    const auto put = database_.write([&](sql::Tx& tx) -> Result<void> {
        tx.run(kPut, accounts::token_hash(secret), clock_.now());
        return {};
    });
    if (!put.ok()) return std::nullopt;
    return secret;
}

Result<void> Service::look(const Actor& actor, std::string_view secret) const {
    const auto hash = database_.read([](sql::Reader& reader) { return reader.maybe<std::string>(kHash); });
    const bool open = hash && *hash == accounts::token_hash(secret) && !administrated();
    TRY(access::permit<SetUp>(actor, {open}));
    return {};
}

Result<PersonId> Service::finish(const Actor& actor, std::string_view secret, const Form& form) {
    TRY(look(actor, secret));
    accounts::NewPerson person;
    person.handle = form.handle;
    person.display_name = form.display_name;
    person.password = form.password;
    person.email = form.email;
    person.language = form.language;
    person.roles = {access::Role::administrator};
    person.birth_year = static_cast<int>(parse_integer(trim(form.birth_year)).value_or(0));
    person.birth_month = static_cast<int>(parse_integer(trim(form.birth_month)).value_or(0));
    auto hash = accounts_.prepare_person(accounts::operator_actor(), person);
    if (!hash.ok()) {
        // Too young for the role: she knows of no role here, but of a year.
        for (FieldError& field : hash.error().fields) {
            if (field.field == "roles") field = {"birth_year", _msg("setup.adults_only"), {}};
        }
        return std::move(hash).error();
    }
    return database_.write([&](sql::Tx& tx) -> Result<PersonId> {
        // Whoever is second finds the link used.
        if (tx.run(kUse, accounts::token_hash(secret)) != 1) return not_found("the link was used");
        return accounts_.create_in(tx, accounts::operator_actor(), person, *hash);
    });
}

}  // namespace braid::setup
