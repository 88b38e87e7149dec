import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"

/** The web app: sources in web/, the build in dist/web, the server behind a proxy while developing. */
export default defineConfig({
  root: "web",
  plugins: [react()],
  // The parser's own build for browsers; its main one asks for node's streams.
  resolve: { alias: [{ find: /^csv-parse$/, replacement: "csv-parse/browser/esm" }] },
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler|react-router)[\\/]/ },
            { name: "charts", test: /node_modules[\\/](echarts|zrender)[\\/]/ },
          ],
        },
      },
    },
  },
  worker: { format: "es" },
  server: { port: 7301, proxy: { "/api": "http://127.0.0.1:7300" } },
})
