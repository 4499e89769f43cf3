// Pointing at a marked word lights the word of the query that it answers, and all that answer it; and the reverse.

/** Lights words of one number together, in the query and in the hits. */
export function lightMarks() {
  for (const type of ["pointerover", "focusin"]) document.addEventListener(type, (event) => light(wordAt(event)));
  document.addEventListener("pointerleave", () => light(undefined));
}

function wordAt(event) {
  return event.target.closest?.("[data-word]")?.dataset.word;
}

function light(word) {
  for (const mark of document.querySelectorAll("[data-word]")) mark.classList.toggle("lit", mark.dataset.word === word);
}
