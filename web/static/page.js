// What the search page gains where JavaScript runs. Without it everything still works, a page at a time.

import { listenForKeys } from "./keys.js";
import { showLive } from "./live.js";
import { lightMarks } from "./marks.js";
import { remember } from "./searches.js";
import { suggest } from "./suggest.js";

const form = document.querySelector("form.search");
const box = form.elements.q;
const show = showLive(form, box);
const close = suggest(box, document.getElementById("suggestions"), search);

async function search() {
  close();
  remember(box.value);
  await show();
  document.getElementById("counts")?.focus(); // out of the box, so that the keys work, and the counts are read out
}

form.addEventListener("submit", (event) => {
  if (!box.value.trim()) return;
  event.preventDefault();
  search();
});
document.addEventListener("click", (event) => {
  if (event.target.closest(".hit a")) remember(box.value);
});
if (document.querySelector(".hit")) remember(box.value);
listenForKeys(box, document.getElementById("keys"));
lightMarks();

const balance = form.elements.balance;
balance.addEventListener("input", () => {
  const lean = Math.sign(balance.value);
  balance.setAttribute("aria-valuetext", balance.dataset[lean > 0 ? "ar" : lean < 0 ? "en" : "none"]);
});
