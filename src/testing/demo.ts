import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Logger, pino } from "pino"
import type { Page } from "playwright-core"
import { people, samplePassword } from "../demo/people.ts"
import { type RunningSample, serveSample } from "../demo/serve.ts"
import { readConfig } from "../main.ts"
import { freePort } from "./ports.ts"
import { cloneDatabase } from "./rehearsal.ts"

/** A small sample company that listens, for tests that look at pages full of data. */
export type Demo = {
  running: RunningSample
  url: string
  /** signs a browser's page in as somebody of the sample company, by name */
  enter(page: Page, name?: string): Promise<void>
  close(): Promise<void>
}

/** Opens a sample company of a few days, filled by the real engine, on a database of its own; its stream stands still unless asked for. */
export async function openDemo(
  options: { days?: number; size?: number; streaming?: boolean; log?: Logger } = {},
): Promise<Demo> {
  const { days = 3, size = 0.25, streaming = false, log = pino({ level: "silent" }) } = options
  const database = await cloneDatabase()
  const data = mkdtempSync(join(tmpdir(), "zs-demo-"))
  const port = await freePort()
  const running = await serveSample(readConfig({ ZHUNSHI_DATA: data, PORT: String(port) }), log, {
    days,
    size,
    streaming,
    environment: { DATABASE_URL: database.url },
  })
  const url = `http://localhost:${port}`
  return {
    running,
    url,
    async enter(page, name = "顾言") {
      const { email } = people.find((each) => each.name === name)!
      const answer = await page.request.post(`${url}/api/auth/sign-in/email`, {
        headers: { origin: url },
        data: { email, password: samplePassword },
      })
      if (!answer.ok()) throw new Error(`${name} could not sign in: ${await answer.text()}`)
    },
    async close() {
      await running.stop()
      await database.drop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}
