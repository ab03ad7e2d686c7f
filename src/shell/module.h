// The shell's own routes: assets, the service worker, the offline page, language and reading settings, the
// styleguide.
#pragma once

#include <filesystem>

#include "access/module.h"
#include "shell/shell.h"

namespace braid::shell {

enum class Development { no, yes };

class ShellModule {
  public:
    // `development`: /styleguide and /dev/mail exist; `mails` is where its mails are kept.
    explicit ShellModule(Development development, std::filesystem::path mails = {})
        : development_(development), mails_(std::move(mails)) {}
    [[nodiscard]] access::Module describe() const;

  private:
    Development development_;
    std::filesystem::path mails_;
};

}  // namespace braid::shell
