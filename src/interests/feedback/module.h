// Answering: comments on paragraphs and chapters, kudos, bookmarks.
#pragma once

#include <memory>

#include "access/module.h"
#include "base/random.h"
#include "identity/accounts/api.h"
#include "identity/guardians/api.h"
#include "interests/feedback/pages.h"
#include "interests/feedback/reach.h"
#include "interests/feedback/service.h"

namespace braid::feedback {

class FeedbackModule {
  public:
    // All references must outlive the module; `publish` may be empty.
    FeedbackModule(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random,
                   events::Outbox& outbox, const works::Library& library, const accounts::People& people,
                   const access::Guard& guard, PublishLive publish, works::Screen screen = {});

    [[nodiscard]] const Answers& answers() const { return service_; }
    [[nodiscard]] Oversight& oversight() { return service_; }
    // What guardians decide, carried out here; for whoever joins the two.
    [[nodiscard]] guardians::Reach& reach() { return reach_; }
    // The use cases, for the demo, commands and tests.
    [[nodiscard]] Service& service() { return service_; }

    // The module must outlive what it describes.
    access::Module describe();

  private:
    sql::Database& database_;
    const accounts::People& people_;
    Service service_;
    CommentReach reach_;
    Pages pages_;
};

// With whom somebody has to do in comments: whose works she answered, and who answered hers. The most often
// first, at most 100.
std::vector<guardians::Contact> contacts_of(sql::Session& session, access::PersonId person);

}  // namespace braid::feedback
