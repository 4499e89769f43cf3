// Keys for a hand that stays on the keyboard: / j k ? and Escape. Never while typing, and off for those who prefer.

import { keep, kept } from "./kept.js";

const OFF = "jisr.keys-off";
const AT_THE_SAME_PLACE = { Slash: "/", KeyJ: "j", KeyK: "k" };

/** Listens for the keys, and shows the button that lists them. */
export function listenForKeys(box, dialog) {
  const actions = {
    "/": () => { box.focus(); box.select(); },
    j: () => move(1),
    k: () => move(-1),
    "?": () => dialog.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event.target) || dialog.open || kept(OFF)) return;
    const action = actions[keyOf(event)];
    if (!action) return;
    event.preventDefault();
    action();
  });
  offer(dialog);
}

/** The key as it is named in the list, whether the layout is Latin or Arabic. */
function keyOf(event) {
  if (event.key === "؟") return "?";
  const isLatin = event.key.codePointAt(0) < 128;
  const key = isLatin ? event.key : AT_THE_SAME_PLACE[event.code];
  return !isLatin && event.shiftKey && key === "/" ? "?" : key;
}

function isTyping(element) {
  return element.isContentEditable || element.matches("select, textarea, input:not([type=range], [type=checkbox])");
}

/** To the next hit from the one that has the focus, or to the first. */
function move(step) {
  const links = [...document.querySelectorAll(".hit h3 a")];
  const here = document.activeElement?.closest(".hit")?.querySelector("h3 a");
  const next = here ? links[links.indexOf(here) + step] : links.at(step > 0 ? 0 : -1);
  if (!next) return;
  next.focus({ preventScroll: true });
  next.closest(".hit").scrollIntoView({ block: "nearest" });
}

function offer(dialog) {
  for (const button of document.querySelectorAll("[data-opens=keys]")) {
    button.hidden = false;
    button.addEventListener("click", () => dialog.showModal());
  }
  dialog.querySelector("[data-closes]").addEventListener("click", () => dialog.close());
  const wanted = dialog.querySelector("[name=keys-on]");
  wanted.checked = !kept(OFF);
  wanted.addEventListener("change", () => keep(OFF, wanted.checked ? null : "1"));
}
