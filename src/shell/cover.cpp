#include "shell/cover.h"

#include <array>
#include <cstdint>

#include "shell/seed.h"

namespace braid::shell {

namespace {

// The picture is 120 × 160; whole numbers keep it small.
constexpr int kWidth = 120;
constexpr int kHeight = 160;

struct Palette {
    std::string_view sky, far, middle, near, light;
};

// From the back to the front, and what shines. Neighbouring values differ in lightness, so that shapes part
// at 80 px.
constexpr std::array<Palette, 12> kPalettes{{
    {"#123c46", "#0a6463", "#12908e", "#0b2b33", "#f7c46b"},  // a harbour at night
    {"#3a1f5d", "#67309f", "#8b4fc6", "#24123d", "#f2a51a"},  // violet dusk
    {"#fbe3c0", "#f0a873", "#d8643f", "#7b2d2f", "#fff6df"},  // a warm morning
    {"#cfe6e0", "#86bfae", "#3e8473", "#1d4a45", "#f9efc7"},  // mist in the woods
    {"#16233f", "#27406b", "#4a6fa5", "#0d1526", "#f4e3b2"},  // a clear night
    {"#f7d6d0", "#e08e9b", "#a94a6b", "#5b2145", "#fff3e4"},  // roses
    {"#f2a51a", "#d97816", "#a84a1c", "#54240f", "#fdf0d5"},  // harvest
    {"#bfdcf0", "#7fb0d6", "#3d73a8", "#1b3f66", "#fffdf2"},  // high noon
    {"#2b2a33", "#4d4757", "#7d6f83", "#191820", "#f6b39b"},  // rain in town
    {"#dfe8c4", "#a9c077", "#65893f", "#31502a", "#fdf7dc"},  // a meadow
    {"#0f3b3a", "#1f6b57", "#5fa777", "#08211f", "#f9d77e"},  // deep in the forest
    {"#e9dcf5", "#bfa0e0", "#7f5cb5", "#40296b", "#ffe9b8"},  // lavender
}};

class Dice {
  public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    // low to high, both included.
    int roll(int low, int high) {
        return low + static_cast<int>(next() % static_cast<std::uint64_t>(high - low + 1));
    }
    bool one_in(int n) { return roll(1, n) == 1; }

  private:
    std::uint64_t next() {  // splitmix64
        state_ += 0x9e3779b97f4a7c15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31U);
    }
    std::uint64_t state_;
};

class Canvas {
  public:
    Canvas(const Palette& palette, Dice& dice) : p(palette), dice(dice) {}

    void rect(int x, int y, int w, int h, std::string_view fill, int round = 0) {
        text_ += "<rect";
        number("x", x), number("y", y), number("width", w), number("height", h);
        if (round > 0) number("rx", round);
        close(fill);
    }
    void circle(int x, int y, int r, std::string_view fill) {
        text_ += "<circle";
        number("cx", x), number("cy", y), number("r", r);
        close(fill);
    }
    void path(const std::string& d, std::string_view fill) {
        text_ += "<path d=\"" + d + '"';
        close(fill);
    }
    void line(const std::string& d, std::string_view stroke, int width) {
        text_ += "<path d=\"" + d + "\" fill=\"none\" stroke=\"";
        text_ += stroke;
        text_ += "\" stroke-linecap=\"round\"";
        number("stroke-width", width);
        text_ += "/>";
    }
    [[nodiscard]] const std::string& text() const { return text_; }

    // Moving parts that several scenes share.
    void stars(int count, int below) {
        std::string d;
        for (int i = 0; i < count; ++i) {
            d += "M" + std::to_string(dice.roll(6, kWidth - 6)) + " " + std::to_string(dice.roll(6, below)) +
                 "h0";
        }
        line(d, p.light, 2);
    }
    // Sun, full moon or crescent.
    void orb(int x, int y, int r) {
        circle(x, y, r, p.light);
        if (dice.one_in(3)) circle(x + r * 2 / 5, y - r / 5, r * 9 / 10, p.sky);
    }
    // A rolling edge from side to side, filled to the foot.
    void swell(int y, int height, int waves, std::string_view fill) {
        const int step = kWidth / waves;
        std::string d = "M0 " + std::to_string(y);
        for (int i = 0; i < waves; ++i) {
            const int sign = i % 2 == 0 ? -1 : 1;
            d += "q" + std::to_string(step / 2) + " " + std::to_string(sign * height) + " " +
                 std::to_string(step) + " 0";
        }
        path(d + "h9V160H0z", fill);
    }

    const Palette& p;
    Dice& dice;

  private:
    void number(std::string_view name, int value) {
        text_ += ' ';
        text_ += name;
        text_ += "=\"" + std::to_string(value) + '"';
    }
    void close(std::string_view fill) {
        text_ += " fill=\"";
        text_ += fill;
        text_ += "\"/>";
    }
    std::string text_;
};

std::string at(int x, int y) {
    return std::to_string(x) + " " + std::to_string(y);
}

void sea(Canvas& c) {
    const int horizon = c.dice.roll(78, 104);
    c.orb(c.dice.roll(30, 90), c.dice.roll(30, horizon - 20), c.dice.roll(13, 24));
    c.swell(horizon, 10, 2, c.p.far);
    if (!c.dice.one_in(3)) {  // a boat on the first swell
        const int x = c.dice.roll(34, 72);
        c.path("M" + at(x, horizon + 2) + "h26l-6 9h-15z", c.p.near);
        c.path("M" + at(x + 12, horizon - 2) + "v-34l17 34z", c.p.light);
        c.path("M" + at(x + 9, horizon - 2) + "v-24l-11 24z", c.p.near);
    }
    c.swell(horizon + 22, 14, 3, c.p.middle);
    c.swell(horizon + 40, 12, 4, c.p.near);
}

void mountains(Canvas& c) {
    c.orb(c.dice.roll(22, 98), c.dice.roll(24, 44), c.dice.roll(9, 17));
    const int peak = c.dice.roll(38, 84);
    const int top = c.dice.roll(42, 64);
    c.path("M-10 130L" + at(peak - 38, top + 34) + "L" + at(peak + 44, 140) + "z", c.p.far);
    c.path("M" + at(peak - 62, 160) + "L" + at(peak, top) + "L" + at(peak + 66, 160) + "z", c.p.middle);
    c.path("M" + at(peak, top) + "l-15 25 9-4 6 8 8-9 9 5z", c.p.light);
    c.path("M0 160V" + std::to_string(c.dice.roll(118, 132)) + "q40-14 70 4t60 2V160z", c.p.near);
}

void hills(Canvas& c) {
    c.orb(c.dice.roll(26, 94), c.dice.roll(28, 52), c.dice.roll(11, 20));
    c.swell(c.dice.roll(80, 92), 26, 2, c.p.far);
    const int x = c.dice.roll(24, 88);
    c.path("M0 116q50-36 120 2v42H0z", c.p.middle);
    if (c.dice.one_in(2)) {  // a house
        c.path("M" + at(x - 11, 108) + "v-15l12-11 12 11v15z", c.p.near);
        c.rect(x - 3, 95, 7, 8, c.p.light);
    } else {  // a round tree
        c.rect(x - 2, 84, 4, 26, c.p.near);
        c.circle(x, 80, 14, c.p.near);
    }
    c.path("M0 138q60-26 120 0v22H0z", c.p.near);
    c.path("M40 160q24-10 20-29h5q9 17-3 29z", c.p.far);
}

void city(Canvas& c) {
    c.orb(c.dice.roll(24, 96), c.dice.roll(24, 42), c.dice.roll(10, 16));
    for (int layer = 0; layer < 2; ++layer) {
        std::string d = "M0 160";
        for (int x = 0; x < kWidth;) {
            const int width = c.dice.roll(13, 24);
            const int top = layer == 0 ? c.dice.roll(56, 90) : c.dice.roll(92, 122);
            d += "L" + at(x, top) + "h" + std::to_string(width);
            x += width;
            d += "V160";
        }
        c.path(d + "z", layer == 0 ? c.p.far : c.p.near);
    }
    std::string windows;
    for (int i = 0; i < 17; ++i)
        windows += "M" + at(c.dice.roll(1, 23) * 5, c.dice.roll(20, 31) * 5) + "v2";
    c.line(windows, c.p.light, 3);
}

void forest(Canvas& c) {
    c.orb(c.dice.roll(30, 90), c.dice.roll(30, 50), c.dice.roll(14, 24));
    const auto row = [&](int foot, int height, int step, std::string_view fill) {
        std::string d;
        for (int x = c.dice.roll(-8, 2); x < kWidth + 8; x += step) {
            const int tall = height + c.dice.roll(-9, 9);
            d += "M" + at(x, foot - tall) + "l" + at(step * 2 / 3, tall) + "h" +
                 std::to_string(-step * 4 / 3) + "z";
        }
        c.path(d + "M0 " + std::to_string(foot - 2) + "h120V160H0z", fill);
    };
    row(112, 52, 17, c.p.far);
    row(132, 50, 24, c.p.middle);
    row(154, 48, 34, c.p.near);
}

void tent(Canvas& c) {
    c.stars(11, 70);
    const int x = c.dice.roll(48, 72);
    const int top = c.dice.roll(44, 62);
    if (c.dice.one_in(2)) c.path("M0 118l34-44 26 32 30-40 40 52z", c.p.far);
    c.path("M0 124q60-14 120 0v36H0z", c.p.near);
    c.path("M" + at(x, top) + "L" + at(x + 48, 138) + "H" + std::to_string(x - 48) + "z", c.p.middle);
    c.path("M" + at(x, top) + "L" + at(x + 48, 138) + "H" + std::to_string(x + 14) + "z", c.p.far);
    c.path("M" + at(x, top + 34) + "l17 " + std::to_string(104 - top) + "h-34z", c.p.light);
    c.line("M" + at(x, top) + "v-9", c.p.light, 2);
}

void window_(Canvas& c) {
    c.rect(0, 0, kWidth, kHeight, c.p.near);
    const bool arch = c.dice.one_in(2);
    const int top = c.dice.roll(22, 34);
    const auto frame = [&](int inset, std::string_view fill) {
        const int x = 28 + inset;
        const int w = 64 - 2 * inset;
        if (arch) {
            c.path("M" + at(x, 122 - inset) + "V" + std::to_string(top + 32) + "a" + at(w / 2, w / 2) +
                       " 0 0 1 " + at(w, 0) + "V" + std::to_string(122 - inset) + "z",
                   fill);
        } else {
            c.rect(x, top + inset, w, 122 - top - 2 * inset, fill, 3);
        }
    };
    frame(0, c.p.middle);
    frame(5, c.p.sky);
    c.circle(c.dice.roll(46, 74), top + c.dice.roll(30, 42), c.dice.roll(8, 13), c.p.light);
    c.path("M33 117V" + std::to_string(c.dice.roll(92, 100)) + "q16-12 28-2t26-4v23z", c.p.far);
    c.rect(58, top, 4, 120 - top, c.p.middle);
    c.rect(20, 120, 80, 8, c.p.far, 2);
    if (c.dice.one_in(2)) {  // a pot with a plant
        c.path("M68 104h20l-3 16h-14z", c.p.light);
        c.line("M78 104q-2-18-12-22m12 22q1-20 12-26m-12 26v-30", c.p.middle, 3);
    } else {  // a cat
        c.path("M70 120v-14q0-10 9-11v-9l5 4h5l4-4v9q6 4 4 12l3 13z", c.p.light);
    }
}

void lighthouse(Canvas& c) {
    const int x = c.dice.roll(44, 76);
    const int top = c.dice.roll(38, 52);
    c.path("M" + at(x, top) + "L-20 " + std::to_string(top - 26) + "V" + std::to_string(top + 18) + "z",
           c.p.far);
    c.path("M" + at(x, top) + "L140 " + std::to_string(top - 26) + "V" + std::to_string(top + 18) + "z",
           c.p.far);
    c.path("M" + at(x - 9, top + 8) + "h18l7 84h-32z", c.p.light);
    c.path("M" + at(x - 11, top + 32) + "h22l2 18h-26zm-3 36h28l1 18h-30z", c.p.middle);
    c.rect(x - 8, top - 9, 16, 15, c.p.light, 2);
    c.path("M" + at(x - 11, top - 8) + "l11-13 11 13z", c.p.near);
    c.path("M" + at(x - 13, top + 5) + "h26v5h-26z", c.p.near);
    c.path("M" + at(x - 44, 146) + "q16-26 44-26t46 26z", c.p.near);
    c.swell(134, 9, 3, c.p.middle);
    c.swell(147, 8, 4, c.p.near);
}

void stairs(Canvas& c) {
    const int steps = c.dice.roll(5, 7);
    const int rise = 84 / steps;
    const int run = 92 / steps;
    if (c.dice.one_in(2)) {
        c.orb(30, c.dice.roll(28, 44), c.dice.roll(11, 17));
    } else {
        c.stars(9, 66);
    }
    // The door at the top, ajar.
    const int top = 152 - rise * steps;
    c.path("M" + at(92, top) + "v-26a12 12 0 0 1 24 0v26z", c.p.light);
    for (int layer = 0; layer < 2; ++layer) {
        std::string d = "M" + at(8 + layer * 26, 160) + "v-8";
        for (int i = 0; i < steps; ++i)
            d += "v" + std::to_string(-rise) + "h" + std::to_string(run);
        c.path(d + "H120V160z", layer == 0 ? c.p.middle : c.p.near);
    }
}

void planet(Canvas& c) {
    c.stars(16, 150);
    const int x = c.dice.roll(44, 76);
    const int y = c.dice.roll(60, 96);
    const int r = c.dice.roll(26, 36);
    c.circle(x, y, r, c.p.middle);
    c.path("M" + at(x - r, y) + "a" + at(r, r) + " 0 0 0 " + at(r * 2, 0) + "q" + at(-r, r / 2) + " " +
               at(-r * 2, 0) + "z",
           c.p.far);
    if (c.dice.one_in(2)) {
        const std::string ring = at(r * 3 / 2, r / 3);
        c.line("M" + at(x - r - 1, y - r / 5) + "C" + at(x - r * 2, y + r / 3) + " " + at(x - r / 2, y + r) +
                   " " + at(x + r, y + 1) + "S" + at(x + r + 14, y - r) + " " + at(x + r - 2, y - r / 3),
               c.p.light, 4);
    } else {
        c.circle(x + r + 8, y - r, 8, c.p.light);
        c.circle(x - r / 3, y - r / 3, r / 5, c.p.far);
        c.circle(x + r / 4, y - r / 2, r / 8, c.p.far);
    }
    if (c.dice.one_in(2)) c.path("M0 160v-16q60-28 120 0v16z", c.p.near);
}

void dunes(Canvas& c) {
    c.circle(c.dice.roll(40, 80), c.dice.roll(46, 66), c.dice.roll(18, 28), c.p.light);
    const int y = c.dice.roll(76, 88);
    c.path("M0 " + std::to_string(y + 14) + "q30-26 62-6t58-10V160H0z", c.p.far);
    c.path("M0 " + std::to_string(y + 34) + "C40 " + std::to_string(y) + " 60 " + std::to_string(y + 62) +
               " 120 " + std::to_string(y + 18) + "V160H0z",
           c.p.middle);
    c.path("M120 " + std::to_string(y + 40) + "C80 " + std::to_string(y + 34) + " 60 " +
               std::to_string(y + 66) + " 0 " + std::to_string(y + 60) + "V160H120z",
           c.p.near);
    const int x = c.dice.roll(24, 84);
    c.line("M" + at(x, y + 34) + "v-28m0 18h-7v-8m7 2h7v-9", c.p.near, 5);
}

void bridge(Canvas& c) {
    c.orb(c.dice.roll(28, 92), c.dice.roll(26, 46), c.dice.roll(11, 19));
    const int y = c.dice.roll(78, 92);
    c.swell(y - 4, 18, 2, c.p.far);
    const int arches = c.dice.roll(2, 4);
    const int span = 120 / arches;
    std::string d = "M0 " + std::to_string(y) + "h120v60h-" + std::to_string(4);
    for (int i = 0; i < arches; ++i) {
        const int w = span - 8;
        d += "v-18a" + at(w / 2, w / 2) + " 0 0 0 " + at(-w, 0) + "v18h-8";
    }
    c.path(d + "H0z", c.p.near);
    c.rect(0, y - 5, 120, 6, c.p.middle);
    c.swell(y + 46, 6, 4, c.p.middle);
}

void kite(Canvas& c) {
    c.path("M10 40h34a9 9 0 0 0-9-12a12 12 0 0 0-22 2a7 7 0 0 0-3 10z", c.p.far);
    const int x = c.dice.roll(62, 84);
    const int y = c.dice.roll(46, 62);
    c.line("M" + at(x, y + 30) + "q-24 22-8 40t-26 46", c.p.light, 2);
    c.path("M" + at(x, y - 30) + "l24 28-24 32z", c.p.middle);
    c.path("M" + at(x, y - 30) + "l-24 28 24 32z", c.p.light);
    c.path("M" + at(x - 8, y + 56) + "l-9-4 2 9zm0 0l9-4-1 9z", c.p.middle);
    c.swell(c.dice.roll(122, 132), 16, 2, c.p.middle);
    c.swell(c.dice.roll(138, 146), 14, 3, c.p.near);
}

void arcs(Canvas& c) {
    const int x = c.dice.one_in(2) ? 60 : c.dice.roll(14, 106);
    const int y = c.dice.roll(112, 134);
    const std::array<std::string_view, 4> order{c.p.near, c.p.middle, c.p.far, c.p.light};
    for (int i = 0; i < 4; ++i)
        c.circle(x, y, 84 - i * 20, order[static_cast<std::size_t>(i)]);
    if (c.dice.one_in(2)) c.circle(x, y, 9, c.p.near);
    c.swell(y + 4, 8, c.dice.roll(2, 4), c.p.near);
    c.swell(y + 16, 7, c.dice.roll(3, 5), c.p.middle);
}

constexpr std::array kScenes{sea,        mountains, hills,  city,  forest, tent, window_,
                             lighthouse, stairs,    planet, dunes, bridge, kite, arcs};

}  // namespace

std::string cover_svg(std::string_view title, std::string_view author) {
    std::string text(title);
    text += '\n';
    text += author;
    Dice dice(seed_of(text));
    const auto& palette =
        kPalettes[static_cast<std::size_t>(dice.roll(0, static_cast<int>(kPalettes.size()) - 1))];
    const auto scene = kScenes[static_cast<std::size_t>(dice.roll(0, static_cast<int>(kScenes.size()) - 1))];
    const bool mirrored = dice.one_in(2);

    Canvas canvas(palette, dice);
    scene(canvas);

    std::string svg =
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 160" width="360" height="480"><rect width="120" height="160" fill=")";
    svg += palette.sky;
    svg += mirrored ? "\"/><g transform=\"matrix(-1 0 0 1 120 0)\">" : "\"/><g>";
    svg += canvas.text();
    svg += "</g></svg>\n";
    return svg;
}

}  // namespace braid::shell
