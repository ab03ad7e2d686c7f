// For tests in which no child waits for a guardian's consent.
#pragma once

#include "identity/guardians/api.h"

namespace braid::testing {

class NobodyWaits final : public guardians::Waiting {
  public:
    bool knows(std::string_view) override { return false; }
    Result<std::optional<std::string>> come_back(std::string_view, std::string_view) override {
        return std::optional<std::string>{};
    }
};

}  // namespace braid::testing
