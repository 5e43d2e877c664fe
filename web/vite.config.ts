import { fileURLToPath } from "node:url";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { documentsInPlace } from "./scripts/documents";
import { usedStylesAlone } from "./scripts/styles";

/** The running server that `make dev` shows with hot reload. */
const server = process.env.NHIP_URL ?? "http://127.0.0.1:8080";
const proxied = { target: server, changeOrigin: true };

export default defineConfig({
  plugins: [documentsInPlace(), tanstackRouter({ target: "react" }), react(), usedStylesAlone()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: {
    proxy: {
      // The server refuses sockets from other sites' pages, and would take this one for another site.
      "/graphql/ws": { ...proxied, ws: true, rewriteWsOrigin: true },
      "/graphql": proxied,
      "/webhook": proxied,
      "/docs": proxied,
      "/openapi.json": proxied,
    },
  },
  build: {
    target: "es2022",
    // Both would be inline code, which the Content-Security-Policy refuses.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    manifest: "manifest.json",
    // What most pages share comes in two files, not in sixty of a few hundred bytes.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "packages", test: /node_modules/, minShareCount: 8 },
            { name: "shared", test: /\/src\//, minShareCount: 5 },
          ],
        },
      },
    },
  },
});
