import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { placeOf } from "../src/address.ts";
import { timeInWords } from "../src/talk/clock.ts";
import { isOver, Talk } from "../src/talk/talk.ts";
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

const live = (around: FakeSurroundings) => around.socket.hear({ type: "turns", turns: [] });
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
