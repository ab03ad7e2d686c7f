// The page's module. Everything here adds to pages that work without it; the attributes it reads are listed in web/README.md.

import { chapter, readingSettings, rememberZone } from "./reading";
import { comments } from "./comments";
import { editor } from "./editor";
import { csrfToken, htmx, say, word } from "./page";
import { small } from "./small";
import { offline } from "./offline";
import { passkeys } from "./passkey";
import { search } from "./search";

document.documentElement.classList.add("script");

document.addEventListener("htmx:configRequest", (event) => {
  (event as CustomEvent<{ headers: Record<string, string> }>).detail.headers["x-csrf-token"] = csrfToken();
});
for (const name of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(name, () => say(navigator.onLine ? word("failed") : word("offline")));
}

small();
readingSettings();
rememberZone();
chapter();
comments();
editor();
offline();
passkeys();
search();
if (document.querySelector("[data-hx-get], [data-hx-post]")) void htmx();
