import { describe, expect, it } from "vitest"
import { inWords, judged, on } from "../testing/week.ts"
import { defaultPolicy } from "./policy.ts"
import type { ChannelSettings } from "./settings.ts"

describe("an ordinary order under the regulation's own policy", () => {
  it.each([
    ["paid Mon 10:00", "Mon 10:00", "prepare running, due Tue 10:00; ship running, due Wed 10:00"],
    ["paid Mon 10:00", "Mon 22:00", "prepare running, due Tue 10:00; ship running, due Wed 10:00"],
    ["paid Mon 10:00", "Tue 08:00", "prepare near, due Tue 10:00; ship running, due Wed 10:00"],
    ["paid Mon 10:00", "Tue 10:00", "prepare near, due Tue 10:00; ship running, due Wed 10:00"],
    ["paid Mon 10:00", "Tue 10:00:00.001", "prepare over since Tue 10:00; ship running, due Wed 10:00"],
    ["paid Mon 10:00 · prepared Tue 10:00", "Wed 07:00", "prepare met by prepared; ship near, due Wed 10:00"],
    [
      "paid Mon 10:00 · prepared Tue 10:00:00.001",
      "Wed 07:00",
      "prepare late by prepared; ship near, due Wed 10:00",
    ],
    ["paid Mon 10:00 · shipped Wed 10:00", "Wed 10:00", "prepare late by shipped; ship met by shipped"],
    [
      "paid Mon 10:00 · shipped Wed 10:00:00.001",
      "Wed 11:00",
      "prepare late by shipped; ship late by shipped",
    ],
    ["paid Mon 10:00 · delivered Tue 09:00", "Wed 11:00", "prepare met by delivered; ship met by delivered"],
    ["paid Mon 10:00 · cancelled Tue 09:00", "Fri 10:00", "prepare cancelled; ship cancelled"],
    ["paid Mon 10:00 · refunded Tue 12:00", "Fri 10:00", "prepare late; ship cancelled"],
    ["created Mon 09:00", "Fri 10:00", ""],
  ])("%s, seen on %s", (told, at, expected) => expect(inWords(judged(told, at))).toBe(expected))
})

describe("three deadlines beside each other", () => {
  const order = { promisedShipAt: on("Wed 08:00") }
  it.each([
    [
      "paid Mon 10:00",
      "Mon 12:00",
      "prepare running, due Tue 10:00; ship running, due Wed 10:00; promise running, due Wed 08:00",
      "prepare",
    ],
    [
      "paid Mon 10:00 · prepared Tue 09:00",
      "Tue 12:00",
      "prepare met by prepared; ship running, due Wed 10:00; promise running, due Wed 08:00",
      "promise",
    ],
    [
      "paid Mon 10:00 · prepared Tue 09:00",
      "Wed 09:00",
      "prepare met by prepared; ship near, due Wed 10:00; promise over since Wed 08:00",
      "ship",
    ],
    [
      "paid Mon 10:00 · prepared Tue 09:00",
      "Wed 11:00",
      "prepare met by prepared; ship over since Wed 10:00; promise over since Wed 08:00",
      "promise",
    ],
    [
      "paid Mon 10:00 · prepared Tue 09:00 · agreed Fri 10:00 Wed 11:00",
      "Wed 12:00",
      "prepare met by prepared; ship over since Wed 10:00; promise over since Wed 08:00; agreed 1 running, due Fri 10:00",
      "agreed",
    ],
    [
      "paid Mon 10:00 · prepared Tue 09:00 · agreed Thu 10:00 Wed 11:00 · agreed Sat 10:00 Thu 12:00",
      "Thu 13:00",
      "prepare met by prepared; ship over since Wed 10:00; promise over since Wed 08:00; agreed 1 late; agreed 2 running, due Sat 10:00",
      "agreed",
    ],
    [
      "paid Mon 10:00 · shipped Tue 09:00",
      "Wed 11:00",
      "prepare met by shipped; ship met by shipped; promise met by shipped",
      "nothing",
    ],
  ])("%s, seen on %s: %s; to act on: %s", (told, at, expected, binding) => {
    const answer = judged(told, at, { order })
    expect(inWords(answer)).toBe(expected)
    const bound = answer.binding === null ? null : answer.clocks[answer.binding]!
    expect(
      bound === null
        ? "nothing"
        : bound.basis === "company"
          ? bound.kind
          : bound.basis === "platform"
            ? "promise"
            : "agreed",
    ).toBe(binding)
  })

  it("the agreed date takes the company's place where the policy says so", () => {
    const policies = [{ ...defaultPolicy, agreedReplaces: true }]
    expect(inWords(judged("paid Mon 10:00 · agreed Fri 10:00 Tue 09:00", "Tue 12:00", { policies }))).toBe(
      "prepare replaced; ship replaced; agreed 1 running, due Fri 10:00",
    )
  })

  it("on Douyin the platform waits for the carrier's scan", () => {
    const channel = { platformStop: "collected" } as const
    expect(inWords(judged("paid Mon 10:00 · shipped Tue 09:00", "Wed 09:00", { order, channel }))).toBe(
      "prepare met by shipped; ship met by shipped; promise over since Wed 08:00",
    )
  })
})

describe("an order known from files only", () => {
  const channel: ChannelSettings = { mode: "batch", graceMs: 24 * 3_600_000 }
  it.each([
    ["paid Mon 10:00", "Tue 11:00", "prepare over since Tue 10:00, unconfirmed; ship running, due Wed 10:00"],
    ["paid Mon 10:00", "Wed 10:00", "prepare over since Tue 10:00, unconfirmed; ship near, due Wed 10:00"],
    [
      "paid Mon 10:00",
      "Wed 10:00:00.001",
      "prepare over since Tue 10:00; ship over since Wed 10:00, unconfirmed",
    ],
    [
      "paid Mon 10:00 · held warehouse Tue 10:00:00.001",
      "Tue 11:00",
      "prepare over since Tue 10:00; ship running, due Wed 10:00",
    ],
  ])("%s, seen on %s: %s", (told, at, expected) =>
    expect(inWords(judged(told, at, { channel }))).toBe(expected),
  )

  it("a step that the channel never tells of is shown and marked", () => {
    expect(inWords(judged("paid Mon 10:00", "Mon 12:00", { channel: { facts: ["paid", "shipped"] } }))).toBe(
      "prepare running, due Tue 10:00 (unobserved); ship running, due Wed 10:00",
    )
  })
})

describe("what is not watched", () => {
  it.each([
    ["补差价专用链接", {}, "virtual", false],
    ["羊毛大衣", {}, null, true],
    ["补差价专用链接", { type: "normal" }, null, true],
    ["羊毛大衣", { type: "virtual" }, null, false],
  ])("%s %j", (name, stated, type, watched) => {
    const answer = judged("paid Mon 10:00", "Mon 12:00", {
      order: { ...stated, items: [{ sku: "x", name }] },
    })
    expect([answer.type, answer.watched]).toEqual([type, watched])
    expect(answer.clocks.length).toBe(watched ? 2 : 0)
  })
})
