// Handing out what is held of a person, erasing it, and letting what is old go. One function per use case;
// each opens its own short transactions.
#pragma once

#include <chrono>
#include <filesystem>

#include "identity/accounts/api.h"
#include "identity/guardians/api.h"
#include "identity/sessions/api.h"
#include "platform/blobs/blobs.h"
#include "platform/jobs/jobs.h"
#include "stewardship/privacy/bundle.h"
#include "stewardship/privacy/store.h"

namespace braid::privacy {

inline constexpr Duration kExportLife = std::chrono::hours(24 * 7);
inline constexpr Duration kExportWaits =
    std::chrono::hours(24);  // then it was never made, and may be asked for again
inline constexpr Duration kGrace = std::chrono::hours(24 * 7);
inline constexpr int kExportsAtOnce = 3;

// What a guardian did with the data of a child, for the guardians' own history.
enum class GuardianStep { asked_export, asked_erasure, took_back };

struct Settings {
    int consent_age = 13;
    std::string site_name = "Braid";
    std::filesystem::path
        folder;  // where files are made before they are stored; only this program writes there
    std::function<void(sql::Tx&, PersonId child, PersonId by, GuardianStep)> note = {};
};

// How she has proved that it is she: her password, or a second factor shown a moment ago.
struct Proof {
    std::string password;
    sessions::Current current;
    sessions::Caller caller;
};

struct DataView {
    accounts::PersonCard person;
    bool herself = true;
    std::vector<Count> held;
    std::vector<store::Export> exports;
    bool export_waits = false;
    std::optional<store::Erasure> erasure;  // asked for and not carried out
    std::vector<Kept> kept;                 // what would stay if it were carried out now
};

// Thread-safe. Who is no guardian of a child below the age of consent learns of nothing: not_found.
class Service {
  public:
    Service(sql::Database& database, const Clock& clock, IdMaker& ids, jobs::Queue& queue,
            blobs::Store& blobs, accounts::Accounts& accounts, const guardians::Guardianships& guardianships,
            sessions::Doors& doors, Settings settings);
    // Before the server starts, once every module is described.
    void know(const std::vector<access::Module>& modules);

    Result<DataView> look(const Actor& actor, PersonId person) const;
    // `conflict` while one is being made, `too_many_requests` when three wait to be fetched.
    Result<ExportId> ask_export(const Actor& actor, PersonId person);
    Result<store::Export> fetch(const Actor& actor, ExportId id) const;
    // `invalid` on the field password, `forbidden` without any proof. Of her own account: every session ends,
    // and coming in again takes it back.
    Result<store::Erasure> ask_erasure(const Actor& actor, PersonId person, const Proof& proof);
    // `not_found` when nothing was asked for.
    Result<void> take_back(const Actor& actor, PersonId person);

    // --- what time does; each may run twice and on several nodes
    Result<void> make_export(ExportId id);
    // Erases whose time has come, ends what could not be ended before, removes files nobody fetched.
    void tend();
    void retire();

    // An operator's, at once, and in the audit log. `not_found` when nobody is called so.
    Result<std::vector<Kept>> erase_now(std::string_view handle);
    // An operator's, into a file of theirs, and in the audit log.
    Result<void> export_to(std::string_view handle, const std::filesystem::path& file);

    void came_back(sql::Tx& tx, PersonId person, Timestamp at) const { store::come_back(tx, person, at); }
    [[nodiscard]] const Engine& engine() const { return *engine_; }
    [[nodiscard]] std::filesystem::path path_of(const store::Export& file) const {
        return blobs_.path_of(file.file);
    }
    // Whether she has shown a second factor so lately that the password is not asked for.
    [[nodiscard]] bool just_proved(const sessions::Current& current) const;
    [[nodiscard]] bool below_consent(sql::Session& session, PersonId person) const;
    // Whether she decides for the child as a guardian: a tie, and an age below consent.
    [[nodiscard]] bool decides_for(sql::Session& session, const Actor& actor, PersonId child) const;

  private:
    Result<void> prove(const Actor& actor, const Proof& proof) const;
    Result<Bundle> bundle(sql::Session& session, PersonId person, ReadBy by) const;
    Result<std::vector<Kept>> erase(PersonId person);
    void finish(PersonId person);
    void drop_old_exports();
    void note(sql::Tx& tx, const Actor& actor, PersonId person, GuardianStep step) const;

    sql::Database& database_;
    const Clock& clock_;
    IdMaker& ids_;
    jobs::Queue& queue_;
    blobs::Store& blobs_;
    accounts::Accounts& accounts_;
    const guardians::Guardianships& guardianships_;
    sessions::Doors& doors_;
    Settings settings_;
    std::unique_ptr<Engine> engine_;
};

}  // namespace braid::privacy
