#include "support/test_site.h"

#include <condition_variable>

#include "identity/accounts/api.h"
#include "interests/works/module.h"
#include "platform/log/log.h"

namespace braid::testing {

class TestSite::Mailbox final : public mail::Sender {
  public:
    Result<void> send(const mail::Message& message) override {
        const std::scoped_lock lock(mutex_);
        mails_.push_back({message.to, message.subject, message.text});
        changed_.notify_all();
        return success();
    }
    std::vector<Mail> wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(10), [&] { return mails_.size() >= count; });
        return mails_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Mail> mails_;
};

TestSite::TestSite(sql::Engine engine, SiteOptions options)
    : database_(engine), mailbox_(std::make_unique<Mailbox>()) {
    database_.close();
    log::set_level(log::Level::error);
    app::Settings settings;
    settings.database = database_.url();
    settings.data = folder_.path() / "data";
    settings.development = options.development;
    settings.rate_limits = options.rate_limits;
    settings.http.listen = "127.0.0.1:0";
    settings.http.admin_listen = "127.0.0.1:0";
    settings.http.loops = 1;
    settings.http.workers = 8;
    settings.http.stop_grace = std::chrono::seconds(2);
    settings.sql.connections = 6;
    // Real Argon2id at the least cost it has.
    settings.accounts.password_memory = 64 << 10;
    settings.accounts.password_passes = 1;
    // Tests of what staff may do sign in by password; those of the second step turn it on.
    settings.accounts.staff_second_factor = false;
    if (options.adjust) options.adjust(settings);
    app::Substitutes substitutes{
        .clock = options.fake_clock ? &clock_ : nullptr, .random = nullptr, .mail = mailbox_.get()};
    if (options.statements != nullptr) {
        substitutes.database = [heard = options.statements](std::unique_ptr<sql::Database> database) {
            return heard->hear(std::move(database));
        };
    }
    program_ = std::make_unique<app::Program>(settings, std::move(substitutes));
    program_->migrate();
    program_->start();
}

TestSite::~TestSite() = default;

access::PersonId TestSite::add_person(const std::string& handle, int age, std::vector<access::Role> roles) {
    const auto today = std::chrono::year_month_day(
        std::chrono::floor<std::chrono::days>(std::chrono::sys_time<std::chrono::microseconds>(
            std::chrono::microseconds(program_->clock().now().micros))));
    const auto born = std::chrono::year_month(today.year(), today.month()) - std::chrono::months(2) -
                      std::chrono::years(age);
    accounts::NewPerson person;
    person.handle = handle;
    person.display_name = handle;
    person.password = std::string(kPassword);
    person.birth_year = static_cast<int>(born.year());
    person.birth_month = static_cast<int>(static_cast<unsigned>(born.month()));
    person.email = handle + "@example.org";
    person.roles = std::move(roles);
    const auto id = program_->modules().accounts().create_person(accounts::operator_actor(), person);
    if (!id.ok()) throw std::runtime_error("cannot add " + handle + ": " + id.error().message_key);
    return *id;
}

access::Actor TestSite::actor(const std::string& handle) {
    return program_->database().read([&](sql::Reader& reader) {
        auto& accounts = program_->modules().accounts();
        const auto card = accounts.by_handle(reader, handle);
        if (!card) throw std::runtime_error("nobody is called " + handle);
        access::Actor actor;
        actor.person = card->id;
        actor.band = card->band;
        actor.denied = accounts.guarded(reader, card->id).denied;
        for (const access::Role role : accounts.roles(reader, card->id))
            actor.roles |= 1U << static_cast<unsigned>(role);
        return actor;
    });
}

test::HttpClient TestSite::signed_in(const std::string& handle) {
    test::HttpClient client = visitor();
    client.get("/sign-in");
    const auto reply = client.post("/sign-in", {{"name", handle}, {"password", std::string(kPassword)}});
    if (reply.status != 303)
        throw std::runtime_error("sign-in as " + handle + ": " + std::to_string(reply.status));
    return client;
}

TestSite::Story TestSite::add_story(const std::string& author, const std::string& title,
                                    const std::string& visibility, const std::string& rating) {
    const auto must = [](auto result) {
        if (!result.ok())
            throw std::runtime_error("a story: " + result.error().message_key + " " + result.error().detail);
        return std::move(result).value();
    };
    const access::Actor actor = this->actor(author);
    works::Writing& writing = program_->modules().works().writing();
    works::WorkForm form;
    form.title = title;
    form.summary = "What " + title + " is about.";
    form.language = "en";
    form.tags = "ghost stories";
    form.rating = rating;
    form.licence = "all_rights_reserved";
    form.visibility = visibility;
    form.status = "ongoing";
    form.comments = "open";
    form.warnings_said = "none";
    const auto work = must(writing.create_work(actor, form));
    const auto chapter = must(writing.add_chapter(actor, work));
    const auto editing = must(writing.editing(actor, work, chapter));
    must(writing.publish_chapter(
        actor, work, chapter,
        works::ChapterDraft{"The first light", "He counted the stairs.\n\nThen the lamp went out.\n", {}, {}},
        editing.chapter.version, "test"));
    return {work.text(), chapter.text()};
}

std::vector<TestSite::Mail> TestSite::mails(std::size_t count) {
    program_->jobs().wake();
    return mailbox_->wait_for(count);
}

}  // namespace braid::testing
