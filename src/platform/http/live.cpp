#include "platform/http/live.h"

#include <algorithm>

namespace braid::http {

namespace {

constexpr std::size_t kEndsKept = 1024;

}  // namespace

std::string event_text(std::string_view event, std::string_view data) {
    std::string text;
    text.reserve(event.size() + data.size() + 32);
    if (!event.empty()) {
        text += "event: ";
        for (const char c : event)
            text += c == '\r' || c == '\n' ? ' ' : c;
        text += '\n';
    }
    // WHATWG HTML section 9.2.6: CRLF, CR and LF all end a line.
    text += "data: ";
    for (std::size_t i = 0; i < data.size(); ++i) {
        if (data[i] == '\r' && i + 1 < data.size() && data[i + 1] == '\n') continue;
        if (data[i] == '\r' || data[i] == '\n') {
            text += "\ndata: ";
        } else {
            text += data[i];
        }
    }
    text += "\n\n";
    return text;
}

void LoopChannels::add(const LiveBody& body, Listener* listener) {
    for (const std::string& channel : body.channels)
        channels_[channel].push_back(listener);
    listeners_.fetch_add(1, std::memory_order_relaxed);
}

void LoopChannels::remove(const LiveBody& body, Listener* listener) {
    for (const std::string& channel : body.channels) {
        const auto found = channels_.find(channel);
        if (found == channels_.end()) continue;
        std::erase(found->second, listener);
        if (found->second.empty()) channels_.erase(found);
    }
    listeners_.fetch_sub(1, std::memory_order_relaxed);
}

void LoopChannels::deliver(std::string_view channel, const EventBytes& bytes) {
    const auto found = channels_.find(channel);
    if (found == channels_.end()) return;
    // Listeners leave by a task of their own (see Connection), so the list stands still here.
    for (Listener* listener : found->second)
        listener->deliver(bytes);
}

void LoopChannels::end(std::string_view channel) {
    ++ends_;
    ended_.emplace_back(channel);
    if (ended_.size() > kEndsKept) ended_.pop_front();
    const auto found = channels_.find(channel);
    if (found == channels_.end()) return;
    for (Listener* listener : found->second)
        listener->end();
}

bool LoopChannels::ended_since(std::uint64_t ends, const LiveBody& body) const {
    const std::uint64_t since = ends_ - ends;
    if (since > ended_.size()) return true;
    return std::any_of(ended_.end() - static_cast<std::ptrdiff_t>(since), ended_.end(),
                       [&](const std::string& channel) {
                           return std::ranges::find(body.channels, channel) != body.channels.end();
                       });
}

void Hub::publish(std::string_view channel, std::string_view event, std::string_view data) {
    EventBytes bytes;
    for (const Place& place : places_) {
        if (event == kEndStreams) {  // also where nobody listens: somebody may be about to
            place.loop->post(
                [channels = place.channels, name = std::string(channel)] { channels->end(name); });
            continue;
        }
        if (place.channels->listeners() == 0) continue;
        if (!bytes) bytes = std::make_shared<const std::string>(event_text(event, data));
        place.loop->post([channels = place.channels, name = std::string(channel), bytes] {
            channels->deliver(name, bytes);
        });
    }
}

std::size_t Hub::listeners() const {
    std::size_t sum = 0;
    for (const Place& place : places_)
        sum += place.channels->listeners();
    return sum;
}

}  // namespace braid::http
