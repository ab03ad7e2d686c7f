#include "app/modules.h"

#include "access/found.h"
#include "app/holdings.h"
#include "audit/module.h"
#include "base/text.h"
#include "identity/accounts/module.h"
#include "identity/blocks/module.h"
#include "identity/circles/module.h"
#include "identity/documents/module.h"
#include "identity/documents/pages.h"
#include "identity/factors/api.h"
#include "identity/factors/module.h"
#include "identity/guardians/module.h"
#include "identity/oidc/module.h"
#include "identity/roles/module.h"
#include "identity/roster/module.h"
#include "identity/sessions/module.h"
#include "identity/setup/module.h"
#include "interests/discovery/module.h"
#include "interests/feedback/module.h"
#include "interests/guidance/module.h"
#include "interests/reading/module.h"
#include "interests/search/module.h"
#include "interests/topics/module.h"
#include "interests/works/module.h"
#include "platform/http/server.h"
#include "shell/module.h"
#include "shell/shell.h"
#include "stewardship/moderation/module.h"
#include "stewardship/privacy/module.h"

namespace braid::app {

namespace {

using access::OnErasure;
using access::Personal;

// The tables of the machinery, declared as every module declares its own.
access::Module describe_jobs() {
    return {.name = "jobs",
            .migrations = jobs::migrations(),
            .tables =
                {
                    access::Table{"event_outbox",
                                  "What happened, until everybody concerned has been told; then removed",
                                  OnErasure::keep,
                                  {{"id", Personal::no},
                                   {"type", Personal::no},
                                   {"body", Personal::data},
                                   {"at", Personal::data},
                                   {"dispatched_at", Personal::no}}}
                        .because("everybody concerned must be told first; what names an erased person goes "
                                 "right after that")
                        .lasts(std::chrono::hours(24 * 7)),
                    access::Table{"jobs",
                                  "Work that waits, such as a mail to be sent; removed when it is done",
                                  OnErasure::keep,
                                  {{"id", Personal::no},
                                   {"kind", Personal::no},
                                   {"payload", Personal::data},
                                   {"event_id", Personal::no},
                                   {"due_at", Personal::no},
                                   {"attempts", Personal::no},
                                   {"lease", Personal::no},
                                   {"parked_at", Personal::no},
                                   {"last_error", Personal::data}}}
                        .because("it goes when it is done; a mail to an erased person goes unsent"),
                    {"timers",
                     "When regular work is next due",
                     OnErasure::keep,
                     {{"name", Personal::no},
                      {"due_at", Personal::no},
                      {"lease", Personal::no},
                      {"last_error", Personal::no}}},
                },
            .policies = {},
            .routes = {},
            .background = {}};
}

access::Module describe_blobs() {
    return {.name = "blobs",
            .migrations = blobs::migrations(),
            .tables =
                {
                    {"blobs",
                     "Stored files: what they are called by content, their kind and size",
                     OnErasure::keep,
                     {{"digest", Personal::no},
                      {"media_type", Personal::no},
                      {"size", Personal::no},
                      {"touched_at", Personal::no}}},
                    {"blob_holds",
                     "Who keeps which stored file",
                     OnErasure::erase_row,
                     {{"holder", Personal::data},
                      {"owner", Personal::subject},
                      {"digest", Personal::data},
                      {"size", Personal::data}}},
                },
            .policies = {},
            .routes = {},
            .background = {}};
}

accounts::Settings account_settings(const Platform& platform) {
    accounts::Settings settings;
    settings.review_first_posts = static_cast<int>(platform.settings.moderation.review_first_posts);
    settings.consent_age = static_cast<int>(platform.settings.accounts.consent_age);
    settings.password_cost.memory_kib = static_cast<int>(platform.settings.accounts.password_memory >> 10);
    settings.password_cost.passes = static_cast<int>(platform.settings.accounts.password_passes);
    settings.parallel_hashes = static_cast<int>(platform.settings.accounts.parallel_hashes);
    settings.site_name = platform.settings.site.name;
    settings.public_url = platform.settings.public_url();
    settings.secret = platform.secret;
    settings.provider = platform.settings.oidc.issuer.empty() ? "" : platform.settings.oidc.name;
    return settings;
}

sessions::StaffFactor staff_factor(const Platform& platform) {
    return platform.settings.accounts.staff_second_factor ? sessions::StaffFactor::required
                                                          : sessions::StaffFactor::not_asked;
}

sessions::Settings session_settings(const Platform& platform) {
    return {.transport = platform.settings.secure() ? sessions::Transport::https : sessions::Transport::plain,
            .staff_factor = staff_factor(platform),
            .passkeys = factors::passkeys_possible(platform.settings.public_url()) ? sessions::Offered::yes
                                                                                   : sessions::Offered::no,
            .provider = platform.settings.oidc.issuer.empty() ? "" : platform.settings.oidc.name,
            .secret = platform.secret};
}

oidc::Settings oidc_settings(const Platform& platform) {
    const Settings::Oidc& chosen = platform.settings.oidc;
    return {.issuer = chosen.issuer,
            .client_id = chosen.client_id,
            .client_secret = chosen.client_secret,
            .name = chosen.name,
            .public_url = platform.settings.public_url(),
            .secret = platform.secret};
}

moderation::Settings moderation_settings(const Platform& platform) {
    moderation::Settings settings;
    settings.site_name = platform.settings.site.name;
    settings.public_url = platform.settings.public_url();
    settings.secret = platform.secret;
    for (const std::string& entry : platform.settings.safety.words) {
        const ListFile list = word_list(entry);
        settings.lists.add(list.language, list.text.value_or(""));
    }
    settings.help_intro = platform.settings.help.intro;
    for (const std::string& line : platform.settings.help.contacts) {
        const auto parts = split(line, '|');
        const auto part = [&](std::size_t i) {
            return i < parts.size() ? std::string(trim(parts[i])) : std::string();
        };
        settings.help_contacts.push_back({part(0), part(1), part(2)});
    }
    return settings;
}

// The audit log stands below accounts and knows people as ids; what it calls them on its page it is told.
audit::Names audit_names(accounts::AccountsModule& accounts) {
    return {.of =
                [&accounts](sql::Session& session, std::span<const access::PersonId> ids) {
                    std::vector<audit::Named> named;
                    for (const auto& card : accounts.people().cards(session, ids))
                        named.push_back({card.id, card.display_name + " (@" + card.handle + ")"});
                    return named;
                },
            .by_handle = [&accounts](sql::Session& session,
                                     std::string_view handle) -> std::optional<access::PersonId> {
                const auto card = accounts.people().by_handle(session, handle);
                return card ? std::optional(card->id) : std::nullopt;
            }};
}

// Blocking stands below accounts, so that accounts obey it too; what people are called it is told.
blocks::Directory block_directory(accounts::AccountsModule& accounts) {
    return {.of =
                [&accounts](sql::Session& session, std::span<const access::PersonId> ids) {
                    std::vector<blocks::Face> faces;
                    for (const auto& card : accounts.people().cards(session, ids))
                        faces.push_back({card.id, card.handle, card.display_name});
                    return faces;
                },
            .by_handle = [&accounts](sql::Session& session,
                                     std::string_view handle) -> std::optional<blocks::Face> {
                const auto card = accounts.people().by_handle(session, handle);
                const auto contact =
                    accounts.accounts().contact(session, access::id_of(card, &accounts::PersonCard::id));
                if (!card) return std::nullopt;
                return blocks::Face{card->id, card->handle, card->display_name, contact && contact->staff,
                                    !card->paused};
            },
            .settings_nav = [](html::Out& out,
                               std::string_view current) { accounts::settings_nav(out, current); }};
}

works::Screen screen(const Platform& platform, accounts::AccountsModule& accounts) {
    works::Screen screen;
    screen.minor = [&accounts](sql::Session& session, access::PersonId person) {
        const auto card = accounts.people().card(session, person);
        return card && card->band != access::AgeBand::adult;
    };
    if (platform.settings.moderation.review_first_posts != 0) {
        screen.newcomer = [&accounts](sql::Session& session, access::PersonId person) {
            return accounts.accounts().first_posts_wait(session, person);
        };
    }
    return screen;
}

privacy::Settings privacy_settings(const Platform& platform, guardians::Service& guardians) {
    privacy::Settings settings;
    settings.consent_age = static_cast<int>(platform.settings.accounts.consent_age);
    settings.site_name = platform.settings.site.name;
    settings.folder = platform.mails.parent_path() / "exports";
    settings.note = [&guardians](sql::Tx& tx, access::PersonId child, access::PersonId by,
                                 privacy::GuardianStep step) {
        using privacy::GuardianStep;
        guardians.note_data(tx, child, by,
                            step == GuardianStep::asked_export    ? guardians::What::asked_data
                            : step == GuardianStep::asked_erasure ? guardians::What::asked_erasure
                                                                  : guardians::What::kept_account);
    };
    return settings;
}

// Where a guardian has a child's data handed out and erased, while she decides for the child.
guardians::DataDesk data_desk(sql::Database& database, const privacy::Service& privacy) {
    const auto path = [&](access::PersonId child) {
        const bool decides =
            database.read([&](sql::Reader& reader) { return privacy.below_consent(reader, child); });
        return decides ? "/guardian/children/" + child.text() + "/data" : std::string();
    };
    return {.export_path = path, .erase_path = path};
}

guardians::Settings guardian_settings(const Platform& platform) {
    const Settings::Guardians& chosen = platform.settings.guardians;
    guardians::Settings settings;
    settings.consent_age = static_cast<int>(platform.settings.accounts.consent_age);
    settings.request_life = chosen.request_life;
    settings.remind_every = chosen.remind_every;
    settings.reminders = static_cast<int>(chosen.reminders);
    settings.resends = static_cast<int>(chosen.resends);
    settings.confirm_after = chosen.confirm_after;
    settings.site_name = platform.settings.site.name;
    settings.public_url = platform.settings.public_url();
    settings.secret = platform.secret;
    return settings;
}

}  // namespace

struct Modules::Rooms {
    explicit Rooms(const Platform& p)
        : shell(p.settings.development ? shell::Development::yes : shell::Development::no, p.mails),
          accounts(p.database, p.clock, p.ids, p.random, p.outbox, p.queue, account_settings(p)),
          blocks(p.database, p.clock, block_directory(accounts),
                 [publish = p.publish](access::PersonId person) {
                     publish(blocks::person_channel(person), http::kEndStreams, "");
                 }),
          audit(p.database, audit_names(accounts)),
          guardians(p.database, p.clock, p.ids, p.outbox, p.queue, p.blobs, accounts.accounts(),
                    guardian_settings(p)),
          circles(p.database, p.clock, p.ids, p.outbox, accounts.accounts(), guardians.service()),
          sessions(p.database, p.clock, p.ids, p.random, p.outbox, accounts.accounts(), known_factors,
                   guardians.service(), session_settings(p)),
          factors(p.database, p.clock, p.ids, p.random, p.outbox, accounts.accounts(), sessions.doors(),
                  {.staff_factor = staff_factor(p),
                   .site_secret = p.secret,
                   .public_url = p.settings.public_url()}),
          oidc(p.database, p.clock, p.random, accounts.accounts(), sessions.doors(), oidc_settings(p),
               fetch::client({.certificate_authorities = p.settings.oidc.certificate_authorities})),
          roles(p.database, p.clock, p.ids, p.random, accounts.accounts(), staff_factor(p),
                p.settings.public_url()),
          documents(p.database, p.clock, accounts.people()),
          setup(p.database, p.clock, p.random, accounts.accounts(),
                {.site_name = p.settings.site.name,
                 .public_url = p.settings.public_url(),
                 .consent_age = static_cast<int>(p.settings.accounts.consent_age),
                 .help_named = !p.settings.help.contacts.empty()}),
          roster(p.database, p.clock, p.ids, p.random, accounts.accounts(), guardians.service()),
          works(p.database, p.clock, p.ids, p.random, p.outbox, p.blobs, accounts.accounts(),
                screen(p, accounts)),
          feedback(p.database, p.clock, p.ids, p.random, p.outbox, works.library(), accounts.people(),
                   accounts.accounts(), p.publish, screen(p, accounts)),
          topics(p.database, p.clock, p.ids, p.outbox, works.library(), accounts.people(),
                 p.settings.public_url()),
          reading(p.database, p.clock, p.outbox, works.library(), accounts.people(), feedback.answers(),
                  accounts.accounts(), &topics.service()),
          search(p.database, p.clock, p.queue, works.library(), accounts.people(), {&topics.findable()}),
          guidance(p.database, p.clock, p.ids, works.library(), accounts.people(), topics.service(),
                   accounts.accounts()),
          discovery(p.database, works.library(), feedback.answers(), reading.progress(), accounts.people(),
                    topics.service(), guidance.guide()),
          privacy(p.database, p.clock, p.ids, p.queue, p.blobs, accounts.accounts(), guardians.service(),
                  sessions.doors(), privacy_settings(p, guardians.service())),
          moderation(p.database, p.clock, p.ids, p.outbox, p.queue, accounts.accounts(), works.library(),
                     works.oversight(), feedback.oversight(), moderation_settings(p)) {}

    shell::ShellModule shell;
    accounts::AccountsModule accounts;
    blocks::BlocksModule blocks;
    audit::AuditModule audit;
    factors::KnownFactors known_factors;  // before sessions, which asks it
    guardians::GuardiansModule guardians;
    circles::CirclesModule circles;
    sessions::SessionsModule sessions;
    factors::FactorsModule factors;
    oidc::OidcModule oidc;
    roles::RolesModule roles;
    documents::DocumentsModule documents;
    setup::SetupModule setup;
    roster::RosterModule roster;
    works::WorksModule works;
    feedback::FeedbackModule feedback;
    topics::TopicsModule topics;
    reading::ReadingModule reading;
    search::SearchModule search;
    guidance::GuidanceModule guidance;
    discovery::DiscoveryModule discovery;
    privacy::PrivacyModule privacy;
    moderation::ModerationModule moderation;
};

Modules::Modules(const Platform& platform) : rooms_(std::make_unique<Rooms>(platform)) {
    described_ = {describe_jobs(), describe_blobs(), rooms_->shell.describe()};
    described_.push_back(rooms_->audit.describe());
    described_.push_back(rooms_->accounts.describe());
    described_.push_back(rooms_->blocks.describe());
    described_.push_back(rooms_->guardians.describe());
    described_.push_back(rooms_->circles.describe());
    described_.push_back(rooms_->sessions.describe());
    described_.push_back(rooms_->factors.describe());
    described_.push_back(rooms_->oidc.describe());
    described_.push_back(rooms_->roles.describe());
    described_.push_back(rooms_->documents.describe());
    described_.push_back(rooms_->setup.describe());
    described_.push_back(rooms_->roster.describe());
    described_.push_back(rooms_->works.describe());
    described_.push_back(rooms_->feedback.describe());
    described_.push_back(rooms_->reading.describe());
    described_.push_back(rooms_->search.describe());
    described_.push_back(rooms_->topics.describe());
    described_.push_back(rooms_->guidance.describe());
    described_.push_back(rooms_->discovery.describe());
    described_.push_back(rooms_->moderation.describe());
    described_.push_back(rooms_->privacy.describe());
    rooms_->privacy.service().know(described_);
    guardians::Service& guardians = rooms_->guardians.service();
    guardians.watch(rooms_->works.reach());
    guardians.watch(rooms_->feedback.reach());
    guardians::Windows windows;
    windows.holdings = holdings_by(rooms_->privacy.service().engine());
    windows.contacts.push_back(feedback::contacts_of);
    windows.contacts.push_back(circles::contacts_of);
    windows.data = data_desk(platform.database, rooms_->privacy.service());
    guardians.wire(std::move(windows));
    middleware_.push_back(shell::page_context(platform.clock));
    middleware_.push_back(documents::ask_after_sign_in(rooms_->documents.service()));
    middleware_.push_back(rooms_->sessions.attach_actor(&shell::error_page));
}

Modules::~Modules() = default;

accounts::Accounts& Modules::accounts() {
    return rooms_->accounts.accounts();
}
guardians::Service& Modules::guardians() {
    return rooms_->guardians.service();
}
sessions::SessionsModule& Modules::sessions() {
    return rooms_->sessions;
}
factors::Service& Modules::factors() {
    return rooms_->factors.service();
}
setup::Service& Modules::setup() {
    return rooms_->setup.service();
}
roster::Importer& Modules::roster() {
    return rooms_->roster.importer();
}
works::WorksModule& Modules::works() {
    return rooms_->works;
}
feedback::Service& Modules::feedback() {
    return rooms_->feedback.service();
}
reading::Service& Modules::reading() {
    return rooms_->reading.service();
}

privacy::Service& Modules::privacy() {
    return rooms_->privacy.service();
}
search::Indexer& Modules::search_index() {
    return rooms_->search.indexer();
}

topics::TopicsModule& Modules::topics() {
    return rooms_->topics;
}

guidance::GuidanceModule& Modules::guidance() {
    return rooms_->guidance;
}

moderation::Service& Modules::moderation() {
    return rooms_->moderation.service();
}

}  // namespace braid::app
