import { once } from "node:events"
import { createReadStream, existsSync, statSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { extname, join, normalize } from "node:path"
import chromium from "@sparticuz/chromium"
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from "playwright-core"

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
]

/** A real browser without a window; close it at the end. */
export async function openBrowser(): Promise<Browser> {
  return playwright.launch({ executablePath: await chromium.executablePath(), headless: true, args })
}

/** The screens on which every page must work. */
export const screens = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
} as const satisfies Record<string, BrowserContextOptions>

type Look = {
  screen?: keyof typeof screens
  language?: "zh-Hans" | "zh-Hant" | "en"
  dark?: boolean
  zone?: string
}

/** A page at an address, in a language and a light, with an empty storage of its own. Errors of its scripts are kept in `errors`. */
export async function openPage(
  browser: Browser,
  url: string,
  look: Look = {},
): Promise<Page & { errors: string[] }> {
  const context = await browser.newContext({
    ...screens[look.screen ?? "desktop"],
    locale: { "zh-Hans": "zh-CN", "zh-Hant": "zh-TW", en: "en-US" }[look.language ?? "zh-Hans"],
    colorScheme: look.dark ? "dark" : "light",
    timezoneId: look.zone ?? "Asia/Shanghai",
    reducedMotion: "reduce",
    acceptDownloads: true,
  })
  const page = Object.assign(await context.newPage(), { errors: [] as string[] })
  page.on("pageerror", (error) => page.errors.push(String(error)))
  page.on("console", (message) => message.type() === "error" && page.errors.push(message.text()))
  await page.goto(url)
  return page
}

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
}

/** Serves a built web app without any API on a loopback port of its own; every address that is no file answers with the app. */
export async function serveFolder(
  folder: string,
): Promise<{ url: string; requests: string[]; close(): Promise<void> }> {
  const requests: string[] = []
  const server = createServer(({ url = "/" }, response) => {
    requests.push(url)
    const path = join(folder, normalize(decodeURIComponent(url.split("?")[0]!)))
    const isFile = path.startsWith(folder) && existsSync(path) && statSync(path).isFile()
    if (url.startsWith("/api/")) {
      response.writeHead(404).end()
      return
    }
    const file = isFile ? path : join(folder, "index.html")
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" })
    createReadStream(file).pipe(response)
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    },
  }
}
