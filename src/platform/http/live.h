// Who listens to which channel, per loop. Internal to this folder.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/http/loop.h"
#include "platform/http/server.h"

namespace braid::http {

// One event, written once, shared by every connection that still has to send it.
using EventBytes = std::shared_ptr<const std::string>;

// The text of an event as it goes over the wire. Line ends inside `data` become several data lines; `event`
// may hold none.
std::string event_text(std::string_view event, std::string_view data);

class Listener {
  public:
    virtual ~Listener() = default;
    // May end the connection, but removes nothing from the channels before it returns.
    virtual void deliver(const EventBytes& bytes) = 0;
    // Nothing more is to be sent. Removes nothing from the channels before it returns.
    virtual void end() = 0;
};

// The listeners of one loop. Used on the loop's thread, but for the counter.
class LoopChannels {
  public:
    void add(const LiveBody& body, Listener* listener);
    void remove(const LiveBody& body, Listener* listener);
    void deliver(std::string_view channel, const EventBytes& bytes);
    void end(std::string_view channel);
    // How many ends there have been. Who is about to ask whether it may listen notes it first, and after it
    // was added looks whether one of its channels was ended meanwhile: what it was told may be out of date.
    [[nodiscard]] std::uint64_t ends() const { return ends_; }
    // Also true when too many ends lie between to know.
    [[nodiscard]] bool ended_since(std::uint64_t ends, const LiveBody& body) const;
    [[nodiscard]] std::size_t listeners() const { return listeners_.load(std::memory_order_relaxed); }

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::unordered_map<std::string, std::vector<Listener*>, Hash, std::equal_to<>> channels_;
    std::uint64_t ends_ = 0;
    std::deque<std::string> ended_;  // channels of the last ends, the newest last
    std::atomic<std::size_t> listeners_{0};
};

class Hub final : public LiveHub {
  public:
    struct Place {
        Loop* loop;
        LoopChannels* channels;
    };
    explicit Hub(std::vector<Place> places) : places_(std::move(places)) {}
    void publish(std::string_view channel, std::string_view event, std::string_view data) override;
    [[nodiscard]] std::size_t listeners() const override;

  private:
    const std::vector<Place> places_;
};

}  // namespace braid::http
