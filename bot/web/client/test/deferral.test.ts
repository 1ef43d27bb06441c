import assert from "node:assert/strict";
import { test } from "node:test";

import { Deferral } from "../src/board/deferral.ts";
import type { Stamp } from "../src/board/stamps.ts";

const stamp = (version: number): Stamp => ({ id: "a", version, versionNonce: 1 });
const scene = (version: number) => new Map([["a", stamp(version)]]);
const BUSY = new Set(["a"]);
const IDLE = new Set<string>();

test("others' change waits while the element is edited, and holds where nothing was changed", () => {
  const deferral = new Deferral<Stamp>();
  deferral.note([stamp(5)], scene(1), BUSY);
  assert.deepEqual(deferral.settle(scene(1), BUSY), { take: [], raise: [] });
  assert.deepEqual(deferral.settle(scene(1), IDLE), { take: [stamp(5)], raise: [] });
  assert.deepEqual(deferral.settle(scene(1), IDLE), { take: [], raise: [] });
});

test("what was written here afterwards is raised above the others' version", () => {
  const deferral = new Deferral<Stamp>();
  deferral.note([stamp(5)], scene(1), BUSY);
  deferral.note([stamp(9)], scene(3), BUSY);
  assert.deepEqual(deferral.settle(scene(3), IDLE), { take: [], raise: [{ id: "a", above: 9 }] });
});

test("elements that nobody edits are left to the usual rule", () => {
  const deferral = new Deferral<Stamp>();
  deferral.note([stamp(5)], scene(1), IDLE);
  assert.deepEqual(deferral.settle(scene(1), IDLE), { take: [], raise: [] });
});
