#include "stewardship/privacy/service.h"

#include "audit/api.h"
#include "platform/log/log.h"

namespace braid::privacy {

namespace {

constexpr int kAtOnce = 100;
// Files of an erased person are gone as soon as nobody can be in the middle of storing the same ones.
constexpr Duration kFilesOlderThan = std::chrono::hours(1);

std::string holder_of(ExportId id) {
    return "privacy.export:" + id.text();
}

}  // namespace

Service::Service(sql::Database& database, const Clock& clock, IdMaker& ids, jobs::Queue& queue,
                 blobs::Store& blobs, accounts::Accounts& accounts,
                 const guardians::Guardianships& guardianships, sessions::Doors& doors, Settings settings)
    : database_(database),
      clock_(clock),
      ids_(ids),
      queue_(queue),
      blobs_(blobs),
      accounts_(accounts),
      guardianships_(guardianships),
      doors_(doors),
      settings_(std::move(settings)) {}

void Service::know(const std::vector<access::Module>& modules) {
    engine_ = std::make_unique<Engine>(modules);
}

bool Service::below_consent(sql::Session& session, PersonId person) const {
    const auto birth = accounts_.birth_month(session, person);
    return birth && accounts::certain_age(*birth, clock_.now()) < settings_.consent_age;
}

bool Service::decides_for(sql::Session& session, const Actor& actor, PersonId child) const {
    return actor.person && !actor.is(child) && guardianships_.guards(session, *actor.person, child) &&
           below_consent(session, child);
}

void Service::note(sql::Tx& tx, const Actor& actor, PersonId person, GuardianStep step) const {
    if (!actor.is(person) && settings_.note) settings_.note(tx, person, *actor.person, step);
}

Result<DataView> Service::look(const Actor& actor, PersonId person) const {
    return database_.read([&](sql::Reader& reader) -> Result<DataView> {
        TRY(access::permit<TakeData>(actor, {person, decides_for(reader, actor, person)}));
        DataView view;
        auto card = accounts_.card(reader, person);
        if (!card) return not_found("no such person");
        view.person = std::move(*card);
        view.herself = actor.is(person);
        const ReadBy by = view.herself ? ReadBy::herself : ReadBy::guardian;
        view.held = engine_->counts(reader, person, by);
        view.exports = store::list(reader, person, *actor.person, clock_.now());
        view.export_waits = store::one_waits(reader, person, *actor.person);
        view.erasure = store::erasure(reader, person);
        view.kept = engine_->kept(reader, person, by);
        return view;
    });
}

Result<ExportId> Service::ask_export(const Actor& actor, PersonId person) {
    return database_.write([&](sql::Tx& tx) -> Result<ExportId> {
        const auto permit = TRY(access::permit<TakeData>(actor, {person, decides_for(tx, actor, person)}));
        TRY(accounts_.confirm(tx, actor));
        const Timestamp now = clock_.now();
        if (store::one_waits(tx, person, *actor.person)) return conflict("privacy.export_waits");
        if (store::list(tx, person, *actor.person, now).size() >= static_cast<std::size_t>(kExportsAtOnce)) {
            return Error{ErrorCode::too_many_requests, _msg("privacy.export_enough"), {}, {}, {}, 24 * 3600};
        }
        store::Export file;
        file.id = ids_.make<ExportId>();
        file.person = person;
        file.asked_by = *actor.person;
        file.asked_at = now;
        file.expires_at = now + kExportWaits;
        store::insert(tx, permit, file);
        queue_.enqueue(tx, "privacy.export", file.id.text());
        note(tx, actor, person, GuardianStep::asked_export);
        return file.id;
    });
}

Result<store::Export> Service::fetch(const Actor& actor, ExportId id) const {
    return database_.read([&](sql::Reader& reader) -> Result<store::Export> {
        auto file = store::find(reader, id);
        // Asked for by somebody else, who alone may have it.
        if (!file || !file->ready() || file->expires_at <= clock_.now() || !actor.is(file->asked_by))
            return not_found("no such file for her");
        TRY(access::permit<TakeData>(actor, {file->person, decides_for(reader, actor, file->person)}));
        return std::move(*file);
    });
}

bool Service::just_proved(const sessions::Current& current) const {
    return current.proved_at.micros != 0 && current.proved_at + sessions::kFreshProof > clock_.now();
}

Result<void> Service::prove(const Actor& actor, const Proof& proof) const {
    if (just_proved(proof.current) && proof.password.empty()) return success();
    if (!proof.current.session) return forbidden(_msg("privacy.prove_first"), "a token proves nothing");
    TRY(doors_.count_attempt(*actor.person, sessions::Attempt::password, proof.caller));
    return accounts_.prove_owner(*actor.person, proof.password, "password");
}

Result<store::Erasure> Service::ask_erasure(const Actor& actor, PersonId person, const Proof& proof) {
    TRY(database_.read([&](sql::Reader& reader) -> Result<void> {
        TRY(access::permit<TakeData>(actor, {person, decides_for(reader, actor, person)}));
        return success();
    }));
    TRY(prove(actor, proof));
    return database_.write([&](sql::Tx& tx) -> Result<store::Erasure> {
        const auto permit =
            TRY(access::permit<EndAccount>(actor, {person, decides_for(tx, actor, person), true}));
        TRY(accounts_.confirm(tx, actor));
        const Timestamp now = clock_.now();
        store::Erasure erasure;
        erasure.person = person;
        erasure.asked_by = *actor.person;
        erasure.asked_at = now;
        erasure.due_at = now + kGrace;
        store::put(tx, permit, erasure);
        if (actor.is(person)) doors_.end_others(tx, person, {});
        accounts_.mail_person(tx, person, _msg("privacy.mail_ending_subject"),
                              _msg("privacy.mail_ending_text"), "/sign-in");
        note(tx, actor, person, GuardianStep::asked_erasure);
        return erasure;
    });
}

Result<void> Service::take_back(const Actor& actor, PersonId person) {
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        TRY(access::permit<TakeData>(actor, {person, decides_for(tx, actor, person)}));
        TRY(accounts_.confirm(tx, actor));
        const auto asked = store::erasure(tx, person);
        // What her guardian asked for, her guardian takes back.
        if (!asked || (actor.is(person) && !actor.is(asked->asked_by)) || !store::take_back(tx, person))
            return not_found("nothing she could take back");
        note(tx, actor, person, GuardianStep::took_back);
        return success();
    });
}

Result<Bundle> Service::bundle(sql::Session& session, PersonId person, ReadBy by) const {
    const auto contact = accounts_.contact(session, person);
    if (!contact) return not_found("no such person");
    Bundle bundle;
    bundle.site = settings_.site_name;
    bundle.handle = contact->handle;
    bundle.display_name = contact->display_name;
    bundle.language = contact->language;
    bundle.made_at = clock_.now();
    bundle.held = engine_->everything(session, person, by);
    for (const store::File& file : store::files_of(session, person))
        bundle.files.push_back({file_name(file.holder, file.media_type), blobs_.path_of(file.digest)});
    return bundle;
}

Result<void> Service::make_export(ExportId id) {
    const auto asked = database_.read([&](sql::Reader& reader) { return store::find(reader, id); });
    if (!asked || asked->ready()) return success();
    auto made = database_.read([&](sql::Reader& reader) {
        return bundle(reader, asked->person,
                      asked->asked_by == asked->person ? ReadBy::herself : ReadBy::guardian);
    });
    if (!made.ok()) return success();  // she is gone meanwhile
    std::filesystem::create_directories(settings_.folder);
    std::filesystem::permissions(settings_.folder, std::filesystem::perms::owner_all);
    const auto file = settings_.folder / (id.text() + "-" + ids_.make<ExportId>().text() + ".zip");
    auto written = write_bundle(*made, file);
    auto blob =
        written.ok() ? blobs_.put_file(file, "application/zip") : Result<blobs::Blob>(written.error());
    std::error_code gone;
    std::filesystem::remove(file, gone);
    if (!blob.ok()) return blob.error();
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const Timestamp now = clock_.now();
        if (!store::set_ready(tx, id, now, now + kExportLife, blob->digest, blob->size)) return success();
        // At the cost of nobody: it is gone in a week.
        TRY(blobs_.keep(tx, holder_of(id), id.value, *blob));
        accounts_.mail_person(
            tx, asked->asked_by, _msg("privacy.mail_ready_subject"), _msg("privacy.mail_ready_text"),
            asked->asked_by == asked->person ? "/settings/data"
                                             : "/guardian/children/" + asked->person.text() + "/data");
        return success();
    });
}

Result<std::vector<Kept>> Service::erase(PersonId person) {
    auto left = database_.write([&](sql::Tx& tx) -> Result<std::vector<Kept>> {
        if (const auto contact = accounts_.contact(tx, person); contact && contact->email)
            store::drop_mails(tx, *contact->email);
        for (const store::Export& file : store::all_about(tx, person)) {
            blobs_.release(tx, holder_of(file.id));
            store::remove(tx, file.id);
        }
        auto kept = TRY(engine_->erase(tx, person));
        store::set_erased(tx, person, clock_.now());
        return kept;
    });
    if (!left.ok()) return left;
    blobs_.collect(kFilesOlderThan);
    log::info("privacy.erased", {{"held", left->size()}});
    return left;
}

// Asks again for what was held, and takes out what others had to be told first.
void Service::finish(PersonId person) {
    const auto done = database_.write([&](sql::Tx& tx) -> Result<bool> {
        const auto kept = TRY(engine_->erase(tx, person));
        const bool told = store::forget_events(tx, person);
        if (kept.empty() && told) store::set_finished(tx, person, clock_.now());
        return true;
    });
    if (!done.ok()) log::warning("privacy.not_finished", {{"why", done.error().detail}});
}

void Service::drop_old_exports() {
    for (int found = kAtOnce; found == kAtOnce;) {
        found = *database_.write([&](sql::Tx& tx) -> Result<int> {
            const auto old = store::expired(tx, clock_.now(), kAtOnce);
            for (const store::Export& file : old) {
                blobs_.release(tx, holder_of(file.id));
                store::remove(tx, file.id);
            }
            return static_cast<int>(old.size());
        });
    }
}

void Service::tend() {
    const auto due =
        database_.read([&](sql::Reader& reader) { return store::due(reader, clock_.now(), kAtOnce); });
    for (const store::Erasure& erasure : due) {
        if (const auto erased = erase(erasure.person); !erased.ok())
            log::warning("privacy.not_erased", {{"why", erased.error().detail}});
    }
    PersonId after{};
    for (bool more = true; more;) {
        const auto open =
            database_.read([&](sql::Reader& reader) { return store::unfinished(reader, after, kAtOnce); });
        for (const store::Erasure& erasure : open) {
            finish(erasure.person);
            after = erasure.person;
        }
        more = open.size() == static_cast<std::size_t>(kAtOnce);
    }
    drop_old_exports();
}

void Service::retire() {
    const auto rows = database_.write(
        [&](sql::Tx& tx) -> Result<std::int64_t> { return engine_->retire(tx, clock_.now()); });
    if (rows.ok() && *rows > 0) log::info("privacy.retired", {{"rows", *rows}});
}

Result<std::vector<Kept>> Service::erase_now(std::string_view handle) {
    const auto card =
        database_.read([&](sql::Reader& reader) { return accounts_.by_handle(reader, handle); });
    if (!card) return not_found("nobody is called " + std::string(handle));
    TRY(database_.write([&](sql::Tx& tx) -> Result<void> {
        const Timestamp now = clock_.now();
        store::put_by_operator(tx, {card->id, PersonId{}, now, now, {}, {}});
        audit::record(
            tx, now, accounts::operator_actor(),
            {audit::Kind::action, EndAccount::kName, {"profile", card->id.value}, card->id, "at once"});
        return success();
    }));
    return erase(card->id);
}

Result<void> Service::export_to(std::string_view handle, const std::filesystem::path& file) {
    auto made = database_.read([&](sql::Reader& reader) -> Result<Bundle> {
        const auto card = accounts_.by_handle(reader, handle);
        if (!card) return not_found("nobody is called " + std::string(handle));
        return bundle(reader, card->id, ReadBy::herself);
    });
    if (!made.ok()) return made.error();
    TRY(database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto card = accounts_.by_handle(tx, handle);
        if (card)
            audit::record_view(tx, clock_.now(), accounts::operator_actor(), TakeData::kName,
                               {"profile", card->id.value}, card->id);
        return success();
    }));
    return write_bundle(*made, file);
}

}  // namespace braid::privacy
