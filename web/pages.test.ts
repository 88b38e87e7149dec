import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import chromium from "@sparticuz/chromium"
import exceljs from "exceljs"
import { type Browser, type Page, chromium as playwright } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Running, readConfig, serve } from "../src/main.ts"
import { makeKey } from "../src/store/people.ts"
import { cloneDatabase } from "../src/testing/rehearsal.ts"

const { pino } = createRequire(import.meta.url)("pino") as typeof import("pino")
const data = mkdtempSync(join(tmpdir(), "zs-pages-"))
let running: Running
let browser: Browser
let page: Page
let drop: () => Promise<void>
const problems: string[] = []

beforeAll(async () => {
  const database = await cloneDatabase()
  drop = database.drop
  process.env.DATABASE_URL = database.url
  const port = await freePort()
  running = await serve(readConfig({ ZHUNSHI_DATA: data, PORT: String(port) }), pino({ level: "silent" }))
  browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  })
  page = await (
    await browser.newContext({ locale: "zh-CN", viewport: { width: 1440, height: 900 } })
  ).newPage()
  page.on("pageerror", (error) => problems.push(error.message))
  page.on("console", (message) => {
    if (message.type() === "error" && !/401|422|429/.test(message.text())) problems.push(message.text())
  })
})
afterAll(async () => {
  await browser?.close()
  await running?.stop()
  await drop?.()
  delete process.env.DATABASE_URL
  rmSync(data, { recursive: true, force: true })
})

/** A port that nobody listens on; it must be known beforehand, since sign-in checks where pages come from. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

const at = (path: string) => `http://localhost:${new URL(running.url).port}${path}`
const hour = 3_600_000
const stamp = (ms: number) => new Date(ms + 8 * hour).toISOString().slice(0, 19).replace("T", " ")

/** A 抖店 export of its own making: TAB-padded ids, `-` for empty, one row that cannot be read. */
function exportOfDouyin(): string {
  const head =
    "主订单编号,子订单编号,选购商品,商家编码,商品数量,订单应付金额,收件人,收件人手机号,省,市,订单提交时间,支付完成时间,订单状态,承诺发货时间,发货时间,订单完成时间"
  const now = Date.now()
  const rows = Array.from({ length: 40 }, (_, i) => {
    const paid = now - (2 * i + 1) * hour
    const shipped = i % 3 === 0 && i > 6 ? stamp(paid + 5 * hour) : "-"
    const paidText = i === 20 ? "昨天" : stamp(paid)
    return `\t69534898906101${1000 + i},\t69534898906102${1000 + i},奶油风四件套,NY-${i % 3},1,"1,329.00",林小姐,13912346021,浙江,宁波,${stamp(paid - 60_000)},${paidText},${shipped === "-" ? "待发货" : "已发货"},${stamp(paid + 48 * hour)},${shipped},-`
  })
  const file = join(data, "抖店订单.csv")
  writeFileSync(file, `\ufeff${[head, ...rows].join("\r\n")}`)
  return file
}

describe("a new user", () => {
  it("checks an export before signing in, and nothing leaves the machine", async () => {
    await page.goto(at("/check"))
    const sent: string[] = []
    page.on("request", (request) => {
      if (request.method() !== "GET") sent.push(request.url())
    })
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.click(".drop-box button")])
    await chooser.setFiles(exportOfDouyin())
    await page.waitForSelector(".legend")
    const headline = (await page.textContent("h1"))!
    expect(headline).toMatch(/单已经超时/)
    expect(await page.textContent("body")).toMatch(/39 单已判完/)
    expect(sent).toEqual([])
  })

  it("becomes the first owner by the link that was printed", async () => {
    await page.goto(at(new URL(running.ownerLink!).pathname))
    const fields = page.locator("form input")
    await fields.first().waitFor()
    for (const [i, value] of ["青禾里", "沈一诺", "owner@example.com", "long enough 1"].entries())
      await fields.nth(i).fill(value)
    await page.click("form button[type=submit]")
    await page.waitForURL(/\/setup/)
    await page.getByText("先去看板").click()
    await page.waitForURL(/\/board/)
    await page.getByText("还没有订单").waitFor()
  })

  it("imports the export and sees it on the board, in the history and in the list", async () => {
    await page.goto(at("/import"))
    await page.setInputFiles("input[type=file]", exportOfDouyin())
    await page.getByText("认出抖店").waitFor()
    expect(await page.textContent(".import-refused")).toContain("时间读不懂")
    await page.getByRole("button", { name: /写入 39 单/ }).click()
    await page.getByText("完成", { exact: true }).waitFor()
    expect(await page.textContent(".import-history")).toMatch(/39 单：新 39/)
    await page.goto(at("/board"))
    await page.getByText("还剩多少时间").waitFor()
    await page.locator(".ribbon-half.ship.over").click()
    await page.waitForURL(/\/orders\?.*state=over/)
    await page.locator(".vrow").first().waitFor()
    await page.locator(".vrow").first().click()
    await page.getByText("为什么是这个时间").waitFor()
    expect(await page.textContent(".panel")).toContain("林** 139****6021")
    expect(await page.textContent(".panel")).not.toContain("13912346021")
  })

  it("marks an order as not to be watched, with a reason", async () => {
    const rows = await page.locator(".vrow").count()
    await page.getByRole("button", { name: "不盯这单" }).click()
    await page.getByText("测试单", { exact: true }).click()
    await page.getByRole("button", { name: "确定" }).click()
    await page.getByRole("button", { name: "重新盯" }).waitFor()
    await expect.poll(() => page.locator(".vrow").count()).toBe(rows - 1)
  })

  it("sees events of the API arrive without a reload", async () => {
    const key = await makeKey(
      running.world.db.pool,
      { name: "e2e", role: "integration", source: "e2e" },
      Date.now(),
    )
    await page.goto(at("/board"))
    await page.getByText("还剩多少时间").waitFor()
    const paidToday = async () =>
      Number((await page.textContent(".flows .strong td:last-child"))!.replace(",", ""))
    const before = await paidToday()
    await fetch(at("/api/v1/order-events"), {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": key },
      body: JSON.stringify([
        { channel: "own", shop: "s1", orderNo: "live-1", type: "paid", at: new Date().toISOString() },
      ]),
    })
    await expect.poll(paidToday, { timeout: 60_000 }).toBe(before + 1)
  })

  it("is told in words what to do with a workbook whose end is missing, wherever it is brought", async () => {
    const book = new exceljs.Workbook()
    book.addWorksheet("表").addRow(["姓名", "邮箱"])
    const whole = Buffer.from(await book.xlsx.writeBuffer())
    const cut = {
      name: "缺.xlsx",
      mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      buffer: whole.subarray(0, whole.length - 40),
    }
    const places: [path: string, ...buttons: string[]][] = [
      ["/check", "选文件"],
      ["/import", "把平台导出的订单表拖到这里"],
      ["/evidence/stock", "上传库存表"],
      ["/roster", "导入表格", "选表格"],
      ["/settings/people", "从表格", "选表格"],
    ]
    for (const [path, ...buttons] of places) {
      await page.goto(at(path))
      const chooser = page.waitForEvent("filechooser")
      for (const name of buttons) await page.getByRole("button", { name }).last().click()
      await (await chooser).setFiles(cut)
      await page.getByRole("alert").getByText("这份文件缺了结尾").waitFor()
    }
  })

  it("finds every page in three languages on a phone without a word left out", async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    for (const language of ["zh-Hans", "zh-Hant", "en"]) {
      await page.evaluate((each) => localStorage.setItem("zhunshi.language", each), language)
      for (const path of ["/board", "/orders", "/cases", "/import", "/check"]) {
        await page.goto(at(path))
        await page.locator("h1").first().waitFor()
        const text = (await page.textContent("body"))!
        expect(text, `${language} ${path}`).not.toMatch(
          /\b(board|orders|cases|import|marks|shell)\.[a-z]+\.?[a-zA-Z]*\b/,
        )
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
        expect(over, `${language} ${path} is wider than the phone`).toBeLessThanOrEqual(0)
      }
    }
  })

  it("met no error on the way", () => {
    expect(problems).toEqual([])
  })
})
