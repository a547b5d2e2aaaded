// The page around the terminal: lets in by one's link, opens the terminal, says why it ended.
"use strict";

const BEAT = 15000; // ms between looks whether the server is still there
const PATIENCE = 40000; // ms without a word from it after which it counts as gone
const LOST = "The connection was lost. What the bottom line called saved is saved.";
let why = "";

function say(words, again) {
  const bar = document.getElementById("said");
  bar.querySelector("span").textContent = words;
  const button = bar.querySelector("button");
  button.hidden = !again;
  button.onclick = () => location.reload();
  bar.hidden = false;
  if (again) button.focus();
}

// The terminal's script opens its connection itself: this one also hears the server's farewell.
class Connection extends WebSocket {
  constructor(...words) {
    super(...words);
    let heard = Date.now();
    const beat = setInterval(() => {
      if (Date.now() - heard > PATIENCE) this.gone(beat);
      else if (this.readyState === WebSocket.OPEN) this.send(JSON.stringify(["ping", "0"]));
    }, BEAT);
    this.addEventListener("message", (event) => {
      heard = Date.now();
      if (typeof event.data !== "string") return;
      const [kind, words] = JSON.parse(event.data);
      if (kind === "ended") why = words;
    });
    this.addEventListener("close", () => this.gone(beat));
  }

  // A key pressed after the end goes nowhere, and is no error.
  send(data) {
    if (this.readyState === WebSocket.OPEN) super.send(data);
  }

  gone(beat) {
    clearInterval(beat);
    this.close();
    document.title = "annotator (ended)";
    say(why || LOST, true);
  }
}

async function open_(person) {
  document.title = `annotator: ${person}`;
  const faces = ["", "bold ", "italic "].map((f) => document.fonts.load(`${f}16px "Roboto Mono"`));
  await Promise.allSettled(faces); // cells are measured once, when the terminal opens
  const socket = new URL("ws", location.href);
  socket.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  socket.search = socket.hash = "";
  document.getElementById("terminal").dataset.sessionWebsocketUrl = socket.href;
  history.replaceState(null, "", location.pathname); // the script would read options there
  window.WebSocket = Connection;
  const script = document.createElement("script");
  script.src = "terminal.js";
  script.onload = () => {
    window.onload();
    document.querySelector(".xterm-helper-textarea")?.focus();
  };
  document.head.append(script);
}

async function enter(token) {
  const answer = await fetch("enter", { method: "POST", body: token });
  if (!answer.ok) say(await answer.text(), false);
  return answer.ok;
}

async function begin() {
  const token = location.hash.slice(1);
  // The token leaves the address, and with it the history, before anything else happens.
  if (token) history.replaceState(null, "", location.pathname);
  if (token && !(await enter(token))) return ask();
  const answer = await fetch("who");
  return answer.ok ? open_((await answer.json()).person) : ask();
}

function ask() {
  const door = document.getElementById("door");
  door.hidden = false;
  const field = document.getElementById("token");
  field.focus();
  door.onsubmit = async (event) => {
    event.preventDefault();
    const token = field.value.trim().split("#").pop();
    if (await enter(token)) location.reload();
  };
}

window.addEventListener("hashchange", () => location.reload()); // a link opened in the same tab
begin().catch(() => say("The server does not answer.", true));
