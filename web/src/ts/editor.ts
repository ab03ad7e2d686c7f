// The editor: saves by itself, keeps a copy when the network does not, says when somebody else was faster, shows a preview.

import { button, formBody, isWriting, partHeaders, say, word } from "./page";

interface Saved {
  at?: string; // RFC 3339
  base?: string;
}

function autosave(form: HTMLFormElement, target: string): void {
  const status = form.querySelector<HTMLElement>("[data-autosave-status]");
  const base = form.querySelector<HTMLInputElement>('input[name="base"]');
  const key = `draft:${target}`;
  const tell = (text: string): void => {
    if (status && status.textContent !== text) status.textContent = text;
  };
  // What counts as text: not the token, not the revision it started from.
  const words = (): string => {
    const body = formBody(form);
    body.delete("_csrf");
    body.delete("base");
    return body.toString();
  };

  let last = words();
  let timer = 0;
  let since = 0;
  let running = false;
  let stopped = false;
  let leaving = false;

  const keep = (): void => {
    try {
      localStorage.setItem(key, JSON.stringify({ text: words(), base: base?.value ?? "" }));
    } catch {
      // No room in the browser: the server's copy is the one that counts.
    }
  };
  const forget = (): void => localStorage.removeItem(key);

  const save = async (): Promise<void> => {
    clearTimeout(timer);
    timer = 0;
    since = 0;
    const text = words();
    if (running || stopped || text === last) return;
    running = true;
    tell(word("saving"));
    try {
      const answer = await fetch(target, {
        method: "POST",
        credentials: "same-origin",
        headers: { ...partHeaders(), accept: "application/json" },
        body: formBody(form),
      });
      if (answer.status === 409) {
        stopped = true;
        keep();
        status?.setAttribute("role", "alert");
        tell(word("conflict"));
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const saved = (await answer.json()) as Saved;
      if (base && saved.base) base.value = saved.base;
      last = text;
      forget();
      const at = saved.at ? new Date(saved.at) : new Date();
      const time = at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      tell(word("saved", { time }));
    } catch {
      keep();
      tell(navigator.onLine ? word("unsaved") : word("kept"));
      later(8000);
    } finally {
      running = false;
      if (!stopped && timer === 0 && words() !== last) later(2000);
    }
  };
  const later = (delay: number): void => {
    clearTimeout(timer);
    if (since === 0) since = Date.now();
    // While somebody types on and on, at least every 20 seconds.
    timer = window.setTimeout(() => void save(), Math.max(0, Math.min(delay, since + 20_000 - Date.now())));
  };

  form.addEventListener("input", () => {
    if (stopped) return keep();
    tell(word("unsaved"));
    if (!navigator.onLine) keep();
    later(2000);
  });
  addEventListener("online", () => void save());
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
    forget();
  });
  addEventListener("beforeunload", (event) => {
    if (leaving || words() === last) return;
    keep();
    event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && !leaving) void save();
  });

  // A copy that was never saved is offered back.
  const stored = localStorage.getItem(key);
  if (stored) {
    const copy = JSON.parse(stored) as { text: string; base: string };
    if (copy.text === last) return forget();
    const notice = document.createElement("div");
    notice.className = "notice warn";
    notice.setAttribute("role", "status");
    const line = document.createElement("div");
    line.className = "grow stack tight";
    const sentence = document.createElement("p");
    sentence.textContent = word("found");
    const row = document.createElement("p");
    row.className = "row";
    row.append(
      button(word("restore"), "btn small", () => {
        for (const [name, value] of new URLSearchParams(copy.text)) {
          const field = form.elements.namedItem(name);
          if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.value = value;
        }
        notice.remove();
        form.dispatchEvent(new Event("input", { bubbles: true }));
      }),
      button(word("discard"), "btn small quiet", () => {
        forget();
        notice.remove();
      }),
    );
    line.append(sentence, row);
    notice.append(line);
    form.prepend(notice);
  }
}

function preview(press: HTMLButtonElement, target: string): void {
  const form = press.form;
  const pane = form?.querySelector<HTMLElement>("[data-preview-target]");
  const text = form?.querySelector<HTMLElement>("textarea");
  if (!form || !pane || !text) return;
  const label = press.querySelector("span") ?? press;
  const first = label.textContent ?? "";
  const field = text.closest<HTMLElement>(".field") ?? text;
  press.setAttribute("aria-pressed", "false");
  press.addEventListener("click", async () => {
    const showing = !pane.hidden;
    if (!showing) {
      try {
        const answer = await fetch(target, { method: "POST", credentials: "same-origin", headers: partHeaders(), body: formBody(form) });
        if (!answer.ok) throw new Error(String(answer.status));
        pane.innerHTML = await answer.text(); // sanitised by the server, as the chapter will be
      } catch {
        return say(navigator.onLine ? word("failed") : word("offline"));
      }
    }
    pane.hidden = showing;
    field.hidden = !showing;
    press.setAttribute("aria-pressed", String(!showing));
    label.textContent = showing ? first : word("write");
    if (showing) text.focus();
    else pane.focus();
  });
}

function countWords(shown: HTMLElement): void {
  const text = document.getElementById(shown.dataset.countWords ?? "") as HTMLTextAreaElement | null;
  if (!text) return;
  const write = (): void => {
    const words = text.value.match(/\S+/g)?.length ?? 0;
    shown.textContent = word("words", {
      words: words.toLocaleString(document.documentElement.lang),
      minutes: String(Math.max(1, Math.round(words / 220))),
    });
  };
  text.addEventListener("input", write);
  write();
}

export function editor(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-autosave]")) {
    if (form.dataset.autosave) autosave(form, form.dataset.autosave);
  }
  for (const press of document.querySelectorAll<HTMLButtonElement>("button[data-preview]")) {
    if (press.dataset.preview) preview(press, press.dataset.preview);
  }
  for (const shown of document.querySelectorAll<HTMLElement>("[data-count-words]")) countWords(shown);
  // Ctrl+S saves by the form's own button.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || !isWriting(event.target)) return;
    const form = (event.target as HTMLElement).closest<HTMLFormElement>("form.editor");
    if (!form) return;
    event.preventDefault();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
