// What was searched for before, in this browser only.

import { keep, kept } from "./kept.js";

const NAME = "jisr.searches";
const MOST = 8;

/** The searches before, the latest first. */
export function earlier() {
  try {
    const queries = JSON.parse(kept(NAME) ?? "[]");
    return Array.isArray(queries) ? queries.filter((query) => typeof query === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** Keep a search for later. */
export function remember(query) {
  const text = query.trim();
  if (text) keep(NAME, JSON.stringify([text, ...earlier().filter((each) => each !== text)].slice(0, MOST)));
}

/** Forget them all. */
export function forget() {
  keep(NAME, null);
}
