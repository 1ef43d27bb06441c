import assert from "node:assert/strict";
import { test } from "node:test";

import { borderPoint } from "../src/board/borders.ts";
import { frameOf, freePlace, type Rect } from "../src/board/room.ts";

const VIEW = { x: 0, y: 0, width: 1200, height: 800 };
const SIZE = { width: 160, height: 70 };

test("the first part goes to the middle, the next to its right, none over another", () => {
  const boxes: Rect[] = [];
  for (let n = 0; n < 12; n += 1) boxes.push({ ...freePlace(VIEW, SIZE, boxes, []), ...SIZE });
  assert.deepEqual(boxes[0], { x: 520, y: 365, ...SIZE });
  assert.ok(boxes[1]!.x > 680 && boxes[1]!.y === 365);
  for (const [n, one] of boxes.entries()) {
    for (const other of boxes.slice(n + 1)) {
      const apart =
        Math.abs(one.x - other.x) >= one.width + 60 || Math.abs(one.y - other.y) >= one.height + 60;
      assert.ok(apart, `${JSON.stringify(one)} touches ${JSON.stringify(other)}`);
    }
  }
});

test("a part goes into a zone or beside it, never across its border", () => {
  const inside = freePlace(VIEW, SIZE, [], [{ x: 400, y: 250, width: 400, height: 300 }]);
  assert.deepEqual(inside, { x: 520, y: 365 });
  const zone = { x: 590, y: 200, width: 300, height: 400 };
  const { x } = freePlace(VIEW, SIZE, [], [zone]);
  assert.ok(x + 160 <= 590 || x >= 890 || (x >= 590 && x + 160 <= 890));
});

test("a zone drawn around parts holds all of them", () => {
  const parts = [
    { x: 0, y: 0, ...SIZE },
    { x: 300, y: 200, ...SIZE },
  ];
  assert.deepEqual(frameOf(parts, 30, 20), { x: -30, y: -50, width: 520, height: 350 });
});

test("an arrow starts at the outline, whatever the shape", () => {
  const to = { x: 1000, y: 0, width: 100, height: 100 };
  const at = (type: string, target = to) =>
    borderPoint({ type, x: 0, y: 0, width: 100, height: 100 }, target, 5);
  for (const type of ["rectangle", "ellipse", "diamond"]) {
    assert.deepEqual(at(type), { x: 105, y: 50 });
  }
  const slanted = at("diamond", { x: 500, y: 500, width: 100, height: 100 });
  assert.ok(Math.abs(slanted.x - (75 + 5 * Math.SQRT1_2)) < 1e-9);
  assert.deepEqual(at("ellipse", { x: 0, y: 0, width: 100, height: 100 }), { x: 50, y: 50 });
});
