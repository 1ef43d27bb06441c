import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import type { Plugin } from "vite";

/** Who holds the copyright of packages under the MIT licence that ship without its text. */
const HOLDERS: readonly (readonly [RegExp, string])[] = [
  [/^@excalidraw\/excalidraw$/, "Copyright (c) 2020 Excalidraw"],
  [/^@radix-ui\//, "Copyright (c) 2022 WorkOS"],
  [/^react-remove-scroll-bar$/, "Copyright (c) 2017 Anton Korzunov"],
];

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
      const notices = new Set([...folders.map(noticeOf), readFileSync("build/fonts.txt", "utf8")]);
      const source = [...notices].join(RULE);
      this.emitFile({ type: "asset", fileName: "licences.txt", source });
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
  const text = file === undefined ? commonText(manifest) : read(path.join(folder, file));
  return `${head}\n${text.trim()}\n`;
}

function commonText({ name, license }: Manifest): string {
  const holder = HOLDERS.find(([pattern]) => pattern.test(name))?.[1];
  if (license !== "MIT" || holder === undefined) throw new Error(`${name} has no licence text`);
  return read("build/mit.txt").replace("<copyright>", holder);
}

function read(file: string): string {
  return readFileSync(file, "utf8").replaceAll("\r\n", "\n");
}
