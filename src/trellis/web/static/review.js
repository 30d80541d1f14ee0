"use strict";
// Review by keyboard and ear: a sentence shows its turns and plays its second; an act draws the note anew, one at a time.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const sound = byId("sound"), live = byId("live"), aside = byId("transcript"), turns = byId("turns"), sheet = byId("sheet"), notices = byId("notices");
  const dialog = byId("keys"), single = byId("single-keys");
  const narrow = window.matchMedia("(max-width: 60rem)"), still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const work = () => byId("work");
  const items = () => all(".statements > li", work());
  let chosen = null, stopAt = null, last = Promise.resolve();

  const say = (text) => { live.textContent = ""; requestAnimationFrame(() => { live.textContent = text; }); };
  const item = (number) => (number === null ? null : byId("s" + number));

  const fold = (folded) => {
    aside.classList.toggle("folded", folded);
    root.classList.toggle("opened", !folded);
    sheet.setAttribute("aria-expanded", String(!folded));
  };

  const play = (place) => {
    if (!sound || !place || place.dataset.start === undefined) return false;
    stopAt = null;
    const start = Number(place.dataset.start), end = Number(place.dataset.end);
    sound.currentTime = start;
    sound.play().then(() => { stopAt = Number.isFinite(end) ? end + 0.25 : null; }, () => {});
    return true;
  };

  const reveal = (turn) => {
    const rise = turn.getBoundingClientRect().top - turns.getBoundingClientRect().top;
    turns.scrollTo({ top: turns.scrollTop + rise - turns.clientHeight / 4, behavior: still.matches ? "auto" : "smooth" });
  };

  const clear = () => {
    all(".on, .rests").forEach((one) => one.classList.remove("on", "rests"));
    all(".statement", work()).forEach((one) => one.setAttribute("aria-pressed", "false"));
    chosen = null;
  };

  const choose = (number, { focus = true, first = null } = {}) => {
    const one = item(number);
    if (!one) return;
    clear();
    chosen = number;
    one.classList.add("on");
    const button = one.querySelector(".statement");
    button.setAttribute("aria-pressed", "true");
    if (focus) button.focus({ preventScroll: true });
    one.scrollIntoView({ block: "nearest", behavior: still.matches ? "auto" : "smooth" });
    const found = all(".cite[data-turn]", one).map((cite) => byId("t" + cite.dataset.turn)).filter(Boolean);
    found.forEach((turn) => turn.classList.add("on"));
    all(".said [data-for]").forEach((piece) => {
      if (piece.dataset.for.split(" ").includes(number)) piece.classList.add("on");
    });
    const target = first && first.dataset.turn ? byId("t" + first.dataset.turn) : found[0];
    if (target && !(narrow.matches && aside.classList.contains("folded"))) reveal(target);
  };

  const rest = (turn) => {
    clear();
    turn.classList.add("on");
    const numbers = all(".rest", turn).map((one) => one.dataset.number);
    numbers.map(item).filter(Boolean).forEach((one) => one.classList.add("rests"));
    if (numbers.length && item(numbers[0])) item(numbers[0]).scrollIntoView({ block: "center", behavior: still.matches ? "auto" : "smooth" });
    say(numbers.length ? `Used by sentence ${numbers.join(", ")}` : "No sentence rests on this");
  };

  const step = (by) => {
    const list = items(), at = list.findIndex((one) => one.dataset.number === chosen);
    const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + by, 0), list.length - 1)];
    if (next) choose(next.dataset.number);
  };

  const nextOpen = () => {
    const list = items(), at = list.findIndex((one) => one.dataset.number === chosen);
    const found = [...list.slice(at + 1), ...list.slice(0, at + 1)].find((one) => one.classList.contains("open"));
    if (found) choose(found.dataset.number); else say("No sentence waits to be confirmed");
  };

  const editing = (number, shown) => {
    const form = byId("editing-" + number), button = byId("edit-" + number);
    if (!form || !button) return;
    form.classList.toggle("shown", shown);
    button.setAttribute("aria-expanded", String(shown));
    if (shown) form.querySelector("textarea").focus(); else item(number).querySelector(".statement").focus();
  };

  // A form says what was seen when the key was pressed; they are sent one after another, each drawing the note anew.
  const act = (form, submitter, then) => {
    const url = (submitter && submitter.getAttribute("formaction")) || form.getAttribute("action");
    const body = new URLSearchParams(new FormData(form));
    last = last.then(async () => {
      const answer = await fetch(url, { method: "POST", headers: { "HX-Request": "true" }, body }), text = await answer.text();
      if (answer.headers.get("HX-Redirect")) location.assign(answer.headers.get("HX-Redirect"));
      notices.innerHTML = answer.ok ? "" : text;
      if (!answer.ok) return;
      const before = chosen, focused = document.activeElement && document.activeElement.id;
      work().outerHTML = text;
      drawn(before, focused);
      if (then) then();
      const waiting = Number(work().dataset.waiting);
      say(waiting ? `Done. ${waiting} to settle.` : "Done. Ready to sign.");
    }).catch(() => document.dispatchEvent(new Event("htmx:sendError")));
  };

  const drawn = (before, focused) => {
    all(".rest").forEach((chip) => chip.classList.toggle("gone", !!item(chip.dataset.number) && item(chip.dataset.number).classList.contains("removed")));
    if (before) choose(before, { focus: false });
    const target = (focused && byId(focused)) || (before && item(before) && item(before).querySelector(".statement"));
    if (target) target.focus({ preventScroll: true });
  };

  const copy = async (key) => {
    const sections = all(".part[data-title]", work()).filter((one) => key === "all" || one.id === "section-" + key);
    const text = sections.map((section) => {
      const lines = all(".statements > li:not(.removed)", section).map((one) => (one.classList.contains("open") ? "[unconfirmed] " : "") + one.querySelector(".statement").textContent.trim());
      return [section.dataset.title + ":", ...(lines.length ? lines : ["[nothing]"])].join("\n");
    }).join("\n\n");
    await navigator.clipboard.writeText(text + "\n");
    say("Copied");
    const button = work().querySelector(`[data-copy="${key}"]`);
    if (button) { button.classList.add("primary"); setTimeout(() => button.classList.remove("primary"), 900); }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    event.preventDefault();
    act(form, event.submitter);
  });

  document.addEventListener("reset", (event) => {
    const one = event.target.closest(".editing");
    if (one) editing(one.closest("li").dataset.number, false);
  });

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    const statement = at(".statement"), cite = at(".cite[data-turn], .cite[data-start]"), chip = at(".rest"), when = at(".when"), turn = at(".turn");
    if (cite) {
      event.preventDefault();
      const owner = cite.closest(".statements > li");
      if (narrow.matches) fold(false);
      if (owner) choose(owner.dataset.number, { focus: false, first: cite });
      else { clear(); const target = byId("t" + cite.dataset.turn); if (target) { target.classList.add("on"); reveal(target); } }
      play(cite);
    } else if (chip) { event.preventDefault(); choose(chip.dataset.number); }
    else if (when) play(when.closest(".turn"));
    else if (statement) choose(statement.closest("li").dataset.number);
    else if (turn) rest(turn);
    else if (at("[id^=edit-]")) editing(at("li").dataset.number, !byId("editing-" + at("li").dataset.number).classList.contains("shown"));
    else if (at("[data-copy]")) copy(at("[data-copy]").dataset.copy);
    else if (at("#next-open")) nextOpen();
    else if (at("#show-keys")) dialog.showModal();
    else if (at("#sheet")) fold(!aside.classList.contains("folded"));
    else if (at("[data-fix]")) {
      const add = byId("add-" + at("[data-fix]").dataset.fix);
      if (add) { event.preventDefault(); add.closest("details").open = true; add.focus(); add.scrollIntoView({ block: "center" }); }
    }
  });

  document.addEventListener("focusin", (event) => {
    const statement = event.target.closest && event.target.closest(".statement");
    if (statement && statement.closest("li").dataset.number !== chosen) choose(statement.closest("li").dataset.number, { focus: false });
  });

  const press = (key) => {
    const one = item(chosen), button = one && one.querySelector(`.acts [data-key="${key}"]`);
    if (!button) return;
    if (key === "e") editing(chosen, true);
    else act(button.form, button, key === "a" ? nextOpen : null);
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (event.key === "Escape") {
      if (sound) sound.pause();
      if (typing && typing.closest(".editing")) editing(typing.closest("li").dataset.number, false);
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && typing && typing.form) {
      event.preventDefault();
      typing.form.requestSubmit();
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey || dialog.open || !single.checked) return;
    const key = event.key.toLowerCase();
    const does = {
      j: () => step(1), k: () => step(-1), n: nextOpen, "?": () => dialog.showModal(),
      p: () => { const one = item(chosen); play(one && one.querySelector(".cite[data-start]")) || say("There is nothing to hear"); },
      a: () => press("a"), e: () => press("e"), x: () => press("x"),
      u: () => { const button = byId("undo-button"); if (!button.disabled) act(button.form, button); },
      c: () => { const one = item(chosen); copy(one ? one.closest(".part").id.replace("section-", "") : "all"); },
      s: () => byId("to-sign").click(),
    }[key];
    if (does) { event.preventDefault(); does(); }
  });

  if (sound) sound.addEventListener("timeupdate", () => {
    if (stopAt !== null && sound.currentTime >= stopAt) { sound.pause(); stopAt = null; }
    all(".turn[data-start]").forEach((turn) => turn.classList.toggle("playing", !sound.paused && sound.currentTime >= Number(turn.dataset.start) && sound.currentTime < Number(turn.dataset.end)));
  });

  // Single keys can be turned off for good in this browser; nothing else is kept here.
  single.checked = localStorage.getItem("trellis.single-keys") !== "off";
  single.addEventListener("change", () => localStorage.setItem("trellis.single-keys", single.checked ? "on" : "off"));
  if (narrow.matches) fold(true);
})();
