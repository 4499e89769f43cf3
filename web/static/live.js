// Results while the query is being typed: the same page is fetched, and the parts of it that changed take the place of
// those that are shown. The address always says what is shown.

const PAUSE_MS = 350;
const LEAST_CHARS = 2;
const DEFAULTS = { sort: "score", balance: "0" };

/** Shows results after each pause, and says how many. Returns what shows those of the form at once. */
export function showLive(form, box) {
  let timer = 0;
  let running = null;
  let settled = true; // what is shown was meant: the way back leads to it
  let shown = here();

  async function show() {
    clearTimeout(timer);
    running?.abort();
    running = null;
    const address = addressOf(form);
    busy(address !== shown);
    if (address === shown) return;
    const mine = (running = new AbortController());
    const next = await fetched(address, mine.signal);
    if (mine !== running) return; // a later one is on its way, and this one no longer wanted
    busy(false);
    if (!next) return;
    history[settled ? "pushState" : "replaceState"](null, "", address);
    settled = false;
    shown = here();
    swap(next, box);
  }

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE_MS);
  };
  box.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing && box.value.trim().length >= LEAST_CHARS) later();
  });
  box.addEventListener("compositionend", later);
  box.addEventListener("blur", () => { settled = true; });
  form.addEventListener("change", (event) => {
    if (event.target !== box && box.value.trim()) show().then(() => { settled = true; });
  });
  form.addEventListener("formdata", (event) => { tidy(event.formData); });
  window.addEventListener("popstate", () => { if (here() !== shown) location.reload(); });
  return show;
}

function here() {
  return location.pathname + location.search;
}

function busy(isBusy) {
  document.getElementById("results").setAttribute("aria-busy", String(isBusy));
}

/** The address that the form would lead to. */
function addressOf(form) {
  const asked = new URLSearchParams(new FormData(form)); // tidied by the listener above
  return `${new URL(form.action).pathname}?${asked}`;
}

function tidy(data) {
  for (const [name, value] of [...data]) {
    if (value === "" || value === DEFAULTS[name]) {
      const others = data.getAll(name).filter((other) => other !== "" && other !== DEFAULTS[name]);
      data.delete(name);
      for (const other of others) data.append(name, other);
    }
  }
}

async function fetched(address, signal) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, signal });
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null; // aborted, or no network: what is shown stays
  }
}

function swap(next, box) {
  document.title = next.title;
  document.body.className = next.body.className;
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = next.getElementById(part.id);
    if (other) part.replaceWith(document.adoptNode(other));
  }
  const lang = next.getElementById(box.id)?.lang;
  if (lang) box.lang = lang;
  document.getElementById("announced").textContent = document.getElementById("counts")?.textContent ?? "";
}
