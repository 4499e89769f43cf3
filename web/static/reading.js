// What reading a document gains where JavaScript runs: n and p for the next and the previous hit, copying with the
// source, and two documents side by side that open at the passages which answer each other.

const OFF = "jisr.keys-off";
const STEPS = { KeyN: "next", KeyP: "prev" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || localStorage.getItem(OFF)) return;
  if (event.target.matches("input, select, textarea")) return;
  document.querySelector(`.places a[rel="${STEPS[event.code]}"]`)?.click();
});

for (const button of document.querySelectorAll("[data-copies]")) {
  if (!navigator.clipboard) break; // browsers have it for https and for this machine alone
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    const said = button.parentElement.querySelector("[role=status]");
    said.textContent = said.dataset.said;
  });
}

for (const mark of document.querySelectorAll(".paired .current[id]")) {
  const pane = mark.closest(".document");
  const below = mark.getBoundingClientRect().top - pane.getBoundingClientRect().top;
  if (below > pane.clientHeight / 2) pane.scrollTop += below - pane.clientHeight / 4;
}
