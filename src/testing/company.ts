import { mkdtempSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser, Page } from "playwright-core"
import { type Running, readConfig, serve } from "../main.ts"
import { makeKey } from "../store/people.ts"
import { openBrowser, openPage } from "./browser.ts"
import { freePort } from "./ports.ts"
import { cloneDatabase } from "./rehearsal.ts"

const { pino } = createRequire(import.meta.url)("pino") as typeof import("pino")

/** A server on a database and in a folder of its own, before anybody has come. */
export type Server = { running: Running; base: string; close(): Promise<void> }

/** Starts a server; `more` stands in its environment beside what every server needs. */
export async function openServer(more: Record<string, string> = {}): Promise<Server> {
  const database = await cloneDatabase()
  const data = mkdtempSync(join(tmpdir(), "zs-company-"))
  const port = await freePort()
  process.env.DATABASE_URL = database.url
  const running = await serve(
    readConfig({ ZHUNSHI_DATA: data, PORT: String(port), ...more }),
    pino({ level: "silent" }),
  )
  delete process.env.DATABASE_URL
  return {
    running,
    base: `http://localhost:${port}`,
    async close() {
      await running.stop()
      await database.drop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** A company founded in the browser, whose owner is signed in on `page`; for tests that walk pages. */
export type Company = Server & {
  browser: Browser
  page: Page & { errors: string[] }
  /** tells events with a key of the company's ERP; answers what the door said */
  tell(events: readonly object[]): Promise<Record<string, unknown>>
}

/** Founds a company; `before` are events told before its owner comes, `more` stands in its server's environment. */
export async function openCompany(
  before: readonly object[] = [],
  more: Record<string, string> = {},
): Promise<Company> {
  const server = await openServer(more)
  const { running, base } = server
  const key = await makeKey(
    running.world.db.pool,
    { name: "erp", role: "integration", source: "erp" },
    Date.now(),
  )
  const tell = async (events: readonly object[]) => {
    const answer = await fetch(`${base}/api/v1/order-events`, {
      method: "POST",
      headers: { "x-api-key": key, "content-type": "application/json" },
      body: JSON.stringify(events),
    })
    return (await answer.json()) as Record<string, unknown>
  }
  if (before.length > 0) await tell(before)
  const browser = await openBrowser()
  const page = await openPage(browser, "about:blank")
  page.setDefaultTimeout(120_000)
  await page.goto(`${base}${new URL(running.ownerLink!).pathname}`)
  await becomeOwner(page)
  return {
    ...server,
    browser,
    page,
    tell,
    async close() {
      await browser.close()
      await server.close()
    },
  }
}

/** Fills in who the first owner is, and waits until they are in. */
export async function becomeOwner(page: Page): Promise<void> {
  const fields = page.locator("form input")
  await fields.first().waitFor()
  for (const [i, value] of ["青禾里", "沈一诺", "owner@example.com", "long enough 1"].entries())
    await fields.nth(i).fill(value)
  await page.click("form button[type=submit]")
  await page.waitForURL((url) => !url.pathname.startsWith("/welcome"))
}
