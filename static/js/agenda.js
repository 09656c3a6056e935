// The agenda's desk: items are dragged to their place, and moved by Alt with an arrow key. Both press what the page has
// without scripts: the buttons of a row, or one form with a place.
(() => {
  "use strict";

  const drop = document.getElementById("agenda-drop");
  if (!drop) return;
  const MOVES = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" };
  const rows = document.querySelectorAll("li.slot[data-item]");
  let dragged = null;

  const press = (row, move) => {
    const button = row.querySelector(`:scope > .acts button[value="${move}"], :scope > .split button[value="${move}"]`);
    if (button && !button.disabled) button.click();
  };

  document.addEventListener("keydown", (event) => {
    const row = event.target.closest && event.target.closest("[data-item]");
    if (!row || !event.altKey || !MOVES[event.key] || event.target.matches("input, textarea, select")) return;
    event.preventDefault();
    press(row, MOVES[event.key]);
  });

  const clear = () => {
    for (const row of document.querySelectorAll(".drop-before, .drop-end")) row.classList.remove("drop-before", "drop-end");
  };

  const lowerHalf = (event, row) => {
    const box = row.getBoundingClientRect();
    return event.clientY > box.top + box.height / 2;
  };

  const place = (row, after) => {
    const next = after ? row.nextElementSibling : row;
    drop.action = drop.action.replace(/\/items\/\d+\//, `/items/${dragged.dataset.item}/`);
    drop.elements.day.value = row.dataset.day;
    drop.elements.before.value = next && next.dataset.item ? next.dataset.item : "";
    drop.submit();
  };

  for (const row of rows) {
    if (!row.querySelector(':scope > .acts button[name="move"]') || row.querySelector("form.box")) continue;
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      dragged = row;
      row.classList.add("dragging");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", row.dataset.item);
    });
    row.addEventListener("dragend", () => {
      row.classList.remove("dragging");
      clear();
    });
  }
  for (const row of rows) {
    row.addEventListener("dragover", (event) => {
      if (!dragged || dragged === row) return;
      event.preventDefault();
      clear();
      row.classList.add(lowerHalf(event, row) ? "drop-end" : "drop-before");
    });
    row.addEventListener("drop", (event) => {
      if (!dragged || dragged === row) return;
      event.preventDefault();
      place(row, lowerHalf(event, row));
    });
  }

  // After a move the page comes back at the row: the keyboard goes on from there.
  if (/^#i\d+$/.test(window.location.hash)) {
    const row = document.getElementById(window.location.hash.slice(1));
    const first = row && row.querySelector('button[name="move"]:not([disabled])');
    if (first && !row.querySelector("form.box")) first.focus({ preventScroll: true });
  }
})();
