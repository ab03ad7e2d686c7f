// Reports, the moderators' queue, decisions and appeals.
#pragma once

#include <functional>

#include "access/module.h"
#include "stewardship/moderation/service.h"

namespace braid::moderation {

class ModerationModule {
  public:
    // All references must outlive the module. `kinds`: what can be reported; other modules add theirs to
    // kinds() before the program starts. `has_holds`: whether there is /moderation/holds besides; may be
    // empty.
    ModerationModule(sql::Database& database, const Clock& clock, IdMaker& ids, events::Outbox& outbox,
                     jobs::Queue& queue, accounts::Accounts& accounts, const works::Library& library,
                     works::Oversight& works, feedback::Oversight& comments, Settings settings,
                     std::function<bool()> has_holds = {});

    [[nodiscard]] Kinds& kinds() { return kinds_; }
    // The use cases, for the demo, commands and tests.
    [[nodiscard]] Service& service() { return service_; }

    // The module must outlive what it describes.
    access::Module describe();

  private:
    jobs::Queue& queue_;
    Kinds kinds_;
    Service service_;
    std::function<bool()> has_holds_;
};

}  // namespace braid::moderation
