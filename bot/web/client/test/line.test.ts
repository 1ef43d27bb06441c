import assert from "node:assert/strict";
import { test } from "node:test";

import { Line, retryDelay, written, type LineStatus } from "../src/line.ts";
import { FakeSurroundings } from "./around.ts";

function opened() {
  const around = new FakeSurroundings();
  const heard: [LineStatus, number][] = [];
  const onStatus = (status: LineStatus, code: number) => void heard.push([status, code]);
  const line = new Line("ws://here", { onMessage: () => undefined, onStatus }, around);
  line.open();
  return { around, heard, line };
}

test("the wait doubles from a quarter of a second up to five, half of it by chance", () => {
  assert.deepEqual(
    [0, 1, 2, 3, 9].map((n) => retryDelay(n, 1)),
    [250, 500, 1000, 2000, 5000],
  );
  assert.deepEqual(
    [0, 1, 4, 9].map((n) => retryDelay(n, 0)),
    [250, 250, 2000, 2500],
  );
});

test("a lost line is opened anew", () => {
  const { around, heard } = opened();
  around.socket.drop();
  assert.deepEqual(heard, [["offline", 1006]]);
  assert.equal(around.sockets.length, 1);
  around.pass(250);
  assert.equal(around.sockets.length, 2);
});

test("a line that the server will not have again stays closed", () => {
  const { around, heard, line } = opened();
  around.socket.drop(4403);
  around.pass(60_000);
  line.open();
  assert.deepEqual(heard, [["refused", 4403]]);
  assert.equal(around.sockets.length, 1);
});

test("whoever was too fast waits longer", () => {
  const { around } = opened();
  around.socket.drop(4429);
  around.pass(1_999);
  assert.equal(around.sockets.length, 1);
  around.pass(1);
  assert.equal(around.sockets.length, 2);
});

test("a line that breaks soon after it was opened counts as one more failure", () => {
  const { around } = opened();
  for (const wait of [250, 250, 500, 1_000, 2_000]) {
    around.socket.hear({ type: "state" });
    around.pass(100);
    around.socket.drop(4400);
    const before = around.sockets.length;
    around.pass(wait - 1);
    assert.equal(around.sockets.length, before);
    around.pass(1);
    assert.equal(around.sockets.length, before + 1);
  }
});

test("after some seconds of a living line the next break is the first one", () => {
  const { around } = opened();
  for (let break_ = 0; break_ < 6; break_ += 1) {
    around.socket.hear({ type: "state" });
    around.pass(5_000);
    around.socket.drop();
    around.pass(250);
  }
  assert.equal(around.sockets.length, 7);
});

test("half a character becomes a sign, whole ones and words about them stay", () => {
  const texts = ["a \ud83d b", "\ude00", "\ud83d\ud83d\ude00", "🙂", "\\ud83d", "plain"];
  assert.deepEqual(
    texts.map((text) => JSON.parse(written({ text })).text),
    ["a \ufffd b", "\ufffd", "\ufffd\ud83d\ude00", "🙂", "\\ud83d", "plain"],
  );
});

test("a line given up does not speak any more", () => {
  const { around, heard, line } = opened();
  const old = around.socket;
  line.renew();
  old.hear({ type: "ack" });
  old.drop();
  assert.deepEqual(heard, [["offline", 1006]]);
});
