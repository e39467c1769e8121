// Comfort for the coding page: while somebody types, asks the server what it understands and shows
// it; arrow down in a field takes the next proposal under it. Everything works without this.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-reading]");
  if (!form) return;
  const WAIT = 250; // milliseconds without a key before asking
  let timer = null;
  let asked = 0;

  async function ask() {
    const mine = ++asked;
    const answer = await fetch(form.dataset.reading, { method: "POST", body: new FormData(form) });
    if (!answer.ok || mine !== asked) return;
    for (const [part, html] of Object.entries(await answer.json())) show(part, html);
  }

  // A part in which somebody is typing is left alone; one in which they choose keeps its focus.
  function show(part, html) {
    const place = document.getElementById(`reading-${part}`);
    if (!place || place.dataset.shown === html) return;
    const here = place.contains(document.activeElement) ? document.activeElement : null;
    if (here && here.type !== "radio") return;
    place.dataset.shown = html;
    place.innerHTML = html;
    if (here) {
      const same = [...place.querySelectorAll("input[type=radio]")]
        .find((one) => one.name === here.name && one.value === here.value);
      same?.focus();
    }
  }

  // An answer on its way does not know of this change, so it is not shown any more.
  function askSoon() {
    asked++;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  }

  function takeNext(reading) {
    const choices = [...reading.querySelectorAll("input[type=radio][value]:not([value=''])")]
      .filter((choice) => choice.name === reading.querySelector("input[type=radio]").name);
    const next = choices[(choices.findIndex((choice) => choice.checked) + 1) % choices.length];
    if (!next) return false;
    next.checked = true;
    return true;
  }

  form.addEventListener("input", askSoon);
  form.addEventListener("change", askSoon);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || event.target.type !== "text") return;
    const reading = event.target.closest(".cell")?.querySelector(".reading");
    if (!reading?.querySelector("input[type=radio]") || !takeNext(reading)) return;
    event.preventDefault();
    askSoon();
  });
  // A claim that is typed and not saved is not left without a question.
  let leaving = false;
  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => {
    const typed = [...form.querySelectorAll("#claim input[type=text], #claim textarea")]
      .some((field) => field.value !== field.defaultValue);
    if (typed && !leaving) event.preventDefault();
  });

  const first = form.querySelector("details[open] input:not([type=hidden]), #claim input[type=text]");
  const empty = [...form.querySelectorAll(".facts[open] input[type=text], #claim input[type=text]")]
    .find((input) => !input.value);
  const refused = form.querySelector(".errors input:not([type=hidden]), .errors textarea");
  (refused || empty || first)?.focus();
});
