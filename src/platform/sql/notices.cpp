#include "platform/sql/notices.h"

#include <algorithm>

namespace braid::sql {

namespace {

constexpr std::size_t kMaxPayload = 4000;
// A listener that hangs must not eat the memory: beyond this the oldest are forgotten and everybody is told
// so.
constexpr std::size_t kMaxQueued = 10'000;

}  // namespace

void add_notice(std::vector<PendingNotice>& pending, std::string_view channel, std::string_view payload,
                Reach reach) {
    if (channel.empty() || payload.size() > kMaxPayload) {
        throw Failure(FailureKind::statement, "a notice needs a channel and at most 4000 bytes of payload");
    }
    PendingNotice notice{{std::string(channel), std::string(payload)}, reach};
    if (std::find(pending.begin(), pending.end(), notice) == pending.end())
        pending.push_back(std::move(notice));
}

Listening NoticeBoard::listen(Listener listener) {
    const std::scoped_lock lock(mutex_);
    entries_.push_back(std::make_unique<Entry>(Entry{std::move(listener)}));
    if (!thread_.joinable() && !stopping_) thread_ = std::thread([this] { run(); });
    return Listening([this, entry = entries_.back().get()] { end(entry); });
}

void NoticeBoard::end(const Entry* entry) {
    std::unique_lock lock(mutex_);
    // A listener may end itself; waiting for itself would be for ever.
    if (std::this_thread::get_id() != thread_.get_id())
        changed_.wait(lock, [&] { return running_ != entry; });
    entries_.remove_if([&](const auto& e) { return e.get() == entry; });
}

void NoticeBoard::tell(Notice notice) {
    const std::scoped_lock lock(mutex_);
    if (entries_.empty() || stopping_) return;
    if (queue_.size() >= kMaxQueued) {
        queue_.clear();
        queue_.push_back({});
    }
    queue_.push_back(std::move(notice));
    changed_.notify_all();
}

void NoticeBoard::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
        if (stopping_) return;
        const Notice notice = std::move(queue_.front());
        queue_.pop_front();
        std::vector<const Entry*> told;
        for (;;) {  // the list may change while a listener runs
            const auto next = std::find_if(entries_.begin(), entries_.end(), [&](const auto& entry) {
                return std::find(told.begin(), told.end(), entry.get()) == told.end();
            });
            if (next == entries_.end()) break;
            running_ = next->get();
            told.push_back(running_);
            const Listener listener = running_->listener;  // a copy: it may end itself
            lock.unlock();
            listener(notice);
            lock.lock();
            running_ = nullptr;
            changed_.notify_all();
        }
    }
}

void NoticeBoard::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

}  // namespace braid::sql
