// Starts the service worker, and clears what it keeps when somebody signs out.

export function offline(): void {
  const workers = (navigator as Partial<Navigator>).serviceWorker;
  if (!workers) return;
  addEventListener("load", () => {
    void workers.register("/sw.js").catch(() => undefined);
  });
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-clears-copies]")) {
    form.addEventListener("submit", () => {
      workers.controller?.postMessage("forget");
      for (const key of Object.keys(localStorage)) if (key.startsWith("draft:")) localStorage.removeItem(key);
    });
  }

  // The offline page lists the chapters that are here.
  const list = document.querySelector<HTMLUListElement>("[data-kept-chapters]");
  if (!list || !("caches" in window)) return;
  void caches
    .open("chapters")
    .then(async (cache) => {
      for (const request of [...(await cache.keys())].reverse().slice(0, 30)) {
        const page = await cache.match(request);
        if (!page) continue;
        const title = /<title>([^<]*)<\/title>/.exec(await page.text())?.[1] ?? request.url;
        const link = document.createElement("a");
        link.href = request.url;
        link.textContent = new DOMParser().parseFromString(title, "text/html").body.textContent?.replace(/ · Braid$/, "") ?? "";
        const item = document.createElement("li");
        item.append(link);
        list.append(item);
        list.hidden = false;
      }
    })
    .catch(() => undefined);
}
