import { readFileSync } from "node:fs"
import exceljs from "exceljs"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { openBrowser, openPage } from "../../src/testing/browser.ts"
import { type Demo, openDemo } from "../../src/testing/demo.ts"

let demo: Demo
let browser: Browser
let page: Page & { errors: string[] }
beforeAll(async () => {
  ;[demo, browser] = await Promise.all([openDemo(), openBrowser()])
  page = await openPage(browser, "about:blank")
  await demo.enter(page)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

const title = () => page.locator(".ant-modal-title")
/** Presses a button by the keyboard, and waits for its dialog. */
async function open(path: string, name: string): Promise<void> {
  await page.goto(demo.url + path)
  const button = page.getByRole("button", { name, exact: true }).first()
  await button.waitFor()
  await button.focus()
  await page.keyboard.press("Enter")
  await title().waitFor()
}
const shut = async () => {
  await page.keyboard.press("Escape")
  await page.locator(".ant-modal-wrap").waitFor({ state: "detached" })
}
const at = (of: "type" | "textContent" | "tagName") =>
  page.evaluate((name) => String(document.activeElement?.[name as "tagName"]), of)

it("a button of a page with a list is pressed by Enter, and its dialog begins in its first field", async () => {
  await open("/settings/people", "邀请链接")
  expect(await at("tagName")).toBe("INPUT")
  await shut()
  expect(await at("textContent")).toBe("邀请链接")
  // The list has its Enter where nothing that can be pressed has the keyboard.
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await page.keyboard.press("j")
  await page.keyboard.press("Enter")
  await page.locator(".panel").waitFor()
})

it("a dialog without a field begins at what it is there for", async () => {
  await open("/roster", "导入表格")
  expect(await at("textContent")).toBe("选表格")
  await shut()
  expect(await at("textContent")).toBe("导入表格")
})

it("a workbook that the page writes can be read", async () => {
  await page.goto(`${demo.url}/roster`)
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "导出", exact: true }).first().click(),
  ])
  const book = new exceljs.Workbook()
  await book.xlsx.load(readFileSync(await file.path()) as unknown as ArrayBuffer)
  expect(book.worksheets[0]!.rowCount).toBeGreaterThan(1)
  expect(page.errors.filter((text) => !/401/.test(text))).toEqual([])
})
