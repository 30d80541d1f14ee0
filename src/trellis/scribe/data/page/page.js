"use strict";
// Ties the note to its transcript: a sentence shows its turns and plays its second. Knows the page only, asks no network.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const sound = byId("sound"), live = byId("live"), aside = byId("transcript"), turns = byId("turns");
  const sheet = byId("sheet"), file = byId("file"), shortcuts = byId("shortcuts");
  const statements = all(".statement"), whens = all(".when");
  const narrow = window.matchMedia("(max-width: 60rem)");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  let stopAt = null, chosen = null;

  const clear = () => {
    all(".on, .rests").forEach((one) => one.classList.remove("on", "rests"));
    statements.forEach((one) => one.setAttribute("aria-pressed", "false"));
    chosen = null;
  };

  const fold = (folded) => {
    aside.classList.toggle("folded", folded);
    root.classList.toggle("opened", !folded);
    sheet.setAttribute("aria-expanded", String(!folded));
  };

  // On a phone the transcript lies over the foot of the note: keep the sentence above it.
  const clearOfSheet = (item) => {
    fold(false);
    const hidden = item.getBoundingClientRect().bottom + 12 - aside.getBoundingClientRect().top;
    if (hidden > 0) window.scrollBy({ top: hidden, behavior: still.matches ? "auto" : "smooth" });
  };

  const reveal = (turn) => {
    const inPane = turns.scrollHeight > turns.clientHeight + 1;
    const smooth = still.matches ? "auto" : "smooth";
    if (inPane) {
      const rise = turn.getBoundingClientRect().top - turns.getBoundingClientRect().top;
      turns.scrollTo({ top: turns.scrollTop + rise - turns.clientHeight / 4, behavior: smooth });
    }
  };

  const play = (start, end) => {
    if (!sound || sound.hidden || start === undefined) return false;
    stopAt = null;
    sound.currentTime = Number(start);
    sound.play().then(() => { stopAt = end === undefined ? null : Number(end) + 0.25; }, () => {});
    return true;
  };

  const name = (turn) => turn.querySelector(".who").textContent.trim();
  const moment = (turn) => turn.querySelector(".when").textContent.trim().replace("Play from ", "at ");

  const mark = (number, ids) => {
    const found = ids.map((id) => byId("t" + id)).filter(Boolean);
    found.forEach((turn) => turn.classList.add("on"));
    all(".said [data-for]").forEach((piece) => {
      if (number !== null && piece.dataset.for.split(" ").includes(number)) piece.classList.add("on");
    });
    return found;
  };

  const choose = (statement, cite) => {
    clear();
    const item = statement.closest("li"), cites = all(".cite[data-start], .cite[data-turn]", item);
    item.classList.add("on");
    statement.setAttribute("aria-pressed", "true");
    chosen = statement;
    const found = mark(statement.dataset.statement, cites.map((one) => one.dataset.turn).filter(Boolean));
    const first = cite || cites[0];
    const target = first && first.dataset.turn ? byId("t" + first.dataset.turn) : null;
    if (narrow.matches) clearOfSheet(item);
    if (target) reveal(target);
    const playing = first ? play(first.dataset.start, first.dataset.end) : false;
    tell(found, playing, item);
  };

  const tell = (found, playing, item) => {
    const quotes = item ? all(".quote", item).map((one) => one.textContent.trim()) : [];
    const where = found.map((turn, at) => `${name(turn)} ${moment(turn)}${quotes[at] ? ": " + quotes[at] : ""}`);
    const text = where.length ? "Evidence: " + where.join("; ") : "This sentence has no evidence in the transcript.";
    live.textContent = text + (playing ? ". Playing." : "");
  };

  const visit = (when) => {
    clear();
    const turn = when.closest(".turn");
    turn.classList.add("on");
    const numbers = new Set(all("[data-for]", turn).flatMap((piece) => piece.dataset.for.split(" ")));
    numbers.forEach((number) => byId("s" + number).classList.add("rests"));
    rove(when);
    const playing = play(when.dataset.start, when.dataset.end);
    const rests = numbers.size === 1 ? "1 sentence rests" : `${numbers.size || "No"} sentences rest`;
    live.textContent = `${name(turn)} ${moment(turn)}. ${rests} on this turn.${playing ? " Playing." : ""}`;
  };

  const rove = (when) => whens.forEach((one) => { one.tabIndex = one === when ? 0 : -1; });

  const step = (list, current, by) => {
    const at = list.indexOf(current);
    const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + by, 0), list.length - 1)];
    if (next) next.focus();
    return next;
  };

  document.addEventListener("click", (event) => {
    if (String(window.getSelection()) && !event.target.closest("a, button")) return;
    const cite = event.target.closest("a.cite"), statement = event.target.closest(".statement");
    const turn = event.target.closest(".turn");
    if (cite) {
      event.preventDefault();
      const item = cite.closest(".statements > li");
      if (item) return choose(item.querySelector(".statement"), cite);
      clear();
      const found = mark(null, [cite.dataset.turn]);
      if (narrow.matches) fold(false);
      if (found[0]) reveal(found[0]);
      tell(found, play(cite.dataset.start, cite.dataset.end), null);
    } else if (statement) {
      choose(statement);
    } else if (turn) {
      visit(turn.querySelector(".when"));
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, audio")) return;
    const statement = event.target.closest(".statement"), when = event.target.closest(".when");
    const down = event.key === "ArrowDown", up = event.key === "ArrowUp";
    if (statement && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      choose(statement);
    } else if ((event.key === "j" || event.key === "k") && shortcuts.checked) {
      const list = when ? whens : statements;
      const next = step(list, when || statement || chosen, event.key === "j" ? 1 : -1);
      if (when && next) rove(next);
    } else if (when && (down || up)) {
      event.preventDefault();
      rove(step(whens, when, down ? 1 : -1));
    } else if (event.key === "Escape") {
      if (sound) sound.pause();
      clear();
      live.textContent = "";
    }
  });

  const suit = () => { sheet.hidden = !narrow.matches; fold(narrow.matches); };
  sheet.addEventListener("click", () => fold(!aside.classList.contains("folded")));
  narrow.addEventListener("change", suit);
  suit();

  if (file) file.addEventListener("change", () => {
    if (!file.files[0]) return;
    sound.src = URL.createObjectURL(file.files[0]);
    sound.hidden = false;
    live.textContent = "The recording is ready.";
  });

  if (sound) sound.addEventListener("timeupdate", () => {
    if (stopAt !== null && sound.currentTime >= stopAt) { stopAt = null; sound.pause(); }
    const now = sound.currentTime;
    whens.forEach((when) => when.closest(".turn").classList.toggle(
      "playing", !sound.paused && now >= Number(when.dataset.start) && now < Number(when.dataset.end)));
  });
  if (sound) sound.addEventListener("pause", () => all(".playing").forEach((one) => one.classList.remove("playing")));
})();
