// Comfort for every desk page: names the choice boxes and headings that Django's scripts leave
// without a name, so that a screen reader says what they are. Nothing here is needed to work.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  function nameOf(select) {
    const label = select.labels && select.labels[0];
    return select.getAttribute("aria-label") || (label && label.textContent.replace(/:\s*$/, "").trim());
  }

  function nameChoices() {
    for (const select of document.querySelectorAll("select.admin-autocomplete")) {
      const box = select.nextElementSibling?.querySelector?.(".select2-selection");
      const name = nameOf(select);
      if (!box || !name) continue;
      const shown = box.querySelector(".select2-selection__rendered");
      box.removeAttribute("aria-labelledby");
      box.setAttribute("aria-label", shown?.textContent ? `${name}: ${shown.textContent}` : name);
      shown?.setAttribute("aria-label", name);
    }
  }

  for (const heading of document.querySelectorAll("th.original:empty")) {
    heading.insertAdjacentHTML("beforeend", '<span class="visually-hidden">#</span>');
  }
  nameChoices();
  window.addEventListener("load", () => setTimeout(nameChoices, 0)); // after Django's scripts
  document.addEventListener("formset:added", () => setTimeout(nameChoices, 0));
  document.addEventListener("change", nameChoices);
});
