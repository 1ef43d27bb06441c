import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { placeOf } from "../src/address.ts";
import { timeInWords } from "../src/talk/clock.ts";
import { isOver, isTooLong, Talk } from "../src/talk/talk.ts";
import { upsert } from "../src/talk/turns.ts";
import type { Turn } from "../src/talk/wire.ts";
import { FakeSurroundings } from "./around.ts";

class FakeStorage {
  private readonly values = new Map<string, string>();
  getItem = (key: string) => this.values.get(key) ?? null;
  setItem = (key: string, value: string) => void this.values.set(key, value);
  removeItem = (key: string) => void this.values.delete(key);
}

beforeEach(() => {
  Object.defineProperty(globalThis, "sessionStorage", {
    value: new FakeStorage(),
    configurable: true,
  });
});

function opened() {
  const around = new FakeSurroundings();
  const talk = new Talk({ interview: "x", talk: "ws://here" }, around);
  talk.start();
  return { around, talk };
}

const live = (around: FakeSurroundings) =>
  around.socket.hear({ type: "state", phase: "listening", longest_answer: 20 });
const said = (around: FakeSurroundings) =>
  around.socket.sent.filter((message) => message["type"] === "say");

test("an answer leaves the box and stays on screen until it is taken", () => {
  const { around, talk } = opened();
  live(around);
  talk.write("a queue");
  talk.say();
  const [{ origin } = {}] = said(around);
  assert.deepEqual([talk.state.get().draft, talk.state.get().unsent.length], ["", 1]);
  around.socket.hear({ type: "taken", origin });
  assert.equal(talk.state.get().unsent.length, 0);
});

test("an answer written offline goes out under the same origin when the line is back", () => {
  const { around, talk } = opened();
  live(around);
  talk.write("a queue");
  talk.say();
  const [first] = said(around);
  around.socket.drop();
  around.pass(250);
  live(around);
  assert.deepEqual(said(around), [first]);
});

test("what was written survives a reload of the tab", () => {
  const { around, talk } = opened();
  live(around);
  talk.write("said");
  talk.say();
  talk.write("half a thou");
  const again = opened();
  live(again.around);
  assert.equal(again.talk.state.get().draft, "half a thou");
  assert.deepEqual(said(again.around), said(around));
});

test("a refused answer comes back into the box, before what is being written", () => {
  const { around, talk } = opened();
  live(around);
  talk.write("too long");
  talk.say();
  talk.write("next");
  around.socket.hear({ type: "refused", origin: said(around)[0]!["origin"], reason: "Shorter." });
  const { draft, refusal, unsent } = talk.state.get();
  assert.deepEqual([draft, refusal, unsent], ["too long\n\nnext", "Shorter.", []]);
});

test("a refusal for another tab is not shown here", () => {
  const { around, talk } = opened();
  live(around);
  talk.write("mine");
  talk.say();
  around.socket.hear({ type: "refused", origin: "of-another-tab", reason: "Shorter." });
  const { refusal, unsent, draft } = talk.state.get();
  assert.deepEqual([refusal, unsent.length, draft], ["", 1, ""]);
});

for (const code of [4400, 4413, 1009]) {
  test(`what the server could not read (${code}) comes back and is not sent again`, () => {
    const { around, talk } = opened();
    live(around);
    talk.write("odd");
    talk.say();
    talk.do("hint");
    around.socket.drop(code);
    const { draft, unsent, refusal, waitingFor } = talk.state.get();
    assert.deepEqual([draft, unsent, waitingFor], ["odd", [], null]);
    assert.match(refusal, /could not read/);
    around.pass(250);
    live(around);
    assert.deepEqual(said(around), []);
  });
}

test("what was written while the line was down is sent though the line before was not taken", () => {
  const { around, talk } = opened();
  live(around);
  talk.write("odd");
  talk.say();
  around.socket.drop(4400);
  talk.write("even");
  talk.say();
  around.pass(250);
  live(around);
  assert.deepEqual(
    said(around).map((message) => message["text"]),
    ["even"],
  );
});

test("what was not sent over the line that was not taken is kept to be sent", () => {
  const { around, talk } = opened();
  live(around);
  talk.write("fine");
  talk.say();
  around.socket.drop(1006);
  around.pass(250);
  around.socket.drop(4400);
  assert.deepEqual([talk.state.get().draft, talk.state.get().unsent.length], ["", 1]);
});

test("half a character in an answer is sent as a sign", () => {
  const { around, talk } = opened();
  live(around);
  talk.write("a \ud83d");
  talk.say();
  assert.equal(said(around)[0]?.["text"], "a \ufffd");
});

test("a talk that cannot be followed says why, is not live, and is tried ever more rarely", () => {
  const { around, talk } = opened();
  for (let attempt = 0; attempt < 6; attempt += 1) {
    around.socket.hear({ type: "refused", origin: "", reason: "Its pack is gone." });
    assert.equal(talk.state.get().refusal, "Its pack is gone.");
    assert.notEqual(talk.state.get().status, "live");
    around.socket.drop(1013);
    around.pass(2_500);
  }
  const before = around.sockets.length;
  around.socket.drop(1013);
  around.pass(2_499);
  assert.equal(around.sockets.length, before);
});

test("an answer that is too long stays in the box", () => {
  const { around, talk } = opened();
  live(around);
  talk.write("🙂".repeat(20));
  assert.equal(isTooLong(talk.state.get()), false);
  talk.write("x".repeat(21));
  talk.say();
  assert.deepEqual([said(around), talk.state.get().draft.length], [[], 21]);
  assert.equal(isTooLong(talk.state.get()), true);
});

test("a button counts once until it is answered, and not while the line is down", () => {
  const { around, talk } = opened();
  talk.do("hint");
  live(around);
  talk.do("hint");
  talk.do("next");
  const done = around.socket.sent.filter((message) => message["type"] === "do");
  assert.deepEqual(
    done.map((message) => message["kind"]),
    ["hint"],
  );
});

test("the interview is over with its last state, the card comes later", () => {
  const { around, talk } = opened();
  around.socket.hear({ type: "state", phase: "over" });
  assert.deepEqual([isOver(talk.state.get()), talk.state.get().card], [true, null]);
  around.socket.hear({ type: "over", card: "/i/x/scorecard" });
  assert.equal(talk.state.get().card, "/i/x/scorecard");
});

test("a turn that grows keeps its place", () => {
  const turn = (key: string, text: string): Turn => ({
    key,
    text,
    speaker: "interviewer",
    done: true,
    at: "",
  });
  const before = [turn("1", "a"), turn("2", "b")];
  const after = upsert(before, [turn("1", "a b"), turn("3", "c")]);
  assert.deepEqual(
    after.map(({ key, text }) => key + text),
    ["1a b", "2b", "3c"],
  );
});

test("time is told as coarsely as by a clock on the wall", () => {
  const told = [400, 90, 59, 0, -30, -150].map(timeInWords);
  assert.deepEqual(told, [
    "7 min left",
    "2 min left",
    "under a minute left",
    "time is up",
    "time is up",
    "2 min over",
  ]);
});

test("the page's own address says where its sockets are", () => {
  const at = (protocol: string, pathname: string) =>
    placeOf({ protocol, host: "h:1", pathname }).board;
  assert.equal(at("http:", "/i/ab-1/"), "ws://h:1/i/ab-1/board");
  assert.equal(at("https:", "/.proxy/i/ab-1/"), "wss://h:1/.proxy/i/ab-1/board");
  assert.throws(() => at("http:", "/"));
});
