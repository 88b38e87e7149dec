import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { openPage } from "../../../src/testing/browser.ts"
import { type Company, openCompany } from "../../../src/testing/company.ts"
import { openReceiver, type Receiver } from "../../../src/testing/receiver.ts"

const hour = 3_600_000
let company: Company
let browser: Browser
let page: Page & { errors: string[] }
let group: Receiver
let base: string

beforeAll(async () => {
  group = await openReceiver({ kind: "feishu", secret: "sign me", now: Date.now })
  company = await openCompany([], { ZHUNSHI_ALERT_HOSTS: "127.0.0.1" })
  ;({ browser, page, base } = company)
})
afterAll(async () => {
  await company?.close()
  await group?.close()
})

it("the first robot is added on the page, and its test card arrives in the group", async () => {
  await page.goto(`${base}/settings/alerts`)
  await page.getByRole("button", { name: "加机器人" }).last().click()
  await page.getByLabel("群的名字").fill("运营群")
  await page.getByLabel("机器人地址").fill(group.url)
  await page.getByLabel("加签密钥").fill("sign me")
  await page.getByLabel("给哪个部门").click()
  await page.locator('.ant-select-item-option[title="运营"]').click()
  await page.getByRole("button", { name: "保存并发一张试试" }).click()
  await expect.poll(() => group.got.length, { timeout: 120_000, interval: 250 }).toBe(1)
  expect(group.got[0]!.text).toContain("准时试发一张 · 运营群")
  await page.locator(".robot-panel").waitFor()
  expect(await page.textContent("body")).not.toContain("sign me")
})

it("a warning reaches the group by itself; its link opens these rows on the phone and one tap takes it", async () => {
  const events = Array.from({ length: 7 }, (_, i) => ({
    channel: "douyin",
    shop: "青禾里",
    orderNo: `69310488201574${100 + i}`,
    type: "paid",
    at: new Date(Date.now() - 23.8 * hour).toISOString(),
    eventId: "paid",
    order: { receiver: { name: "王小明", phone: "13800001234" }, items: [{ line: "1", name: "乳胶枕" }] },
  }))
  expect(await company.tell(events)).toMatchObject({ accepted: 7 })
  await expect.poll(() => group.got.length, { timeout: 120_000, interval: 250 }).toBeGreaterThan(1)
  const { text, body } = group.got[1]!
  expect(text).toContain("7 单快到期 · 备货，公司")
  expect(JSON.stringify(body)).not.toMatch(/王小明|13800001234/)
  const link = /\S+\/orders\?alert=\S+take=1/.exec(text)![0]

  const phone = await openPage(browser, "about:blank", { screen: "phone" })
  phone.setDefaultTimeout(120_000)
  await phone.context().addCookies(await page.context().cookies())
  await phone.goto(link)
  await phone.getByText("卡上说的就是下面这 7 单").waitFor()
  await phone.getByText("你接了").waitFor()
  expect(await phone.locator(".vrow").count()).toBe(7)
  expect(phone.url()).not.toContain("take=1")
  expect(phone.errors).toEqual([])
  await phone.context().close()
})

it("the bell shows what came, and is quiet once it is read", async () => {
  await page.goto(`${base}/warnings`)
  await page.getByText("你接了").waitFor()
  await page.locator(".bell sup").waitFor()
  await page.locator(".bell").click()
  await page.locator(".notices").getByText("7 单快到期").waitFor()
  await page.getByRole("button", { name: "全部已读" }).click()
  await page.locator(".bell sup").waitFor({ state: "detached" })
  expect(page.errors).toEqual([])
})
