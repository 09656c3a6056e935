// The roll call of a session. Each change is sent at once as a tick of its own. What can not be sent waits in the
// browser's store and goes in order, each with its own key, so that what arrived twice counts once. Counts and the marks
// of other officers come every few seconds. Without this file the page is one form with a button.
(() => {
  const form = document.getElementById("roll");
  if (!form) return;
  const said = document.getElementById("roll-said");
  const last = document.getElementById("roll-last");
  const store = form.dataset.store;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const PRESENT = ["room", "remote"];
  const WORDS = { remote: "remote", excused: "excused" };
  let since = form.dataset.since;
  let sending = false;
  let sent = 0;
  let held = 0;
  let arrived = "";
  let trouble = "";

  const box = (line) => form.querySelector(`[data-line="${line}"]`);
  const was = (line) => form.elements[`was-${line}`];
  const how = (line) => form.elements[`how-${line}`];
  const waiting = () => JSON.parse(localStorage.getItem(store) || "[]");
  const keep = (ticks) => localStorage.setItem(store, JSON.stringify(ticks));

  function show(line, mark) {
    if (!box(line)) return;
    box(line).checked = PRESENT.includes(mark);
    how(line).value = WORDS[mark] ? mark : "";
    was(line).value = mark;
    const note = form.querySelector(`[data-mark="${line}"]`);
    if (note) note.textContent = WORDS[mark] || "";
  }

  // A connection that hangs counts as lost after ten seconds.
  const patience = () => AbortSignal.timeout(10000);
  const ticks = (number, one, more) => `${number} ${number === 1 ? `tick ${one}` : `ticks ${more}`}`;

  function tell() {
    const number = waiting().length;
    const parts = [];
    if (number) parts.push(`${ticks(number, "waits", "wait")} for the connection. Go on: nothing is lost.`);
    if (!number && held) arrived = `The connection is back. ${ticks(held, "that waited was", "that waited were")} sent.`;
    held = number;
    if (arrived) parts.push(arrived);
    if (trouble) parts.push(trouble);
    said.textContent = parts.join(" ");
    said.hidden = parts.length === 0;
  }

  function key() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
    return bytes.map((one) => one.toString(16).padStart(2, "0")).join("");
  }

  function push(line, to) {
    const tick = { line, was: was(line).value, to, key: key() };
    if (tick.was === to) return;
    keep([...waiting(), tick]);
    trouble = arrived = "";
    show(line, to);
    send().then(follow);
  }

  async function send() {
    if (sending) return;
    sending = true;
    try {
      for (let [tick] = waiting(); tick; [tick] = waiting()) {
        const body = new URLSearchParams({ ...tick, csrfmiddlewaretoken: token });
        const answer = await fetch(form.dataset.tick, { method: "POST", body, redirect: "manual", signal: patience() });
        if (answer.status !== 200 && answer.status !== 409) {
          trouble = answer.status >= 500 ? "" : "The portal did not take them. Load the page again, and sign in if it asks.";
          break;
        }
        const found = await answer.json();
        sent += 1;
        keep(waiting().filter((one) => one.key !== tick.key));
        if (answer.status === 409) trouble = found.said;
        if (!waiting().some((one) => one.line === tick.line)) show(tick.line, found.now);
      }
    } catch (lost) {
      // No connection: what waits stays in the store.
    }
    sending = false;
    tell();
  }

  async function follow() {
    if (waiting().length) await send();
    if (waiting().length) return;
    const before = sent;
    try {
      const answer = await fetch(`${form.dataset.live}?since=${encodeURIComponent(since)}`, { redirect: "manual", signal: patience() });
      if (answer.status !== 200) return;
      const found = await answer.json();
      if (waiting().length || sent !== before) return;
      since = found.since;
      for (const [line, mark] of Object.entries(found.marks)) if (was(line) && was(line).value !== mark) show(line, mark);
      for (const one of form.querySelectorAll("[data-count]")) {
        const number = found.counts[one.dataset.count];
        one.textContent = number === null ? "not recorded" : number;
        one.classList.toggle("num", number !== null);
      }
      last.innerText = found.last;
    } catch (lost) {
      // The next round asks again.
    }
  }

  form.addEventListener("change", (event) => {
    const line = event.target.dataset.line || (event.target.name || "").replace(/^how-/, "");
    if (!box(line)) return;
    if (event.target.dataset.line) push(line, event.target.checked ? "room" : "absent");
    else push(line, event.target.value || (box(line).checked ? "room" : "absent"));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send().then(follow);
  });
  window.addEventListener("online", send);
  for (const tick of waiting()) show(tick.line, tick.to);
  held = waiting().length;
  send().then(follow);
  setInterval(follow, 3000);
})();
