// The shell's own routes: assets, the service worker, the offline page, language and reading settings, the styleguide.
#pragma once

#include "access/module.h"
#include "shell/shell.h"

namespace braid::shell {

enum class Development { no, yes };

class ShellModule {
  public:
    // `development`: /styleguide exists.
    explicit ShellModule(Development development) : development_(development) {}
    [[nodiscard]] access::Module describe() const;

  private:
    Development development_;
};

}  // namespace braid::shell
