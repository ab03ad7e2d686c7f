// The audit log as a part of the program: its table, its page and its policy.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "access/module.h"
#include "audit/api.h"

namespace braid::audit {

struct Named {
    PersonId id;
    std::string name;  // "Ms Ortega (@ms-ortega)"
};
// Who people are is known above this room; the program gives the answer.
struct Names {
    std::function<std::vector<Named>(sql::Session&, std::span<const PersonId>)> of;
    std::function<std::optional<PersonId>(sql::Session&, std::string_view handle)> by_handle;
};

class AuditModule {
  public:
    // `database` must outlive the module.
    AuditModule(sql::Database& database, Names names) : database_(database), names_(std::move(names)) {}
    // The module must outlive what it describes.
    access::Module describe();

  private:
    sql::Database& database_;
    Names names_;
};

}  // namespace braid::audit
