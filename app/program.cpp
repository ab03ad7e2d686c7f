#include "app/program.h"

#include "base/text.h"
#include "platform/http/security.h"
#include "platform/log/log.h"
#include "platform/sql/maintenance.h"
#include "platform/sql/turn.h"
#include "shell/policy.h"
#include "shell/shell.h"

namespace braid::app {

namespace {

constexpr std::string_view kLiveChannel = "live";
constexpr std::size_t kLongestNotice = 7000;  // PostgreSQL takes less than 8000 bytes
constexpr std::string_view kPlainText = "text/plain; version=0.0.4; charset=utf-8";

std::string scope_name(access::Scope scope) {
    return scope == access::Scope::read ? "read" : scope == access::Scope::write ? "write" : "account";
}

std::chrono::microseconds micros(std::chrono::milliseconds duration) {
    return duration;
}

DataFolder open_data(const std::filesystem::path& folder) {
    auto data = DataFolder::open(folder, Use::shared);
    if (!data.ok()) throw std::runtime_error(data.error().detail);
    return std::move(data).value();
}

sql::Options sql_options(const Settings& settings) {
    sql::Options options;
    options.url = settings.database_url();
    options.readers = static_cast<int>(settings.sql.connections);
    options.write_queue = static_cast<int>(settings.sql.write_queue);
    options.max_group = static_cast<int>(settings.sql.max_group);
    options.busy_timeout = settings.sql.busy_timeout;
    options.statement_timeout = settings.sql.statement_timeout;
    return options;
}

std::unique_ptr<sql::Database> open_database(const Settings& settings, const Substitutes& substitutes) {
    auto database = sql::Database::open(sql_options(settings));
    return substitutes.database ? substitutes.database(std::move(database)) : std::move(database);
}

jobs::Options job_options(const Settings& settings) {
    jobs::Options options;
    options.workers = static_cast<int>(settings.jobs.workers);
    options.lease = micros(settings.jobs.lease);
    options.max_attempts = static_cast<int>(settings.jobs.max_attempts);
    options.report = [](std::string_view what) { log::warning("jobs.trouble", {{"what", what}}); };
    return options;
}

std::unique_ptr<mail::Sender> make_mail(const Settings& settings, const DataFolder& data, const Clock& clock,
                                        Random& random) {
    if (settings.mail.url.empty()) return mail::folder_sender(data.mails(), settings.mail.from, clock);
    return mail::smtp_sender({.url = settings.mail.url,
                              .user = settings.mail.user,
                              .password = settings.mail.password,
                              .from = settings.mail.from,
                              .certificate_authorities = settings.mail.certificate_authorities},
                             clock, random);
}

// The names the site answers to: those configured and that of its public address.
std::vector<std::string> site_hosts(const Settings& settings) {
    if (settings.http.public_url.empty() && settings.http.hosts.empty()) return {};
    std::vector<std::string> hosts = settings.http.hosts;
    const std::string origin = http::origin_of(settings.public_url());
    hosts.push_back(origin.substr(origin.find("://") + 3));
    return hosts;
}

}  // namespace

Program::Program(Settings settings, Substitutes substitutes)
    : settings_(std::move(settings)),
      clock_(substitutes.clock != nullptr ? *substitutes.clock : system_clock_),
      random_(substitutes.random != nullptr ? *substitutes.random : system_random_),
      ids_(clock_, static_cast<int>(settings_.node)),
      data_(open_data(settings_.data)),
      secret_(settings_.site.secret.empty() ? data_.secret(random_) : settings_.site.secret),
      database_(open_database(settings_, substitutes)),
      outbox_(ids_, clock_),
      queue_(ids_, clock_),
      blobs_(*database_, clock_, {.folder = data_.blobs(), .quota_per_owner = settings_.blobs.quota}),
      own_mail_(substitutes.mail != nullptr ? nullptr : make_mail(settings_, data_, clock_, random_)),
      mail_(substitutes.mail != nullptr ? substitutes.mail : own_mail_.get()),
      runner_(std::make_unique<jobs::Runner>(*database_, subscribers_, ids_, clock_, random_,
                                             job_options(settings_))) {
    modules_ = std::make_unique<Modules>(
        Platform{.settings = settings_,
                 .database = *database_,
                 .clock = clock_,
                 .random = random_,
                 .ids = ids_,
                 .outbox = outbox_,
                 .queue = queue_,
                 .blobs = blobs_,
                 .secret = secret_,
                 .mails = data_.mails(),
                 .publish = [this](std::string_view channel, std::string_view event, std::string_view data) {
                     publish(channel, event, data);
                 }});
    for (const access::Module& module : modules_->all()) {
        if (module.policies) module.policies(policies_);
        if (module.routes) module.routes(router_);
        if (module.background) module.background(subscribers_, *runner_);
    }
    declare_api();
    mail::handle_jobs(*runner_, *mail_);
    runner_->every("blobs.collect", std::chrono::hours(6), [this]() -> Result<void> {
        const int removed = blobs_.collect(std::chrono::hours(24));
        if (removed > 0) log::info("blobs.collected", {{"files", removed}});
        return success();
    });
    policies_.require_all(router_);
    add_admin_routes();
}

Program::~Program() {
    stop();
}

std::vector<sql::Migration> Program::migrations() const {
    std::vector<sql::Migration> all;
    for (const access::Module& module : modules_->all())
        all.insert(all.end(), module.migrations.begin(), module.migrations.end());
    return all;
}

int Program::migrate() {
    return database_->migrate(migrations());
}

http::ServerOptions Program::server_options() const {
    const Settings::Http& http = settings_.http;
    const Endpoint endpoint = parse_endpoint(http.listen).value_or(Endpoint{"127.0.0.1", 8080});
    http::ServerOptions options;
    options.address = endpoint.address;
    options.port = endpoint.port;
    options.loops = static_cast<int>(http.loops);
    options.limits.header_time = http.header_time;
    options.limits.body_time = http.body_time;
    options.limits.idle_time = http.idle_time;
    options.limits.total_time = http.total_time;
    options.limits.write_time = http.write_time;
    options.limits.max_header_bytes = static_cast<std::size_t>(http.max_header);
    options.limits.max_connections = static_cast<std::size_t>(http.max_connections);
    options.limits.workers = static_cast<int>(http.workers);
    options.limits.queue = static_cast<int>(http.queue);
    options.limits.rate_limits = settings_.rate_limits;
    options.limits.per_minute = static_cast<int>(http.per_minute);
    if (!settings_.tls.certificate.empty())
        options.tls = http::TlsFiles{settings_.tls.certificate, settings_.tls.key};
    options.trusted_proxies = http.trusted_proxies;
    options.hosts = site_hosts(settings_);
    options.public_url = settings_.public_url();
    options.upload_folder = data_.uploads();
    options.reads_inline = database_->engine() == sql::Engine::sqlite;
    if (options.reads_inline) {
        options.turn_begins = &sql::begin_turn;
        options.turn_ends = &sql::end_turn;
    }
    return options;
}

void Program::start() {
    std::error_code failure;
    std::filesystem::remove_all(data_.uploads(), failure);  // of a process that was killed
    std::filesystem::create_directories(data_.uploads());
    started_ = clock_.now();
    stopping_ = false;

    std::vector<http::Middleware> middleware;
    middleware.push_back(http::csrf({.secret = secret_, .public_url = settings_.public_url()}, random_));
    for (const http::Middleware& one : modules_->middleware())
        middleware.push_back(one);
    middleware.push_back(access::require_needs(policies_, router_, &shell::error_page));
    server_ = std::make_unique<http::Server>(server_options(), router_, std::move(middleware),
                                             &shell::error_page, clock_, metrics_);
    describe_metrics();
    if (!settings_.http.admin_listen.empty()) {
        const Endpoint endpoint =
            parse_endpoint(settings_.http.admin_listen).value_or(Endpoint{"127.0.0.1", 8081});
        http::ServerOptions options;
        options.address = endpoint.address;
        options.port = endpoint.port;
        options.loops = 1;
        options.limits.workers = 2;
        options.limits.max_connections = 64;
        options.upload_folder = data_.uploads();
        options.reads_inline = false;
        options.access_log = false;
        options.measured = false;
        admin_ = std::make_unique<http::Server>(
            std::move(options), admin_router_, std::vector<http::Middleware>{},
            [](const http::Request&, const Error& error) {
                return http::Response::text(error.code == ErrorCode::not_found ? 404 : 500, "no\n");
            },
            clock_, metrics_);
    }
    listening_ = database_->listen([this](const sql::Notice& notice) {
        if (notice.channel == kLiveChannel) deliver(notice.payload);
    });
    runner_->start();
    server_->start();
    if (admin_) admin_->start();
}

void Program::stop() {
    if (!server_) return;
    stopping_ = true;
    server_->stop(settings_.http.stop_grace);
    runner_->stop();
    listening_ = {};
    if (admin_) admin_->stop(std::chrono::milliseconds(0));
    for (const char* name : {"braid_live_listeners", "braid_jobs_waiting", "braid_jobs_parked",
                             "braid_jobs_oldest_seconds", "braid_sql_commits", "braid_sql_transactions",
                             "braid_sql_queued", "braid_log_dropped_lines", "braid_uptime_seconds"}) {
        metrics_.remove_gauge(name);
    }
    admin_.reset();
    server_.reset();
}

int Program::port() const {
    return server_ ? server_->port() : 0;
}
int Program::admin_port() const {
    return admin_ ? admin_->port() : 0;
}

bool Program::ready() {
    if (stopping_) return false;
    try {
        sql::ping(*database_);
        return true;
    } catch (const sql::Failure& failure) {
        log::warning("ready.no", {{"why", failure.what()}});
        return false;
    }
}

// The rows for programs, and the document that describes them. What a row needs is told by its policy.
void Program::declare_api() {
    api::Options options;
    options.version = BRAID_VERSION;
    options.requirement = [this](std::string_view action) {
        const access::PolicyBook::Entry* entry = policies_.find(action);
        if (entry == nullptr) throw std::logic_error("no policy for " + std::string(action));
        return api::Requirement{entry->needs != access::Needs::nobody, scope_name(entry->scope)};
    };
    api_ = std::make_unique<api::Api>(router_, std::move(options));
    for (const access::Module& module : modules_->all()) {
        if (module.api) module.api(*api_);
    }
    api_->serve_document("/api/v1/openapi.json", access::action<shell::SeeShell>());
    api_->require_all();
}

void Program::describe_metrics() {
    metrics_.gauge("braid_live_listeners",
                   [this] { return static_cast<double>(server_->live().listeners()); });
    metrics_.gauge("braid_jobs_waiting",
                   [this] { return static_cast<double>(jobs::Runner::lag(*database_, clock_).waiting); });
    metrics_.gauge("braid_jobs_parked",
                   [this] { return static_cast<double>(jobs::Runner::lag(*database_, clock_).parked); });
    metrics_.gauge("braid_jobs_oldest_seconds", [this] {
        return static_cast<double>(jobs::Runner::lag(*database_, clock_).oldest.count()) / 1e6;
    });
    metrics_.gauge("braid_sql_commits",
                   [this] { return static_cast<double>(database_->writer_stats().commits); });
    metrics_.gauge("braid_sql_transactions",
                   [this] { return static_cast<double>(database_->writer_stats().transactions); });
    metrics_.gauge("braid_sql_queued",
                   [this] { return static_cast<double>(database_->writer_stats().queued); });
    metrics_.gauge("braid_log_dropped_lines", [] { return static_cast<double>(log::dropped()); });
    metrics_.gauge("braid_uptime_seconds",
                   [this] { return static_cast<double>((clock_.now() - started_).count()) / 1e6; });
    metrics_.describe("braid_live_listeners", "Open pages that listen for updates on this node.");
    metrics_.describe("braid_jobs_waiting", "Jobs that wait, on all nodes.");
    metrics_.describe("braid_jobs_parked",
                      "Jobs that failed too often and wait for an operator: braid jobs list --parked.");
    metrics_.describe("braid_jobs_oldest_seconds", "How long the oldest due job has waited.");
    metrics_.describe("braid_sql_commits",
                      "Commits since the start; transactions / commits is the mean group size.");
    metrics_.describe("braid_sql_transactions", "Write transactions since the start.");
    metrics_.describe("braid_sql_queued", "Write transactions waiting for the writer.");
    metrics_.describe("braid_log_dropped_lines", "Log lines given up because the disk was too slow.");
    metrics_.describe("braid_uptime_seconds", "Since this process began to serve.");
}

void Program::add_admin_routes() {
    const http::ActionRef watch(
        "platform.watch");  // the listener itself is the guard: loopback unless configured otherwise
    const http::RouteOptions waits{.cost = http::Cost::waits};
    admin_router_.get(
        "/metrics", watch,
        [this](const http::Request&) -> Result<http::Response> {
            auto response = http::Response::text(200, metrics_.scrape());
            response.set("content-type", std::string(kPlainText));
            return response;
        },
        waits);
    admin_router_.get(
        "/healthz", watch,
        [](const http::Request&) -> Result<http::Response> { return http::Response::text(200, "ok\n"); },
        waits);
    admin_router_.get(
        "/readyz", watch,
        [this](const http::Request&) -> Result<http::Response> {
            const bool yes = ready();
            return http::Response::text(yes ? 200 : 503, yes ? "ok\n" : "not ready\n");
        },
        waits);
}

// One process hands it straight to its own pages; several hear of it through the database.
void Program::publish(std::string_view channel, std::string_view event, std::string_view data) {
    if (database_->engine() == sql::Engine::sqlite) {
        if (server_ && !stopping_) server_->live().publish(channel, event, data);
        return;
    }
    std::string payload = std::string(channel) + "\n" + std::string(event) + "\n" + std::string(data);
    if (payload.size() > kLongestNotice)
        payload.resize(channel.size() + event.size() + 2);  // pages fetch what does not fit
    try {
        (void)database_->write(
            [&](sql::Tx& tx) -> Result<void> {
                database_->notify(tx, kLiveChannel, payload);
                return success();
            },
            sql::Isolation::read_committed);
    } catch (const sql::Failure& failure) {
        // What happened is stored; only its announcement is lost, and pages catch up when they are next
        // opened.
        log::warning("live.not_announced", {{"channel", channel}, {"why", failure.what()}});
    }
}

void Program::deliver(std::string_view payload) {
    const auto first = payload.find('\n');
    const auto second = payload.find('\n', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos || !server_ || stopping_) return;
    server_->live().publish(payload.substr(0, first), payload.substr(first + 1, second - first - 1),
                            payload.substr(second + 1));
}

}  // namespace braid::app
