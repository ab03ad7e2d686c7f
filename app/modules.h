// The explicit list of modules, in order: each is made from exactly what it uses. What the program consists
// of is read here.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "access/module.h"
#include "app/settings.h"
#include "base/random.h"
#include "platform/blobs/blobs.h"
#include "platform/events/events.h"
#include "platform/http/router.h"
#include "platform/jobs/jobs.h"
#include "platform/sql/sql.h"

namespace braid::accounts {
class Accounts;
}
namespace braid::factors {
class Service;
}
namespace braid::feedback {
class Service;
}
namespace braid::guidance {
class GuidanceModule;
}
namespace braid::guardians {
class Service;
}
namespace braid::moderation {
class Service;
}
namespace braid::privacy {
class Service;
}
namespace braid::reading {
class Service;
}
namespace braid::roster {
class Importer;
}
namespace braid::search {
class Indexer;
}
namespace braid::sessions {
class SessionsModule;
}
namespace braid::setup {
class Service;
}
namespace braid::topics {
class TopicsModule;
}
namespace braid::works {
class WorksModule;
}

namespace braid::app {

// The machinery modules are made from. Outlives them.
struct Platform {
    const Settings& settings;
    sql::Database& database;
    const Clock& clock;
    Random& random;
    IdMaker& ids;
    events::Outbox& outbox;
    jobs::Queue& queue;
    blobs::Store& blobs;
    std::string secret;           // the site's
    std::filesystem::path mails;  // where development keeps them
    // To the open pages of every node, after the commit.
    std::function<void(std::string_view channel, std::string_view event, std::string_view data)> publish;
};

class Modules {
  public:
    explicit Modules(const Platform& platform);
    ~Modules();

    // Machinery first, then every module: the order of migrations.
    [[nodiscard]] const std::vector<access::Module>& all() const { return described_; }
    // Who stands between the CSRF check and the policies, outermost first.
    [[nodiscard]] const std::vector<http::Middleware>& middleware() const { return middleware_; }

    // The use cases, for commands, the demo and tests.
    [[nodiscard]] accounts::Accounts& accounts();
    [[nodiscard]] guardians::Service& guardians();
    [[nodiscard]] sessions::SessionsModule& sessions();
    [[nodiscard]] factors::Service& factors();
    [[nodiscard]] roster::Importer& roster();
    [[nodiscard]] setup::Service& setup();
    [[nodiscard]] works::WorksModule& works();
    [[nodiscard]] feedback::Service& feedback();
    [[nodiscard]] reading::Service& reading();
    [[nodiscard]] privacy::Service& privacy();
    [[nodiscard]] moderation::Service& moderation();
    [[nodiscard]] search::Indexer& search_index();
    [[nodiscard]] topics::TopicsModule& topics();
    [[nodiscard]] guidance::GuidanceModule& guidance();

  private:
    struct Rooms;
    std::unique_ptr<Rooms> rooms_;
    std::vector<access::Module> described_;
    std::vector<http::Middleware> middleware_;
};

}  // namespace braid::app
