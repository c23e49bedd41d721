// Answers from the book's copy where the network does not: registered by offline-copy.js, and only when somebody asks
// for a copy. It fetches and keeps nothing itself.
const ROOT = new URL("./", self.location).href;
const PREFIX = `earned-security-offline:${new URL(ROOT).pathname}:`;
const LIST = `${ROOT}offline.json`;
const PATIENCE = 4000; // milliseconds for the network, where there is a copy
const OLD = 60 * 24 * 3600 * 1000; // milliseconds after which a copy says how old it is

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** The complete copy, the one that holds its own list: `{cache, list}`. */
async function copy() {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX)) continue;
    const cache = await caches.open(name);
    const list = await cache.match(LIST);
    if (list) return { cache, list: await list.json() };
  }
  return undefined;
}

/** A page may be asked for as a folder, or without its ending. */
function names({ href, pathname }) {
  const plain = href.split(/[?#]/)[0];
  return pathname.endsWith("/") ? [`${plain}index.html`] : [plain, `${plain}.html`];
}

/** A page of an old copy says so: what it tells of crisis routes and of evidence may have changed since. */
async function dated(answer, { taken, notice }) {
  if (Date.now() - taken < OLD || !answer.headers.get("Content-Type")?.startsWith("text/html")) return answer;
  const page = await answer.text();
  return new Response(page.replace(/<article\b[^>]*>/, (start) => `${start}<p role="note" class="es-old-copy">${notice}</p>`),
    { headers: answer.headers });
}

async function fromCopy(address) {
  const { cache, list } = (await copy()) ?? {};
  for (const name of cache ? names(new URL(address)) : []) {
    const found = await cache.match(name);
    if (found) return dated(found, list);
  }
  return undefined;
}

/** A page of an earlier book may still load what the site no longer has; a page that is gone is gone. */
const isGood = ({ type, status }, { mode }) => type !== "error" && status < (mode === "navigate" ? 500 : 400);

/** The network first, so that a changed book is seen; the copy where it fails, or takes too long. */
async function answer(request) {
  const network = fetch(request).catch(() => Response.error());
  const good = network.then((response) => (isGood(response, request) ? response : undefined));
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  return (await Promise.race([good, late])) ?? (await fromCopy(request.url)) ?? network;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  // "no-store" is how offline-copy.js asks for what the site has now.
  if (request.method !== "GET" || request.cache === "no-store" || !request.url.startsWith(ROOT)) return;
  event.respondWith(answer(request));
});
