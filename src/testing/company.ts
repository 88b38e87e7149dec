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

/** A company founded in the browser on a database of its own, whose owner is signed in on `page`; for tests that walk pages. */
export type Company = {
  running: Running
  base: string
  browser: Browser
  page: Page & { errors: string[] }
  /** tells events with a key of the company's ERP; answers what the door said */
  tell(events: readonly object[]): Promise<Record<string, unknown>>
  close(): Promise<void>
}

/** Founds a company; `before` are events told before its owner comes. */
export async function openCompany(before: readonly object[] = []): Promise<Company> {
  const database = await cloneDatabase()
  const data = mkdtempSync(join(tmpdir(), "zs-company-"))
  const port = await freePort()
  const base = `http://localhost:${port}`
  process.env.DATABASE_URL = database.url
  const running = await serve(
    readConfig({ ZHUNSHI_DATA: data, PORT: String(port) }),
    pino({ level: "silent" }),
  )
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
  const fields = page.locator("form input")
  await fields.first().waitFor()
  for (const [i, value] of ["青禾里", "沈一诺", "owner@example.com", "long enough 1"].entries())
    await fields.nth(i).fill(value)
  await page.click("form button[type=submit]")
  await page.waitForURL((url) => !url.pathname.startsWith("/welcome"))
  return {
    running,
    base,
    browser,
    page,
    tell,
    async close() {
      await browser.close()
      await running.stop()
      await database.drop()
      delete process.env.DATABASE_URL
      rmSync(data, { recursive: true, force: true })
    },
  }
}
