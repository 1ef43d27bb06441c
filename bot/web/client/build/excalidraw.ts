import { cpSync, existsSync } from "node:fs";
import path from "node:path";

import type { Plugin } from "vite";

const PACKAGE = path.resolve("node_modules/@excalidraw/excalidraw/dist/prod");

/**
 * What the toolbar offers, and the font of the hand-drawn labels. The others are left out: one for
 * Chinese, Japanese and Korean of 13 MB, and three that only old drawings and exports on a server
 * use. Text in them shows in the system's font.
 */
const FONTS = ["ComicShanns", "Excalifont", "Lilita", "Nunito"] as const;

const STUB = "\0stub:";

interface Stub {
  readonly name: string;
  /** What Excalidraw imports, where this module stands instead. */
  readonly find: RegExp;
  readonly code: string;
}

const STUBS: readonly Stub[] = [
  {
    // 3.6 MB, and boards written as text are read by the server.
    name: "mermaid",
    find: /^@excalidraw\/mermaid-to-excalidraw$/,
    code: "export async function parseMermaidToExcalidraw() { throw new Error('left out'); }",
  },
  {
    // They make inserted pictures smaller, and the board takes none.
    name: "pictures",
    find: /^(pica|image-blob-reduce)$/,
    code: "export default null;",
  },
  {
    // The page speaks English only; so does Excalidraw on it.
    name: "locale",
    find: /^\.\/locales\/(?!en-|percentages-)/,
    code: "export default {};",
  },
  {
    // Font subsetting is 1.8 MB of WebAssembly, which the page's security policy forbids:
    // pictures saved as SVG carry whole font files.
    name: "fonts",
    find: /^\.\/subset-shared\.chunk\.js$/,
    code: "export * from '/src/excalidraw/fonts.ts';",
  },
  {
    name: "fonts-worker",
    find: /^\.\/subset-worker\.chunk\.js$/,
    code: "export const WorkerUrl = undefined;",
  },
];

interface Patch {
  /** What the patched file holds, and no other file does. */
  readonly mark: string;
  readonly find: RegExp;
  readonly put: string;
}

const PATCHES: readonly Patch[] = [
  {
    // Each font names a content network as its last source; browsers check it at once.
    mark: "esm.sh",
    find: /`https:\/\/esm\.sh\/[^;]{0,120}?\/dist\/prod\/`/,
    put: '(location.origin+"/static/")',
  },
  ...["Cascadia", "Liberation Sans", "Virgil"].map((family) => ({
    mark: "esm.sh",
    find: new RegExp(`\\w+\\("${family}",\\.\\.\\.\\w+\\)`),
    put: "0",
  })),
  {
    // The one for Chinese, Japanese and Korean, which is registered last but one.
    mark: "esm.sh",
    find: /\w+\(\w+,\.\.\.\w+\)(?=,\w+\(\w+,\.\.\.\w+\),\w+\._initialized=!0)/,
    put: "0",
  },
  { mark: "subset-worker.chunk.js", find: /=typeof Worker<"u"/, put: "=!1" },
  {
    // Addresses outside, above the list of shortcuts.
    mark: "HelpDialog__header",
    find: /(className:"HelpDialog__header",children:)(?=\[)/,
    put: "$1null&&",
  },
  {
    // Addresses and keys of services that the page does not use.
    mark: "VITE_APP_FIREBASE_CONFIG",
    find: /\{VITE_APP_BACKEND_V2_GET_URL:[\s\S]*?\};/,
    put: '{PKG_NAME:"@excalidraw/excalidraw",PKG_VERSION:"0.18.1",PROD:!0,VITE_APP_LIBRARY_URL:""};',
  },
];

/** Excalidraw without outside addresses, and without what the page does not offer. */
export function confineExcalidraw(): Plugin {
  const done = new Set<Patch>();
  return {
    name: "confine-excalidraw",
    enforce: "pre",
    resolveId(source, importer) {
      if (!importer?.includes("@excalidraw")) return null;
      const stub = STUBS.find(({ find }) => find.test(source));
      return stub ? `${STUB}${stub.name}` : null;
    },
    load(id) {
      return STUBS.find(({ name }) => id === `${STUB}${name}`)?.code ?? null;
    },
    transform(code, id) {
      if (!/@excalidraw\/excalidraw\/dist\/prod\/.*\.js$/.test(id)) return null;
      const patched = applyPatches(code, id, done);
      return patched === code ? null : { code: patched, map: null };
    },
    generateBundle() {
      const missing = PATCHES.filter((patch) => !done.has(patch));
      if (missing.length) this.error(`Excalidraw has no ${missing.map((p) => p.find).join(", ")}`);
    },
    writeBundle(options) {
      copyFonts(path.join(options.dir ?? "", "fonts"));
    },
  };
}

function applyPatches(code: string, id: string, done: Set<Patch>): string {
  return PATCHES.filter((patch) => code.includes(patch.mark)).reduce((text, patch) => {
    if (!patch.find.test(text)) throw new Error(`${path.basename(id)} has no ${patch.find}`);
    done.add(patch);
    return text.replace(patch.find, patch.put);
  }, code);
}

function copyFonts(target: string): void {
  for (const family of FONTS) {
    const source = path.join(PACKAGE, "fonts", family);
    if (!existsSync(source)) throw new Error(`${source} is missing`);
    cpSync(source, path.join(target, family), { recursive: true });
  }
}
