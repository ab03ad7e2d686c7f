// Small things any page may ask for with a data attribute.

import { button, partHeaders, say, word } from "./page";

/** data-confirm: asks in a dialog before a form is sent or a link followed. */
function confirmations(): void {
  const agreed = new WeakSet<Element>();
  const ask = (text: string, yes: () => void): void => {
    const dialog = document.createElement("dialog");
    dialog.className = "sheet";
    const sentence = document.createElement("p");
    sentence.id = "confirm-text";
    sentence.textContent = text;
    dialog.setAttribute("aria-labelledby", sentence.id);
    const actions = document.createElement("div");
    actions.className = "actions";
    actions.append(
      button(word("cancel"), "btn ghost", () => dialog.close()),
      button(word("confirm"), "btn", () => {
        dialog.close();
        yes();
      }),
    );
    dialog.append(sentence, actions);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      const submitter = (event as SubmitEvent).submitter as HTMLButtonElement | null;
      const text = submitter?.dataset.confirm ?? form.dataset.confirm;
      if (!text || agreed.delete(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(text, () => {
        agreed.add(form);
        form.requestSubmit(submitter);
      });
    },
    true,
  );
  document.addEventListener("click", (event) => {
    const link = (event.target as HTMLElement).closest<HTMLAnchorElement>("a[data-confirm]");
    if (!link?.dataset.confirm) return;
    event.preventDefault();
    ask(link.dataset.confirm, () => location.assign(link.href));
  });
}

/** data-dialog opens a dialog of this page; data-close inside closes it; so does a press beside it. */
function dialogs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    const opener = target.closest<HTMLElement>("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog ?? "");
      if (dialog instanceof HTMLDialogElement) {
        event.preventDefault();
        dialog.showModal();
      }
      return;
    }
    if (target.closest("[data-close]") || (target instanceof HTMLDialogElement && target.classList.contains("sheet"))) {
      target.closest("dialog")?.close();
    }
  });
}

/** a[data-sheet]: the fragment at its address opens in a dialog; forms inside answer into it. Without script it is a page. */
function sheets(): void {
  const fill = (dialog: HTMLDialogElement, html: string): void => {
    dialog.innerHTML = html;
    const heading = dialog.querySelector("h1, h2");
    if (heading) {
      heading.id ||= "sheet-title";
      dialog.setAttribute("aria-labelledby", heading.id);
    }
    const target = ["[data-focus]", "[aria-invalid=true]", "h1, h2"].map((one) => dialog.querySelector<HTMLElement>(one)).find(Boolean);
    target?.focus();
  };
  const ask = async (url: string, init: RequestInit = {}): Promise<string | null> => {
    const answer = await fetch(url, { ...init, headers: partHeaders(), credentials: "same-origin" }).catch(() => null);
    if (answer && (answer.ok || answer.status === 422)) return answer.text();
    return null;
  };
  document.addEventListener("click", async (event) => {
    const link = (event.target as HTMLElement).closest<HTMLAnchorElement>("a[data-sheet]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const html = await ask(link.href);
    if (html === null) {
      location.assign(link.href);
      return;
    }
    const dialog = document.createElement("dialog");
    dialog.className = "sheet";
    dialog.addEventListener("close", () => {
      dialog.remove();
      link.focus();
    });
    dialog.addEventListener("submit", async (submitted) => {
      const form = submitted.target as HTMLFormElement;
      if (form.method !== "post") return;
      submitted.preventDefault();
      const data = new FormData(form, (submitted as SubmitEvent).submitter as HTMLButtonElement | null);
      const answer = await ask(form.action, { method: "POST", body: new URLSearchParams(data as unknown as Record<string, string>) });
      if (answer === null) say(navigator.onLine ? word("failed") : word("offline"));
      else fill(dialog, answer);
    });
    document.body.append(dialog);
    dialog.showModal();
    fill(dialog, html);
  });
}

/** Menus close with Esc, by a press elsewhere, and when focus leaves them. */
function menus(): void {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
      if (!menu.contains(event.target as Node)) menu.open = false;
    }
  });
  document.addEventListener("focusout", (event) => {
    const menu = (event.target as HTMLElement).closest<HTMLDetailsElement>("details.menu[open]");
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget as Node)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = (event.target as HTMLElement).closest<HTMLDetailsElement>("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}

/** data-live: a server-sent events stream; each event fetches the element's part anew. */
function live(): void {
  const streams = new Map<string, HTMLElement[]>();
  for (const element of document.querySelectorAll<HTMLElement>("[data-live]")) {
    const stream = element.dataset.live;
    if (stream) streams.set(stream, [...(streams.get(stream) ?? []), element]);
  }
  for (const [stream, elements] of streams) {
    let source: EventSource | null = null;
    let due = 0;
    const refresh = (): void => {
      // Many events in a moment are one change.
      if (due) return;
      due = window.setTimeout(async () => {
        due = 0;
        for (const element of elements) {
          const answer = await fetch(element.dataset.liveSrc ?? location.href, { headers: partHeaders(), credentials: "same-origin" }).catch(() => null);
          if (answer?.ok && !element.contains(document.activeElement)) element.innerHTML = await answer.text();
        }
      }, 150);
    };
    const listen = (): void => {
      source ??= new EventSource(stream);
      source.onmessage = refresh;
      for (const name of (elements[0]?.dataset.liveEvents ?? "changed").split(" ")) source.addEventListener(name, refresh);
    };
    const rest = (): void => {
      source?.close();
      source = null;
    };
    // A page nobody looks at holds no connection.
    document.addEventListener("visibilitychange", () => (document.hidden ? rest() : (listen(), refresh())));
    addEventListener("pagehide", rest);
    if (!document.hidden) listen();
  }
}

function connection(): void {
  let bar: HTMLElement | null = null;
  const show = (): void => {
    if (navigator.onLine) {
      bar?.remove();
      bar = null;
    } else if (!bar) {
      bar = document.createElement("p");
      bar.className = "offline-bar";
      bar.setAttribute("role", "status");
      bar.textContent = word("offline");
      document.querySelector("header.top")?.after(bar);
    }
  };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}

/** A row of places that scrolls sideways begins with the current one in sight. */
function currentPlace(): void {
  const here = document.querySelector<HTMLElement>(".settings > nav [aria-current]");
  const row = here?.closest("nav");
  if (!here || !row) return;
  const middle = (element: Element): number => {
    const box = element.getBoundingClientRect();
    return box.left + box.width / 2;
  };
  row.scrollLeft += middle(here) - middle(row);
}

export function small(): void {
  confirmations();
  dialogs();
  sheets();
  menus();
  live();
  connection();
  currentPlace();
  document.querySelector<HTMLElement>("[data-focus]:not(.theme-sample *)")?.focus();
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-submit-on-change]")) {
    for (const press of form.querySelectorAll<HTMLElement>("button:not([name])")) press.hidden = true;
    form.addEventListener("change", () => form.requestSubmit());
  }
  document.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    const copy = target.closest<HTMLElement>("[data-copy]");
    if (copy) {
      const from = document.getElementById(copy.dataset.copy ?? "");
      void navigator.clipboard.writeText(from instanceof HTMLInputElement ? from.value : (from?.textContent ?? "").trim()).then(() => say(word("copied")));
    }
    const back = target.closest<HTMLAnchorElement>("a[data-back]");
    if (back && history.length > 1 && document.referrer.startsWith(location.origin)) {
      event.preventDefault();
      history.back();
    }
  });
}
