// The demo city (demo/), embedded in the program and loaded through the same use cases as people use.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "app/program.h"
#include "base/result.h"

namespace braid::app {

struct DemoFile {
    std::string_view path;  // "people.toml", "works/the-salt-road.md", "answers.toml"; the form of each is in
                            // demo/README.md
    std::string_view text;
};
std::span<const DemoFile> demo_files();

// Everybody's in the demo city, printed by `make run`. Of development alone.
inline constexpr std::string_view kDemoPassword = "harbour-lights-2026";

struct DemoLoaded {
    int people = 0, works = 0, chapters = 0, comments = 0;
};
using DemoProgress = std::function<void(std::size_t done, std::size_t total)>;

// `program` runs on `clock`, which is set to the moment of each thing before it happens, in order of time,
// and to `now` at the end: what was written a month ago is a month old, and ids are in the order of creation.
// The schema must be up to date and nobody there yet. An error names file and field of the data, or is what a
// use case said.
Result<DemoLoaded> load_demo(Program& program, FakeClock& clock, Timestamp now,
                             std::span<const DemoFile> files, const DemoProgress& progress);

}  // namespace braid::app
