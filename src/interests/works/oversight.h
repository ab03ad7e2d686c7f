// What moderators do with works, on the tables.
#pragma once

#include "base/time.h"
#include "interests/works/api.h"
#include "platform/events/events.h"

namespace braid::works {

// Thread-safe. `outbox` must outlive it.
class StoredOversight final : public Oversight {
  public:
    explicit StoredOversight(events::Outbox& outbox) : outbox_(outbox) {}

    Result<Looked> look(sql::Session& session, const Actor& by, WorkId id) const override;
    Result<Looked> look(sql::Session& session, const Actor& by, ChapterId id) const override;
    Result<void> hold(sql::Tx& tx, const Actor& by, WorkId id, Hold hold) override;
    Result<void> rate(sql::Tx& tx, const Actor& by, WorkId id, std::optional<Rating> rating) override;
    std::vector<ContactDetail> contact(sql::Session& session, const Actor& by, WorkId id) const override;
    std::vector<WorkPassage> passages(sql::Session& session, const Actor& by, WorkId id) const override;
    std::vector<WorkId> all_of(sql::Session& session, const Actor& by, PersonId author) const override;

  private:
    events::Outbox& outbox_;
};

}  // namespace braid::works
