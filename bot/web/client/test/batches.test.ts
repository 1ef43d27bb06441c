import assert from "node:assert/strict";
import { test } from "node:test";

import { isKept, split } from "../src/board/batches.ts";
import { fit } from "../src/board/fit.ts";
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

test("strokes are rounded and thinned, ends included; other elements stay as they are", () => {
  const plain = element("rectangle");
  assert.equal(fit(plain), plain);
  const points = Array.from({ length: 2_001 }, (_, n) => [n + 0.123456, -n]);
  const fitted = fit(element("line", { points })) as WireElement & { points: number[][] };
  assert.equal(fitted.points.length, 2_000);
  assert.deepEqual([fitted.points[0], fitted.points.at(-1)], [[0.12, -0], [2000.12, -2000]]);
  const pen = element("freedraw", { points: [[1.005, 2]], pressures: [0.12345] });
  assert.deepEqual(fit(pen), { ...pen, points: [[1, 2]], pressures: [0.123] });
});

test("the longest stroke that a hand draws fits", () => {
  const points = Array.from({ length: 20_000 }, (_, n) => [-99_999.987654 + n / 3, 12_345.678901]);
  const pressures = points.map(() => 0.123456789);
  const stroke = fit(element("freedraw", { points, pressures }));
  assert.deepEqual(split([stroke]).tooLarge, []);
});
