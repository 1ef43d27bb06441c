import assert from "node:assert/strict";
import { test } from "node:test";

import { Ledger } from "../src/board/ledger.ts";
import { beats } from "../src/board/stamps.ts";

const stamp = (id: string, version: number, versionNonce = 1) => ({ id, version, versionNonce });

test("the higher version beats, of equal ones the lower nonce, the same does not", () => {
  assert.ok(beats(stamp("a", 2), stamp("a", 1)));
  assert.ok(!beats(stamp("a", 1), stamp("a", 2)));
  assert.ok(beats(stamp("a", 2, 3), stamp("a", 2, 7)));
  assert.ok(!beats(stamp("a", 2, 7), stamp("a", 2, 7)));
  assert.ok(beats(stamp("a", 1), undefined));
});

test("what others sent is never sent back", () => {
  const ledger = new Ledger();
  ledger.restart([stamp("a", 1)]);
  ledger.learn([stamp("a", 4), stamp("b", 1)]);
  assert.deepEqual(ledger.waiting([stamp("a", 4), stamp("b", 1)]), []);
});

test("what is on its way is unsaved, and not sent a second time", () => {
  const ledger = new Ledger();
  ledger.depart(1, [stamp("a", 1)]);
  assert.deepEqual(ledger.waiting([stamp("a", 1)]), []);
  assert.equal(ledger.unsaved([stamp("a", 1)]).length, 1);
  ledger.arrive(1);
  assert.equal(ledger.unsaved([stamp("a", 1)]).length, 0);
});

test("a change made while the last one is on its way is sent", () => {
  const ledger = new Ledger();
  ledger.depart(1, [stamp("a", 1)]);
  assert.equal(ledger.waiting([stamp("a", 2)]).length, 1);
  ledger.depart(2, [stamp("a", 2)]);
  ledger.arrive(1);
  assert.equal(ledger.unsaved([stamp("a", 2)]).length, 1);
  ledger.arrive(2);
  assert.equal(ledger.unsaved([stamp("a", 2)]).length, 0);
});

test("after a break all that was on its way is sent again, unless the server has it", () => {
  const ledger = new Ledger();
  ledger.depart(1, [stamp("a", 2), stamp("b", 1)]);
  ledger.restart([stamp("a", 2)]);
  assert.deepEqual(ledger.waiting([stamp("a", 2), stamp("b", 1)]), [stamp("b", 1)]);
});

test("of a batch only what is kept counts as saved", () => {
  const ledger = new Ledger();
  ledger.depart(1, [stamp("a", 1), stamp("b", 1)]);
  ledger.arrive(1, ["b"]);
  assert.deepEqual(ledger.unsaved([stamp("a", 1), stamp("b", 1)]), [stamp("b", 1)]);
  assert.deepEqual(ledger.waiting([stamp("b", 1)]), []);
  assert.deepEqual(ledger.waiting([stamp("b", 2)]), [stamp("b", 2)]);
});

test("what was put off waits until it goes on, or the server begins anew", () => {
  const ledger = new Ledger();
  for (const release of [() => ledger.goOn(), () => ledger.restart([])]) {
    ledger.depart(1, [stamp("a", 1)]);
    ledger.delay(1);
    assert.deepEqual(ledger.waiting([stamp("a", 1)]), []);
    release();
    assert.deepEqual(ledger.waiting([stamp("a", 1)]), [stamp("a", 1)]);
  }
  assert.equal(ledger.goOn(), false);
});

test("what was refused rests until it changes, and counts as unsaved", () => {
  const ledger = new Ledger();
  ledger.depart(1, [stamp("a", 1)]);
  ledger.refuse(1);
  assert.deepEqual(ledger.waiting([stamp("a", 1)]), []);
  assert.equal(ledger.unsaved([stamp("a", 1)]).length, 1);
  assert.equal(ledger.waiting([stamp("a", 2)]).length, 1);
});
