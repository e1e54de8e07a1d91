// Moves the progress bar while a sync runs, and shows the page anew at its end.

const place = document.getElementById("sync");
const bar = place.querySelector("progress");
const told = place.querySelector("[role=status]");
const EVERY = 500; // milliseconds between two looks
let failures = 0;

function show({ stage, done, total }) {
  if (total) {
    bar.max = total;
    bar.value = done;
  } else {
    bar.removeAttribute("value");
  }
  const line = total ? `${stage}: ${done.toLocaleString("en")} of ${total.toLocaleString("en")}` : `${stage}…`;
  if (told.textContent !== line) {
    told.textContent = line;
  }
}

async function look() {
  try {
    const state = await (await fetch("library/sync", { cache: "no-store" })).json();
    failures = 0;
    if (!state.running) {
      location.reload();
      return;
    }
    show(state);
  } catch {
    failures += 1;
    if (failures > 10) {
      told.textContent = "The server does not answer.";
      return;
    }
  }
  setTimeout(look, EVERY);
}

if ("running" in place.dataset) {
  look();
}
