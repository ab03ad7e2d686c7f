#include "app/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/text.h"

namespace braid::app {

namespace {

std::size_t terminal_width() {
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
}

std::string thousands(std::size_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3; at -= 3)
        digits.insert(at - 3, ",");
    return digits;
}

std::string remaining(std::size_t done, std::size_t total, std::chrono::milliseconds elapsed) {
    if (done == 0 || done >= total || elapsed < std::chrono::seconds(2)) return "";
    const auto seconds =
        elapsed.count() * static_cast<long long>(total - done) / static_cast<long long>(done) / 1000 + 1;
    if (seconds < 90) return "  about " + std::to_string(seconds) + " s";
    return "  about " + std::to_string((seconds + 30) / 60) + " min";
}

}  // namespace

std::string bar(std::string_view label, std::size_t done, std::size_t total,
                std::chrono::milliseconds elapsed, std::size_t width) {
    done = std::min(done, total);
    const std::size_t percent = total == 0 ? 100 : done * 100 / total;
    const std::string numbers = (percent < 10    ? "  "
                                 : percent < 100 ? " "
                                                 : "") +
                                std::to_string(percent) + " %  " + thousands(done) + " of " +
                                thousands(total) + remaining(done, total, elapsed);
    const std::size_t taken = count_code_points(label) + count_code_points(numbers) + 6;
    std::string line = std::string(label) + "  ";
    if (taken + 8 < width) {
        const std::size_t cells = std::min<std::size_t>(width - taken, 30);
        const std::size_t full = total == 0 ? cells : cells * done / total;
        line += "▕";
        for (std::size_t i = 0; i < cells; ++i)
            line += i < full ? "█" : " ";
        line += "▏ ";
    }
    return line + numbers;
}

Progress::Progress(std::string label)
    : label_(std::move(label)),
      shown_(isatty(STDERR_FILENO) == 1),
      start_(std::chrono::steady_clock::now()) {}

Progress::~Progress() {
    if (any_) std::fputs("\n", stderr);
}

void Progress::at(std::size_t done, std::size_t total) {
    if (!shown_) return;
    const auto now = std::chrono::steady_clock::now();
    if (any_ && done < total && now - drawn_ < std::chrono::milliseconds(100)) return;
    drawn_ = now;
    any_ = true;
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - start_);
    std::fprintf(stderr, "\r\x1b[2K%s", bar(label_, done, total, elapsed, terminal_width()).c_str());
    std::fflush(stderr);
}

}  // namespace braid::app
