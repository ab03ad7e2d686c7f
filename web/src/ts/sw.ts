// The service worker: the shell and the offline page from the cache, chapters that were read here when there is no network. Pages come
// from the network first, always. Nothing else is kept: no page about a person, no list, no draft. Signing out empties it.

declare const self: ServiceWorkerGlobalScope;

const shell = "__SHELL__" as unknown as string[];
const shellCache = "shell-__VERSION__";
const chapterCache = "chapters";
const offlinePage = "/offline";
const chapterLimit = 60;
const chapterPath = /^\/works\/[0-9a-z]+\/chapters\/[0-9a-z]+$/;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(shellCache).then(async (cache) => {
      await cache.addAll(shell);
      await cache.add(new Request(offlinePage, { credentials: "omit" }));
      await self.skipWaiting();
    }),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then(async (names) => {
      await Promise.all(names.filter((name) => name !== shellCache && name !== chapterCache).map((name) => caches.delete(name)));
      await self.clients.claim();
    }),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(caches.delete(chapterCache));
});

async function keepChapter(request: Request, answer: Response): Promise<void> {
  const cache = await caches.open(chapterCache);
  await cache.delete(request);
  await cache.put(request, answer);
  const kept = await cache.keys();
  await Promise.all(kept.slice(0, Math.max(0, kept.length - chapterLimit)).map((old) => cache.delete(old)));
}

async function page(event: FetchEvent, url: URL): Promise<Response> {
  const isChapter = chapterPath.test(url.pathname);
  // Without query and fragment, so that one chapter is one copy.
  const key = new Request(url.origin + url.pathname);
  try {
    const answer = await fetch(event.request);
    if (url.pathname === "/sign-in" || url.pathname === "/sign-up") event.waitUntil(caches.delete(chapterCache));
    // A draft is its author's alone and is not kept; the server says so.
    if (isChapter && answer.ok && !answer.redirected && answer.headers.get("x-keep-offline") !== "no") {
      event.waitUntil(keepChapter(key, answer.clone()));
    }
    // What is no longer there for her is not kept for when there is no network either.
    if (isChapter && answer.status === 404) event.waitUntil(caches.open(chapterCache).then((cache) => cache.delete(key)));
    return answer;
  } catch {
    const kept = isChapter ? await caches.match(key) : undefined;
    return kept ?? (await caches.match(offlinePage)) ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(page(event, url));
  } else if (url.pathname.startsWith("/assets/")) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});

export {};
