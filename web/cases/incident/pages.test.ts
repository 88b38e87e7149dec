import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { openPage } from "../../../src/testing/browser.ts"
import { type Company, openCompany } from "../../../src/testing/company.ts"

const hour = 3_600_000
const total = 30
let company: Company
let browser: Browser
let page: Page & { errors: string[] }
let base: string

beforeAll(async () => {
  company = await openCompany(told("paid", Date.now() - 24.2 * hour))
  ;({ browser, page, base } = company)
})
afterAll(() => company?.close())

/** One thing of every order. */
const told = (type: string, at: number): object[] =>
  Array.from({ length: total }, (_, i) => ({
    channel: "douyin",
    shop: "青禾里",
    orderNo: `69310488201574${100 + i}`,
    type,
    at: new Date(at).toISOString(),
    eventId: type,
    ...(type === "paid" ? { order: { items: [{ line: "1", sku: "QH-2041", name: "奶油风四件套" }] } } : {}),
  }))
/** Presses the one big button once it says this. */
async function next(says: string): Promise<void> {
  await page.locator(".case-right").getByRole("button", { name: says }).click()
  await page.locator(".ant-modal-title").getByText(says).waitFor()
}
const confirm = async () => {
  await page.locator(".ant-modal .ant-btn-primary").last().click()
  await page
    .locator(".ant-modal-wrap")
    .waitFor({ state: "detached" })
    .catch(async (error: Error) => {
      throw new Error(`${await page.locator(".ant-modal").last().textContent()}\n${error.message}`)
    })
}
/** Waits until an act has reached every case. */
const carried = (says: string) =>
  page
    .locator(".incident-act:not(.running)", { hasText: says })
    .getByText(`${total}/${total}`)
    .first()
    .waitFor()

it("thirty cases of one stock-out are chosen in the list and gathered under a name", async () => {
  await page.goto(`${base}/cases`)
  await page.getByText(`${total} 张`).waitFor()
  await page.getByLabel("全选").check()
  await page.getByRole("button", { name: "成群" }).click()
  await page.getByLabel("名字").fill("奶油风断货")
  await confirm()
  await page.waitForURL(/\/cases\/incidents\/I-1$/)
  await page.getByText("I-1 奶油风断货").first().waitFor()
  await carried("成群")
})

it("they are one row of the list, which unfolds to each of them and is chosen as all", async () => {
  await page.goto(`${base}/cases`)
  await page.locator(".vrow", { hasText: `${total} 张订单` }).waitFor()
  expect(await page.locator(".vrow").count()).toBe(1)
  await page.getByRole("button", { name: `${total} 单` }).click()
  await page.locator(".vrow").nth(5).waitFor()
  expect(await page.getByRole("table").getAttribute("aria-rowcount")).toBe(String(total + 1))
  await page.locator(".vrow").first().getByRole("checkbox").check()
  await page.getByText(`已选 ${total}`).waitFor()
  await page.locator(".vrow", { hasText: `${total} 张订单` }).click()
  await page.waitForURL(/\/cases\/incidents\/I-1$/)
})

it("they are assigned, analysed and given a date as one", async () => {
  await next("指派")
  await page.locator(".ant-modal").getByRole("combobox").first().click()
  await page.locator(".ant-select-item-option", { hasText: "断货" }).first().click()
  await confirm()
  await carried("指派")
  await next("写分析")
  await page.locator(".ant-modal textarea").fill("直播卖空以后还在接单，补货在路上")
  await confirm()
  await carried("写分析")
  await next("给日期")
  await page.locator(".ant-modal").getByRole("button", { name: "24 小时后" }).click()
  await page.locator(".ant-modal textarea").fill("南通补 240 件，到仓当天发")
  await confirm()
  await carried("给日期")
  await page.getByText(`${total} 条通知已按各自的语言写好`).waitFor()
})

it("a date can be taken back as one, and customers are told each their own message", async () => {
  await page.locator(".incident-act", { hasText: "给日期" }).getByRole("button", { name: "撤销" }).click()
  await page.locator(".incident-act.undone", { hasText: "给日期" }).waitFor()
  await carried("撤销")
  await next("给日期")
  await page.locator(".ant-modal").getByRole("button", { name: "48 小时后" }).click()
  await page.locator(".ant-modal textarea").fill("南通补 240 件，后天到")
  await confirm()
  await page.locator(".incident-act.done", { hasText: /^\d+:\d+给日期/ }).waitFor()
  await next("记为已告知客户")
  await page.locator(".ant-modal .case-bubble").getByText("奶油风四件套").waitFor()
  await confirm()
  await carried("记为已告知客户")
})

it("one goes its own way, and its case says so", async () => {
  await page.locator(".vrow input[type=checkbox]").first().check()
  await page.locator(".case-bulk").getByRole("button", { name: "不按群里的走" }).click()
  await page.locator(".ant-modal textarea").fill("客户要退款")
  await confirm()
  await page.locator(".incident-exception").waitFor()
  const number = (await page.locator(".incident-exception a").textContent())!.trim()
  await page.goto(`${base}/cases/${number}`)
  await page.getByText("不再按群体事件的走").waitFor()
  await page.getByRole("link", { name: /I-1 奶油风断货/ }).click()
  await page.waitForURL(/\/cases\/incidents\/I-1$/)
})

it("once the orders are shipped they are resolved, reported once and archived", async () => {
  await company.tell(told("shipped", Date.now()))
  await expect
    .poll(
      async () => {
        const answer = await page.request.get(`${base}/api/v1/cases?resolvable=true`)
        return ((await answer.json()) as { total: number }).total
      },
      { timeout: 120_000 },
    )
    .toBe(total)
  await next("结为已解决")
  await confirm()
  await page.locator(".incident-act.done", { hasText: "结为已解决" }).waitFor()
  const fields = {
    cause: "stock_out",
    causeEvidence: [{ signal: null, text: "盘点为零", agreed: true }],
    causeReason: "现场核对过。",
    result: "shipped",
    rootCause: "直播时库存没有及时扣减，卖空以后还在接单，没有人盯这一步。",
    whatHappened: "直播卖空以后还在接单，补货第二天到仓，当天按付款先后发完。",
    gaps: "夜里没有人上班。",
    told: "before_asking",
    leftOver: "无",
    repeat: "single",
    prevention: [],
    preventionNone: "安全库存已经提高。",
    customerEffect: "客户收到得比承诺晚，没有投诉。",
  }
  const kept = await page.request.put(`${base}/api/v1/cases/I-1/report`, { data: { fields } })
  expect(kept.status()).toBe(200)
  await page.locator(".case-right").getByRole("button", { name: "写报告" }).click()
  await page.waitForURL(/\/report\/I-1$/)
  await page.getByRole("button", { name: "交报告" }).click()
  await page.getByRole("button", { name: "归档" }).click()
  await page.getByRole("link", { name: "群体事件" }).click()
  await page.waitForURL(/\/cases\/incidents\/I-1$/)
  await page.getByText("报告已归档，没有人再欠什么。").waitFor()
  await page.goto(`${base}/cases/incidents?state=archived`)
  await page.locator(".vrow", { hasText: "I-1" }).getByText("已归档").first().waitFor()
  expect(page.errors.filter((each) => !each.includes("401"))).toEqual([])
})

it("the pages fit a phone in three languages", async () => {
  const phone = await openPage(browser, "about:blank", { screen: "phone" })
  await phone.context().addCookies(await page.context().cookies())
  await phone.goto(base)
  for (const language of ["zh-Hans", "zh-Hant", "en"]) {
    await phone.evaluate((each) => localStorage.setItem("zhunshi.language", each), language)
    for (const path of ["/cases/incidents?state=archived", "/cases/incidents/I-1"]) {
      await phone.goto(base + path)
      await phone.getByText("I-1").first().waitFor()
      expect(await phone.textContent("body"), `${language} ${path}`).not.toMatch(/\bincident\.[a-z]+/)
      const over = await phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(over, `${language} ${path} is wider than the phone`).toBeLessThanOrEqual(0)
    }
  }
  await phone.context().close()
})
