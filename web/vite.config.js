import { defineConfig } from "vite";

// Three entries: the style sheet, the page's module and the service worker. tools/build.mjs runs this and embeds the result.
export default defineConfig({
  base: "/assets/",
  publicDir: false,
  build: {
    target: ["es2021", "chrome96", "firefox95", "safari15.4"],
    cssTarget: ["chrome96", "firefox95", "safari15.4"],
    modulePreload: false,
    assetsInlineLimit: 0,
    emptyOutDir: true,
    reportCompressedSize: false,
    rollupOptions: {
      input: ["src/ts/app.ts", "src/ts/sw.ts", "src/css/app.css"],
      output: {
        entryFileNames: "[name].[hash].js",
        chunkFileNames: "[name].[hash].js",
        assetFileNames: "[name].[hash][extname]",
      },
    },
  },
});
