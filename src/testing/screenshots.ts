import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pino } from "pino"
import type { Browser, Page } from "playwright-core"
import { people, samplePassword } from "../demo/people.ts"
import { serveSample } from "../demo/serve.ts"
import { home, readConfig } from "../main.ts"
import { openBrowser, openPage } from "./browser.ts"
import { freePort } from "./ports.ts"

/**
 * Makes the pictures of the README from the sample company: `npm run screenshots`. The web app must be built.
 * With addresses as arguments it takes those pages instead, into the folder named by OUT, in LOOKS (desktop, phone, desktop-dark …)
 * and LANGUAGES; SAMPLE names a sample company that runs already.
 */
type Shot = {
  name: string
  path: string
  who?: string
  look?: string
  before?: (page: Page) => Promise<unknown>
}

const openFirst = (page: Page) => page.locator(".vrow").first().click()
const ofReadme: Shot[] = [
  { name: "board", path: "/board" },
  { name: "board-phone", path: "/board", look: "phone" },
  { name: "order", path: "/orders?state=near", before: openFirst },
]

/** Long enough for live figures and for what is drawn after data came. */
const settleMs = 3_000

async function shoot(
  browser: Browser,
  base: string,
  shot: Shot,
  file: string,
  language: string,
): Promise<void> {
  const look = shot.look ?? "desktop"
  const page = await openPage(browser, `${base}/sign-in`, {
    screen: look.startsWith("phone") ? "phone" : "desktop",
    dark: look.endsWith("dark"),
    language: language as "zh-Hans",
  })
  const { email } = people.find((each) => each.name === (shot.who ?? "沈一诺"))!
  await page.request.post(`${base}/api/auth/sign-in/email`, {
    headers: { origin: base },
    data: { email, password: samplePassword },
  })
  await page.goto(base + shot.path)
  await page.waitForTimeout(settleMs)
  await page.locator(".skeleton").first().waitFor({ state: "detached", timeout: 60_000 })
  await shot.before?.(page)
  if (shot.before) await page.waitForTimeout(settleMs / 2)
  await page.screenshot({ path: file })
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  const said = [
    ...page.errors.filter((each) => !each.includes("401")),
    ...(tooWide > 0 ? [`${tooWide} px too wide`] : []),
  ]
  process.stdout.write(`${file}${said.length > 0 ? `  ${said.join("; ")}` : ""}\n`)
  await page.context().close()
}

const paths = process.argv.slice(2)
const list = (name: string, otherwise: string) => (process.env[name] ?? otherwise).split(",")
const data = mkdtempSync(join(tmpdir(), "zs-shots-"))
const running = process.env.SAMPLE
  ? null
  : await serveSample(
      readConfig({ ZHUNSHI_DATA: data, PORT: String(await freePort()) }),
      pino({ level: "warn" }),
    )
const base = process.env.SAMPLE ?? running!.url
const browser = await openBrowser()
// The stream has run for a while when it is looked at.
if (running) await new Promise((resolve) => setTimeout(resolve, 120_000))
if (paths.length === 0)
  for (const shot of ofReadme)
    await shoot(browser, base, shot, join(home, "docs", `${shot.name}.png`), "zh-Hans")
for (const language of list("LANGUAGES", "zh-Hans"))
  for (const look of list("LOOKS", "desktop"))
    for (const path of paths) {
      const name = `${path.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "")}-${look}-${language}.png`
      await shoot(
        browser,
        base,
        { name, path, look, who: process.env.WHO ?? "顾言" },
        join(process.env.OUT ?? tmpdir(), name),
        language,
      )
    }
await browser.close()
await running?.stop()
rmSync(data, { recursive: true, force: true })
