// The small pieces pages are made of. Call them from templates: {% include "shell/pieces.h" %} and then
// {% call shell::avatar(v.name, v.id) %}. What each looks like is on /styleguide; their class names are in
// web/README.md.
//
// Every parameter named `label`, `hint`, `heading`, `text` or `action` is a message key (write
// _msg("works.title")); what is no key of the catalogue is shown as it is. All text is escaped here.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/html/html.h"
#include "shell/shell.h"

namespace braid::shell {

// The meaning of the three colours; `none` for what belongs to no strand.
enum class Strand { none, interest, relation, opportunity };

enum class Size { small, medium, large };

// The hidden field every form that changes something carries.
void csrf(html::Out& out, const PageContext& context);

// An icon of lucide by its name there, 1.75 px stroke, hidden from screen readers: always beside a word or
// inside a labelled control. The name must be in web/icons.txt; an unknown name throws std::logic_error.
void icon(html::Out& out, std::string_view name);

// Initials of `name` on a tint seeded by `seed` (the person's id or handle). Decorative: the name stands
// beside it.
void avatar(html::Out& out, std::string_view name, std::string_view seed, Size size = Size::medium);

// A cover, 3:4. Decorative: the title stands beside it. small 3.25rem, medium 5.4rem, large 11rem wide.
void cover(html::Out& out, std::string_view url, Size size = Size::medium);

// A small rounded label; a link when `href` is given.
void chip(html::Out& out, std::string_view label, Strand strand = Strand::none, std::string_view href = {});

// What a list says when there is nothing in it, with one way on. `action` empty: no button.
struct Empty {
    std::string_view heading, text;
    std::string_view action = {}, href = {};
};
void empty_state(html::Out& out, const Empty& empty);

// A labelled field with its hint and its error beside it, joined by aria-describedby. The control's id is
// "f-" + name.
struct Field {
    std::string_view label, name;
    std::string_view value = {};
    std::string_view hint = {};
    const Error* error = nullptr;    // the whole error; the field finds its own
    std::string_view type = "text";  // text, email, password, search, url, number, date, file
    std::string_view autocomplete = {};
    bool required = false;
    bool autofocus = false;
    int maxlength = 0;             // 0: none
    int rows = 0;                  // more than 0: a textarea of so many lines
    std::string_view prefix = {};  // shown inside before the value: "@"
    std::string_view inputmode = {}, pattern = {}, accept = {};
    bool spellcheck = true;
};
void field(html::Out& out, const Field& field);

struct Choice {
    std::string_view value, label, hint = {};
};
// The months by name, with nothing chosen first.
std::vector<Choice> months();
// A drop-down.
struct Select {
    std::string_view label, name, value = {};
    std::vector<Choice> choices;
    std::string_view hint = {};
    const Error* error = nullptr;
};
void select(html::Out& out, const Select& select);
// Radio buttons as cards, each with a line that explains it.
struct Choices {
    std::string_view label, name, value = {};
    std::vector<Choice> choices;
    std::string_view hint = {};
    const Error* error = nullptr;
};
void choices(html::Out& out, const Choices& choices);
// One check box.
struct Check {
    std::string_view label, name;
    bool checked = false;
    std::string_view hint = {}, value = "1";
    const Error* error = nullptr;
};
void check(html::Out& out, const Check& check);

// The error of one field, for fields written by hand: <p class="field-error" id="e-NAME">; nothing when there
// is none.
void field_error(html::Out& out, const Error* error, std::string_view field);
// At the head of a form that came back: what is wrong, linked to the fields. Nothing when `error` is null.
void error_summary(html::Out& out, const Error* error);

// "More" (and back to the first page when `first_url` is given). Nothing when both are empty.
void pagination(html::Out& out, std::string_view next_url, std::string_view first_url = {});

// How far along, 0 to 100, as a strand. `label` is read aloud.
void strand_progress(html::Out& out, int percent, std::string_view label, Strand strand = Strand::interest);

// Moments: <time datetime="…">12 min</time>, with the full date as its title.
void time_ago(html::Out& out, Timestamp at, Timestamp now);

// What Braid is, in one look, for the hero of the visitor's home (inside .hero-picture).
void braid_picture(html::Out& out);
// Three strands that cross, as a picture for headings of empty and error pages.
void strands(html::Out& out);

}  // namespace braid::shell
