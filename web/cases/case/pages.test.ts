import { afterAll, beforeAll, expect, it } from "vitest"
import { type Company, openCompany } from "../../../src/testing/company.ts"

const hour = 3_600_000
const order = { channel: "douyin", shop: "青禾里", orderNo: "6931048820157499" }
let company: Company

beforeAll(async () => {
  const at = (hours: number) => new Date(Date.now() - hours * hour).toISOString()
  const items = [{ line: "1", sku: "QH-2041", name: "奶油风四件套" }]
  company = await openCompany([
    { ...order, type: "paid", at: at(24.2), eventId: "paid", order: { items } },
    { ...order, type: "held", at: at(24.1), eventId: "held", reason: "platform", hold: "h1" },
    { ...order, type: "released", at: at(24.09), eventId: "released", hold: "h1" },
  ])
})
afterAll(() => company?.close())

it("a case is walked by its pages alone, from its opening to its archived report", async () => {
  const { page, base } = company
  const modal = page.locator(".ant-modal")
  const press = async (says: string) => {
    await page.locator(".case-right").getByRole("button", { name: says }).first().click()
    await modal.waitFor()
  }
  const confirm = async () => {
    await modal.locator(".ant-btn-primary").last().click()
    await page.locator(".ant-modal-wrap").waitFor({ state: "detached" })
  }
  await page.goto(`${base}/cases`)
  await page.locator(".vrow").first().click()
  await page.waitForURL(/\/cases\/C-/)
  const number = new URL(page.url()).pathname.split("/").at(-1)!

  await press("指派")
  await modal.getByRole("combobox").first().click()
  await page.locator(".ant-select-item-option", { hasText: "断货" }).first().click()
  await confirm()
  await press("写分析")
  await modal.locator("textarea").fill("直播卖空以后还在接单，补货在路上")
  await confirm()
  await press("写方案")
  await modal.getByRole("button", { name: "24 小时后" }).click()
  await modal.locator("textarea").fill("南通补 240 件，到仓当天发")
  await confirm()
  await press("记为已告知客户")
  await expect.poll(() => modal.locator("textarea").inputValue()).toContain("奶油风四件套")
  await confirm()

  await company.tell([{ ...order, type: "shipped", at: new Date().toISOString(), eventId: "shipped" }])
  await page.getByText("可以结为已解决").first().waitFor()
  await press("结为已解决")
  await confirm()
  await page.locator(".case-right").getByRole("button", { name: "写报告" }).click()
  await page.waitForURL(/\/report\/C-/)

  // Every gap that the page names can be filled on it.
  const fill = async (label: string, text: string) => page.getByLabel(label).first().fill(text)
  await page.getByPlaceholder("补一条看不到的证据").fill("盘点为零")
  await page.getByPlaceholder("补一条看不到的证据").press("Enter")
  const submit = page.getByRole("button", { name: /^交报告/ })
  await submit.waitFor()
  for (const [label, text] of [
    ["为什么改原因", "仓库盘点为零，不是平台审核。"],
    ["根本原因", "直播时库存没有及时扣减，卖空以后还在接单，没有人盯这一步。"],
    ["一句话经过", "直播卖空以后还在接单，补货第二天到仓，当天按付款先后发完。"],
    ["对客户的影响", "客户收到得比承诺晚，没有投诉。"],
    ["还没完的事", "无"],
    ["不用防范的理由", "安全库存已经提高，卖空自动停售。"],
  ] as const)
    if ((await page.getByLabel(label).count()) > 0) await fill(label, text)
  await page.getByText("单个情况").click()
  await expect.poll(() => submit.isEnabled(), { timeout: 20_000 }).toBe(true)
  await submit.click()
  await page.getByRole("button", { name: "归档" }).click()
  await expect
    .poll(
      async () =>
        ((await (await page.request.get(`${base}/api/v1/cases/${number}`)).json()) as { state: string })
          .state,
    )
    .toBe("archived")
  expect(page.errors.filter((each) => !each.includes("401"))).toEqual([])
})
