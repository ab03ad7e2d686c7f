// What every enhancement uses: the page's words, its token, requests for fragments, short messages.

const found = document.querySelector<HTMLTemplateElement>("#words");

/** A message in the reader's language, from the element the layout leaves for scripts. */
export function word(name: string, values: Record<string, string> = {}): string {
  let text = found?.dataset[name] ?? "";
  for (const [key, value] of Object.entries(values)) text = text.replace(`{${key}}`, value);
  return text;
}

export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

export function prefersCalm(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Headers of a request for a part of a page. */
export function partHeaders(): Record<string, string> {
  return { "hx-request": "true", "x-csrf-token": csrfToken() };
}

/** The form as a form would send it. */
export function formBody(form: HTMLFormElement): URLSearchParams {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
  return body;
}

/** The first element of markup that came from this server. */
export function elementFrom(markup: string): HTMLElement | null {
  const parsed = new DOMParser().parseFromString(markup, "text/html");
  return parsed.body.firstElementChild as HTMLElement | null;
}

/** htmx is fetched when a page first needs it. */
export async function htmx(): Promise<typeof import("htmx.org").default> {
  return (await import("htmx.org")).default;
}

let toasts: HTMLElement | null = null;

/** Says something for a few seconds, also to screen readers. */
export function say(text: string): void {
  if (!toasts) {
    toasts = document.createElement("div");
    toasts.className = "toasts";
    toasts.setAttribute("role", "status");
    document.body.append(toasts);
  }
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.textContent = text;
  toasts.append(toast);
  setTimeout(() => toast.remove(), 6000);
}

export function button(label: string, className: string, press: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = label;
  made.addEventListener("click", press);
  return made;
}

/** True while the person writes: single keys are then letters. */
export function isWriting(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return !!element?.closest?.("input, textarea, select, [contenteditable], dialog[open]");
}
