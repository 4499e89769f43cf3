// The map with JavaScript: zooming and moving it, its points by the arrow keys, and the title of the one pointed at.

const figure = document.querySelector("figure.map");
const svg = figure.querySelector(":scope > svg");
const caption = figure.querySelector("[data-caption]");
const links = [...svg.querySelectorAll("a")];
const whole = svg.viewBox.baseVal;
const WIDTH = whole.width;
const HEIGHT = whole.height;
const MOST = 16;
const STEP = 1.5;

// Where the picture looks: the point in its midst, and how many times larger than the whole map.
const view = { x: WIDTH / 2, y: HEIGHT / 2, zoom: 1 };

function look(x, y, zoom) {
  view.zoom = Math.min(MOST, Math.max(1, zoom));
  const width = WIDTH / view.zoom;
  const height = HEIGHT / view.zoom;
  view.x = Math.min(WIDTH - width / 2, Math.max(width / 2, x));
  view.y = Math.min(HEIGHT - height / 2, Math.max(height / 2, y));
  svg.setAttribute("viewBox", `${view.x - width / 2} ${view.y - height / 2} ${width} ${height}`);
  svg.style.setProperty("--zoom", view.zoom);
  svg.classList.toggle("zoomed", view.zoom > 1);
}

function zoomAt(x, y, factor) {
  const zoom = Math.min(MOST, Math.max(1, view.zoom * factor));
  const kept = view.zoom / zoom;
  look(x + (view.x - x) * kept, y + (view.y - y) * kept, zoom);
}

const commands = {
  in: () => zoomAt(view.x, view.y, STEP),
  out: () => zoomAt(view.x, view.y, 1 / STEP),
  whole: () => look(WIDTH / 2, HEIGHT / 2, 1),
};

function place(event) {
  const point = new DOMPoint(event.clientX, event.clientY);
  return point.matrixTransform(svg.getScreenCTM().inverse());
}

function at(link) {
  const dot = link.querySelector("use");
  return { x: dot.x.baseVal.value, y: dot.y.baseVal.value };
}

// One stop of the tab key for the whole map; the arrow keys go on from there.
let current = null;

function stopAt(link) {
  if (current) current.tabIndex = -1;
  current = link;
  current.tabIndex = 0;
}

const directions = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

function towards(key) {
  const [right, down] = directions[key];
  const here = at(current);
  let best = null;
  let nearest = Infinity;
  for (const link of links) {
    const there = at(link);
    const ahead = (there.x - here.x) * right + (there.y - here.y) * down;
    const aside = Math.abs((there.x - here.x) * down) + Math.abs((there.y - here.y) * right);
    const distance = ahead + 2 * aside;
    if (link !== current && ahead > 0 && aside <= ahead && distance < nearest) {
      best = link;
      nearest = distance;
    }
  }
  return best;
}

function follow(link) {
  const { x, y } = at(link);
  const inside = Math.abs(x - view.x) < WIDTH / view.zoom / 2 && Math.abs(y - view.y) < HEIGHT / view.zoom / 2;
  if (!inside) look(x, y, view.zoom);
}

svg.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const command = { "+": "in", "=": "in", "-": "out", 0: "whole" }[event.key];
  if (command) {
    commands[command]();
  } else if (event.key in directions) {
    const next = towards(event.key);
    if (next) {
      stopAt(next);
      next.focus({ preventScroll: true });
      follow(next);
    }
  } else {
    return;
  }
  event.preventDefault();
});

function tell(link) {
  const title = link?.querySelector("title");
  caption.hidden = !title;
  if (!title) return;
  const lang = title.getAttribute("lang");
  caption.lang = lang;
  caption.dir = "auto";
  caption.textContent = title.textContent;
}

svg.addEventListener("focusin", (event) => {
  const link = event.target.closest("a");
  if (link) stopAt(link);
  tell(link);
});
svg.addEventListener("focusout", () => tell(null));
svg.addEventListener("pointerover", (event) => tell(event.target.closest("a")));
svg.addEventListener("pointerleave", () => tell(null));

svg.addEventListener(
  "wheel",
  (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // the wheel alone scrolls the page; a pinch comes with ctrl
    event.preventDefault();
    const { x, y } = place(event);
    zoomAt(x, y, Math.exp(-event.deltaY / 200));
  },
  { passive: false },
);

let drag = null;

svg.addEventListener("pointerdown", (event) => {
  if (event.button || view.zoom === 1) return;
  const { x, y } = place(event);
  drag = { x, y, from: [event.clientX, event.clientY], moved: false };
});
svg.addEventListener("pointermove", (event) => {
  if (!drag) return;
  if (!drag.moved && Math.hypot(event.clientX - drag.from[0], event.clientY - drag.from[1]) < 5) return;
  if (!drag.moved) svg.setPointerCapture(event.pointerId);
  drag.moved = true;
  svg.classList.add("dragging");
  const { x, y } = place(event);
  look(view.x + drag.x - x, view.y + drag.y - y, view.zoom);
});
for (const end of ["pointerup", "pointercancel"]) {
  svg.addEventListener(end, () => {
    svg.classList.remove("dragging");
    if (drag && !drag.moved) drag = null;
  });
}
// A drag that ends on a point is no click on it.
svg.addEventListener(
  "click",
  (event) => {
    if (drag?.moved) event.preventDefault();
    drag = null;
  },
  { capture: true },
);
svg.addEventListener("dragstart", (event) => event.preventDefault());
svg.addEventListener("dblclick", (event) => {
  const { x, y } = place(event);
  zoomAt(x, y, STEP);
});

for (const button of figure.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", () => commands[button.dataset.zoom]());
}

for (const link of links) link.tabIndex = -1;
stopAt(svg.querySelector(".answers a:last-of-type") ?? links[0]);
for (const hidden of figure.querySelectorAll(".map-tools, .map-keys")) hidden.hidden = false;
