import { describe, expect, it } from "vitest"
import { inWords, judged, on } from "../testing/week.ts"

describe("a presale order", () => {
  const order = { type: "presale", presaleShipBy: on("Fri 10:00") }
  it.each([
    ["paid Mon 10:00", "Mon 12:00", "ship running, due Fri 10:00", ""],
    ["paid Mon 10:00", "Fri 07:00", "ship near, due Fri 10:00", ""],
    [
      "paid Mon 10:00 · promised Sat 10:00 Thu 10:00",
      "Fri 12:00",
      "ship running, due Sat 10:00",
      "moved while it ran",
    ],
    [
      "paid Mon 10:00 · promised Sat 10:00 Fri 10:00",
      "Fri 12:00",
      "ship running, due Sat 10:00",
      "moved in its last moment",
    ],
    [
      "paid Mon 10:00 · promised Sat 10:00 Fri 11:00",
      "Fri 12:00",
      "ship over since Fri 10:00",
      "moved_after_due",
    ],
    [
      "paid Mon 10:00 · promised Tue 10:00 Wed 10:00",
      "Wed 12:00",
      "ship running, due Fri 10:00",
      "moved_into_past",
    ],
    ["paid Sat 10:00", "Sat 12:00", "ship over since Fri 10:00", "due_before_start"],
  ])("%s, seen on %s: %s %s", (told, at, expected, odd) => {
    const answer = judged(told, at, { order })
    expect(inWords(answer)).toBe(expected)
    expect(answer.anomalies).toEqual(odd.includes("_") ? [odd] : [])
  })

  it("without a date has no clock, and says so", () => {
    const answer = judged("paid Mon 10:00", "Mon 12:00", { order: { type: "presale" } })
    expect([inWords(answer), answer.anomalies]).toEqual(["", ["no_deadline"]])
  })
})
