// What the page can do beyond reading: copy a command, find an indicator, and
// show where the reader is. Without this script nothing is missing.
"use strict";

const here = location.origin;
const elsewhere = "http://127.0.0.1:8000";

for (const block of document.querySelectorAll("pre.command")) {
  pointHere(block);
  block.before(copyButton(block));
}

// pointHere has a command call the service that this page came from.
function pointHere(block) {
  if (here === elsewhere || !location.protocol.startsWith("http")) return;
  const texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    text.data = text.data.replaceAll(elsewhere, here);
  }
}

function copyButton(block) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.setAttribute("aria-label", "Copy this command");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(block.textContent.trim());
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(block);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  return button;
}

// A token that is typed in is in this page's memory alone: it goes into the
// commands to copy, and is forgotten with the page.
const token = document.getElementById("token");
const note = document.getElementById("token-note");

token.addEventListener("input", () => {
  const text = token.value.trim().replace(/^bearer\s+/i, "");
  const usable = /^[\w.~+/=-]*$/.test(text); // nothing that a shell would read
  for (const place of document.querySelectorAll("pre.command .token")) {
    place.textContent = text && usable ? ` -H 'Authorization: Bearer ${text}'` : "";
  }
  note.textContent = !text ? "" : usable ? "It is in the commands that need one." : "That is no token.";
});
document.getElementById("token-field").hidden = false;

const box = document.getElementById("filter");
const found = document.getElementById("found");
const cards = [...document.querySelectorAll("article.indicator")].map((card) => ({
  card,
  entry: document.querySelector(`nav [data-indicator="${card.dataset.indicator}"]`),
  text: (card.querySelector("h4").textContent + " " + card.querySelector(".doc").textContent + " " +
    card.querySelector("dl").textContent).toLowerCase(),
}));

function filter() {
  const words = box.value.toLowerCase().split(/[\s,]+/).filter(Boolean);
  let shown = 0;
  for (const { card, entry, text } of cards) {
    const hit = words.every((w) => text.includes(w));
    card.hidden = !hit;
    if (entry) entry.hidden = !hit;
    if (hit) shown++;
  }
  for (const family of document.querySelectorAll(".family")) {
    family.hidden = !family.querySelector("article:not([hidden])");
  }
  found.textContent = words.length === 0 ? "" : shown === 1 ? "1 indicator" : `${shown} indicators`;
}

box.closest(".filter").hidden = false;
box.addEventListener("input", filter);
document.addEventListener("keydown", (e) => {
  if (e.key === "/" && !e.ctrlKey && !e.metaKey && !/^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) {
    e.preventDefault();
    box.focus();
  }
});

// A link to a folded endpoint, or to an indicator that the filter hides, shows it.
function reveal() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.matches("details")) target.open = true;
  if (target.hidden) {
    box.value = "";
    filter();
  }
  target.scrollIntoView();
}
addEventListener("hashchange", reveal);
reveal();

const links = new Map([...document.querySelectorAll("nav.side a")].map((a) => [a.hash.slice(1), a]));
const seen = new IntersectionObserver((entries) => {
  for (const e of entries) {
    if (!e.isIntersecting) continue;
    for (const a of links.values()) a.removeAttribute("aria-current");
    links.get(e.target.id).setAttribute("aria-current", "true");
  }
}, { rootMargin: "-15% 0px -75% 0px" });
for (const id of links.keys()) {
  const part = document.getElementById(id);
  if (part) seen.observe(part);
}
