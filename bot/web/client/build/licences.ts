import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import type { Plugin } from "vite";

const RULE = "\n" + "-".repeat(78) + "\n\n";

/** Ships the licence notices of every package that is in the bundle, and of the fonts. */
export function collectLicences(): Plugin {
  return {
    name: "collect-licences",
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((part) =>
        part.type === "chunk" ? Object.keys(part.modules) : [],
      );
      const folders = [...new Set(modules.flatMap(packageOf))].sort();
      const notices = [...folders.map(noticeOf), readFileSync("build/fonts.txt", "utf8")];
      this.emitFile({ type: "asset", fileName: "licences.txt", source: notices.join(RULE) });
    },
  };
}

function packageOf(module: string): string[] {
  const [, inside] = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module) ?? [];
  return inside === undefined ? [] : [path.relative(".", inside)];
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
}

function noticeOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as Manifest;
  const { name, version, license, author } = manifest;
  const by = typeof author === "string" ? author : author?.name;
  const head = `${name} ${version} (${license ?? "see below"})${by ? `, by ${by}` : ""}\n`;
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file && existsSync(path.join(folder, file)) ? read(path.join(folder, file)) : "";
  return text ? `${head}\n${text.trim()}\n` : head;
}

function read(file: string): string {
  return readFileSync(file, "utf8").replaceAll("\r\n", "\n");
}
