import assert from "node:assert/strict";
import { test } from "node:test";

import { isKept, split } from "../src/board/batches.ts";
import type { WireElement } from "../src/board/stamps.ts";

const element = (type: string, more: object = {}): WireElement =>
  ({ id: "a", version: 1, versionNonce: 1, type, isDeleted: false, ...more }) as WireElement;

test("pictures, embedded pages and texts just begun are not sent", () => {
  assert.ok(isKept(element("rectangle")));
  assert.ok(isKept(element("text", { text: "LLM" })));
  assert.ok(isKept(element("text", { text: "", isDeleted: true })));
  for (const one of [element("image"), element("embeddable"), element("text", { text: "" })]) {
    assert.ok(!isKept(one));
  }
});

test("much is split into messages that the server takes, nothing is left out", () => {
  const many = Array.from({ length: 450 }, (_, n) => element("line", { id: `e${n}` }));
  const { batches, tooLarge } = split(many);
  assert.deepEqual(
    batches.map((batch) => batch.length),
    [200, 200, 50],
  );
  assert.deepEqual([batches.flat(), tooLarge], [many, []]);
  const heavy = Array.from({ length: 6 }, () => element("line", { note: "ü".repeat(25_000) }));
  assert.deepEqual(
    split(heavy).batches.map((batch) => batch.length),
    [3, 3],
  );
});

test("what is too large for the server is named instead of sent", () => {
  const huge = element("line", { points: "x".repeat(70_000) });
  assert.deepEqual(split([huge, element("line")]), {
    batches: [[element("line")]],
    tooLarge: [huge],
  });
});
