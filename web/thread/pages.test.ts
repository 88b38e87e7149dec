import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { shelfPicture } from "../../src/demo/picture.ts"
import { record } from "../../src/engine/record.ts"
import { openBrowser, openPage } from "../../src/testing/browser.ts"
import { type Demo, openDemo } from "../../src/testing/demo.ts"

let demo: Demo
let browser: Browser
let number: string

beforeAll(async () => {
  demo = await openDemo({ days: 2, size: 0.2 })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

type Opened = Page & { errors: string[] }

async function enter(name: string, path: string): Promise<Opened> {
  const page = await openPage(browser, `${demo.url}/sign-in`)
  await demo.enter(page, name)
  await page.goto(demo.url + path)
  return page
}

const late = { channel: "douyin", shop: "青禾里", orderNo: "6900000000000000001" }
/** Tells an order that is late, so that there is a case whatever chance gave the sample company; telling it twice is telling it once. */
const breach = () =>
  record(demo.running.world, [
    {
      key: late,
      event: {
        type: "paid",
        at: paidAt,
        source: "erp",
        eventId: "p",
        order: { items: [{ line: "1", sku: "R-1" }] },
      },
    },
  ])
const paidAt = Date.now() - 50 * 3_600_000

// Three browsers beside an engine on a busy machine: a walk is taken once more before it counts as lost.
const walk = { retry: 1 }

it(
  "a case's thread takes a file and names somebody; a question that nobody answers goes on to the head, who answers it",
  walk,
  async () => {
    const page = await enter("林越", "/cases")
    await breach()
    const cases = async () =>
      (
        (await (
          await page.request.get(`${demo.url}/api/v1/cases?state=unarchived&limit=1&q=${late.orderNo}`)
        ).json()) as { items: { number: string }[] }
      ).items
    await expect.poll(async () => (await cases()).length, { timeout: 60_000 }).toBe(1)
    number = (await cases())[0]!.number
    await page.goto(`${demo.url}/cases/${number}`)
    const thread = page.locator(".thread")
    await thread.locator("input[type=file]").first().setInputFiles({
      name: "货架.png",
      mimeType: "image/png",
      buffer: shelfPicture(),
    })
    await thread.locator(".thread-files img").waitFor()
    await thread.locator(".thread-compose textarea").first().fill("@何舟 看下货架")
    await thread.locator(".thread-compose").getByRole("button", { name: "发送", exact: true }).click()
    const picture = thread.locator(".thread-pictures img").last()
    await picture.waitFor()
    await expect.poll(() => picture.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(480)
    await thread
      .locator("input[type=file]")
      .first()
      .setInputFiles({
        name: "页面.png",
        mimeType: "image/png",
        buffer: Buffer.from("<html></html>"),
      })
    await thread.getByText("只能附图片和 PDF").waitFor()
    await thread.locator(".thread-files .icon-button").click()

    await thread.locator(".thread-compose").getByRole("button", { name: "求助", exact: true }).click()
    await thread.locator(".thread-whom").click()
    await page.locator(".ant-select-item-option").getByText("采购", { exact: true }).first().click()
    const question = `能调 36 件吗？（${Date.now()}）`
    await thread.locator(".thread-compose textarea").first().fill(question)
    await thread.getByRole("button", { name: "发出求助" }).click()
    const { db, changed } = demo.running.world
    const asked = () => db.pool.query("select from help_requests where text = $1", [question])
    await expect.poll(async () => (await asked()).rowCount).toBe(1)
    // Two hours pass.
    await db.pool.query(
      `update help_requests set at = at - interval '2 hours', due_at = due_at - interval '2 hours', escalates_at = escalates_at - interval '2 hours'
     where text = $1`,
      [question],
    )
    await db.pool.query(
      "update duties d set next_at = now() from help_requests h where h.id = d.id and h.text = $1",
      [question],
    )
    changed({ nextAt: 0 })
    await thread
      .getByText(/转给 何舟/)
      .last()
      .waitFor({ timeout: 60_000 })
    await thread
      .getByText(/没有答复，记为超时/)
      .last()
      .waitFor()
    // The browser itself writes down that a file was refused.
    expect(page.errors.filter((each) => !each.includes("415"))).toEqual([])

    const head = await enter("何舟", "/work")
    await head.getByText(question).first().waitFor()
    await head.goto(`${demo.url}/cases/${number}`)
    await head.getByPlaceholder("写答复").last().fill("能，明早到。")
    await head.locator(".thread-answer").last().getByRole("button").click()
    await head
      .getByText(/答复晚了/)
      .last()
      .waitFor()
    expect(head.errors).toEqual([])
  },
)

it("a partner is asked from the case, its answer noted, and its page gives it a link", walk, async () => {
  const page = await enter("陈露", `/cases/${number}`)
  await page.locator(".requests").getByRole("button", { name: "找合作方办" }).click()
  const dialog = page.locator(".ant-modal")
  await dialog.locator(".ant-select").first().click()
  await page
    .locator(".ant-select-item-option")
    .getByText(/中通快递/)
    .first()
    .click()
  await dialog.getByText("打电话，记下来").click()
  await dialog.locator("textarea").first().fill("这件到哪里了？")
  await dialog.getByRole("button", { name: "记下这通电话" }).click()
  const request = page.locator(".request").filter({ hasText: "这件到哪里了？" })
  await request.getByText("记下答复").click()
  await request.locator("textarea").first().fill("明天到。")
  await request.getByRole("button", { name: "记下", exact: true }).click()
  await request.getByText("按时答复").waitFor()
  expect(page.errors).toEqual([])

  const operations = await enter("林越", "/partners")
  await operations.getByText("金华云仓").first().click()
  await operations.getByRole("button", { name: "发一个链接" }).click()
  const address = (await operations.locator(".partners-made code").textContent())!
  const guest = await openPage(browser, address)
  await guest.getByText("金华云仓").first().waitFor()
  await guest
    .getByText(/单要发|都发完了/)
    .first()
    .waitFor()
  await operations.reload()
  await operations.getByText("金华云仓").first().click()
  await operations
    .locator(".partners-link")
    .getByText(/打开过/)
    .first()
    .waitFor()
  expect(operations.errors).toEqual([])
})
