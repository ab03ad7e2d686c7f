// Circles kept in the database: the model's rule with the faces of now.
#pragma once

#include <map>

#include "access/guard.h"
#include "base/id.h"
#include "identity/circles/api.h"
#include "identity/circles/store.h"
#include "identity/guardians/api.h"
#include "platform/events/events.h"

namespace braid::circles {

// Thread-safe once every kind was declared.
class Service final : public Circles {
  public:
    Service(sql::Database& database, const Clock& clock, IdMaker& ids, events::Outbox& outbox,
            const accounts::Accounts& accounts, const guardians::Guardianships& guardianships)
        : database_(database),
          clock_(clock),
          ids_(ids),
          outbox_(outbox),
          accounts_(accounts),
          guardianships_(guardianships) {}

    void declare(Kind kind) override;
    Result<CircleId> begin(sql::Tx& tx, const Actor& actor, const About& about,
                           std::span<const PersonId> asked) override;
    Result<void> invite(sql::Tx& tx, const Actor& actor, CircleId circle, PersonId person) override;
    Result<Place> accept(sql::Tx& tx, const Actor& actor, CircleId circle) override;
    Result<void> leave(sql::Tx& tx, const Actor& actor, CircleId circle) override;
    void close(sql::Tx& tx, CircleId circle) override;
    Result<Present> present(sql::Tx& tx, const Actor& actor, CircleId circle) override;
    [[nodiscard]] Result<void> may_read(sql::Session& session, const Actor& actor,
                                        CircleId circle) const override;
    [[nodiscard]] State state(sql::Session& session, CircleId circle) const override;
    [[nodiscard]] Result<std::vector<PersonId>> members(sql::Session& session, const Actor& actor,
                                                        CircleId circle) const override;
    [[nodiscard]] std::vector<CircleId> of(sql::Session& session, const Actor& actor, std::string_view kind,
                                           Place place, int limit) const override;

    // --- what time and others' decisions do
    // Closes what is no longer whole, lets in who waited. Idempotent.
    void settle(sql::Tx& tx, CircleId circle);
    // All open circles of hers, and of the children she guards nothing needs: theirs hold her.
    void settle_with(sql::Tx& tx, PersonId person);
    // Every open circle, a page a transaction; says how many closed.
    int sweep();
    // She is gone from everywhere, because her account is.
    void forget(sql::Tx& tx, PersonId person);

  private:
    struct Held {
        store::Row row;
        Circle circle;
        std::vector<Face> faces;
    };
    [[nodiscard]] const Kind* kind(std::string_view name) const;
    [[nodiscard]] bool holds(sql::Session& session, const store::Row& row) const;
    [[nodiscard]] std::optional<Held> load(sql::Session& session, CircleId id) const;
    [[nodiscard]] std::vector<Face> faces(sql::Session& session, std::span<const PersonId> people,
                                          const accounts::RoleScope& where) const;
    [[nodiscard]] CircleFacts facts(sql::Session& session, const Actor& actor, const Held& held) const;
    // Writes what differs from `before`.
    template <class Right>
    void save(sql::Tx& tx, const Right& right, const store::Row& row, const Circle& before,
              const Circle& after);
    void tell_closed(sql::Tx& tx, const store::Row& row, std::string_view why);

    sql::Database& database_;
    const Clock& clock_;
    IdMaker& ids_;
    events::Outbox& outbox_;
    const accounts::Accounts& accounts_;
    const guardians::Guardianships& guardianships_;
    std::map<std::string, Kind, std::less<>> kinds_;
};

}  // namespace braid::circles
