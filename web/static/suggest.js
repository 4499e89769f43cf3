// What the box offers: searches before while it is empty, and while it is typed in what the query may become. A combobox
// with a listbox, as the ARIA Authoring Practices describe it.

import { earlier, forget } from "./searches.js";

const PAUSE_MS = 120;
const MOST = 6;

/** Offers queries below the box; `choose` is called when one has been put into it. Returns what closes the offer. */
export function suggest(box, panel, choose) {
  const list = panel.querySelector("[role=listbox]");
  const clear = panel.querySelector("button");
  let timer = 0;
  let running = null;
  let typed = "";

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");

  function offer(queries, isEarlier) {
    panel.classList.toggle("earlier", isEarlier);
    list.setAttribute("aria-label", isEarlier ? list.dataset.earlier : list.dataset.suggested);
    list.replaceChildren(...queries.slice(0, MOST).map(optionOf));
    open(queries.length > 0);
  }

  function open(isOpen) {
    panel.hidden = !isOpen;
    box.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) mark(null);
  }

  function mark(option) {
    for (const each of list.children) each.setAttribute("aria-selected", String(each === option));
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  }

  function stop() {
    clearTimeout(timer);
    running?.abort();
    running = null;
  }

  function close() {
    stop();
    open(false);
  }

  async function ask() {
    stop();
    typed = box.value;
    if (!typed.trim()) return offer(earlier(), true);
    const mine = (running = new AbortController());
    const queries = await suggested(panel.dataset.from, typed, mine.signal);
    if (mine === running && document.activeElement === box) offer(queries.filter((query) => query !== typed), false);
  }

  function step(by) {
    const options = [...list.children];
    const here = options.findIndex((option) => option.ariaSelected === "true");
    const places = options.length + 1; // one of them is none, which is what was typed
    const next = options[((here + 1 + by + places) % places) - 1];
    mark(next ?? null);
    box.value = next ? next.textContent : typed;
  }

  function take(option) {
    box.value = option.textContent;
    choose();
  }

  box.addEventListener("input", (event) => {
    stop();
    if (!event.isComposing) timer = setTimeout(ask, PAUSE_MS);
  });
  box.addEventListener("focus", () => { if (!box.value) ask(); });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault(); // the browser would empty the box
      if (panel.hidden) return box.blur();
      if (list.querySelector("[aria-selected=true]")) box.value = typed;
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (panel.hidden) ask();
      else step(event.key === "ArrowDown" ? 1 : -1);
    }
  });
  panel.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the box
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  clear.addEventListener("click", () => { forget(); close(); });
  return close;
}

function optionOf(query, place) {
  const option = document.createElement("li");
  option.id = `suggestion-${place}`;
  option.role = "option";
  option.dir = "auto";
  option.ariaSelected = "false";
  option.textContent = query;
  return option;
}

async function suggested(from, typed, signal) {
  try {
    const answer = await fetch(`${from}?${new URLSearchParams({ q: typed, limit: MOST })}`, { signal });
    if (!answer.ok) return [];
    return (await answer.json()).suggestions.map((suggestion) => suggestion.text);
  } catch {
    return []; // aborted, or no network
  }
}
