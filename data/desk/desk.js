/* The desk's script: the answer follows as you type, and keys. Every page is whole without it.
   Parts of a page that may be swapped carry data-part and an id; the server sends the whole page, and only parts are taken. */
"use strict";
(() => {
  const form = document.querySelector("form[data-live]");
  const all = (sel, root = document) => [...root.querySelectorAll(sel)];
  const inField = (at) => at.closest("input, select, textarea, [contenteditable]") && !/^(checkbox|radio|submit|button)$/.test(at.type || "");

  // Partial updates: one request at a time; the newest question wins; the old answer stays, marked as old.
  let waiting = null, running = null;
  const swap = async (parts) => {
    const sent = new URLSearchParams(new FormData(form));
    if (running) running.abort();
    const mine = (running = new AbortController());
    const marked = parts.map((id) => document.getElementById(id)).filter(Boolean);
    marked.forEach((part) => part.setAttribute("aria-busy", "true"));
    try {
      const got = await fetch(form.action, { method: "POST", body: sent, signal: mine.signal, headers: { "X-Desk-Parts": parts.join(" ") } });
      if (!got.ok || got.redirected) throw new Error(got.statusText);
      const page = new DOMParser().parseFromString(await got.text(), "text/html");
      const held = document.activeElement && document.activeElement.id;
      for (const id of parts) {
        const fresh = page.getElementById(id), old = document.getElementById(id);
        if (fresh && old) old.replaceWith(document.adoptNode(fresh));
      }
      if (held && document.getElementById(held) && document.activeElement.id !== held) document.getElementById(held).focus();
    } catch (fault) {
      if (fault.name !== "AbortError") marked.forEach((part) => { part.removeAttribute("aria-busy"); part.classList.add("is-old"); });
    }
  };
  if (form) {
    const later = (parts, wait) => { clearTimeout(waiting); waiting = setTimeout(() => swap(parts), wait); };
    const mine = (at) => at.form === form && at.name && at.name !== "rows";
    document.addEventListener("input", (event) => { if (mine(event.target) && !event.target.name.startsWith("answer.")) later(["answer"], 350); });
    document.addEventListener("change", (event) => { if (mine(event.target) && event.target.name.startsWith("answer.")) later(["fields", "answer"], 0); });
  }

  // All boxes of a table at once.
  document.addEventListener("change", (event) => {
    const head = event.target.closest("[data-all]");
    if (head) all(`input[name="${head.dataset.all}"]`).forEach((box) => { box.checked = head.checked; });
  });

  // Keys: never inside a field; single keys can be switched off on the help page.
  const rows = () => all("[data-row]");
  const step = (by) => {
    const list = rows();
    if (!list.length) return;
    const now = list.findIndex((row) => row.classList.contains("is-sel"));
    const next = Math.min(Math.max(now + by, 0), list.length - 1);
    list.forEach((row, at) => row.classList.toggle("is-sel", at === next));
    const link = list[next].querySelector("a");
    if (link) link.focus();
  };
  let before = "";
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      const own = event.target.form || form;
      if (own) { event.preventDefault(); own.requestSubmit(own.querySelector(".btn-main") || undefined); }
      return;
    }
    if (event.key === "Escape" && inField(event.target)) return event.target.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || inField(event.target) || document.body.dataset.keys !== "on") return;
    const key = event.key;
    const two = before === "g" ? `g ${key}` : key;
    before = key === "g" ? "g" : "";
    // Keys of a row act on the row that is chosen; else on the first on the page.
    const chosen = rows().find((row) => row.classList.contains("is-sel"));
    const named = (root) => all("[data-key]", root).find((each) => each.dataset.key === two);
    const target = (chosen && named(chosen)) || named(document);
    if (key === "/") { const find = document.getElementById("find"); if (find) { event.preventDefault(); find.focus(); } }
    else if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "?") location.href = "/help";
    else if (two.startsWith("g ")) { const to = { d: "/desk", k: "/check", m: "/matches", p: "/parties", c: "/cases", l: "/licences", e: "/evidence", t: "/commitments", w: "/law" }[key]; if (to) location.href = to; }
    else if (target) { event.preventDefault(); target.focus(); target.click(); }
  });
})();
