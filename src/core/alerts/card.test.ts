import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { languages } from "../words.ts"
import { type Card, type CardTemplate, fillLine, makeCard } from "./card.ts"
import { isUrgent, quietUntil } from "./quiet.ts"
import { maskAddress, nextPostAt, postsLeft, readAnswer, robotBody, type Verdict } from "./robots.ts"

const content = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../content/alerts.json"), "utf8"),
) as {
  alerts: CardTemplate[]
  maxLines: number
  variables: { code: string; example: Record<string, string> }[]
}
const example = (language: string) =>
  Object.fromEntries(content.variables.map(({ code, example }) => [code, example[language]!]))
const near = content.alerts.find(({ code }) => code === "near")!

describe("a card", () => {
  it("leaves out a line whose value is empty, and of a line with several only the part", () => {
    expect(fillLine("涉及 {atRisk}", {})).toBeNull()
    expect(fillLine("涉及 {atRisk}", { atRisk: "" })).toBeNull()
    expect(fillLine("{warehouse} · {shop}", { shop: "抖音 青禾里" })).toBe("抖音 青禾里")
    expect(fillLine("最早 {firstDue}，最急 {worst}", { firstDue: "今天 16:30" })).toBe("最早 今天 16:30")
    expect(fillLine("接手就不再升级，{escalateIn} 分钟没人接转负责人", {})).toBeNull()
    expect(fillLine("先做：能今天发的先发", {})).toBe("先做：能今天发的先发")
  })

  it("says what it was made of in each language, and its link is a button", () => {
    for (const language of languages) {
      const card = makeCard(near, example(language), { open: "https://zs/o", take: "https://zs/t" }, language)
      expect(card.title).toContain("86")
      expect(card.lines.join()).not.toContain("{")
      expect(card.lines.join()).not.toContain("http")
      expect(card.open).toEqual({ says: expect.not.stringMatching(/[:：]$/), url: "https://zs/o" })
      expect(card.take?.url).toBe("https://zs/t")
    }
  })

  it("counts nothing in English that would have to be one thing or several", () => {
    for (const { code, card, phone } of content.alerts.filter((each) => each.code !== "gathered"))
      expect([...card.en, phone.en].join("\n"), code).not.toMatch(/\{(count|opened|parcels)\} [a-z]+s\b/)
  })

  it("of every kind fits its variables, its lines and the one line for a phone, in every language", () => {
    const known = new Set(content.variables.map(({ code }) => code))
    for (const template of content.alerts)
      for (const language of languages) {
        const text = [...template.card[language], template.phone[language]].join()
        const names = [...text.matchAll(/\{([a-zA-Z]+)\}/g)].map(([, name]) => name!)
        expect(
          names.filter((name) => !known.has(name)),
          template.code,
        ).toEqual([])
        expect(template.card[language].length).toBeLessThanOrEqual(content.maxLines)
        const card = makeCard(template, example(language), { open: "https://zs/o" }, language)
        expect(`${card.title}${card.lines}${card.phone}`, template.code).not.toContain("{")
        expect(card.open, template.code).not.toBeNull()
      }
  })
})

const card: Card = makeCard(
  near,
  example("zh-Hans"),
  { open: "https://zs/o", take: "https://zs/t" },
  "zh-Hans",
)

describe("what is posted", () => {
  it("fits what the platform takes, however long a name is", () => {
    const long = { ...card, lines: Array.from({ length: 12 }, () => "很长的店铺名字".repeat(60)) }
    for (const [kind, most] of [
      ["wecom", 4_096],
      ["dingtalk", 20_000],
      ["feishu", 20_480],
    ] as const)
      expect(Buffer.byteLength(JSON.stringify(robotBody(kind, long, null))), kind).toBeLessThanOrEqual(most)
  })

  it("holds the word that the group asks for", () => {
    for (const kind of ["wecom", "dingtalk", "feishu"] as const) {
      expect(JSON.stringify(robotBody(kind, card, "暗号"))).toContain("暗号")
      expect(JSON.stringify(robotBody(kind, card, "快到期")).match(/快到期/g)!.length).toBeLessThanOrEqual(2)
    }
  })

  it("never lets a name from outside become a link or a mark", () => {
    const evil = { ...card, lines: ['[点我](https://evil.example) <at user_id="all"></at> **x**'] }
    const wecom = robotBody("wecom", evil, null) as { markdown: { content: string } }
    expect(wecom.markdown.content).not.toContain("](https://evil")
    expect(wecom.markdown.content).not.toContain("<at")
    const feishu = JSON.stringify(robotBody("feishu", evil, null))
    expect(feishu).toContain('"tag":"plain_text"')
  })
})

describe("what a platform answers", () => {
  const table: [
    kind: "wecom" | "dingtalk" | "feishu",
    status: number,
    body: object | null,
    expected: Partial<Verdict>,
  ][] = [
    ["wecom", 200, { errcode: 0, errmsg: "ok" }, { how: "sent" }],
    ["wecom", 200, { errcode: 45009, errmsg: "api freq out of limit" }, { how: "busy" }],
    ["wecom", 200, { errcode: 93000, errmsg: "invalid webhook url" }, { how: "refused", why: "gone" }],
    ["dingtalk", 200, { errcode: 0 }, { how: "sent" }],
    ["dingtalk", 200, { errcode: 310000, errmsg: "sign not match" }, { how: "refused", why: "sign" }],
    [
      "dingtalk",
      200,
      { errcode: 310000, errmsg: "keywords not in content" },
      { how: "refused", why: "keyword" },
    ],
    [
      "dingtalk",
      200,
      { errcode: 310000, errmsg: "ip 1.2.3.4 not in whitelist" },
      { how: "refused", why: "address" },
    ],
    ["dingtalk", 200, { errcode: 410100, errmsg: "发送速度太快而限流" }, { how: "busy", restMs: 600_000 }],
    ["dingtalk", 200, { errcode: 300001, errmsg: "token is not exist" }, { how: "refused", why: "gone" }],
    ["feishu", 200, { StatusCode: 0, StatusMessage: "success", code: 0 }, { how: "sent" }],
    [
      "feishu",
      200,
      { code: 19021, msg: "sign match fail or timestamp is not within one hour" },
      { how: "refused", why: "sign" },
    ],
    ["feishu", 200, { code: 19024, msg: "Key Words Not Found" }, { how: "refused", why: "keyword" }],
    ["feishu", 200, { code: 11232, msg: "frequency limited" }, { how: "busy" }],
    ["feishu", 400, { code: 9499, msg: "too many request" }, { how: "busy" }],
    ["feishu", 400, { code: 9499, msg: "Bad Request" }, { how: "refused", why: "form" }],
    ["feishu", 429, null, { how: "busy" }],
    ["wecom", 502, null, { how: "again", why: "stumbled" }],
    ["dingtalk", 200, { errcode: -1, errmsg: "system busy" }, { how: "again", why: "stumbled" }],
  ]
  it.each(table)("%s %i %j → %j", (kind, status, body, expected) => {
    expect(readAnswer(kind, status, body as Record<string, unknown> | null)).toMatchObject(expected)
  })
})

it("a robot never posts more than its platform takes within any minute or second, whatever it is asked for", () => {
  for (const [kind, most, withinMs] of [
    ["wecom", 20, 60_000],
    ["dingtalk", 20, 60_000],
    ["feishu", 100, 60_000],
    ["feishu", 5, 1_000],
  ] as const) {
    const posts: number[] = []
    let at = 1_000_000
    for (let i = 0; i < 400; i++) {
      at = nextPostAt(kind, posts, at)
      posts.push(at)
      at += i % 7 === 0 ? 40 : 0
    }
    for (const from of posts)
      expect(posts.filter((each) => each >= from && each < from + withinMs).length, kind).toBeLessThanOrEqual(
        most,
      )
    expect(postsLeft(kind, [], at)).toBe(kind === "feishu" ? 100 : 20)
  }
})

it("an address is shown by its host and the beginning of its key", () => {
  expect(maskAddress("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/9f2c1a77-aaaa-bbbb")).toBe(
    "open.feishu.cn/…/hook/9f2c…",
  )
  expect(maskAddress("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx")).toBe(
    "qyapi.weixin.qq.com/…/send/693a…",
  )
  expect(maskAddress("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=abcdef012345")).toBe(
    "oapi.dingtalk.com/…/send/abcd…",
  )
})

describe("quiet hours", () => {
  const zone = "Asia/Shanghai"
  const at = (time: string) => Date.parse(`2026-11-26T${time}:30+08:00`)
  const end = (time: string, day = 26) => Date.parse(`2026-11-${day}T${time}:00+08:00`)
  it.each([
    ["22:00", "07:00", "21:59", null],
    ["22:00", "07:00", "22:00", end("07:00", 27)],
    ["22:00", "07:00", "03:10", end("07:00")],
    ["22:00", "07:00", "07:00", null],
    ["12:00", "14:00", "13:00", end("14:00")],
    ["12:00", "14:00", "15:00", null],
    ["08:00", "08:00", "09:00", null],
  ])("from %s to %s at %s", (from, to, time, expected) => {
    expect(quietUntil({ from, to }, at(time), zone)).toBe(expected)
  })

  it.each([
    ["2026-10-31T23:00:00-04:00", "2026-11-01T07:00:00-05:00"],
    ["2027-03-13T23:00:00-05:00", "2027-03-14T07:00:00-04:00"],
  ])(
    "from %s in New York end when its clocks say 07:00, also where they change that night",
    (time, expected) => {
      const until = quietUntil({ from: "22:00", to: "07:00" }, Date.parse(time), "America/New_York")
      expect(until).toBe(Date.parse(expected))
    },
  )

  it("let pass what is over, what nobody took, and what is due within ten minutes", () => {
    expect(isUrgent("over", null, 0)).toBe(true)
    expect(isUrgent("escalated", null, 0)).toBe(true)
    expect(isUrgent("near", 600_000, 0)).toBe(true)
    expect(isUrgent("near", 600_001, 0)).toBe(false)
    expect(isUrgent("morning_digest", null, 0)).toBe(false)
  })
})
