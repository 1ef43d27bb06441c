import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { Plugin } from "vite";

/** The name of the record inside the built folder; the test of the bundle reads it. */
const RECORD = "build.json";

const NOT_SOURCE: ReadonlySet<string> = new Set(["node_modules", ".test"]);

/** Writes which source files the bundle was built from and what it holds, as SHA-256. */
export function recordBuild(): Plugin {
  let built = "";
  return {
    name: "record-build",
    writeBundle(options) {
      built = options.dir ?? "";
    },
    closeBundle: {
      order: "post",
      handler() {
        if (!built) return;
        const record = { source: hashes("."), built: hashes(built) };
        writeFileSync(path.join(built, RECORD), JSON.stringify(record, null, 1) + "\n");
      },
    },
  };
}

function hashes(folder: string): Record<string, string> {
  const names = filesIn(folder, "").filter((name) => name !== RECORD);
  return Object.fromEntries(
    names.sort().map((name) => {
      const content = readFileSync(path.join(folder, name));
      return [name, createHash("sha256").update(content).digest("hex")];
    }),
  );
}

function filesIn(folder: string, prefix: string): string[] {
  return readdirSync(path.join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(prefix, entry.name);
    if (NOT_SOURCE.has(entry.name)) return [];
    return entry.isDirectory() ? filesIn(folder, name) : [name];
  });
}
