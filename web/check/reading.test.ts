import { readdirSync } from "node:fs"
import { join } from "node:path"
import { buffer } from "node:stream/consumers"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { workbookStream } from "../../src/files/writeStream.ts"
import { openBrowser, openPage, serveFolder } from "../../src/testing/browser.ts"
import type { Ask, Tell } from "./protocol.ts"

const built = join(import.meta.dirname, "../../dist/web")
let site: Awaited<ReturnType<typeof serveFolder>>
let browser: Browser
let page: Page
beforeAll(async () => {
  ;[site, browser] = await Promise.all([serveFolder(built), openBrowser()])
  page = await openPage(browser, `${site.url}/check`)
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
})

const count = 6_000
/** Names of which no two are alike; those before shift every border of a piece by one more unit. */
const names = (shift: number): string[] =>
  Array.from({ length: count }, (_, i) => `${i}${"·".repeat(i === 0 ? shift : i % 3)}${"🐼𠮷".repeat(20)}`)

/** What the page's own worker reads as the orders' names. */
const readInBrowser = (file: string, bytes: Uint8Array): Promise<(string | null)[]> =>
  page.evaluate(
    async ({ base64, file, worker, count }) => {
      const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0))
      const own = new Worker(`/assets/${worker}`, { type: "module" })
      const ask = (asked: Ask) => own.postMessage(asked)
      const columns = { shippedAt: null, preparedAt: null, promisedShipAt: null, timezone: "Asia/Shanghai" }
      return new Promise<(string | null)[]>((resolve, reject) => {
        own.onmessage = ({ data }: MessageEvent<Tell>) => {
          if (data.tell === "failed" || data.tell === "unknown") reject(new Error(JSON.stringify(data)))
          if (data.tell === "done") ask({ ask: "rows", id: 1, filter: "all", from: 0, count })
          if (data.tell === "rows") resolve(data.rows.map(({ name }) => name))
        }
        ask({
          ask: "read",
          file: new File([bytes], file),
          choice: { how: "hand", mapping: { orderNo: "no", paidAt: "paid", name: "name", ...columns } },
          standards: { prepareHours: 24, shipHours: 48, asOf: null },
        })
      }).finally(() => own.terminate())
    },
    {
      base64: Buffer.from(bytes).toString("base64"),
      file,
      worker: readdirSync(join(built, "assets")).find((name) => /^worker-.*\.js$/.test(name))!,
      count,
    },
  )

it.each([0, 1, 2, 3])(
  "emoji and rare characters stand whole wherever the reading cuts a file (%i)",
  async (shift) => {
    const rows = names(shift).map((name, i) => [String(1_000_000 + i), "2026-11-20 10:00:00", name])
    const head = ["no", "paid", "name"]
    const text = [head, ...rows].map((cells) => cells.join(",")).join("\n")
    expect(await readInBrowser("orders.csv", Buffer.from(text))).toEqual(names(shift))
    expect(await readInBrowser("orders.xlsx", await buffer(workbookStream("x", head, rows)))).toEqual(
      names(shift),
    )
  },
  60_000,
)
