// How far long work is: a bar on standard error when that is a terminal, nothing otherwise.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace braid::app {

class Progress {
  public:
    explicit Progress(std::string label);
    ~Progress();  // leaves the finished bar behind, or removes an unfinished one
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void at(std::size_t done, std::size_t total);  // cheap: draws at most ten times a second

  private:
    const std::string label_;
    const bool shown_;
    std::chrono::steady_clock::time_point start_, drawn_;
    bool any_ = false;
};

// "▕████████      ▏ 52 %  1,204 of 2,310  about 14 s": what is drawn, of at most `width` columns.
std::string bar(std::string_view label, std::size_t done, std::size_t total,
                std::chrono::milliseconds elapsed, std::size_t width);

}  // namespace braid::app
