// Sessions, put together.
#pragma once

#include "access/module.h"
#include "identity/sessions/middleware.h"
#include "identity/sessions/service.h"

namespace braid::sessions {

// Lives as long as the server: its routes, jobs and middleware point into it.
class SessionsModule {
  public:
    SessionsModule(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random,
                   events::Outbox& outbox, accounts::Accounts& accounts, const SecondStep& second_step,
                   guardians::Waiting& waiting, Settings settings);
    ~SessionsModule();  // writes down who was seen last
    SessionsModule(const SessionsModule&) = delete;
    SessionsModule& operator=(const SessionsModule&) = delete;

    [[nodiscard]] Service& service() { return service_; }
    [[nodiscard]] Doors& doors() { return service_; }
    // See middleware.h.
    [[nodiscard]] http::Middleware attach_actor(
        std::function<http::Response(const http::Request&, const Error&)> error_page);
    [[nodiscard]] access::Module describe();

  private:
    sql::Database& database_;
    accounts::Accounts& accounts_;
    Service service_;
};

std::span<const sql::Migration> migrations();

}  // namespace braid::sessions
