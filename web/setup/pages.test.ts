import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBrowser, openPage } from "../../src/testing/browser.ts"
import { becomeOwner, openServer, type Server } from "../../src/testing/company.ts"

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

const text = async (page: Page) => (await page.textContent(".setup main"))!
const next = (page: Page) => page.locator(".setup footer .go").click()
const heading = (page: Page, words: string) => page.getByRole("heading", { level: 1, name: words }).waitFor()
/** Chooses a word of a sentence by its label. */
async function choose(page: Page, label: string, option: string): Promise<void> {
  await page
    .getByRole("button", { name: new RegExp(`^${label}`) })
    .first()
    .click()
  await page.locator(".ant-dropdown:visible .ant-dropdown-menu-item", { hasText: option }).first().click()
}

describe.each(["desktop", "phone"] as const)("a fresh company on a %s", (screen) => {
  let server: Server
  let page: Page & { errors: string[] }
  beforeAll(async () => {
    server = await openServer()
    page = await openPage(browser, `${server.base}${new URL(server.running.ownerLink!).pathname}`, { screen })
    page.setDefaultTimeout(90_000)
  })
  afterAll(() => server.close())

  it("walks the path in Chinese: every step one question, what is said is kept", async () => {
    await becomeOwner(page)
    await page.waitForURL(/\/setup\/company/)
    await heading(page, "公司在哪里？")
    await choose(page, "地区", "香港")
    await page.getByText("300 港元").waitFor()
    await next(page)

    await heading(page, "在哪些店卖？")
    await page.locator(".platforms button", { hasText: "抖店" }).click()
    await page.getByLabel("店名").fill("青禾里旗舰店")
    await page.getByLabel("店名").press("Enter")
    await page.getByText("这时付一单，会这样盯").waitFor()
    expect(await text(page)).toContain("快递首次扫描")
    await choose(page, "平台认什么算发货", "上传运单号")
    await page.getByText("上传运单号停表").waitFor()
    await next(page)

    await heading(page, "谁负责什么？")
    await choose(page, "主管", "沈一诺")
    await page.getByText("现在没人当班，转给 沈一诺").waitFor()
    await page.locator(".chip", { hasText: "采购" }).click()
    await expect.poll(() => text(page)).toContain("补货、催交、换供应商")
    await next(page)

    await heading(page, "谁来用？")
    await page.getByRole("button", { name: "邀请一个人" }).click()
    const form = page.getByRole("dialog")
    await form.getByLabel("姓名").fill("周楠")
    await form.getByRole("button", { name: "生成链接" }).click()
    await form.getByText("/join/").waitFor()
    await form.getByRole("button", { name: "好", exact: true }).click()
    await page.getByText("用了 0，共 1").waitFor()
    await next(page)

    await heading(page, "从哪些仓发？")
    await page.getByLabel("仓库名").fill("宁波仓")
    await page.getByLabel("仓库名").press("Enter")
    await page.getByPlaceholder("哪家快递").fill("中通")
    await page.getByPlaceholder("哪家快递").press("Enter")
    await page.getByLabel("截单时间").fill("16、21:30")
    await page.getByLabel("截单时间").press("Enter")
    await expect.poll(() => page.getByLabel("截单时间").inputValue()).toBe("16:00、21:30")
    await next(page)

    await heading(page, "哪些单不一样？")
    await page.getByText("加一条规则").click()
    await page.locator(".shop input").nth(1).fill("定制、刺绣")
    await page.locator(".shop input").nth(1).press("Enter")
    await page.getByRole("button", { name: "保存" }).click()
    await expect.poll(() => page.getByRole("button", { name: "保存" }).count()).toBe(0)
    await next(page)

    await heading(page, "订单怎么进来？")
    await page.getByLabel("给谁用").fill("旺店通")
    await page.getByLabel("给谁用").press("Enter")
    await page.getByText("密钥只显示这一次").waitFor()
    expect(await text(page)).toMatch(/x-api-key: zs_[\w-]{40,}/)
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
    ).toBeLessThanOrEqual(0)
    await next(page)
    await page.waitForURL(/\/board/)
  })

  it("finds all of it under Settings, with who changed what", async () => {
    for (const [path, words] of [
      ["company", "300 港元"],
      ["shops", "青禾里旗舰店"],
      ["departments", "补货、催交、换供应商"],
      ["warehouses", "前要交件"],
      ["types", "收多少单"],
      ["keys", "旺店通"],
    ] as const) {
      await page.goto(`${server.base}/settings/${path}`)
      await page.getByText(words).filter({ visible: true }).first().waitFor()
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(over, `${path} is wider than the screen`).toBeLessThanOrEqual(0)
    }
    await page.goto(`${server.base}/settings/audit`)
    for (const words of ["改了公司信息", "改了店铺和渠道", "邀请了人", "生成了密钥", "走完了设置"])
      await page.getByText(words).filter({ visible: true }).first().waitFor()
  })

  it("goes on where it was left when the path is opened again, and skipping is kept", async () => {
    await page.goto(`${server.base}/setup/departments`)
    await heading(page, "谁负责什么？")
    await page.getByRole("button", { name: "跳过其余，去导入" }).click()
    await heading(page, "订单怎么进来？")
    expect(page.errors.filter((each) => !/401|429/.test(each))).toEqual([])
  })
})
