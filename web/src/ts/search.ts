// Boxes that search: "/" goes to one, and while somebody types what it may become is offered below (the combobox pattern of WAI-ARIA).

import { partHeaders, word } from "./page";

/** input[data-suggest]: the address that answers with the options of a list. Enter without a choice sends the form. */
function suggestions(input: HTMLInputElement): void {
  const list = document.createElement("ul");
  list.id = `${input.id}-found`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", word("suggestions"));
  input.after(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);

  let asked = "";
  let waiting = 0;
  const options = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>("[role=option]")];
  const close = (): void => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (option: HTMLElement | null): void => {
    for (const one of options()) one.setAttribute("aria-selected", String(one === option));
    if (option === null) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const chosen = (): HTMLElement | null => list.querySelector<HTMLElement>("[aria-selected=true]");
  const go = (option: HTMLElement): void => {
    if (option.dataset.href) location.assign(option.dataset.href);
  };
  const ask = async (): Promise<void> => {
    const typed = input.value.trim();
    asked = typed;
    if (typed.length < 2) {
      close();
      return;
    }
    const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(typed)}`, { headers: partHeaders(), credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok || asked !== typed || document.activeElement !== input) return;
    list.innerHTML = await answer.text();
    for (const [i, option] of options().entries()) {
      option.id = `${list.id}-${i}`;
      option.setAttribute("aria-selected", "false");
    }
    list.hidden = options().length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => void ask(), 100);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
      event.preventDefault();
      const all = options();
      const at = all.indexOf(chosen() as HTMLElement);
      // Before the first and after the last stands the box itself.
      const next = event.key === "ArrowDown" ? at + 1 : (at === -1 ? all.length : at) - 1;
      choose(all[next] ?? null);
    } else if (event.key === "Enter" && !list.hidden) {
      const option = chosen();
      if (option) {
        event.preventDefault();
        go(option);
      }
    }
  });
  input.addEventListener("blur", close);
  // Pressing keeps the focus in the box, so that the list is still there when the press ends.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = (event.target as HTMLElement).closest<HTMLElement>("[role=option]");
    if (option) go(option);
  });
}

export function search(): void {
  const boxes = [...document.querySelectorAll<HTMLInputElement>("input[data-suggest]")];
  for (const box of boxes) suggestions(box);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (target.isContentEditable || target.closest("input, textarea, select, dialog")) return;
    const box = boxes.find((one) => one.offsetParent !== null);
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}
