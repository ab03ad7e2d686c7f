// Comments open beside their paragraph, or under it where there is no room, without leaving the page.

import { elementFrom, htmx, isWriting, partHeaders, say, word } from "./page";

const cross =
  '<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" aria-hidden="true"><path d="M18 6 6 18M6 6l12 12"/></svg>';

interface Open {
  mark: HTMLAnchorElement;
  paragraph: HTMLElement;
}
let open: Open | null = null;

function threadOf(paragraph: HTMLElement): HTMLElement | null {
  return paragraph.querySelector<HTMLElement>("[data-thread]");
}

function dress(thread: HTMLElement): void {
  thread.tabIndex = -1;
  if (thread.querySelector(".thread-head")) return;
  const head = document.createElement("div");
  head.className = "thread-head";
  const title = document.createElement("span");
  title.textContent = thread.getAttribute("aria-label") ?? "";
  const shut = document.createElement("button");
  shut.type = "button";
  shut.className = "icon-btn";
  shut.setAttribute("aria-label", word("close"));
  shut.innerHTML = cross;
  shut.addEventListener("click", () => close(true));
  head.append(title, shut);
  thread.prepend(head);
}

function count(mark: HTMLAnchorElement, n: number): void {
  mark.classList.toggle("none", n === 0);
  mark.textContent = n === 0 ? "+" : String(n);
  mark.setAttribute("aria-label", n === 0 ? word("comment") : n === 1 ? word("commentOne") : word("comments", { count: String(n) }));
}

function close(returnFocus: boolean): void {
  if (!open) return;
  const { mark, paragraph } = open;
  open = null;
  threadOf(paragraph)?.remove();
  mark.setAttribute("aria-expanded", "false");
  if (returnFocus) mark.focus();
}

async function show(mark: HTMLAnchorElement): Promise<void> {
  const paragraph = mark.closest<HTMLElement>("[data-paragraph]");
  if (!paragraph) return;
  if (open?.mark === mark) return close(true);
  close(false);
  mark.setAttribute("aria-busy", "true");
  try {
    const [answer, library] = await Promise.all([
      fetch(mark.href, { headers: partHeaders(), credentials: "same-origin" }),
      htmx(),
    ]);
    const thread = answer.ok ? elementFrom(await answer.text()) : null;
    if (!thread?.hasAttribute("data-thread")) {
      location.href = mark.href;
      return;
    }
    // Inside words the thread would end a paragraph: it stands at its end.
    paragraph.append(thread);
    dress(thread);
    library.process(thread);
    open = { mark, paragraph };
    mark.setAttribute("aria-expanded", "true");
    thread.focus({ preventScroll: true });
    const box = thread.getBoundingClientRect();
    if (box.bottom > innerHeight - 80 || box.top < 60) {
      thread.scrollIntoView({ block: box.height > innerHeight - 160 ? "start" : "nearest", behavior: "smooth" });
    }
  } catch {
    say(navigator.onLine ? word("failed") : word("offline"));
  } finally {
    mark.removeAttribute("aria-busy");
  }
}

function nearestMark(): HTMLAnchorElement | null {
  const middle = innerHeight * 0.4;
  let best: HTMLElement | null = null;
  for (const paragraph of document.querySelectorAll<HTMLElement>("[data-paragraph]")) {
    const box = paragraph.getBoundingClientRect();
    if (box.bottom < 0) continue;
    best = paragraph;
    if (box.bottom >= middle) break;
  }
  return best?.querySelector<HTMLAnchorElement>("a[data-comments]") ?? null;
}

async function counted(mark: HTMLAnchorElement): Promise<number | null> {
  const answer = await fetch(mark.href, { headers: partHeaders(), credentials: "same-origin" }).catch(() => null);
  const thread = answer?.ok ? elementFrom(await answer.text()) : null;
  return thread?.dataset.count === undefined ? null : Number(thread.dataset.count);
}

/** What others write while the page is open: the margin counts along. A page nobody looks at holds no stream. */
function liveCounts(stream: string): void {
  let source: EventSource | null = null;
  const listen = (): void => {
    if (source || document.hidden) return;
    source = new EventSource(stream);
    source.addEventListener("comments", async (event) => {
      const { paragraph, count: n } = JSON.parse((event as MessageEvent<string>).data) as { paragraph: string; count?: number };
      const mark = document.querySelector<HTMLAnchorElement>(`[data-paragraph="${CSS.escape(paragraph)}"] > a[data-comments]`);
      if (!mark) return;
      // Who has blocked or muted somebody counts otherwise than the rest: her page asks.
      const now = n ?? (await counted(mark));
      if (now !== null) count(mark, now);
    });
  };
  const rest = (): void => {
    source?.close();
    source = null;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
  addEventListener("pagehide", rest);
  listen();
}

export function comments(): void {
  const counted = document.querySelector<HTMLElement>("[data-live-counts]")?.dataset.liveCounts;
  if (counted) liveCounts(counted);
  if (!document.querySelector("[data-comments]")) return;
  for (const mark of document.querySelectorAll("a[data-comments]")) mark.setAttribute("aria-expanded", "false");

  document.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    const mark = target.closest<HTMLAnchorElement>("a[data-comments]");
    if (mark) {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      void show(mark);
      return;
    }
    // A tap on a paragraph shows that it can be answered.
    const near = target.closest<HTMLElement>("[data-paragraph]");
    for (const old of document.querySelectorAll(".is-near")) if (old !== near) old.classList.remove("is-near");
    near?.classList.add("is-near");
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open && !document.querySelector("dialog[open]")) {
      const inside = (event.target as HTMLElement).closest("[data-thread] textarea");
      if (inside && (inside as HTMLTextAreaElement).value.trim() !== "") return; // nobody loses words to one key
      event.preventDefault();
      close(true);
    } else if (event.key === "c" && !event.metaKey && !event.ctrlKey && !event.altKey && !isWriting(event.target)) {
      const mark = nearestMark();
      if (mark) {
        event.preventDefault();
        void show(mark);
      }
    }
  });

  // After a comment was posted, edited or removed: the new thread is dressed, the margin counts again.
  document.addEventListener("htmx:afterSettle", () => {
    if (!open) return;
    const thread = threadOf(open.paragraph);
    if (!thread) return;
    dress(thread);
    count(open.mark, Number(thread.dataset.count ?? "0"));
    if (!thread.contains(document.activeElement)) thread.focus({ preventScroll: true });
  });
}
