import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { collectLicences } from "./build/licences.ts";
import { recordBuild } from "./build/record.ts";
import { confineExcalidraw } from "./build/excalidraw.ts";

export default defineConfig({
  base: "/static/",
  define: { "process.env.IS_PREACT": JSON.stringify("false") },
  plugins: [react(), confineExcalidraw(), collectLicences(), recordBuild()],
  build: {
    target: "es2022",
    outDir: "../static",
    emptyOutDir: true,
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
  },
});
