import { existsSync } from "node:fs"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBrowser, openPage } from "../../src/testing/browser.ts"
import { type Demo, openDemo } from "../../src/testing/demo.ts"

let demo: Demo
let browser: Browser
let page: Awaited<ReturnType<typeof openPage>>

beforeAll(async () => {
  demo = await openDemo()
  browser = await openBrowser()
  page = await openPage(browser, `${demo.url}/sign-in`)
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

describe("the sample company in the browser", () => {
  it("lets in by one click", async () => {
    await page.getByRole("button", { name: "老板" }).click()
    await page.getByText("还剩多少时间").waitFor()
    await page.getByRole("complementary", { name: "示例公司" }).waitFor()
  })

  it("shows cases that the engine opened", async () => {
    await page.goto(`${demo.url}/cases`)
    await page.locator(".vrow").first().waitFor()
    const cases = await page.request.get(`${demo.url}/api/v1/cases?limit=1`)
    expect((await cases.json()).total).toBeGreaterThan(0)
  })

  it("runs its stream when asked to", async () => {
    await page.getByRole("button", { name: "600", exact: true }).click()
    await page.getByText(/已卖 [1-9]/).waitFor()
    await page.getByRole("button", { name: "停播" }).click()
    await page.getByRole("button", { name: "开播" }).waitFor()
  })

  it("is left by its owner alone, and says beforehand what goes", async () => {
    const asWarehouse = await openPage(browser, `${demo.url}/sign-in`)
    await asWarehouse.getByRole("button", { name: "仓库" }).click()
    await asWarehouse.getByRole("complementary", { name: "示例公司" }).waitFor()
    expect(await asWarehouse.getByRole("button", { name: "离开" }).count()).toBe(0)
    expect((await asWarehouse.request.post(`${demo.url}/api/v1/sample/leave`)).status()).toBe(403)
    await page.getByRole("button", { name: "离开", exact: true }).click()
    await page.getByText("会整个删掉").waitFor()
    await page.getByRole("button", { name: "删掉示例公司，离开" }).click()
    await demo.running.left
    expect(page.errors.filter((each) => !each.includes("401"))).toEqual([])
  })

  it("leaves no trace when it ends", async () => {
    const { data } = demo.running.world.config
    expect(existsSync(data)).toBe(true)
    await demo.running.stop()
    expect(existsSync(data)).toBe(false)
    demo.running.stop = async () => {}
  })
})
