import { describe, expect, it } from "vitest"
import { inWords, judged } from "../testing/week.ts"

describe("an order of several lines", () => {
  const order = { items: [{ line: "shirt" }, { line: "hat" }, { line: "sticker", kind: "gift" }] }
  it.each([
    [
      "paid Mon 10:00 · shipped shirt Tue 09:00",
      "Tue 09:30",
      "paid",
      "prepare near, due Tue 10:00; ship running, due Wed 10:00",
    ],
    [
      "paid Mon 10:00 · shipped shirt Tue 09:00 · shipped hat Tue 09:30",
      "Wed 09:30",
      "shipped",
      "prepare met by shipped; ship met by shipped",
    ],
    [
      "paid Mon 10:00 · shipped shirt Tue 09:00 · refunded hat Wed 12:00",
      "Wed 13:00",
      "shipped",
      "prepare late by refunded; ship late by refunded",
    ],
    [
      "paid Mon 10:00 · refunded hat Tue 08:00 · shipped shirt Tue 09:00",
      "Wed 13:00",
      "shipped",
      "prepare met by shipped; ship met by shipped",
    ],
    [
      "paid Mon 10:00 · refunded hat Tue 08:00 · cancelled shirt Tue 09:00",
      "Wed 13:00",
      "cancelled",
      "prepare cancelled; ship cancelled",
    ],
    [
      "paid Mon 10:00 · shipped Tue 09:00",
      "Wed 13:00",
      "shipped",
      "prepare met by shipped; ship met by shipped",
    ],
  ])("%s, seen on %s: is %s; %s", (told, at, stage, expected) => {
    const answer = judged(told, at, { order })
    expect([answer.stage, inWords(answer)]).toEqual([stage, expected])
  })

  it("a line that nobody ordered is told", () => {
    expect(judged("paid Mon 10:00 · shipped sock Tue 09:00", "Tue 12:00", { order }).anomalies).toEqual([
      "unknown_line",
    ])
  })
})
