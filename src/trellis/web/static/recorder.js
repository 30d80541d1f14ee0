"use strict";
// The recorder: takes the microphone, keeps what isn't safe yet, sends it, and says at each moment what is so.
(() => {
  const root = document.getElementById("recorder");
  if (!root) return;
  const RATE = 16000, PATIENCE = 4000;
  const byId = (id) => document.getElementById(id);
  const { base, client, capture } = root.dataset;
  const said = byId("said"), form = byId("end"), marks = [...root.querySelectorAll("[data-mark]")];
  let phase = "ready", next = Number(root.dataset.have), have = next;
  let pocket = null, socket = null, tries = 0, sent = 0, since = 0, heardFrom = 0;
  let context = null, node = null, stream = null, ear = "", lines = new Map(), found = 0;
  const waiting = new Map(), unmarked = new Map();

  const clock = (seconds) => {
    const whole = Math.floor(seconds), pad = (n) => String(n).padStart(2, "0");
    const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
    return hours ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
  };
  const put = (id, text) => { if (byId(id).textContent !== text) byId(id).textContent = text; };
  const isLive = () => ["on", "paused", "off"].includes(phase);

  const WORDS = {
    ready: ["Nothing is being recorded", ""],
    on: ["This session is being recorded", "Pause, or go off the record, at any time."],
    paused: ["Paused", "Nothing is recorded until it goes on."],
    off: ["Off the record", "Nothing that is said now is kept."],
    ending: ["The recording has ended", ""],
    stopped: ["The recording has stopped", ""],
  };

  const show = () => {
    byId("banner").dataset.phase = phase;
    put("banner-words", phase === "ready" && next ? "A recording waits" : WORDS[phase][0]);
    put("banner-more", WORDS[phase][1]);
    put("elapsed", clock(next / RATE));
    byId("go").hidden = phase !== "ready";
    byId("pause").disabled = !["on", "paused"].includes(phase);
    byId("off").disabled = !["on", "off"].includes(phase);
    put("pause", phase === "paused" ? "Go on" : "Pause");
    put("off", phase === "off" ? "Back on the record" : "Off the record");
    byId("pause").setAttribute("aria-pressed", String(phase === "paused"));
    byId("off").setAttribute("aria-pressed", String(phase === "off"));
    marks.forEach((one) => { one.disabled = phase !== "on"; });
    byId("finish").disabled = !next || ["ending", "stopped"].includes(phase);
    const behind = (next - have) / RATE;
    const isLate = isLive() || phase === "ending" ? !socket || socket.readyState !== WebSocket.OPEN || behind > 2 : false;
    put("kept", isLate ? `Not connected: ${behind.toFixed(0)} s are kept in this browser and sent as soon as it is.` : "");
  };

  const trouble = (title, hint = "", elsewhere = "") => {
    const box = document.createElement("div"), first = document.createElement("p");
    box.className = "notice bad";
    first.className = "notice-title";
    first.textContent = title;
    box.append(first);
    if (hint) { const more = document.createElement("p"); more.textContent = hint; box.append(more); }
    if (elsewhere) {
      const way = document.createElement("a");
      way.href = elsewhere;
      way.textContent = "Sign in again, then open the recorder: what is kept here goes on from there.";
      box.append(way);
    }
    byId("trouble").replaceChildren(box);
  };

  // The line -----------------------------------------------------------------------------------------------------
  const tell = (told) => { if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(told)); };

  const send = (start, pcm) => {
    const piece = new Uint8Array(8 + pcm.byteLength);
    new DataView(piece.buffer).setBigUint64(0, BigInt(start), true);
    piece.set(new Uint8Array(pcm), 8);
    socket.send(piece);
    sent = start + pcm.byteLength / 2;
  };

  const pump = () => {
    if (!socket || socket.readyState !== WebSocket.OPEN || !heardFrom) return;
    for (const [start, pcm] of waiting) if (start + pcm.byteLength / 2 > sent) send(start, pcm);
  };

  const safe = (upTo) => {
    have = Math.max(have, upTo);
    const gone = [];
    for (const [start, pcm] of waiting) {
      if (start + pcm.byteLength / 2 > have) break;
      waiting.delete(start);
      gone.push(`s${start}`);
    }
    pocket.remove(gone).catch(() => {});
  };

  const connect = () => {
    if (phase === "stopped") return;
    heardFrom = 0;
    const mine = socket = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}${base}/socket`);
    mine.onmessage = (event) => {
      const told = JSON.parse(event.data);
      if (told.ear !== undefined) {
        heardFrom = Date.now();
        tries = 0;
        sent = told.have;
        if (told.ear !== ear) { ear = told.ear; lines = new Map(); }
        if (byId("words").open) tell({ words: true });
      }
      if (told.have !== undefined) { heardFrom = Date.now(); safe(told.have); }
      if (told.marked) { told.marked.forEach((id) => unmarked.delete(id)); pocket.remove(told.marked.map((id) => `m${id}`)).catch(() => {}); }
      if (told.ear !== undefined) { pump(); unmarked.forEach((mark) => tell({ mark })); }
      if (told.caption) caption(told.caption);
      if (told.danger) danger(told.danger);
      if (told.behind) put("marked", "Live words are behind; the recording is whole.");
      if (told.stopped) stop(told);
      show();
      finish();
    };
    mine.onclose = () => {
      if (socket !== mine) return;
      socket = null;
      show();
      if (phase !== "stopped") setTimeout(connect, Math.min(250 * 2 ** tries++, 4000));
    };
  };

  // A line that is cut without a word is one whose sound nobody acknowledges.
  setInterval(() => {
    if (socket && waiting.size && Date.now() - heardFrom > PATIENCE && socket.readyState !== WebSocket.CONNECTING) {
      const dead = socket;
      socket = null;
      dead.close();
      if (phase !== "stopped") connect();
    }
    show();
  }, 500);

  const stop = (told) => {
    phase = "stopped";
    silence();
    trouble(told.stopped, told.hint, told.elsewhere);
    if (socket) socket.close();
  };

  // The microphone -----------------------------------------------------------------------------------------------
  const keep = (pcm) => {
    const start = next;
    next += pcm.byteLength / 2;
    waiting.set(start, pcm);
    pocket.put(`s${start}`, pcm).then(() => (start < have ? pocket.remove([`s${start}`]) : null)).catch(() => {});
    if (socket && socket.readyState === WebSocket.OPEN && heardFrom && sent >= start) send(start, pcm);
  };

  const mark = (what, seconds = 0) => {
    const one = { id: crypto.randomUUID(), at: next, what, seconds };
    unmarked.set(one.id, one);
    pocket.put(`m${one.id}`, new TextEncoder().encode(JSON.stringify(one))).catch(() => {});
    tell({ mark: one });
  };

  const listen = async () => {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false } });
    context = new AudioContext({ sampleRate: RATE });
    await context.audioWorklet.addModule(capture);
    node = new AudioWorkletNode(context, "capture", { channelCount: 1, channelCountMode: "explicit" });
    node.port.onmessage = ({ data }) => {
      if (data.flushed) { flushed(); return; }
      byId("level").value = phase === "on" || phase === "ending" ? Math.sqrt(data.peak) : 0;
      if ((phase === "on" || phase === "ending") && data.pcm.byteLength) keep(data.pcm);
    };
    context.createMediaStreamSource(stream).connect(node).connect(context.destination);
    stream.getAudioTracks()[0].onended = () => { if (isLive()) { turn("paused"); trouble("The microphone is gone.", "Connect it again and open the recorder again; what was recorded is safe."); } };
    if (navigator.wakeLock) navigator.wakeLock.request("screen").catch(() => {});
  };

  let flushed = () => {};
  const silence = () => {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    if (context) context.close();
    stream = context = node = null;
    byId("level").value = 0;
  };

  // What the last piece still held belongs to what was said before, so it is given first.
  const turn = async (to) => {
    const before = phase;
    if (before === "on" && node) await new Promise((resolve) => { flushed = resolve; node.port.postMessage("flush"); });
    if (stream) stream.getAudioTracks().forEach((track) => { track.enabled = to === "on"; });
    phase = to;
    if (before === "paused") mark("paused", (Date.now() - since) / 1000);
    if (before === "off") mark("off_record", (Date.now() - since) / 1000);
    since = Date.now();
    show();
  };

  // Beginning and ending -----------------------------------------------------------------------------------------
  const begin = async () => {
    if (pocket) return;
    const answer = await fetch(`${base}/begin`, { method: "POST", headers: { "X-CSRF": document.body.dataset.token }, body: new URLSearchParams({ client }) });
    if (!answer.ok) throw new Error(answer.status === 403 ? "This may not be recorded now." : "The workspace didn’t answer.");
    const told = await answer.json();
    const opened = await Pocket.open(told.take, Uint8Array.from(atob(told.key), (each) => each.charCodeAt(0)));
    have = next = told.have;
    const left = [...await opened.all()].map(([name, bytes]) => [name[0], name.slice(1), bytes]);
    left.filter(([sort]) => sort === "m").forEach(([, id, bytes]) => unmarked.set(id, JSON.parse(new TextDecoder().decode(bytes))));
    const sound = left.filter(([sort]) => sort === "s").map(([, start, bytes]) => [Number(start), bytes]).sort((a, b) => a[0] - b[0]);
    for (const [start, bytes] of sound) {
      if (start <= next && start + bytes.byteLength / 2 > next) { waiting.set(start, bytes); next = start + bytes.byteLength / 2; }
    }
    pocket = opened;
    await pocket.remove(sound.map(([start]) => start).filter((start) => !waiting.has(start)).map((start) => `s${start}`));
    connect();
    show();
  };

  const failed = (error) => {
    const names = { NotAllowedError: "The browser doesn’t let this page hear the microphone.", NotFoundError: "There is no microphone." };
    trouble(names[error.name] || error.message, names[error.name] ? "Allow it, or connect one, and try again." : "Open the page again.");
  };

  byId("go").addEventListener("click", async () => {
    byId("go").disabled = true;
    try {
      await begin();
      await listen();
      if (next) mark("interrupted");
      phase = "on";
      byId("trouble").replaceChildren();
      byId("pause").focus();
    } catch (error) { silence(); failed(error); }
    byId("go").disabled = false;
    show();
  });
  byId("pause").addEventListener("click", () => turn(phase === "paused" ? "on" : "paused"));
  byId("off").addEventListener("click", () => turn(phase === "off" ? "on" : "off"));
  marks.forEach((one) => one.addEventListener("click", () => {
    mark(one.dataset.mark);
    put("marked", `${one.textContent} at ${clock(next / RATE)}`);
  }));

  const finish = () => { if (phase === "ending" && !waiting.size && !unmarked.size) { phase = "stopped"; form.submit(); } };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!isLive() && phase !== "ready") return;
    try { await begin(); } catch (error) { failed(error); return; }
    await turn("ending");
    silence();
    finish();
  });
  addEventListener("beforeunload", (event) => { if (isLive() || waiting.size) event.preventDefault(); });

  // Words and danger ---------------------------------------------------------------------------------------------
  const caption = ({ id, stable, loose }) => {
    let line = lines.get(id);
    if (!line) {
      line = document.createElement("p");
      lines.set(id, line);
      said.append(line);
    }
    const rest = document.createElement("span");
    rest.className = "loose";
    rest.textContent = loose ? ` ${loose}` : "";
    line.replaceChildren(document.createTextNode(stable), rest);
    if (said.scrollHeight - said.scrollTop - said.clientHeight < 120) said.scrollTop = said.scrollHeight;
  };

  const danger = ({ level, quote }) => {
    const line = document.createElement("li"), words = document.createElement("q");
    words.textContent = quote;
    line.append(`${level === "emergency" ? "Emergency" : "Urgent"}, ${clock(next / RATE)}: `, words);
    byId("dangers").append(line);
    byId("danger").hidden = false;
    put("danger-count", String(++found));
  };

  byId("words").addEventListener("toggle", () => tell({ words: byId("words").open }));
  if (next) begin().catch(failed);
  show();
})();
