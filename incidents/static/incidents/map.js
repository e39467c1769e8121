// Comfort for the map of a question: closer, wider, and moved about, by buttons, keys, wheel and
// fingers. Without it the map shows everything at once; its table and links never need it.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const MOST = 12, STEP = 1.5, FAR = 4; // times closer, at most and at once; pixels that are no click
  const SIGNS = ".map-mark, .map-ring, .map-label, .map-end, .map-head";
  const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  document.querySelectorAll("svg[data-closer]").forEach(movable);
  function movable(svg) {
    const { width, height } = svg.viewBox.baseVal;
    const whole = { x: 0, y: 0, width, height };
    const signs = [...svg.querySelectorAll(SIGNS)].map((shape) => ({ part: partOf(shape), at: anchor(shape) }));
    const lines = [...svg.querySelectorAll(".map-arrow path:first-of-type")].map((line) => [line, line.getAttribute("d")]);
    const fingers = new Map();
    const tools = toolbar(svg);
    let view = { ...whole }, was = null, dragged = false;

    const times = () => whole.width / view.width, isClose = () => times() > 1.001;

    function show(next) {
      const width = Math.min(whole.width, Math.max(whole.width / MOST, next.width));
      const height = (width * whole.height) / whole.width;
      const within = (at, size, most) => Math.min(Math.max(at, 0), most - size);
      view = { x: within(next.x, width, whole.width), y: within(next.y, height, whole.height), width, height };
      svg.setAttribute("viewBox", [view.x, view.y, width, height].map((side) => side.toFixed(2)).join(" "));
      svg.classList.toggle("is-close", isClose());
      const size = 1 / times(); // signs and words keep theirs, so that they come apart
      for (const { part, at } of signs) {
        part.setAttribute("transform", `translate(${at.x * (1 - size)} ${at.y * (1 - size)}) scale(${size})`);
      }
      for (const [line, drawn] of lines) { // as far as the tip of its head, which is smaller now
        const tip = anchor(line.nextElementSibling);
        line.setAttribute("d", isClose() ? `${drawn}L${tip.x} ${tip.y}` : drawn);
      }
      tools.said.textContent = `× ${times().toFixed(1)}`;
    }

    // Closer by a factor, around a point of the picture that stays where it is.
    function closer(factor, at = middle()) {
      const width = Math.min(whole.width, Math.max(whole.width / MOST, view.width / factor));
      const share = width / view.width;
      show({ x: at.x - (at.x - view.x) * share, y: at.y - (at.y - view.y) * share, width });
    }

    const middle = () => ({ x: view.x + view.width / 2, y: view.y + view.height / 2 });
    const moved = (right, down) => show({ ...view, x: view.x + right, y: view.y + down });

    function point(event) {
      const drawn = svg.getBoundingClientRect();
      const scale = view.width / drawn.width;
      return { x: view.x + (event.clientX - drawn.left) * scale, y: view.y + (event.clientY - drawn.top) * scale };
    }

    tools.closer.addEventListener("click", () => closer(STEP));
    tools.wider.addEventListener("click", () => closer(1 / STEP));
    tools.whole.addEventListener("click", () => show(whole));
    svg.tabIndex = 0;
    svg.classList.add("is-movable");

    svg.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const way = KEYS[event.key];
      if (event.key === "+" || event.key === "=") closer(STEP);
      else if (event.key === "-") closer(1 / STEP);
      else if (event.key === "0") show(whole);
      else if (way && isClose()) moved((way[0] * view.width) / 8, (way[1] * view.height) / 8);
      else return;
      event.preventDefault();
    });

    // A page that is scrolled past is not caught: only with Ctrl, or once the map has the focus.
    svg.addEventListener("wheel", (event) => {
      const away = event.deltaY > 0, isMeant = svg.contains(document.activeElement) && (!away || isClose());
      if (!event.ctrlKey && !isMeant) return;
      event.preventDefault();
      closer(away ? 1 / STEP : STEP, point(event));
    }, { passive: false });

    svg.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      fingers.set(event.pointerId, event);
      dragged = fingers.size > 1;
      was = gesture();
    });
    svg.addEventListener("pointermove", (event) => {
      if (!fingers.has(event.pointerId)) return;
      fingers.set(event.pointerId, event);
      const now = gesture();
      if (!dragged && Math.hypot(now.clientX - was.clientX, now.clientY - was.clientY) < FAR) return;
      if (!dragged && !isClose()) return;
      dragged = true;
      svg.setPointerCapture(event.pointerId);
      const from = point(was), to = point(now);
      if (was.apart && now.apart) closer(now.apart / was.apart, to);
      moved(from.x - to.x, from.y - to.y);
      was = now;
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
      svg.addEventListener(end, (event) => { fingers.delete(event.pointerId); was = fingers.size ? gesture() : null; });
    }
    svg.addEventListener("dragstart", (event) => event.preventDefault());
    svg.addEventListener("click", (event) => { if (dragged) event.preventDefault(); dragged = false; }, true);

    function gesture() { // where the fingers are together, and how far apart
      const [one, two = one] = fingers.values();
      const apart = Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY);
      return { clientX: (one.clientX + two.clientX) / 2, clientY: (one.clientY + two.clientY) / 2, apart };
    }

    // Whoever steps through the links sees each.
    svg.addEventListener("focusin", (event) => {
      if (event.target === svg || !isClose()) return;
      const { x, y } = signs.find(({ part }) => part === event.target)?.at ?? middle();
      const isSeen = x > view.x && x < view.x + view.width && y > view.y && y < view.y + view.height;
      if (!isSeen) show({ ...view, x: x - view.width / 2, y: y - view.height / 2 });
    });
  }

  function partOf(shape) { return shape.matches(".map-end, .map-head") ? shape : shape.parentNode; }

  // The point that a sign stands for; of an arrow's head, its tip.
  function anchor(shape) {
    const of = (name) => Number(shape.getAttribute(name));
    if (shape.tagName === "circle") return { x: of("cx"), y: of("cy") };
    if (shape.tagName === "rect") return { x: of("x") + of("width") / 2, y: of("y") + of("height") / 2 };
    if (shape.tagName !== "path") return { x: of("x"), y: of("y") };
    const [x, y] = shape.getAttribute("d").match(/-?[\d.]+/g).map(Number);
    return { x, y };
  }

  function toolbar(svg) {
    const bar = document.createElement("div");
    bar.className = `map-tools no-print ${svg.classList.contains("narrow") ? "narrow" : "wide"}`;
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", svg.dataset.tools);
    const made = { said: document.createElement("output") };
    for (const [name, sign] of [["closer", "+"], ["wider", "−"], ["whole", svg.dataset.whole]]) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: sign, title: svg.dataset[name] });
      button.setAttribute("aria-label", svg.dataset[name]);
      bar.append((made[name] = button));
    }
    bar.append(made.said);
    svg.before(bar);
    return made;
  }
});
