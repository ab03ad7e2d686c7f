// Discovery: home, lists, tags, a person's public page. Stores nothing.
#pragma once

#include "access/module.h"
#include "interests/discovery/pages.h"

namespace braid::discovery {

class DiscoveryModule {
  public:
    // All references must outlive the module.
    DiscoveryModule(sql::Database& database, const works::Library& library, const feedback::Answers& answers,
                    const reading::Progress& progress, const accounts::People& people,
                    const topics::Interests& interests, const guidance::Guide& guide)
        : pages_(database, library, answers, progress, people, interests, guide) {}

    // The module must outlive what it describes.
    access::Module describe();

  private:
    Pages pages_;
};

}  // namespace braid::discovery
