// A copy of the book in this browser: fetched file by file as `offline.json` lists them, each checked by its hash.
// What is there already, of an older copy or of a fetch that was stopped, is used again. No page, no words.
import { ROOT } from "./storage.js";

const PREFIX = `earned-security-offline:${ROOT.pathname}:`;
const LIST = new URL("offline.json", ROOT).href;
const WORKER = new URL("offline-worker.js", ROOT).href;
const AT_ONCE = 4;
const TRIES = 3;
const PAUSE = 1000; // milliseconds before the next try

const address = (file) => new URL(file.split("/").map(encodeURIComponent).join("/"), ROOT).href;
const names = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX));
const sizeOf = (files) => Object.values(files).reduce((sum, [, size]) => sum + size, 0);
/** `{count, bytes}` of some files of a list. */
export const total = (files) => ({ count: Object.keys(files).length, bytes: sizeOf(files) });

async function hashOf(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Why this browser or this address cannot keep a copy: "insecure" | "browser" | undefined. */
export async function obstacle() {
  if (!globalThis.isSecureContext) return "insecure";
  if (!navigator.serviceWorker || !globalThis.caches || !globalThis.crypto?.subtle) return "browser";
  return caches.keys().then(() => undefined, () => "browser");
}

/** The book's list as it is on its site now: `{version, files: {name: [sha256, bytes]}}`. */
export async function currentList() {
  const answer = await fetch(LIST, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

/** The list of the whole copy, with `taken` (milliseconds), or null; `partly`: whether some files lie there without one. */
export async function state() {
  let list = null;
  let partly = false;
  for (const name of await names()) {
    const found = await (await caches.open(name)).match(LIST);
    if (found) list = await found.json(); else partly = true;
  }
  return { list, partly };
}

/** The files of `list` that have to be fetched, beside `copy`, an older list, and what lies there of the same version. */
export async function missing(list, copy) {
  const name = PREFIX + list.version;
  const there = await caches.has(name) ? (await (await caches.open(name)).keys()).map(({ url }) => url) : [];
  return Object.fromEntries(Object.entries(list.files)
    .filter(([file, [hash]]) => copy?.files[file]?.[0] !== hash && !there.includes(address(file))));
}

export class DifferentError extends Error {}

/** What `action` gives, where need be at a further try: a connection often fails for a moment only. */
async function persist(action, signal) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await action();
    } catch (error) {
      const isFinal = error instanceof DifferentError || error.name === "QuotaExceededError";
      if (isFinal || signal.aborted || tries === TRIES) throw error;
    }
    await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
    signal.throwIfAborted();
  }
}

/** A file that lies in one of the caches with the right content, or the file from the network. */
async function obtain(file, hash, places, signal) {
  const name = address(file);
  for (const place of places) {
    const kept = await place.match(name);
    if (kept && await hashOf(await kept.clone().arrayBuffer()) === hash) return kept;
  }
  const answer = await fetch(name, { cache: "no-store", signal });
  if (!answer.ok) throw new TypeError(`${file}: ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  if (await hashOf(bytes) !== hash) throw new DifferentError(file);
  // Made anew: a page that was redirected to may not answer for another address.
  return new Response(bytes, { headers: { "Content-Type": answer.headers.get("Content-Type") ?? "" } });
}

/**
 * Bring the copy to `list`: `tell(done, all)` after each file. An older copy goes only when this one is whole.
 * `notice`: what a page says that comes from an old copy.
 */
export async function take(list, notice, tell, signal) {
  const current = PREFIX + list.version;
  const cache = await caches.open(current);
  const places = await Promise.all((await names()).map((name) => caches.open(name)));
  const waiting = Object.entries(list.files);
  const all = waiting.length;
  let done = 0;
  async function work() {
    while (waiting.length) {
      signal.throwIfAborted();
      const [file, [hash]] = waiting.shift();
      await persist(async () => cache.put(address(file), await obtain(file, hash, places, signal)), signal);
      done += 1;
      tell(done, all);
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    waiting.length = 0; // where one fails, the others stop
  }
  await persist(() => register(list), signal);
  const kept = JSON.stringify({ ...list, notice, taken: Date.now() });
  await cache.put(LIST, new Response(kept, { headers: { "Content-Type": "application/json" } }));
  await Promise.all((await names()).filter((name) => name !== current).map((name) => caches.delete(name)));
}

/**
 * The worker, for the folders that the pages lie in, and for the pages beside them. Not for the whole site: the notebooks
 * in the browser have a worker of their own, and take whichever they find for theirs.
 */
export async function register({ files }) {
  const scopes = Object.keys(files).filter((file) => /^[^_].*\.html$/.test(file))
    .map((file) => (file.includes("/") ? `${file.split("/", 1)[0]}/` : file));
  await Promise.all([...new Set(scopes)].map(async (scope) => {
    const { installing, waiting } = await navigator.serviceWorker.register(WORKER, { scope: address(scope), updateViaCache: "none" });
    const worker = installing ?? waiting;
    const isSettled = () => !worker || ["activated", "redundant"].includes(worker.state);
    while (!isSettled()) await new Promise((resolve) => { worker.addEventListener("statechange", resolve, { once: true }); });
  }));
}

/** Remove the copy, and the worker that answers from it. */
export async function remove() {
  await Promise.all((await names()).map((name) => caches.delete(name)));
  const registrations = await navigator.serviceWorker.getRegistrations();
  await Promise.all(registrations.filter(({ installing, waiting, active }) => (active ?? waiting ?? installing)?.scriptURL === WORKER)
    .map((registration) => registration.unregister()));
}
