#include "platform/http/loop.h"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <vector>

namespace braid::http {

namespace asio = boost::asio;

namespace {

// The executor is named, so that no operation pays for a type-erased one.
using Descriptor = asio::posix::basic_stream_descriptor<asio::io_context::executor_type>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                               asio::io_context::executor_type>;

struct Repeated {
    Timer timer;
    std::chrono::milliseconds period;
    std::function<void()> task;

    void arm() {
        timer.expires_after(period);
        timer.async_wait([this](const boost::system::error_code& failure) {
            if (failure) return;
            task();
            arm();
        });
    }
};

}  // namespace

struct Loop::Impl {
    asio::io_context context{1};  // hint: one thread runs it
    asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
    std::vector<std::unique_ptr<Repeated>> repeated;
};

Loop::Loop() : impl_(std::make_unique<Impl>()) {}
Loop::~Loop() = default;

void Loop::run() {
    impl_->context.run();
}
void Loop::stop() {
    impl_->context.stop();
}
void Loop::post(std::function<void()> task) {
    asio::post(impl_->context, std::move(task));
}

void Loop::every(std::chrono::milliseconds period, std::function<void()> task) {
    auto& timer = impl_->repeated.emplace_back(
        std::make_unique<Repeated>(Repeated{Timer(impl_->context.get_executor()), period, std::move(task)}));
    timer->arm();
}

struct Watched::Impl {
    Descriptor descriptor;
};

Watched::Watched(Loop& loop, int fd)
    : impl_(std::make_unique<Impl>(Impl{Descriptor(loop.impl_->context.get_executor(), fd)})) {}
Watched::~Watched() {
    close();
}

int Watched::fd() const {
    return impl_->descriptor.native_handle();
}
bool Watched::open() const {
    return impl_->descriptor.is_open();
}

void Watched::wait_readable(std::shared_ptr<Watcher> watcher) {
    impl_->descriptor.async_wait(Descriptor::wait_read,
                                 [watcher = std::move(watcher)](const boost::system::error_code& failure) {
                                     if (!failure) watcher->on_readable();
                                 });
}

void Watched::wait_writable(std::shared_ptr<Watcher> watcher) {
    impl_->descriptor.async_wait(Descriptor::wait_write,
                                 [watcher = std::move(watcher)](const boost::system::error_code& failure) {
                                     if (!failure) watcher->on_writable();
                                 });
}

void Watched::close() {
    boost::system::error_code ignored;
    if (impl_->descriptor.is_open()) impl_->descriptor.close(ignored);
}

}  // namespace braid::http
