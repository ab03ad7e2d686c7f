// Tells listeners, on a thread of its own, what committed transactions announced. For this folder alone.
#pragma once

#include <condition_variable>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "platform/sql/sql.h"

namespace braid::sql {

struct PendingNotice {
    Notice notice;
    Reach reach;

    friend bool operator==(const PendingNotice& a, const PendingNotice& b) {
        return a.reach == b.reach && a.notice.channel == b.notice.channel &&
               a.notice.payload == b.notice.payload;
    }
};

// Appends unless an equal one is there; refuses what no engine could carry.
void add_notice(std::vector<PendingNotice>& pending, std::string_view channel, std::string_view payload,
                Reach reach);

// Thread-safe. The thread starts with the first listener; without listeners a notice costs nothing.
class NoticeBoard {
  public:
    ~NoticeBoard() { stop(); }
    Listening listen(Listener listener);
    void tell(Notice notice);
    void stop();

  private:
    struct Entry {
        Listener listener;
    };
    void run();
    void end(const Entry* entry);

    std::mutex mutex_;
    std::condition_variable changed_;
    std::list<std::unique_ptr<Entry>> entries_;
    const Entry* running_ = nullptr;
    std::deque<Notice> queue_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace braid::sql
