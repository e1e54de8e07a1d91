// The number of a citation opens its place in the source, beside the conversation. The source is a page of its own
// in a frame where no script runs. Words of documents are only ever set as text, or cloned from what is shown.
const CITATION = ".answer a.mark, .answer a.open";
const WIDE = matchMedia("(min-width: 64rem)");
const source = { panel: null, opener: null };
const card = { box: null, chip: null, leaving: 0 };

function made(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function panel() {
  if (!source.panel) {
    const close = made("button", { type: "button", class: "close" }, "Close");
    close.addEventListener("click", closeSource);
    source.panel = made(
      "div", { id: "source-panel", role: "dialog", tabindex: "-1", "aria-labelledby": "source-name", hidden: "" },
      made("div", { class: "bar" }, made("h2", { id: "source-name" }), made("a", { class: "apart", target: "_blank", rel: "noopener" }, "Open in a tab"), close),
    );
    document.body.append(source.panel);
  }
  return source.panel;
}

// The entry of a citation in the list of sources below its answer.
function listed(link) {
  const links = [...(link.closest(".answer")?.querySelectorAll(".source a.open") ?? [])];
  return links.find((each) => each.getAttribute("href") === link.getAttribute("href"));
}

function nameOf(link) {
  const entry = listed(link) ?? link;
  const [number, document, place] = [".number", "b", ".place"].map((part) => entry.querySelector(part)?.textContent ?? "");
  return `Source ${number.replace(/\D/g, "")}: ${[document, place].filter(Boolean).join(" · ")}`;
}

// Gradio takes the names of links away: a number alone says nothing to a screen reader.
function nameCitations() {
  for (const chip of document.querySelectorAll(".answer a.mark:not([aria-label])")) {
    chip.setAttribute("aria-label", nameOf(chip));
  }
}

function openSource(link) {
  hideCard();
  const shown = panel();
  source.opener = link;
  const name = nameOf(link);
  shown.querySelector("h2").textContent = name;
  shown.querySelector(".apart").href = link.href;
  shown.querySelector("iframe")?.remove();
  const frame = made("iframe", { sandbox: "allow-same-origin allow-downloads", title: name, src: link.href });
  // No script of the frame hears the key: this page does.
  frame.addEventListener("load", () => frame.contentDocument?.addEventListener("keydown", leaveByKey));
  shown.append(frame);
  shown.hidden = false;
  document.body.classList.add("with-source");
  holdBack();
  shown.focus();
}

function closeSource() {
  if (!source.panel || source.panel.hidden) return;
  source.panel.hidden = true;
  source.panel.querySelector("iframe")?.remove();
  document.body.classList.remove("with-source");
  holdBack();
  const still = source.opener?.isConnected ? source.opener : document.querySelector(`a[href="${CSS.escape(source.opener?.getAttribute("href") ?? "")}"]`);
  (still ?? document.querySelector("#ask textarea"))?.focus();
}

// Where the panel covers the conversation, nothing below it can be reached until it is closed.
function holdBack() {
  const covers = source.panel && !source.panel.hidden && !WIDE.matches;
  source.panel?.setAttribute("aria-modal", String(Boolean(covers)));
  for (const app of document.querySelectorAll("gradio-app")) app.inert = Boolean(covers);
}
WIDE.addEventListener("change", holdBack);

function leaveByKey(event) {
  if (event.key !== "Escape") return;
  if (card.chip) hideCard();
  else closeSource();
}

// Pointing at a number or reaching it by keyboard shows what it cites.
function showCard(chip) {
  clearTimeout(card.leaving);
  if (card.chip === chip) return;
  hideCard();
  const cited = listed(chip)?.closest(".source");
  if (!cited) return;
  if (!card.box) {
    card.box = made("div", { id: "source-card", role: "tooltip" });
    card.box.addEventListener("pointerenter", () => clearTimeout(card.leaving));
    card.box.addEventListener("pointerleave", leaveCard);
    document.body.append(card.box);
  }
  const [link, ...rest] = [...cited.children].map((child) => child.cloneNode(true));
  card.box.replaceChildren(made("div", { class: "where" }, ...link.childNodes), ...rest);
  card.box.hidden = false;
  card.chip = chip;
  chip.setAttribute("aria-describedby", "source-card");
  const at = chip.getBoundingClientRect(), size = card.box.getBoundingClientRect();
  const room = document.documentElement.clientWidth - size.width - 8;
  card.box.style.left = `${Math.max(8, Math.min(at.left - 16, room))}px`;
  const below = at.bottom + 6;
  const fits = below + size.height <= innerHeight - 8;
  card.box.style.top = `${fits ? below : Math.max(8, at.top - size.height - 6)}px`;
}

function hideCard() {
  clearTimeout(card.leaving);
  card.chip?.removeAttribute("aria-describedby");
  card.chip = null;
  if (card.box) card.box.hidden = true;
}

function leaveCard() {
  clearTimeout(card.leaving);
  card.leaving = setTimeout(hideCard, 200);
}

const chipOf = (event) => event.target.closest?.(".answer a.mark");
document.addEventListener("pointerover", (event) => {
  const chip = chipOf(event);
  if (chip && event.pointerType !== "touch") showCard(chip);
});
document.addEventListener("pointerout", (event) => chipOf(event) && leaveCard());
document.addEventListener("focusin", (event) => chipOf(event)?.matches(":focus-visible") && showCard(chipOf(event)));
document.addEventListener("focusout", (event) => chipOf(event) && hideCard());
document.addEventListener("scroll", hideCard, { capture: true, passive: true });
document.addEventListener("keydown", leaveByKey);
// Before Gradio sees the click; with a key held, a link does what links do.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(CITATION);
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  openSource(link);
}, { capture: true });
