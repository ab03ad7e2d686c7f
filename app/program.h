// The whole program, put together: what main() serves, what commands use, and what tests run in their own
// process.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "access/policy.h"
#include "app/data_folder.h"
#include "app/modules.h"
#include "app/settings.h"
#include "platform/api/api.h"
#include "platform/http/server.h"
#include "platform/mail/mail.h"
#include "platform/metrics/metrics.h"

namespace braid::app {

// What a test puts in place of the real thing; null is the real thing. Must outlive the program.
struct Substitutes {
    const Clock* clock = nullptr;
    Random* random = nullptr;
    mail::Sender* mail = nullptr;
    // Stands before the database that was opened.
    std::function<std::unique_ptr<sql::Database>(std::unique_ptr<sql::Database>)> database = nullptr;
};

class Program {
  public:
    // Opens the data folder and the database, makes the modules, and checks that every route's action has a
    // policy. Nothing runs yet. Throws sql::Failure, std::runtime_error with the reason, or std::logic_error
    // for a program that is put together wrongly.
    explicit Program(Settings settings, Substitutes substitutes = {});
    ~Program();  // stops
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    // Applies missing migrations; returns how many.
    int migrate();
    [[nodiscard]] std::vector<sql::Migration> migrations() const;

    // Jobs, live updates and both listeners. Throws std::system_error when an address cannot be bound.
    void start();
    // /readyz says no from here on; running requests end, then jobs, then the rest. Does nothing when it does
    // not run.
    void stop();

    [[nodiscard]] int port() const;
    [[nodiscard]] int admin_port() const;  // 0: there is none
    [[nodiscard]] bool ready();            // the database answers and nobody is stopping

    [[nodiscard]] const Settings& settings() const { return settings_; }
    [[nodiscard]] const DataFolder& data() const { return data_; }
    [[nodiscard]] const std::string& secret() const { return secret_; }
    [[nodiscard]] const Clock& clock() const { return clock_; }
    [[nodiscard]] Random& random() { return random_; }
    [[nodiscard]] IdMaker& ids() { return ids_; }
    [[nodiscard]] sql::Database& database() { return *database_; }
    [[nodiscard]] jobs::Runner& jobs() { return *runner_; }
    [[nodiscard]] mail::Sender& mail() { return *mail_; }
    [[nodiscard]] metrics::Registry& metrics() { return metrics_; }
    [[nodiscard]] Modules& modules() { return *modules_; }
    [[nodiscard]] const http::Router& router() const { return router_; }
    [[nodiscard]] const api::Api& api() const { return *api_; }
    [[nodiscard]] const access::PolicyBook& policies() const { return policies_; }

  private:
    void declare_api();
    void describe_metrics();
    void add_admin_routes();
    void publish(std::string_view channel, std::string_view event, std::string_view data);
    void deliver(std::string_view payload);
    [[nodiscard]] http::ServerOptions server_options() const;

    const Settings settings_;
    SystemClock system_clock_;
    SystemRandom system_random_;
    const Clock& clock_;
    Random& random_;
    IdMaker ids_;
    DataFolder data_;
    const std::string secret_;
    metrics::Registry metrics_;
    std::unique_ptr<sql::Database> database_;
    events::Outbox outbox_;
    jobs::Queue queue_;
    blobs::Store blobs_;
    std::unique_ptr<mail::Sender> own_mail_;
    mail::Sender* mail_;
    events::Subscribers subscribers_;
    std::unique_ptr<jobs::Runner> runner_;
    std::unique_ptr<Modules> modules_;
    access::PolicyBook policies_;
    http::Router router_, admin_router_;
    std::unique_ptr<api::Api> api_;
    std::unique_ptr<http::Server> server_, admin_;
    sql::Listening listening_;
    std::atomic<bool> stopping_ = false;
    Timestamp started_;
};

}  // namespace braid::app
