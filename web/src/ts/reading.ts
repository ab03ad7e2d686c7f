// The chapter page: how far one is, where one was, how it looks, the way on.

import { button, csrfToken, isWriting, prefersCalm, word } from "./page";

function cookie(name: string, value: string): void {
  const life = value === "" ? "max-age=0" : "max-age=31536000";
  document.cookie = `${name}=${value}; path=/; ${life}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
}

/** Reading settings apply as they are chosen; the cookies let the server draw the next page so from the start. */
export function readingSettings(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("[data-reading-settings]")) {
    form.addEventListener("change", (event) => {
      const input = event.target as HTMLInputElement;
      if (input.type !== "radio" || !["text", "font", "width", "theme"].includes(input.name)) return;
      cookie(input.name, input.value);
      if (input.value === "") document.documentElement.removeAttribute(`data-${input.name}`);
      else document.documentElement.setAttribute(`data-${input.name}`, input.value);
      if (input.name === "theme") {
        for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
          if (!meta.media) meta.content = getComputedStyle(document.body).backgroundColor;
        }
      }
    });
  }
}

/** Who is signed in, or about to be, is greeted by the hour where they are. */
export function rememberZone(): void {
  if (!document.querySelector('[data-clears-copies], input[type="password"]')) return;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.split("; ").includes(`zone=${zone}`)) cookie("zone", zone);
}

export function chapter(): void {
  const article = document.querySelector<HTMLElement>("[data-chapter]");
  if (!article) return;
  const paragraphs = [...article.querySelectorAll<HTMLElement>("[data-paragraph]")];
  const bar = document.querySelector<HTMLProgressElement>("#reading-progress");
  const body = article.querySelector<HTMLElement>(".prose") ?? article;

  // How much of the text has been above the lower edge of the window.
  const percent = (): number => {
    const box = body.getBoundingClientRect();
    if (box.height === 0) return 0;
    return Math.round(Math.max(0, Math.min(1, (innerHeight - box.top) / box.height)) * 100);
  };
  const current = (): HTMLElement | undefined => {
    let found = paragraphs[0];
    for (const paragraph of paragraphs) {
      if (paragraph.getBoundingClientRect().top > innerHeight * 0.45) break;
      found = paragraph;
    }
    return found;
  };

  let drawn = false;
  const draw = (): void => {
    drawn = false;
    if (bar) bar.value = percent();
  };

  const target = article.dataset.progress;
  let reported = "";
  let scrolled = false;
  const report = (): void => {
    const paragraph = current()?.dataset.paragraph;
    if (!target || !scrolled || !paragraph) return;
    const values = { paragraph, percent: String(percent()) };
    const text = JSON.stringify(values);
    if (text === reported) return;
    reported = text;
    void fetch(target, {
      method: "POST",
      keepalive: true,
      credentials: "same-origin",
      headers: { "x-csrf-token": csrfToken(), "hx-request": "true" },
      body: new URLSearchParams(values),
    }).catch(() => {
      reported = ""; // offline: again at the next turn
    });
  };
  let waiting = 0;
  addEventListener(
    "scroll",
    () => {
      scrolled = true;
      if (!drawn) {
        drawn = true;
        requestAnimationFrame(draw);
      }
      if (!waiting) {
        waiting = window.setTimeout(() => {
          waiting = 0;
          report();
        }, 10_000);
      }
    },
    { passive: true },
  );
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") report();
  });
  addEventListener("pagehide", report);
  draw();

  // Where one was, offered and never forced.
  const key = article.dataset.resume;
  const place = key && !location.hash ? document.getElementById(`p-${key}`) : null;
  if (place && paragraphs.indexOf(place) > 0) {
    const offer = document.createElement("p");
    offer.className = "resume";
    const leave = (): void => offer.remove();
    const go = button(word("resume"), "link", () => {
      place.scrollIntoView({ block: "center", behavior: prefersCalm() ? "auto" : "smooth" });
      place.classList.add("target");
      leave();
    });
    const no = button("×", "icon-btn", leave);
    no.setAttribute("aria-label", word("close"));
    offer.append(go, no);
    article.append(offer);
    setTimeout(leave, 20_000);
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || isWriting(event.target)) return;
    const turned = document.documentElement.dir === "rtl";
    const to =
      event.key === (turned ? "ArrowLeft" : "ArrowRight")
        ? article.dataset.next
        : event.key === (turned ? "ArrowRight" : "ArrowLeft")
          ? article.dataset.previous
          : undefined;
    if (to) location.assign(to);
  });
}
