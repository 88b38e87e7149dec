import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { noticesSchema, renderNotice } from "./notices.ts"
import { languages } from "./words.ts"

const content = noticesSchema.parse(
  JSON.parse(readFileSync(new URL("../../content/notices.json", import.meta.url), "utf8")),
)
const values = {
  shop: "青禾里旗舰店",
  goods: "奶油风四件套",
  orderTail: "743125",
  promiseDate: "3月11日 20:14",
  newDate: "3月12日 18:00",
  reason: "货从另一个仓库运来，路上耽搁了。",
  agent: "陈露",
}

it("a delay is told in the customer's words, by every channel", () => {
  const { texts, missing, tooLong, caution } = renderNotice(content, "delay_new_date", values, "zh-Hans")
  expect(texts.chat).toBe(
    "您好，您订的奶油风四件套要晚一点寄出。货从另一个仓库运来，路上耽搁了。现在定在 3月12日 18:00 前发出，抱歉让您久等。不方便等的话，回我一声，换款、退款都可以。",
  )
  expect(texts.sms).not.toContain("{")
  expect(texts.email.body).not.toMatch(/链接|\{|进度页/)
  expect([missing, tooLong, caution?.["zh-Hans"]]).toEqual([[], [], "期限没变，只是先告诉。要改期限走协商。"])
})

it("what has no value is named, and only names of goods are cut", () => {
  const { missing } = renderNotice(content, "shipped", { goods: "x" }, "zh-Hans")
  expect(missing).toEqual(["carrier", "trackingNo", "orderTail", "shop"])
  const long = renderNotice(
    content,
    "delay_new_date",
    { ...values, goods: "名".repeat(60), newDate: "二〇二六年三月十二日晚上六点整之前" },
    "zh-Hans",
  )
  expect(long.texts.chat).toContain(`${"名".repeat(23)}…`)
  expect(long.texts.chat).toContain("二〇二六年三月十二日晚上六点整之前")
})

it("every message fits its channels in Chinese with every variable at its greatest length", () => {
  const longest = Object.fromEntries(
    content.variables.map(({ code, maxLength }) => [code, "字".repeat(maxLength)]),
  )
  for (const { code } of content.notices)
    for (const language of ["zh-Hans", "zh-Hant"] as const)
      expect([code, language, renderNotice(content, code, longest, language).tooLong]).toEqual([
        code,
        language,
        [],
      ])
})

it("every message names only variables that there are, the same in every language", () => {
  const known = new Set(content.variables.map(({ code }) => code))
  const named = (text: string) =>
    [...new Set([...text.matchAll(/\{([a-zA-Z]+)\}/g)].map(([, name]) => name!))].sort()
  for (const notice of content.notices)
    for (const words of [notice.chat, notice.sms, notice.portal, notice.email.subject, notice.email.body])
      for (const language of languages) {
        expect(named(words[language]).filter((name) => !known.has(name))).toEqual([])
        expect([notice.code, named(words[language])]).toEqual([notice.code, named(words["zh-Hans"])])
      }
})

it("no message blames anybody or says 超时", () => {
  for (const { chat, sms, portal, email } of content.notices)
    for (const words of [chat, sms, portal, email.subject, email.body])
      expect(words["zh-Hans"]).not.toMatch(/超时|责任部门|仓库同事/)
})
