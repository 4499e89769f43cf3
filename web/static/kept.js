// What this browser keeps for the reader, as long as it lets us: without storage the page works as on the first visit.

/** What is kept under a name, null if nothing is. */
export function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keep a text under a name, or nothing any more with null. */
export function keep(name, text) {
  try {
    if (text === null) localStorage.removeItem(name);
    else localStorage.setItem(name, text);
  } catch {
    // storage is full or forbidden
  }
}
